/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packed form of a variable that is kept, for keep*.c only.  What follows the kind:
 *
 *   KEEP_UNDEF, _FALSE, _TRUE, _HOLE   nothing; a hole is an element that an array does not have
 *   KEEP_INTEGER                       a signed number
 *   KEEP_UNSIGNED, _REAL               a number; the bits of a double as a number
 *   KEEP_BYTES, _WIDE                  a text; a text in Perl's UTF-8
 *   KEEP_DUAL                          one of the numbers and one of the texts, with their kinds
 *   KEEP_REFERENCE, _WEAK              the value that it refers to
 *   KEEP_SAME                          a number: which of the marked values (KEEP_MARK) it is,
 *                                      counted from 0 in their order
 *   KEEP_ARRAY                         a count, and as many values
 *   KEEP_HASH                          a count, and as many pairs of a text, with its kind, and a
 *                                      value
 */
#ifndef SECANT_PERL_KEEP_FORM_H
#define SECANT_PERL_KEEP_FORM_H

#include "perl/keep.h"

enum keep_kind {
    KEEP_UNDEF,
    KEEP_FALSE,
    KEEP_TRUE,
    KEEP_HOLE,
    KEEP_INTEGER,
    KEEP_UNSIGNED,
    KEEP_REAL,
    KEEP_BYTES,
    KEEP_WIDE,
    KEEP_DUAL,
    KEEP_REFERENCE,
    KEEP_WEAK,
    KEEP_SAME,
    KEEP_ARRAY,
    KEEP_HASH,
    KEEP_END, /* of an array or a hash, for visitors */
};

enum { KEEP_MARK = 0x80 };

struct keep_text {
    struct bytes text;
    bool wide;
};

struct keep_number {
    enum keep_kind kind;
    int64_t integer;
    uint64_t whole; /* KEEP_UNSIGNED; KEEP_SAME; KEEP_ARRAY, KEEP_HASH: how many values follow */
    double real;
};

struct keep_value {
    enum keep_kind kind;
    bool marked;
    struct keep_number number;
    struct keep_text text;
    bool keyed; /* it is in a hash */
    struct keep_text key;
};

typedef void keep_visit(void *arg, const struct keep_value *value);

/* Calls visit, which may be NULL, for each value in turn; what a reference refers to comes right
 * after it.  sigil is that of the variable.  Returns false if the bytes are no such value; some of
 * it may have been visited then. */
bool keep_walk(struct bytes packed, char sigil, keep_visit *visit, void *arg);

#endif
