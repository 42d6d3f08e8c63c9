/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packed form of a variable that is kept, for keep*.c only.
 *
 *   KEEP_UNDEF, _FALSE, _TRUE, _HOLE   nothing more; a hole is an element that an array has not
 *   KEEP_INTEGER, _UNSIGNED, _REAL     a signed number; one; the bits of a double as one
 *   KEEP_BYTES, _WIDE                  a text; a text in Perl's UTF-8
 *   KEEP_DUAL                          one of the numbers, and one of the texts, with their kinds
 *   KEEP_REFERENCE, _WEAK              the value that it refers to
 *   KEEP_SAME                          a number: that of the value which it is, counted from 0 in
 *                                      the order of those that are marked (KEEP_MARK)
 *   KEEP_ARRAY                         a count, and as many values
 *   KEEP_HASH                          a count, and as many texts, each with its kind, and values
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
    uint64_t whole; /* KEEP_UNSIGNED; KEEP_SAME; KEEP_ARRAY, KEEP_HASH: how many values come */
    double real;
};

struct keep_value {
    enum keep_kind kind;
    bool marked;
    struct keep_number number;
    struct keep_text text;
    bool keyed; /* it is one of a hash */
    struct keep_text key;
};

typedef void keep_visit(void *arg, const struct keep_value *value);

/* Shows each value in turn, after a reference or a weak one what it refers to; visit may be NULL.
 * sigil: of the variable.  false: the bytes are no such value; the visitor has seen some of it. */
bool keep_walk(struct bytes packed, char sigil, keep_visit *visit, void *arg);

#endif
