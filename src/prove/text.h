/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares texts with what a test looks for, and tells how near they come. */
#ifndef SECANT_PROVE_TEXT_H
#define SECANT_PROVE_TEXT_H

#include "prove/sectest.h"

/* Is it what the test says?  A regular expression must have been compiled. */
bool text_fits(const struct test_text *wanted, struct bytes text);
/* " TEXT", " = TEXT", " ~ REGEX" or nothing. */
void text_add(struct buf *out, const struct test_text *wanted);

/* How far a text is from what is wanted: how many letters have to be changed, and the part of the
 * text that differs, from..to; from == to if something is only missing. */
struct nearness {
    size_t distance;
    size_t from, to;
};
/* Compares only the first letters of long texts. */
struct nearness text_nearness(const struct test_text *wanted, struct bytes text);
/* Extends the differing part of the text to whole words; sets both ends to 0 if that is all. */
void nearness_in_words(struct bytes text, struct nearness *near);
/* Is it so near that it is probably a misspelling? */
bool nearness_is_slip(const struct test_text *wanted, struct nearness near);

#endif
