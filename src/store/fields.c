/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/fields.h"

#include <math.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/rewrite.h"
#include "base/utf8.h"

enum { LONGEST_SHOWN = 60 };

json_t *fields_read(struct bytes text, struct buf *why)
{
    json_error_t error;
    json_t *json = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    if (!json)
        buf_cat(why, B("line "), NUM(error.line), B(", column "), NUM(error.column), B(": "),
                bytes_of(error.text));
    else if (!json_is_object(json))
        buf_add(why, B("no JSON object"));
    if (json && !json_is_object(json)) {
        json_decref(json);
        json = NULL;
    }
    return json;
}

json_t *fields_read_file(const char *path, struct buf *why)
{
    struct buf text = {0};
    json_t *json = NULL;
    if (file_read(path, &text))
        json = fields_read(buf_bytes(&text), why);
    else
        buf_add(why, error_text(errno));
    buf_free(&text);
    return json;
}

size_t fields_enter(struct fields *fields, struct bytes member)
{
    size_t length = fields->place.len;
    buf_cat(&fields->place, length ? B(".") : B(""), member);
    return length;
}

size_t fields_enter_item(struct fields *fields, size_t index)
{
    size_t length = fields->place.len;
    buf_cat(&fields->place, B("["), NUM(index), B("]"));
    return length;
}

void fields_wrong_parts(struct fields *fields, const struct bytes *parts, size_t count)
{
    if (fields->file.len > 0)
        buf_cat(fields->errors, fields->file, B(": "));
    buf_cat(fields->errors, buf_bytes(&fields->place), B(": "));
    buf_cat_parts(fields->errors, parts, count);
    buf_add(fields->errors, B("\n"));
}

/* false, and says so. */
static bool expected(struct fields *fields, struct bytes what, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    struct bytes shown = text ? bytes_of(text) : B("");
    bool cut = shown.len > LONGEST_SHOWN;
    if (!value)
        fields_wrong(fields, B("is missing"));
    else
        fields_wrong(fields, what, B(" expected, not "),
                     bytes_slice(shown, 0, cut ? LONGEST_SHOWN : shown.len),
                     cut ? B("...") : B(""));
    free(text);
    return false;
}

bool fields_text_of(struct fields *fields, const json_t *value, struct bytes *text)
{
    if (!json_is_string(value))
        return expected(fields, B("a text"), value);
    utf8_to_bytes(fields->arena, bytes_make(json_string_value(value), json_string_length(value)),
                  text);
    return true;
}

bool fields_number_of(struct fields *fields, const json_t *value, int64_t least, int64_t *number)
{
    double real = json_number_value(value);
    if (!json_is_number(value) || !(fabs(real) <= (double)FIELDS_LARGEST))
        return expected(fields, B("a number"), value);
    *number = json_is_integer(value) ? json_integer_value(value) : (int64_t)floor(real);
    return *number >= least || expected(fields, B("a larger number"), value);
}

bool fields_scalar_of(struct fields *fields, const json_t *value, struct bytes *text)
{
    char digits[JSON_DIGITS];
    if (!json_is_number(value) && !json_is_boolean(value))
        return fields_text_of(fields, value, text);
    *text = arena_bytes(fields->arena, json_scalar(value, digits));
    return true;
}

bool fields_text(struct fields *fields, const json_t *object, const char *key, struct bytes *text)
{
    size_t before = fields_enter(fields, bytes_of(key));
    bool fine = fields_text_of(fields, json_object_get(object, key), text);
    fields_leave(fields, before);
    return fine;
}

bool fields_number(struct fields *fields, const json_t *object, const char *key, int64_t least,
                   int64_t *number)
{
    size_t before = fields_enter(fields, bytes_of(key));
    bool fine = fields_number_of(fields, json_object_get(object, key), least, number);
    fields_leave(fields, before);
    return fine;
}

static json_t *member(struct fields *fields, const json_t *object, const char *key, json_type type)
{
    json_t *value = json_object_get(object, key);
    if (value && json_typeof(value) == type)
        return value;
    size_t before = fields_enter(fields, bytes_of(key));
    expected(fields, type == JSON_OBJECT ? B("an object") : B("a list"), value);
    fields_leave(fields, before);
    return NULL;
}

json_t *fields_object(struct fields *fields, const json_t *object, const char *key)
{
    return member(fields, object, key, JSON_OBJECT);
}

json_t *fields_array(struct fields *fields, const json_t *object, const char *key)
{
    return member(fields, object, key, JSON_ARRAY);
}

struct bytes fields_key(struct fields *fields, const char *key, size_t length)
{
    struct bytes text;
    utf8_to_bytes(fields->arena, bytes_make(key, length), &text);
    return text;
}
