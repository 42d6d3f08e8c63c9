/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "site/unit_file.h"

#include "base/mem.h"

/* A file that is being read. */
struct reading {
    struct unit *unit;
    struct bytes file, section;
    size_t line;
};

static bool is_comment(struct bytes text)
{
    return text.len > 0 && (*text.ptr == '#' || *text.ptr == ';');
}

/* The next line with those that continue it; in between there may be comments. */
static bool take_line(struct reading *r, struct bytes *rest, struct buf *whole)
{
    struct bytes line;
    size_t lines = 0;
    bool goes_on = true;
    buf_clear(whole);
    while (goes_on && bytes_piece(rest, '\n', &line)) {
        lines++;
        struct bytes bare = bytes_trim(line);
        if (is_comment(bare)) {
            goes_on = whole->len > 0;
            continue;
        }
        if (bytes_ends(line, B("\r")))
            line.len--;
        goes_on = bytes_ends(line, B("\\"));
        line.len -= goes_on;
        buf_cat(whole, line, goes_on ? B(" ") : B(""));
    }
    r->line += lines;
    return lines > 0;
}

static void complain_of(struct reading *r, size_t line, struct bytes what)
{
    buf_cat(&r->unit->errors, r->file, B(":"), NUM(line), B(": "), what, B("\n"));
}

static void take_setting(struct reading *r, struct bytes text, size_t line)
{
    struct unit *unit = r->unit;
    ptrdiff_t equals = bytes_chr(text, '=', 0);
    if (equals <= 0) {
        complain_of(r, line, B("neither a section nor KEY=VALUE"));
        return;
    }
    struct bytes key = bytes_trim(bytes_slice(text, 0, (size_t)equals));
    struct bytes value = bytes_trim(bytes_from(text, (size_t)equals + 1));
    MEM_GROW(unit->lines, unit->count, unit->room, 32);
    unit->lines[unit->count++] = (struct unit_line){r->section, arena_bytes(unit->arena, key),
                                                    arena_bytes(unit->arena, value), r->file, line};
}

void unit_read(struct unit *unit, struct bytes file, struct bytes text)
{
    struct reading r = {.unit = unit, .file = arena_bytes(unit->arena, file), .section = B("")};
    struct buf whole = {0};
    if (bytes_starts(text, B("\xef\xbb\xbf")))
        text = bytes_from(text, 3);
    for (size_t line = 1; take_line(&r, &text, &whole); line = r.line + 1) {
        struct bytes bare = bytes_trim(buf_bytes(&whole));
        if (bytes_starts(bare, B("[")) && bytes_ends(bare, B("]")))
            r.section = arena_bytes(unit->arena, bytes_slice(bare, 1, bare.len - 1));
        else if (bare.len > 0)
            take_setting(&r, bare, line);
    }
    buf_free(&whole);
}

static bool is_key(const struct unit_line *line, const char *section, const char *key)
{
    return bytes_eq(line->key, bytes_of(key)) && bytes_eq(line->section, bytes_of(section));
}

const struct unit_line *unit_setting(const struct unit *unit, const char *section, const char *key)
{
    for (size_t i = unit->count; i-- > 0;)
        if (is_key(&unit->lines[i], section, key))
            return unit->lines[i].value.len > 0 ? &unit->lines[i] : NULL;
    return NULL;
}

const struct unit_line *unit_next(const struct unit *unit, const char *section, const char *key,
                                  const struct unit_line *last)
{
    size_t from = last ? (size_t)(last - unit->lines) + 1 : 0;
    for (size_t i = from; i < unit->count && !last; i++)
        if (is_key(&unit->lines[i], section, key) && unit->lines[i].value.len == 0)
            from = i + 1;
    for (size_t i = from; i < unit->count; i++)
        if (is_key(&unit->lines[i], section, key))
            return &unit->lines[i];
    return NULL;
}

void unit_add_place(struct buf *out, const struct unit_line *line)
{
    buf_cat(out, line->file, B(":"), NUM(line->line), B(": "));
}

void unit_free(struct unit *unit)
{
    free(unit->lines);
    buf_free(&unit->errors);
}
