/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of the objects that are exported. */
#ifndef SECANT_INSPECT_JSON_MEMBERS_H
#define SECANT_INSPECT_JSON_MEMBERS_H

#include <stdio.h>

#include "base/json_values.h"
#include "io/place.h"

static inline void put_text(json_t *object, const char *key, struct bytes text)
{
    json_put(object, key, json_of_bytes(text));
}

static inline void put_number(json_t *object, const char *key, uint64_t number)
{
    json_put(object, key, json_integer((json_int_t)number));
}

static inline void put_signed(json_t *object, const char *key, int64_t number)
{
    json_put(object, key, json_integer(number));
}

static inline void put_flag(json_t *object, const char *key, bool flag)
{
    json_put(object, key, json_boolean(flag));
}

/* Jansson has no integers of more than 63 bits. */
static inline void put_hash(json_t *object, const char *key, uint64_t hash)
{
    char text[17];
    snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
    put_text(object, key, bytes_make(text, 16));
}

/* What is told as one more than it is, and as 0 where there is none. */
static inline void put_reference(json_t *object, const char *key, uint64_t number)
{
    json_put(object, key, number ? json_integer((json_int_t)(number - 1)) : json_null());
}

static inline void put_mark(json_t *object, const char *key, struct file_mark mark)
{
    if (mark.len == 0)
        return;
    json_t *one = json_object();
    put_number(one, "bytes", mark.len);
    put_hash(one, "hash", mark.hash);
    json_put(object, key, one);
}

static inline void put_place(json_t *object, const struct input_place *place)
{
    put_text(object, "name", place->name);
    put_text(object, "context", place->context);
    put_text(object, "pattern", place->pattern);
    put_number(object, "device", place->device);
    put_number(object, "inode", place->inode);
    put_number(object, "offset", place->offset);
    put_number(object, "lines", place->lines);
    put_mark(object, "head", place->head);
    put_mark(object, "tail", place->tail);
    put_signed(object, "second", place->second);
    put_flag(object, "dynamic", place->dynamic);
    put_flag(object, "open", place->open);
    put_flag(object, "pipe", place->pipe);
}

#endif
