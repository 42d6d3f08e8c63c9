/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a JSON object, as they are written in a line.
 *
 * Jansson is not used here: nothing should be allocated or decoded for a line of which only some
 * values are wanted; numbers stay as they are written, whatever their size; bytes that are not
 * UTF-8 stay what they are; and a line that is cut short still has the members before the cut.
 * What is between quotes and brackets is not checked any further.
 */
#ifndef SECANT_BASE_JSON_H
#define SECANT_BASE_JSON_H

#include "base/bytes.h"

struct object_member {
    struct bytes key;   /* without its quotes; escapes as they are written */
    struct bytes value; /* as it is written; not empty */
};

/* The offset at which the members of an object begin; 0 if the text is not an object. */
size_t object_open(struct bytes text);
/* Reads the next member and moves *at on; returns false if there is none. */
bool object_next(struct bytes text, size_t *at, struct object_member *member);
/* After object_next has returned false: did the object end there, and the text with it? */
bool object_closed(struct bytes text, size_t at);

/* The text between the quotes of a string, as it is written; any other value as it is. */
struct bytes value_inner(struct bytes value);
static inline bool value_is_string(struct bytes value)
{
    return value.len > 0 && *value.ptr == '"';
}
/* Appends the decoded text of a string, or any other value as it is written.  A surrogate without
 * its other half becomes U+FFFD; an invalid escape stays as it is written. */
void value_decode(struct buf *out, struct bytes value);

#endif
