/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/alike.h"

#include "base/json_values.h"

void alike_free(struct alike *alike)
{
    json_decref(alike->seen);
}

static json_t *place_of(const json_t *outcome, const json_t *failure)
{
    struct buf place = {0};
    buf_cat(&place, json_text(outcome, "file"), B(":"), NUM(json_number(failure, "line")));
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

static json_t *find(struct alike *alike, const json_t *outcome, struct bytes cause)
{
    struct buf key = {0};
    make_key(&key, outcome, cause);
    json_t *before = json_object_get(alike->seen, key.ptr);
    buf_free(&key);
    return before;
}

static void note(struct alike *alike, const json_t *outcome, const json_t *failure,
                 struct bytes cause)
{
    struct buf key = {0};
    make_key(&key, outcome, cause);
    json_t *as = json_object_get(failure, "as"); /* where it was told at length */
    json_put(alike->seen, key.ptr, as ? json_incref(as) : place_of(outcome, failure));
    buf_free(&key);
}

/* Has a failure before begun with one of these findings? */
static void share(struct alike *alike, const json_t *outcome, json_t *failure)
{
    const json_t *findings = json_object_get(failure, "findings");
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        json_t *before = find(alike, outcome, json_text(finding, "key"));
        if (!before)
            continue;
        json_object_set(failure, "as", before);
        json_put_text(failure, "shared", json_text(finding, "text"));
        return;
    }
}

static void note_failure(struct alike *alike, const json_t *outcome, json_t *failure)
{
    const json_t *first = json_array_get(json_object_get(failure, "findings"), 0);
    struct bytes cause = json_text(failure, "cause");
    json_t *before = find(alike, outcome, cause);
    if (before) {
        json_object_set(failure, "as", before);
        return;
    }
    share(alike, outcome, failure);
    note(alike, outcome, failure, cause);
    if (!json_object_get(failure, "as"))
        note(alike, outcome, failure, json_text(first, "key"));
}

/* What keeps tests from running most often keeps all of a file from it. */
static void note_messages(struct alike *alike, json_t *outcome)
{
    const json_t *messages = json_object_get(outcome, "messages");
    struct buf cause = {0};
    for (size_t i = 0; i < json_array_size(messages); i++)
        buf_cat(&cause, json_bytes(json_array_get(messages, i)), B("\n"));
    json_t *before = messages ? find(alike, outcome, buf_bytes(&cause)) : NULL;
    if (before)
        json_object_set(outcome, "as", before);
    else if (messages)
        note(alike, outcome, outcome, buf_bytes(&cause));
    buf_free(&cause);
}

void alike_note(struct alike *alike, json_t *outcome)
{
    const json_t *failures = json_object_get(outcome, "failures");
    if (!alike->seen)
        alike->seen = json_object();
    note_messages(alike, outcome);
    for (size_t i = 0; i < json_array_size(failures); i++)
        if (json_text(json_array_get(failures, i), "cause").len > 0)
            note_failure(alike, outcome, json_array_get(failures, i));
}
