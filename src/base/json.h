/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a JSON object, as they are written in a line.
 *
 * Not Jansson: nothing is to be allocated or decoded for a line of which some values are asked for;
 * numbers are kept as they are written, whatever their size; bytes that are not UTF-8 stay what
 * they are; and a line cut short still has the members before the cut.  What is between quotes and
 * brackets is not checked any further.
 */
#ifndef SECANT_BASE_JSON_H
#define SECANT_BASE_JSON_H

#include "base/bytes.h"

struct object_member {
    struct bytes key;   /* without its quotes, escapes as they are written */
    struct bytes value; /* as it is written; not empty */
};

/* Where the members of an object begin; 0: the text is not one. */
size_t object_open(struct bytes text);
/* The next member; *at moves on.  false: there is none. */
bool object_next(struct bytes text, size_t *at, struct object_member *member);
/* After object_next has returned false: did the object end there, and the text with it? */
bool object_closed(struct bytes text, size_t at);

/* What is between the quotes of a string, as it is written; another value as it is. */
struct bytes value_inner(struct bytes value);
static inline bool value_is_string(struct bytes value)
{
    return value.len > 0 && *value.ptr == '"';
}
/* Adds the text of a string; another value as it is written.  A surrogate without its other half
 * is U+FFFD; what no escape may be stays as it is written. */
void value_decode(struct buf *out, struct bytes value);

#endif
