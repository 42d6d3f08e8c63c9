/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "import/pieces.h"

#include "lang/substitute.h"

#define BEGIN '\x01'
#define END '\x02'
#define PROBE ":$%."

void puzzle_init(struct puzzle *puzzle, struct arena *arena, size_t keys)
{
    *puzzle = (struct puzzle){.arena = arena, .keys = keys};
}

static void *widen(struct arena *arena, void *items, size_t size, size_t count, size_t *room)
{
    size_t wider = *room ? *room * 2 : 16;
    if (count < *room)
        return items;
    void *copy = arena_alloc(arena, wider * size);
    if (count)
        memcpy(copy, items, count * size);
    *room = wider;
    return copy;
}

static void add(struct puzzle *p, struct piece piece)
{
    if (piece.kind == PIECE_TEXT && piece.text.len == 0)
        return;
    piece.unit = p->units - 1;
    p->pieces = widen(p->arena, p->pieces, sizeof(*p->pieces), p->count, &p->room);
    p->pieces[p->count++] = piece;
}

static void begin_unit(struct puzzle *p, struct bytes found)
{
    p->found = widen(p->arena, p->found, sizeof(*p->found), p->units, &p->unit_room);
    p->found[p->units++] = found.ptr ? found : B("");
}

/* -- Placeholders -- */

struct binding *placeholders(const struct var_keys *keys, const struct binding *flags)
{
    struct arena arena;
    size_t count = 0;
    arena_init(&arena);
    struct bound_value *values = arena_alloc(&arena, keys->count * sizeof(*values));
    for (uint32_t key = 0; key < keys->count; key++) {
        struct bytes text = arena_cat(&arena, B("\x01"), NUM(key), B(PROBE "\x02"));
        if (keys->keys[key].source == 0 || flags->second)
            values[count++] = (struct bound_value){key, {VALUE_TEXT, text}};
    }
    struct binding *binding = binding_make(flags, values, count);
    arena_free(&arena);
    return binding;
}

bool placeholder_in(struct bytes printed)
{
    return bytes_chr(printed, BEGIN, 0) >= 0;
}

/* Takes one character of a placeholder, which may be quoted. */
static bool take(struct bytes *rest, char c, bool quoted)
{
    size_t length = quoted ? 2 : 1;
    if (rest->len < length || rest->ptr[length - 1] != c || (quoted && *rest->ptr != '\\'))
        return false;
    *rest = bytes_from(*rest, length);
    return true;
}

/* Takes a placeholder that the text begins with. */
static bool take_placeholder(const struct puzzle *p, struct bytes *text, struct piece *piece)
{
    struct bytes rest = *text;
    size_t key = 0;
    bool quoted = rest.len > 0 && *rest.ptr == '\\';
    if (!take(&rest, BEGIN, quoted) || rest.len == 0 || !is_digit(*rest.ptr))
        return false;
    for (; rest.len > 0 && is_digit(*rest.ptr) && key < p->keys; rest = bytes_from(rest, 1))
        key = key * 10 + (size_t)(*rest.ptr - '0');
    if (key >= p->keys || !take(&rest, ':', quoted) || !take(&rest, '$', quoted))
        return false;
    bool dollar = take(&rest, '$', quoted);
    if (!take(&rest, '%', quoted))
        return false;
    bool percent = take(&rest, '%', quoted);
    if (!take(&rest, '.', quoted) || !take(&rest, END, quoted))
        return false;
    *text = rest;
    *piece = (struct piece){.kind = PIECE_VALUE,
                            .key = (uint32_t)key,
                            .dollar = dollar,
                            .percent = percent,
                            .quoted = quoted};
    return true;
}

static bool take_address(struct bytes *text)
{
    static const char begin[] = "CODE(0x";
    size_t at = sizeof(begin) - 1;
    if (!bytes_starts(*text, bytes_of(begin)))
        return false;
    while (at < text->len && strchr("0123456789abcdef", text->ptr[at]) && text->ptr[at])
        at++;
    if (at == text->len || text->ptr[at] != ')')
        return false;
    *text = bytes_from(*text, at + 1);
    return true;
}

/* A piece that the text begins with and that is no text. */
static bool take_piece(const struct puzzle *p, struct bytes *text, struct piece *piece)
{
    switch (*text->ptr) {
    case '\\':
    case BEGIN:
        return take_placeholder(p, text, piece);
    case '\x03':
        *piece = (struct piece){.kind = PIECE_MARK};
        *text = bytes_from(*text, 1);
        return true;
    case 'C':
        *piece = (struct piece){.kind = PIECE_CODE};
        return take_address(text);
    default:
        return false;
    }
}

static void add_pieces(struct puzzle *p, struct bytes printed)
{
    struct bytes rest = printed;
    size_t plain = 0; /* bytes at the beginning of `printed` that are text */
    while (rest.len > 0) {
        struct piece piece;
        if (!take_piece(p, &rest, &piece)) {
            rest = bytes_from(rest, 1);
            plain++;
            continue;
        }
        add(p, (struct piece){.kind = PIECE_TEXT, .text = bytes_slice(printed, 0, plain)});
        add(p, piece);
        printed = rest;
        plain = 0;
    }
    add(p, (struct piece){.kind = PIECE_TEXT, .text = printed});
}

void puzzle_add(struct puzzle *p, struct bytes printed, struct bytes found)
{
    begin_unit(p, found);
    add_pieces(p, arena_bytes(p->arena, printed));
    add(p, (struct piece){.kind = PIECE_END});
}

/* -- Names -- */

/* A text between two values: its action list variables. */
static void add_variables(struct puzzle *p, struct bytes text, struct bytes s)
{
    struct variable_ref ref;
    size_t at = 0;
    while (substitute_next_variable(text, at, &ref)) {
        add(p, (struct piece){.kind = PIECE_TEXT, .text = bytes_slice(text, at, ref.start)});
        if (ref.kind == REF_DOUBLED)
            add(p, (struct piece){.kind = PIECE_TEXT, .text = B("%")});
        else if (bytes_eq(ref.name, B("s")))
            add_pieces(p, s);
        else
            add(p, (struct piece){.kind = PIECE_ANY});
        at = ref.end;
    }
    add(p, (struct piece){.kind = PIECE_TEXT, .text = bytes_from(text, at)});
}

void puzzle_add_name(struct puzzle *p, struct bytes printed, struct bytes s, struct bytes found)
{
    struct puzzle name;
    puzzle_init(&name, p->arena, p->keys);
    puzzle_add(&name, printed, found);
    begin_unit(p, found);
    s = arena_bytes(p->arena, s);
    for (size_t i = 0; i < name.count; i++) {
        name.pieces[i].percent = false;
        if (name.pieces[i].kind == PIECE_TEXT)
            add_variables(p, name.pieces[i].text, s);
        else
            add(p, name.pieces[i]);
    }
}
