/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A template is compiled into pieces and a list of keys.  An object is walked once, and each
 * member is compared with the keys. */
#include "replay/objects.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "replay/show.h"

static const char journal_template[] =
    "%t%( %{_HOSTNAME}%) %{SYSLOG_IDENTIFIER|_COMM}%([%{_PID|SYSLOG_PID}]%): %{MESSAGE}";

enum piece_kind { PIECE_TEXT, PIECE_TIME, PIECE_VALUE, PIECE_OPEN, PIECE_CLOSE };

struct piece {
    enum piece_kind kind;
    struct bytes text;       /* PIECE_TEXT: in the template's */
    size_t first_key, count; /* PIECE_VALUE: which keys may give it, the best first */
};

/* The first of the keys is journald's mark. */
enum { MARK, FIRST_KEY };

struct object_template {
    struct bytes text; /* owned */
    struct piece *pieces;
    size_t count, room;
    struct bytes *keys; /* in the text */
    size_t key_count, key_room;
    bool journal_only;
};

/* Compiling. */

static struct piece *add_piece(struct object_template *template, enum piece_kind kind)
{
    MEM_GROW(template->pieces, template->count, template->room, 8);
    template->pieces[template->count] = (struct piece){.kind = kind};
    return &template->pieces[template->count++];
}

static void add_key(struct object_template *template, struct bytes key)
{
    MEM_GROW(template->keys, template->key_count, template->key_room, 8);
    template->keys[template->key_count++] = key;
}

static const char *add_value(struct object_template *template, struct bytes keys)
{
    struct piece *piece = add_piece(template, PIECE_VALUE);
    piece->first_key = template->key_count;
    for (size_t from = 0, end; from <= keys.len; from = end + 1) {
        ptrdiff_t bar = bytes_chr(keys, '|', from);
        end = bar < 0 ? keys.len : (size_t)bar;
        if (end == from)
            return "a key is missing in %{}";
        add_key(template, bytes_slice(keys, from, end));
        piece->count++;
    }
    return NULL;
}

/* What begins with a percent sign at `at`; *end: after it.  Returns what is wrong, or NULL. */
static const char *add_order(struct object_template *template, size_t at, size_t *end, bool *open)
{
    struct bytes text = template->text;
    char c = at + 1 < text.len ? text.ptr[at + 1] : '\0';
    *end = at + 2;
    if (c == '{') {
        ptrdiff_t close = bytes_chr(text, '}', *end);
        if (close < 0)
            return "%{ without }";
        *end = (size_t)close + 1;
        return add_value(template, bytes_slice(text, at + 2, (size_t)close));
    }
    if ((c == '(' && *open) || (c == ')' && !*open))
        return "%( in %( ... %), or %) without %(";
    if (c == '(' || c == ')') {
        *open = c == '(';
        add_piece(template, *open ? PIECE_OPEN : PIECE_CLOSE);
    } else if (c == 't') {
        add_piece(template, PIECE_TIME);
    } else if (c == '%') {
        add_piece(template, PIECE_TEXT)->text = bytes_slice(text, at, at + 1);
    } else {
        return "% must be followed by {KEY}, (, ), t or %";
    }
    return NULL;
}

static const char *compile(struct object_template *template)
{
    struct bytes text = template->text;
    const char *wrong = NULL;
    bool open = false;
    for (size_t at = 0, end; at < text.len && !wrong; at = end) {
        ptrdiff_t percent = bytes_chr(text, '%', at);
        if (percent == (ptrdiff_t)at) {
            wrong = add_order(template, at, &end, &open);
            continue;
        }
        end = percent < 0 ? text.len : (size_t)percent;
        add_piece(template, PIECE_TEXT)->text = bytes_slice(text, at, end);
    }
    return !wrong && open ? "%( without %)" : wrong;
}

struct object_template *object_template_new(struct bytes text, struct buf *why)
{
    struct object_template *template = mem_zalloc(sizeof(*template));
    template->journal_only = !text.ptr;
    template->text = bytes_dup(text.ptr ? text : bytes_of(journal_template));
    add_key(template, B("__REALTIME_TIMESTAMP"));
    const char *wrong = compile(template);
    if (!wrong)
        return template;
    buf_add(why, bytes_of(wrong));
    object_template_free(template);
    return NULL;
}

void object_template_free(struct object_template *template)
{
    if (!template)
        return;
    bytes_free(template->text);
    free(template->pieces);
    free(template->keys);
    free(template);
}

/* Values. */

static bool is_wanted(struct bytes value)
{
    return !bytes_eq(value, B("null")) && !bytes_eq(value, B("\"\""));
}

/* The value of "log.level" in the object that is the value of "log", and so on. */
static struct bytes find_inside(struct bytes object, struct bytes path)
{
    struct object_member member;
    size_t at = object_open(object);
    while (at > 0 && object_next(object, &at, &member)) {
        size_t len = member.key.len;
        if (bytes_eq(member.key, path))
            return member.value;
        if (len < path.len && path.ptr[len] == '.' && bytes_starts(path, member.key)) {
            struct bytes value = find_inside(member.value, bytes_from(path, len + 1));
            if (value.len > 0)
                return value;
        }
    }
    return (struct bytes){0};
}

