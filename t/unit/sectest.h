/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test files read from texts, and the errors that were told of them. */
#ifndef SECANT_T_SECTEST_H
#define SECANT_T_SECTEST_H

#include "unit.h"

#include "base/mem.h"
#include "prove/sectest.h"

static struct buf said; /* "LINE:COLUMN+LENGTH TEXT (HINT)", a line for each error */
static struct test_file *file;

static inline void note(void *arg, struct test_place place, struct bytes line, struct bytes text,
                        struct bytes hint)
{
    (void)arg;
    ck_assert_uint_le(place.column + place.length, line.len + 1);
    buf_cat(&said, NUM(place.line), B(":"), NUM(place.column), B("+"), NUM(place.length), B(" "),
            text);
    if (hint.len > 0)
        buf_cat(&said, B(" ("), hint, B(")"));
    buf_char(&said, '\n');
}

static inline void end(void)
{
    test_file_free(file);
    file = NULL;
    buf_free(&said);
}

static inline void parse(const char *text)
{
    end();
    file = test_file_parse(B("dir/a.sectest"), bytes_of(text), note, NULL);
}

/* The same, and it is all right. */
static inline void begin(const char *text)
{
    parse(text);
    ck_bytes_eq(buf_bytes(&said), B(""));
}

#define ck_text_eq(t, kind, wanted)                                                                \
    do {                                                                                           \
        ck_assert_int_eq((t).how, kind);                                                           \
        ck_bytes_eq((t).text, B(wanted));                                                          \
    } while (0)

#endif
