/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What in a test that failed is perhaps not what was meant: it is right as it is, but words that
 * elsewhere mean something have been taken for text. */
#ifndef SECANT_PROVE_NOTES_H
#define SECANT_PROVE_NOTES_H

#include <jansson.h>

#include "prove/sectest.h"

/* The outcome of a failed test gets a member `notes` if there are any: an array of objects with
 * file, line and text. */
void notes_add(json_t *outcome, const struct test *test);

#endif
