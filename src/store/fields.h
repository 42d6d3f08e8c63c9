/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading of JSON that may hold anything: each value is asked for as what it has to be, and what is
 * something else is told with the file and its place in it: "FILE: contexts[3].lifetime: ...".
 *
 * Texts are bytes: each character up to U+00FF is one, as in SEC's dumps. */
#ifndef SECANT_STORE_FIELDS_H
#define SECANT_STORE_FIELDS_H

#include <jansson.h>

#include "base/arena.h"

struct fields {
    struct bytes file;   /* empty: whoever tells the errors names it */
    struct arena *arena; /* takes texts */
    struct buf place;    /* of the value that is being read */
    struct buf *errors;  /* lines */
};

/* Seconds, counts and lifetimes are no larger than this, or smaller than less of it. */
#define FIELDS_LARGEST ((int64_t)1 << 53)

/* The text of a file as a JSON object, owned by the caller; NULL: *why says why. */
json_t *fields_read_file(const char *path, struct buf *why);
json_t *fields_read(struct bytes text, struct buf *why);

/* Goes to a member, or an item; back to the length that it returns. */
size_t fields_enter(struct fields *fields, struct bytes member);
size_t fields_enter_item(struct fields *fields, size_t index);
static inline void fields_leave(struct fields *fields, size_t length)
{
    fields->place.len = length;
}
/* Says what is wrong with the present value. */
#define fields_wrong(fields, ...)                                                                  \
    fields_wrong_parts(fields, (const struct bytes[]){__VA_ARGS__},                                \
                       sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void fields_wrong_parts(struct fields *fields, const struct bytes *parts, size_t count);

/* Members of an object.  false: it is not there, or not such a value, and that has been said. */
bool fields_text(struct fields *fields, const json_t *object, const char *key, struct bytes *text);
bool fields_number(struct fields *fields, const json_t *object, const char *key, int64_t least,
                   int64_t *number);
/* NULL: the same. */
json_t *fields_object(struct fields *fields, const json_t *object, const char *key);
json_t *fields_array(struct fields *fields, const json_t *object, const char *key);
/* Values by themselves. */
bool fields_text_of(struct fields *fields, const json_t *value, struct bytes *text);
bool fields_number_of(struct fields *fields, const json_t *value, int64_t least, int64_t *number);
/* A text, number or truth value, as Perl prints it: SEC's dumps have any of them for a text of
 * which code has made use as such. */
bool fields_scalar_of(struct fields *fields, const json_t *value, struct bytes *text);
/* A member's key as bytes. */
struct bytes fields_key(struct fields *fields, const char *key, size_t length);

#endif
