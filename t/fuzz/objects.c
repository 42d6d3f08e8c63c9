/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines made of JSON objects: a template, then lines.  A template that is wrong is journald's.
 *
 * What is made is one line, and its time is within it; what Jansson takes for an object is one, with
 * the same strings. */
#include <jansson.h>

#include "base/json.h"
#include "fuzz.h"
#include "replay/objects.h"

static void start(void)
{
    setenv("TZ", "UTC", 1);
}

static void check_text(const json_t *object, const struct object_member *member)
{
    struct buf quoted = {0}, key = {0}, value = {0};
    buf_cat(&quoted, B("\""), member->key, B("\""));
    value_decode(&key, buf_bytes(&quoted));
    const json_t *known = json_object_getn(object, buf_bytes(&key).ptr, key.len);
    if (!known)
        abort();
    value_decode(&value, member->value);
    if (json_is_string(known) != value_is_string(member->value))
        abort();
    if (json_is_string(known) &&
        !bytes_eq(buf_bytes(&value),
                  bytes_make(json_string_value(known), json_string_length(known))))
        abort();
    buf_free(&quoted);
    buf_free(&key);
    buf_free(&value);
}

static void check_object(struct bytes line)
{
    json_t *object = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL);
    size_t at = object_open(line), members = 0;
    struct object_member member;
    if (!object || !json_is_object(object)) {
        json_decref(object);
        return;
    }
    while (object_next(line, &at, &member))
        members++;
    if (!object_closed(line, at) || members < json_object_size(object))
        abort();
    at = object_open(line);
    while (members == json_object_size(object) && object_next(line, &at, &member))
        check_text(object, &member);
    json_decref(object);
}

static void check_made(const struct timed_line *line)
{
    if (bytes_chr(line->text, '\n', 0) >= 0)
        abort();
    if (line->time.len > 0 && (line->time.ptr < line->text.ptr ||
                               line->time.ptr + line->time.len > line->text.ptr + line->text.len))
        abort();
}

static void one(struct bytes input)
{
    struct buf why = {0}, room = {0};
    struct objects objects;
    struct object_template *template = object_template_new(take_line(&input), &why);
    uint64_t lines = 0;
    if (!template)
        template = object_template_new((struct bytes){0}, &why);
    objects_init(&objects, template);
    for (; input.len > 0; lines++) {
        struct bytes text = take_line(&input);
        struct timed_line line = {.text = text, .second = (int64_t)lines / 2};
        check_object(text);
        if (objects_make(&objects, &line, &room))
            check_made(&line);
        else if (line.text.ptr != text.ptr || line.text.len != text.len)
            abort();
    }
    if (objects.made + objects.left != lines)
        abort();
    objects_free(&objects);
    object_template_free(template);
    buf_free(&room);
    buf_free(&why);
}

FUZZ_TARGET(start, one)
