/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/alike.h"

#include "prove/json.h"

void alike_free(struct alike *alike)
{
    json_decref(alike->seen);
}

static json_t *place_of(const json_t *outcome, const json_t *failure)
{
    struct buf place = {0};
    buf_cat(&place, B("line "), NUM(json_number(failure, "line")));
    if (json_number(outcome, "row") > 0)
        buf_cat(&place, B(", row "), NUM(json_number(outcome, "row")));
    json_t *json = json_of(buf_bytes(&place));
    buf_free(&place);
    return json;
}

/* With its file, which makes another's another one. */
static void make_key(struct buf *key, const json_t *outcome, struct bytes cause)
{
    buf_clear(key);
    buf_cat(key, json_text(outcome, "file"), B("\n"), cause);
    buf_char(key, '\0');
}

/* What keeps tests from running most often keeps all of a file from it. */
static void note_messages(struct alike *alike, json_t *outcome)
{
    const json_t *messages = json_object_get(outcome, "messages");
    struct buf cause = {0}, key = {0};
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        buf_cat(&cause, bytes_make(json_string_value(message), json_string_length(message)),
                B("\n"));
    }
    make_key(&key, outcome, buf_bytes(&cause));
    json_t *before = messages ? json_object_get(alike->seen, key.ptr) : NULL;
    if (before)
        json_object_set(outcome, "as", before);
    else if (messages)
        json_put(alike->seen, key.ptr, place_of(outcome, outcome));
    buf_free(&cause);
    buf_free(&key);
}

void alike_note(struct alike *alike, json_t *outcome)
{
    const json_t *failures = json_object_get(outcome, "failures");
    struct buf key = {0};
    if (!alike->seen)
        alike->seen = json_object();
    note_messages(alike, outcome);
    for (size_t i = 0; i < json_array_size(failures); i++) {
        json_t *failure = json_array_get(failures, i);
        struct bytes cause = json_text(failure, "cause");
        if (cause.len == 0)
            continue;
        make_key(&key, outcome, cause);
        json_t *before = json_object_get(alike->seen, key.ptr);
        if (before)
            json_object_set(failure, "as", before);
        else
            json_put(alike->seen, key.ptr, place_of(outcome, failure));
    }
    buf_free(&key);
}
