/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain/given.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/errors.h"

enum {
    READ = 64 * 1024,
    LONGEST = 16 * 1024 * 1024, /* of standard input: it may be /dev/zero */
};

static void drop_taken(struct given_lines *given)
{
    size_t left = given->text.len - given->at;
    if (given->at > 0 && left > 0)
        memmove(given->text.ptr, given->text.ptr + given->at, left);
    given->text.len = left;
    given->at = 0;
}

/* More of standard input, if there is any. */
static bool read_more(struct given_lines *given)
{
    ssize_t got;
    drop_taken(given);
    if (given->text.len > LONGEST) {
        fputs("Standard input has a line of more than 16 MB\n", stderr);
        return false;
    }
    char *room = buf_room(&given->text, READ);
    do
        got = read(STDIN_FILENO, room, READ);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        fprintf(stderr, "Can't read standard input: %s\n", error_text(errno).ptr);
        return false;
    }
    given->text.len += (size_t)got;
    given->ended = got == 0;
    return true;
}

bool given_next(struct given_lines *given)
{
    ptrdiff_t newline;
    size_t searched = 0;
    assert(!given->last);
    while ((newline = bytes_chr(buf_bytes(&given->text), '\n', given->at + searched)) < 0 &&
           !given->ended) {
        searched = given->text.len - given->at;
        if (!read_more(given))
            return false;
    }
    size_t end = newline < 0 ? given->text.len : (size_t)newline;
    buf_clear(&given->line);
    buf_add(&given->line, bytes_slice(buf_bytes(&given->text), given->at, end));
    given->at = newline < 0 ? end : end + 1;
    while (given->at == given->text.len && !given->ended)
        if (!read_more(given))
            return false;
    given->last = given->at == given->text.len;
    return true;
}

bool given_open(struct given_lines *given, struct bytes text)
{
    bool standard = bytes_eq(text, B("-"));
    *given = (struct given_lines){.ended = !standard};
    if (!standard)
        buf_add(&given->text, text);
    return given_next(given);
}

void given_close(struct given_lines *given)
{
    buf_free(&given->line);
    buf_free(&given->text);
}