static void take_member(struct objects *objects, const struct object_member *member)
{
    const struct object_template *template = objects->template;
    size_t len = member->key.len;
    for (size_t i = 0; i < template->key_count; i++) {
        struct bytes key = template->keys[i];
        if (!bytes_starts(key, member->key))
            continue;
        if (key.len == len)
            objects->values[i] = member->value;
        else if (key.ptr[len] == '.' && objects->values[i].len == 0)
            objects->values[i] = find_inside(member->value, bytes_from(key, len + 1));
    }
}

/* false: it is no object for this template. */
static bool take_object(struct objects *objects, struct bytes text)
{
    const struct object_template *template = objects->template;
    struct object_member member;
    size_t at = object_open(text);
    if (at == 0)
        return false;
    memset(objects->values, 0, template->key_count * sizeof(struct bytes));
    while (object_next(text, &at, &member))
        take_member(objects, &member);
    objects->journal = objects->values[MARK].len > 0;
    return object_closed(text, at) && (objects->journal || !template->journal_only);
}

/* "[72, 105]"; false: it is something else, and nothing was added. */
static bool add_numbers(struct buf *out, struct bytes value)
{
    size_t before = out->len, at = 1;
    if (*value.ptr != '[' || value.ptr[value.len - 1] != ']')
        return false;
    while (at + 1 < value.len) {
        ptrdiff_t comma = bytes_chr(value, ',', at);
        size_t end = comma < 0 ? value.len - 1 : (size_t)comma;
        int64_t number;
        if (!bytes_uint(bytes_trim(bytes_slice(value, at, end)), false, &number) || number > 255) {
            out->len = before;
            return false;
        }
        buf_char(out, (char)number);
        at = end + 1;
    }
    return true;
}

/* Lines. */

static void flatten(struct buf *out, size_t from)
{
    while (out->len > from && out->ptr[out->len - 1] == '\n')
        out->len--;
    for (size_t i = from; i < out->len; i++) {
        if (out->ptr[i] == '\n')
            out->ptr[i] = ' ';
    }
}

/* A line in the making. */
struct making {
    struct objects *objects;
    int64_t second;
    struct buf *out;
    size_t group;   /* where it begins */
    bool missing;   /* one of its values */
    size_t time_at; /* where the first time is, */
    size_t time_len;
};

static void write_value(struct making *making, const struct piece *piece)
{
    struct buf *out = making->out;
    size_t from = out->len;
    for (size_t i = 0; i < piece->count; i++) {
        struct bytes value = making->objects->values[piece->first_key + i];
        if (value.len == 0 || !is_wanted(value))
            continue;
        if (!making->objects->journal || !add_numbers(out, value))
            value_decode(out, value);
        flatten(out, from);
        return;
    }
    making->missing = true;
}

static void write_time(struct making *making)
{
    struct objects *objects = making->objects;
    if (objects->date[0] == '\0' || objects->date_second != making->second)
        show_date(objects->date, making->second, true);
    objects->date_second = making->second;
    struct bytes date = bytes_of(objects->date);
    if (making->time_len == 0) {
        making->time_at = making->out->len;
        making->time_len = date.len;
    }
    buf_add(making->out, date);
}

static void begin_group(struct making *making)
{
    making->group = making->out->len;
    making->missing = false;
}

static void end_group(struct making *making)
{
    if (!making->missing)
        return;
    making->out->len = making->group;
    if (making->time_at >= making->group)
        making->time_len = 0;
}

static void write_piece(struct making *making, const struct piece *piece)
{
    switch (piece->kind) {
    case PIECE_TEXT:
        buf_add(making->out, piece->text);
        break;
    case PIECE_TIME:
        write_time(making);
        break;
    case PIECE_VALUE:
        write_value(making, piece);
        break;
    case PIECE_OPEN:
        begin_group(making);
        break;
    case PIECE_CLOSE:
        end_group(making);
    }
}

static bool is_cut(const struct objects *objects)
{
    for (size_t i = FIRST_KEY; objects->journal && i < objects->template->key_count; i++) {
        if (bytes_eq(objects->values[i], B("null")))
            return true;
    }
    return false;
}

bool objects_make(struct objects *objects, struct timed_line *line, struct buf *text)
{
    const struct object_template *template = objects->template;
    struct making making = {.objects = objects, .second = line->second, .out = text};
    if (!take_object(objects, line->text)) {
        objects->left++;
        return false;
    }
    objects->made++;
    objects->cut += is_cut(objects);
    buf_clear(text);
    for (size_t i = 0; i < template->count; i++)
        write_piece(&making, &template->pieces[i]);
    line->text = buf_bytes(text);
    line->time = making.time_len > 0
                     ? bytes_slice(line->text, making.time_at, making.time_at + making.time_len)
                     : B("");
    return true;
}

void objects_init(struct objects *objects, const struct object_template *template)
{
    *objects = (struct objects){.template = template};
    if (template)
        objects->values = mem_zarray(template->key_count, sizeof(struct bytes));
}

void objects_free(struct objects *objects)
{
    free(objects->values);
}
