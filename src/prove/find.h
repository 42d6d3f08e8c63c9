/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which test files are meant, and which tests in them. */
#ifndef SECANT_PROVE_FIND_H
#define SECANT_PROVE_FIND_H

#include "prove/sectest.h"

struct found_file {
    struct bytes path; /* owned, with a NUL after it */
    uint32_t *lines;   /* owned; only the tests around these; none: all tests */
    size_t line_count, line_room;
};

struct found {
    struct found_file *items; /* owned; in the order of the words, those of a folder sorted */
    size_t count, room;
};

/* word: a file, FILE:LINE, FILE:LINE:COLUMN, or a folder, in which all *.sectest are found, but for
 * hidden ones.  A file that was found before is not taken twice.  false: there is no such file or
 * folder, or one in it cannot be read; *why says so.  Of a folder without any tests, *why tells,
 * too. */
bool find_tests(struct found *found, struct bytes word, struct buf *why);
/* One of them goes to the others' end; what is left of it in the first list is nothing. */
void found_move(struct found *from, size_t i, struct found *to);
void found_free(struct found *found);

/* Which of the tests are wanted: all that fit everything that is said here. */
struct choice {
    void *regex;          /* owned; a pcre2_code, for "FILE: NAME"; NULL: any */
    struct bytes pattern; /* the same as text; the caller's */
    struct bytes *tags;
    size_t tag_count; /* 0: any; otherwise one of them is enough */
};

/* The pattern outlives the choice.  false: *why says what is wrong with it. */
bool choice_regex(struct choice *choice, struct bytes pattern, struct buf *why);
void choice_free(struct choice *choice);
bool choice_takes(const struct choice *choice, const struct found_file *found,
                  const struct test_file *file, const struct test *test);
/* A line of FILE:LINE that is before the first test, or after the end; 0: there is none. */
uint32_t found_stray_line(const struct found_file *found, const struct test_file *file);

#endif
