/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading JSON that may contain anything: each value is asked for as the type that it must have.
 * If it is something else, an error names the file and the place in it: "FILE:
 * contexts[3].lifetime: ...".
 *
 * Texts are bytes: each character up to U+00FF is one byte, as in SEC's dumps. */
#ifndef SECANT_STORE_FIELDS_H
#define SECANT_STORE_FIELDS_H

#include <jansson.h>

#include "base/arena.h"

struct fields {
    struct bytes file;   /* empty: whoever reports the errors names it */
    struct arena *arena; /* for texts */
    struct buf place;    /* of the value that is being read */
    struct buf *errors;  /* lines */
};

/* Seconds, counts and lifetimes are at most this, and at least its negative. */
#define FIELDS_LARGEST ((int64_t)1 << 53)

/* The text of a file, or this text, as a JSON object, owned by the caller.  Returns NULL with the
 * reason in *why if that fails. */
json_t *fields_read_file(const char *path, struct buf *why);
json_t *fields_read(struct bytes text, struct buf *why);

/* Goes to a member or an item, and returns what fields_leave needs to go back. */
size_t fields_enter(struct fields *fields, struct bytes member);
size_t fields_enter_item(struct fields *fields, size_t index);
static inline void fields_leave(struct fields *fields, size_t length)
{
    fields->place.len = length;
}
/* Adds an error that says what is wrong with the present value. */
#define fields_wrong(fields, ...)                                                                  \
    fields_wrong_parts(fields, (const struct bytes[]){__VA_ARGS__},                                \
                       sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void fields_wrong_parts(struct fields *fields, const struct bytes *parts, size_t count);

/* Members of an object.  They return false, after adding an error, if the member is missing or is
 * no such value; a number must be at least `least`. */
bool fields_text(struct fields *fields, const json_t *object, const char *key, struct bytes *text);
bool fields_number(struct fields *fields, const json_t *object, const char *key, int64_t least,
                   int64_t *number);
/* The same, with NULL for false. */
json_t *fields_object(struct fields *fields, const json_t *object, const char *key);
json_t *fields_array(struct fields *fields, const json_t *object, const char *key);
/* Values by themselves; the same applies. */
bool fields_text_of(struct fields *fields, const json_t *value, struct bytes *text);
bool fields_number_of(struct fields *fields, const json_t *value, int64_t least, int64_t *number);
/* A text, number or boolean, as Perl prints it: SEC's dumps have any of these for a text that code
 * has used as such. */
bool fields_scalar_of(struct fields *fields, const json_t *value, struct bytes *text);
/* A member's key as bytes. */
struct bytes fields_key(struct fields *fields, const char *key, size_t length);

#endif
