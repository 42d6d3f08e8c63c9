/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_values.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

json_t *json_of(struct bytes text)
{
    struct buf utf8 = {0};
    utf8_add(&utf8, text);
    json_t *json = json_stringn_nocheck(utf8.ptr ? utf8.ptr : "", utf8.len);
    buf_free(&utf8);
    return json;
}

json_t *json_of_bytes(struct bytes text)
{
    struct arena arena;
    arena_init(&arena);
    struct bytes utf8 = utf8_of_bytes(&arena, text);
    json_t *json = json_stringn_nocheck(utf8.len > 0 ? utf8.ptr : "", utf8.len);
    arena_free(&arena);
    return json;
}

void json_put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new_nocheck(object, key, value);
}

void json_put_text(json_t *object, const char *key, struct bytes text)
{
    json_put(object, key, json_of(text));
}

void json_put_number(json_t *object, const char *key, size_t number)
{
    json_put(object, key, json_integer((json_int_t)number));
}

void json_write(struct buf *out, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(6));
    buf_add(out, bytes_of(text));
    free(text);
    json_decref(value);
}

struct bytes json_bytes(const json_t *string)
{
    return json_is_string(string)
               ? bytes_make(json_string_value(string), json_string_length(string))
               : B("");
}

bool json_is_scalar(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

struct bytes json_scalar(const json_t *value, char digits[JSON_DIGITS])
{
    if (json_is_boolean(value))
        return json_is_true(value) ? B("1") : B("");
    if (!json_is_number(value))
        return json_bytes(value);
    if (json_is_integer(value))
        snprintf(digits, JSON_DIGITS, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        snprintf(digits, JSON_DIGITS, "%.15g", json_real_value(value));
    return bytes_of(digits);
}

struct bytes json_text(const json_t *object, const char *key)
{
    return json_bytes(json_object_get(object, key));
}

int64_t json_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool json_is(const json_t *object, const char *key, const char *text)
{
    return bytes_eq(json_text(object, key), bytes_of(text));
}
