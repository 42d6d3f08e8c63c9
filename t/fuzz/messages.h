/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages as another SEC sends them (base/words.h), out of lines of words between tabs. */
#ifndef SECANT_T_MESSAGES_H
#define SECANT_T_MESSAGES_H

#include "base/bytes.h"

static void add_number(struct buf *out, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_char(out, (char)(number >> shift & 0xff));
}

/* A line of words becomes a message. */
static void add_message(struct buf *out, struct bytes line)
{
    struct buf body = {0};
    for (struct bytes word; bytes_piece(&line, '\t', &word);) {
        add_number(&body, word.len);
        buf_add(&body, word);
    }
    add_number(out, body.len);
    buf_add(out, buf_bytes(&body));
    buf_free(&body);
}

#endif
