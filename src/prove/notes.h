/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes on steps of a failed test that may not mean what they were meant to: they are valid, but
 * words that have a meaning elsewhere were taken as text. */
#ifndef SECANT_PROVE_NOTES_H
#define SECANT_PROVE_NOTES_H

#include <jansson.h>

#include "prove/sectest.h"

/* Adds such notes to the member `notes` of the outcome, an array of objects with file, line and
 * text, after the notes on the rules; at most five in all. */
void notes_add(json_t *outcome, const struct test *test);

#endif
