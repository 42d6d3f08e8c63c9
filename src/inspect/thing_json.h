/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a snapshot, and in a journal, as JSON: members are named as those of the structs, and
 * secant-state(1) tells what they mean.  Texts are bytes: each is a character. */
#ifndef SECANT_INSPECT_THING_JSON_H
#define SECANT_INSPECT_THING_JSON_H

#include <jansson.h>

#include "inspect/things.h"

/* An object; the caller's. */
json_t *thing_json(const struct saved_thing *thing);

#endif
