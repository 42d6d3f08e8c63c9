/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What in a test that failed is perhaps not what was meant: it is right as it is, but words that
 * elsewhere mean something have been taken for text. */
#ifndef SECANT_PROVE_NOTES_H
#define SECANT_PROVE_NOTES_H

#include <jansson.h>

#include "prove/sectest.h"

/* Notes on the steps of a failed test are added to the member `notes` of its outcome: an array of
 * objects with file, line and text; after those on its rules, and five in all. */
void notes_add(json_t *outcome, const struct test *test);

#endif
