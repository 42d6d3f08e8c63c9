/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the test files that are meant, and the tests in them. */
#ifndef SECANT_PROVE_FIND_H
#define SECANT_PROVE_FIND_H

#include "prove/sectest.h"

struct found_file {
    struct bytes path; /* owned, with a NUL after it */
    uint32_t *lines;   /* owned; take only the tests that contain these lines; none: take all */
    size_t line_count, line_room;
};

struct found {
    struct found_file *items; /* owned; in the order of the words; sorted within a folder */
    size_t count, room;
};

/* word: a file, FILE:LINE, FILE:LINE:COLUMN, or a folder, in which all *.sectest files are found
 * except hidden ones.  A file that was found before is not added again.  Returns false if there is
 * no such file or folder, or one in it cannot be read, and *why says so.  *why also tells if a
 * folder contains no tests. */
bool find_tests(struct found *found, struct bytes word, struct buf *why);
/* Moves an item to the end of another list, and leaves an empty one in its place. */
void found_move(struct found *from, size_t i, struct found *to);
void found_free(struct found *found);

/* Which of the tests are wanted: those that meet all of these conditions. */
struct choice {
    void *regex;          /* owned; a pcre2_code to match "FILE: NAME"; NULL: any */
    struct bytes pattern; /* the text of the regex; owned by the caller */
    struct bytes *tags;
    size_t tag_count; /* 0: any; otherwise one of them is enough */
};

/* The pattern must outlive the choice.  Returns false if it is wrong, and *why says how. */
bool choice_regex(struct choice *choice, struct bytes pattern, struct buf *why);
void choice_free(struct choice *choice);
bool choice_takes(const struct choice *choice, const struct found_file *found,
                  const struct test_file *file, const struct test *test);
/* Returns a line of FILE:LINE that is before the first test or after the end, or 0. */
uint32_t found_stray_line(const struct found_file *found, const struct test_file *file);

#endif
