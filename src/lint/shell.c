/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a shell splits a command. */
#include "lint/shell.h"

#include <string.h>

struct shell {
    struct bytes text;
    size_t at;
    struct buf *shape;
    char open[32]; /* quotes and parentheses that are open: " ` ( */
    size_t depth;
};

static int shell_peek(const struct shell *sh, size_t ahead)
{
    return sh->at + ahead < sh->text.len ? (unsigned char)sh->text.ptr[sh->at + ahead] : -1;
}

static char innermost(const struct shell *sh)
{
    return sh->depth > 0 ? sh->open[sh->depth - 1] : '\0';
}

static void open_with(struct shell *sh, char c)
{
    if (sh->depth < sizeof(sh->open))
        sh->open[sh->depth++] = c;
}

/* Closes up to it. */
static void close_with(struct shell *sh, char c)
{
    while (sh->depth > 0 && sh->open[--sh->depth] != c)
        continue;
}

static bool is_open(const struct shell *sh, char c)
{
    return memchr(sh->open, c, sh->depth) != NULL;
}

static void add_word(struct shell *sh)
{
    if (sh->shape->len == 0 || sh->shape->ptr[sh->shape->len - 1] != 'w')
        buf_char(sh->shape, 'w');
}

static void take_single_quotes(struct shell *sh)
{
    ptrdiff_t end = bytes_chr(sh->text, '\'', sh->at + 1);
    add_word(sh);
    if (end < 0)
        buf_char(sh->shape, 'E');
    sh->at = end < 0 ? sh->text.len : (size_t)end + 1;
}

static void take_backquote(struct shell *sh)
{
    buf_char(sh->shape, '`');
    if (is_open(sh, '`'))
        close_with(sh, '`');
    else
        open_with(sh, '`');
    sh->at++;
}

static void take_dollar(struct shell *sh)
{
    int next = shell_peek(sh, 1);
    bool command = next == '(';
    if (command)
        open_with(sh, '(');
    if (command || next == '{' || (next > 0 && is_word((char)next)))
        buf_char(sh->shape, command ? 'C' : 'V');
    else
        add_word(sh);
    sh->at += command ? 2 : 1;
}

static void take_quoted(struct shell *sh, int c)
{
    if (c == '"')
        close_with(sh, '"');
    if (c == '\\' && shell_peek(sh, 1) >= 0)
        sh->at++;
    sh->at++;
}

static void take_comment(struct shell *sh)
{
    ptrdiff_t end = bytes_chr(sh->text, '\n', sh->at);
    buf_char(sh->shape, '#');
    sh->at = end < 0 ? sh->text.len : (size_t)end;
}

static void take_bare(struct shell *sh, int c)
{
    char last = sh->shape->len > 0 ? sh->shape->ptr[sh->shape->len - 1] : ' ';
    if (c == '#' && last == ' ') {
        take_comment(sh);
        return;
    }
    if (c == '"' || c == '(')
        open_with(sh, (char)c);
    if (c == ')' && is_open(sh, '('))
        close_with(sh, '(');
    if (c == '\\' && shell_peek(sh, 1) >= 0)
        sh->at++;
    if (c == ' ' || c == '\t') {
        if (last != ' ')
            buf_char(sh->shape, ' ');
    } else if (strchr(";&|<>()\n", c)) {
        buf_char(sh->shape, (char)c);
    } else {
        add_word(sh);
    }
    sh->at++;
}

struct bytes shell_gets(struct bytes command)
{
    ptrdiff_t end = bytes_chr(command, '\0', 0);
    return end < 0 ? command : bytes_slice(command, 0, (size_t)end);
}

void shell_shape(struct bytes command, struct buf *shape)
{
    struct shell sh = {.text = shell_gets(command), .shape = shape};
    for (int c; (c = shell_peek(&sh, 0)) >= 0;) {
        bool quoted = innermost(&sh) == '"';
        if (c == '`')
            take_backquote(&sh);
        else if (c == '$')
            take_dollar(&sh);
        else if (quoted)
            take_quoted(&sh, c);
        else if (c == '\'')
            take_single_quotes(&sh);
        else
            take_bare(&sh, c);
    }
    if (sh.depth > 0)
        buf_char(shape, 'E');
}
