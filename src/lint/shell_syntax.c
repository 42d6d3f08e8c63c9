/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Would a shell accept this command?  A recursive descent parser for lists of commands: at the top
 * level, in parentheses, in $( ) and in backquotes. */
#include "lint/shell.h"

#include <string.h>

enum { END_OF_TEXT = -1, DEPTH_MAX = 32 };

struct reader {
    struct bytes text;
    size_t at;
    enum shell_syntax found; /* once it is not SHELL_VALID, nothing more is read */
    size_t open;
    bool in_backquotes;
    unsigned depth;
};

static bool read_list(struct reader *r, int end, size_t open);

static int peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->text.len ? (unsigned char)r->text.ptr[r->at + ahead] : END_OF_TEXT;
}

static bool fail(struct reader *r, enum shell_syntax what, size_t open)
{
    r->found = what;
    r->open = open;
    return false;
}

/* Of the text, or of the command in backquotes, whatever is open inside. */
static bool ends(const struct reader *r, int c)
{
    return c == END_OF_TEXT || (c == '`' && r->in_backquotes);
}

/* Over `begin` bytes, and up to a text that ends what they have begun. */
static bool skip_to(struct reader *r, struct bytes end, size_t begin)
{
    size_t open = r->at;
    r->at += begin;
    ptrdiff_t at = bytes_find(r->text, end, r->at);
    if (at < 0)
        return fail(r, SHELL_OPEN, open);
    r->at = (size_t)at + end.len;
    return true;
}

static bool read_dollar(struct reader *r)
{
    size_t open = r->at;
    if (peek(r, 1) == '{')
        return skip_to(r, B("}"), 2);
    if (peek(r, 1) == '(' && peek(r, 2) == '(')
        return skip_to(r, B("))"), 3);
    r->at += peek(r, 1) == '(' ? 2 : 1;
    return r->text.ptr[r->at - 1] != '(' || read_list(r, ')', open);
}

static bool read_backquotes(struct reader *r)
{
    size_t open = r->at++;
    r->in_backquotes = true;
    bool fine = read_list(r, '`', open);
    r->in_backquotes = false;
    return fine;
}

static bool read_escaped(struct reader *r)
{
    r->at += peek(r, 1) == END_OF_TEXT ? 1 : 2;
    return true;
}

/* What means the same in words and between double quotes. */
static bool read_one(struct reader *r, int c)
{
    if (c == '\\')
        return read_escaped(r);
    if (c == '`')
        return read_backquotes(r);
    if (c == '$')
        return read_dollar(r);
    r->at++;
    return true;
}

static bool read_double_quotes(struct reader *r)
{
    bool fine = true;
    int c;
    size_t open = r->at++;
    while (fine && (c = peek(r, 0)) != '"') {
        if (ends(r, c))
            return fail(r, SHELL_OPEN, open);
        fine = read_one(r, c);
    }
    r->at++;
    return fine;
}

static bool ends_word(int c)
{
    return c == END_OF_TEXT || strchr(" \t\n;&|<>()", c);
}

static bool read_word(struct reader *r)
{
    bool fine = true;
    for (int c; fine && !ends_word(c = peek(r, 0));) {
        if (c == '`' && r->in_backquotes)
            break;
        if (c == '\'')
            fine = skip_to(r, B("'"), 1);
        else if (c == '"')
            fine = read_double_quotes(r);
        else
            fine = read_one(r, c);
    }
    return fine;
}

static void skip_blanks(struct reader *r)
{
    while (peek(r, 0) == ' ' || peek(r, 0) == '\t')
        r->at++;
    if (peek(r, 0) == '#')
        while (peek(r, 0) != END_OF_TEXT && peek(r, 0) != '\n')
            r->at++;
}

static bool read_redirection(struct reader *r)
{
    r->at++;
    if (peek(r, 0) != END_OF_TEXT && strchr("<>&|", peek(r, 0)))
        r->at++;
    skip_blanks(r);
    return ends_word(peek(r, 0)) ? fail(r, SHELL_WRONG, 0) : read_word(r);
}

/* Where in a list of commands: */
enum place {
    PLACE_FREE,   /* a command may begin */
    PLACE_JOINED, /* one must: after | && || */
    PLACE_WORDS,  /* in a command */
    PLACE_CLOSED, /* after a command in parentheses */
};

static bool begins(enum place place)
{
    return place == PLACE_FREE || place == PLACE_JOINED;
}

static bool read_operator(struct reader *r, enum place *place)
{
    int c = peek(r, 0);
    bool twice = peek(r, 1) == c;
    if (begins(*place) || (c == ';' && twice))
        return fail(r, SHELL_WRONG, 0);
    r->at += twice ? 2 : 1;
    *place = c == '|' || (c == '&' && twice) ? PLACE_JOINED : PLACE_FREE;
    return true;
}

static bool read_group(struct reader *r, enum place *place)
{
    size_t open = r->at++;
    if (!begins(*place))
        return fail(r, SHELL_WRONG, 0);
    *place = PLACE_CLOSED;
    if (!read_list(r, ')', open))
        return false;
    return r->at > open + 2 || fail(r, SHELL_WRONG, 0);
}

static bool read_piece(struct reader *r, enum place *place)
{
    int c = peek(r, 0);
    if (c == '\n') {
        *place = *place == PLACE_JOINED ? PLACE_JOINED : PLACE_FREE;
        r->at++;
        return true;
    }
    if (c == ';' || c == '&' || c == '|')
        return read_operator(r, place);
    if (c == '(')
        return read_group(r, place);
    if (c == ')' || (*place == PLACE_CLOSED && c != '<' && c != '>'))
        return fail(r, SHELL_WRONG, 0);
    if (*place != PLACE_CLOSED)
        *place = PLACE_WORDS;
    return c == '<' || c == '>' ? read_redirection(r) : read_word(r);
}

/* Up to the end, which is taken; open: where what it ends begins. */
static bool read_list(struct reader *r, int end, size_t open)
{
    enum place place = PLACE_FREE;
    if (++r->depth > DEPTH_MAX)
        return fail(r, SHELL_WRONG, 0);
    for (skip_blanks(r); peek(r, 0) != end; skip_blanks(r)) {
        if (ends(r, peek(r, 0)))
            return fail(r, SHELL_OPEN, open);
        if (!read_piece(r, &place))
            return false;
    }
    r->depth--;
    r->at++;
    return place != PLACE_JOINED || fail(r, SHELL_WRONG, 0);
}

static bool is_known(struct bytes command)
{
    return bytes_find(command, B("<<"), 0) < 0 && bytes_find(command, B("case "), 0) < 0 &&
           bytes_find(command, B("()"), 0) < 0;
}

enum shell_syntax shell_syntax(struct bytes command, size_t *open)
{
    struct reader r = {.text = shell_gets(command)};
    if (is_known(r.text))
        read_list(&r, END_OF_TEXT, 0);
    if (open)
        *open = r.open;
    return r.found;
}
