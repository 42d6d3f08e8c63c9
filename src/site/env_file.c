/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "site/env_file.h"

#include "base/mem.h"

static struct environment_item *find(const struct environment *environment, struct bytes name)
{
    for (size_t i = 0; i < environment->count; i++)
        if (bytes_eq(environment->items[i].name, name))
            return &environment->items[i];
    return NULL;
}

void environment_set(struct environment *environment, struct bytes name, struct bytes value)
{
    struct environment_item *item = find(environment, name);
    if (!item) {
        MEM_GROW(environment->items, environment->count, environment->room, 16);
        item = &environment->items[environment->count++];
        item->name = arena_bytes(environment->arena, name);
    }
    item->value = arena_bytes(environment->arena, value);
}

struct bytes environment_get(const struct environment *environment, struct bytes name)
{
    const struct environment_item *item = find(environment, name);
    return item ? item->value : B("");
}

static size_t name_length(struct bytes text)
{
    size_t length = 0;
    while (length < text.len && is_word(text.ptr[length]))
        length++;
    return length > 0 && !is_digit(*text.ptr) ? length : 0;
}

/* NAME= is taken off the text; false: it does not begin so. */
static bool take_name(struct bytes *text, struct bytes *name)
{
    size_t length = name_length(*text);
    if (length == 0 || length == text->len || text->ptr[length] != '=')
        return false;
    *name = bytes_slice(*text, 0, length);
    *text = bytes_from(*text, length + 1);
    return true;
}

bool environment_put(struct environment *environment, struct bytes assignment)
{
    struct bytes name;
    if (bytes_chr(assignment, '\0', 0) >= 0 || !take_name(&assignment, &name))
        return false;
    environment_set(environment, name, assignment);
    return true;
}

void environment_free(struct environment *environment)
{
    free(environment->items);
}

/* -- What both kinds of files have in common -- */

/* A file that is being read: what is left of it. */
struct reading {
    struct environment *environment;
    struct bytes rest, file;
    struct buf value;
    size_t line;
    struct buf *why; /* NULL: systemd's kind */
};

static int peek(const struct reading *r)
{
    return r->rest.len > 0 ? (unsigned char)*r->rest.ptr : -1;
}

static int take(struct reading *r)
{
    int c = peek(r);
    if (c < 0)
        return c;
    r->rest = bytes_from(r->rest, 1);
    r->line += c == '\n';
    return c;
}

static bool refuse(struct reading *r, struct bytes what)
{
    if (r->why)
        buf_cat(r->why, r->file, B(":"), NUM(r->line), B(": "), what, B("\n"));
    return false;
}

static void skip_line(struct reading *r)
{
    while (peek(r) >= 0 && take(r) != '\n')
        ;
}

static void skip_blanks(struct reading *r)
{
    while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\r')
        take(r);
}

/* -- A shell's -- */

/* $NAME and ${NAME}, of variables that were set here. */
static bool take_variable(struct reading *r)
{
    bool braced = peek(r) == '{';
    if (braced)
        take(r);
    size_t length = name_length(r->rest);
    struct bytes name = bytes_slice(r->rest, 0, length);
    if (length == 0 || (braced && (length == r->rest.len || r->rest.ptr[length] != '}')))
        return refuse(r, B("the value depends on what a shell makes of it"));
    const struct environment_item *item = find(r->environment, name);
    r->rest = bytes_from(r->rest, length + braced);
    if (!item) {
        buf_cat(r->why, r->file, B(":"), NUM(r->line), B(": $"), name,
                B(" is not set in this file\n"));
        return false;
    }
    buf_add(&r->value, item->value);
    return true;
}

/* After a backslash. */
static void take_escaped(struct reading *r, bool quoted)
{
    int c = take(r);
    if (c < 0 || c == '\n')
        return;
    if (quoted && bytes_chr(B("$`\"\\"), (char)c, 0) < 0)
        buf_char(&r->value, '\\');
    buf_char(&r->value, (char)c);
}

/* To the closing quote. */
static bool take_quoted(struct reading *r, int quote)
{
    for (int c; (c = take(r)) >= 0;) {
        if (c == quote)
            return true;
        if (quote == '"' && c == '\\')
            take_escaped(r, true);
        else if (quote == '"' && c == '$' && r->why) {
            if (!take_variable(r))
                return false;
        } else if (quote == '"' && c == '`' && r->why)
            return refuse(r, B("the value is what a command says"));
        else
            buf_char(&r->value, (char)c);
    }
    return refuse(r, B("a quote is not closed"));
}

static bool take_shell_value(struct reading *r)
{
    while (peek(r) >= 0 && !is_space((char)peek(r)) && peek(r) != ';') {
        int c = take(r);
        bool fine = true;
        if (c == '\'' || c == '"')
            fine = take_quoted(r, c);
        else if (c == '\\')
            take_escaped(r, false);
        else if (c == '$')
            fine = take_variable(r);
        else if (bytes_chr(B("`()<>|&"), (char)c, 0) >= 0)
            fine = refuse(r, B("the value depends on what a shell makes of it"));
        else
            buf_char(&r->value, (char)c);
        if (!fine)
            return false;
    }
    return true;
}

static bool take_shell_assignment(struct reading *r)
{
    struct bytes name;
    if (bytes_starts(r->rest, B("export "))) {
        r->rest = bytes_from(r->rest, sizeof("export ") - 1);
        skip_blanks(r);
    }
    if (!take_name(&r->rest, &name))
        return refuse(r, B("not an assignment, but something for a shell to run"));
    buf_clear(&r->value);
    if (!take_shell_value(r))
        return false;
    skip_blanks(r);
    if (peek(r) >= 0 && bytes_chr(B("\n;#"), (char)peek(r), 0) < 0)
        return refuse(r, B("a command after the assignment"));
    environment_set(r->environment, name, buf_bytes(&r->value));
    return true;
}

bool environment_read_shell(struct environment *environment, struct bytes file, struct bytes text,
                            struct buf *why)
{
    struct reading r = {
        .environment = environment, .rest = text, .file = file, .line = 1, .why = why};
    bool fine = bytes_chr(text, '\0', 0) < 0 || refuse(&r, B("not a text"));
    while (fine && peek(&r) >= 0) {
        if (is_space((char)peek(&r)) || peek(&r) == ';')
            take(&r);
        else if (peek(&r) == '#')
            skip_line(&r);
        else
            fine = take_shell_assignment(&r);
    }
    buf_free(&r.value);
    return fine;
}

/* -- systemd's -- */

/* White space within an unquoted value counts, that after it does not. */
static bool take_value(struct reading *r)
{
    size_t end = 0;
    skip_blanks(r);
    while (peek(r) >= 0 && peek(r) != '\n') {
        int c = take(r);
        if ((c == '\'' || c == '"')) {
            if (!take_quoted(r, c))
                return false;
        } else if (c == '\\')
            take_escaped(r, false);
        else
            buf_char(&r->value, (char)c);
        if (!is_space((char)c))
            end = r->value.len;
    }
    r->value.len = end;
    return true;
}

void environment_read(struct environment *environment, struct bytes text)
{
    struct reading r = {.environment = environment, .rest = text, .line = 1};
    struct bytes name;
    while (peek(&r) >= 0) {
        if (is_space((char)peek(&r))) {
            take(&r);
            continue;
        }
        buf_clear(&r.value);
        if (!take_name(&r.rest, &name))
            skip_line(&r);
        else if (take_value(&r) && bytes_chr(buf_bytes(&r.value), '\0', 0) < 0)
            environment_set(environment, name, buf_bytes(&r.value));
    }
    buf_free(&r.value);
}
