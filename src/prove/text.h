/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that are looked for, and how near another one comes. */
#ifndef SECANT_PROVE_TEXT_H
#define SECANT_PROVE_TEXT_H

#include "prove/sectest.h"

/* Is it what the test says?  A regular expression must have been compiled. */
bool text_fits(const struct test_text *wanted, struct bytes text);
/* " TEXT", " = TEXT", " ~ REGEX" or nothing. */
void text_add(struct buf *out, const struct test_text *wanted);

/* How far a text is from what is wanted: the letters that have to be changed, and the part of the
 * text that differs, from..to; where something is only missing, from == to. */
struct nearness {
    size_t distance;
    size_t from, to;
};
/* Of long texts only the first letters are compared. */
struct nearness text_nearness(const struct test_text *wanted, struct bytes text);
/* Makes the differing part of the text whole words; both ends 0 if that is all of it. */
void nearness_in_words(struct bytes text, struct nearness *near);
/* Is it so near that one was meant to be the other? */
bool nearness_is_slip(const struct test_text *wanted, struct nearness near);

#endif
