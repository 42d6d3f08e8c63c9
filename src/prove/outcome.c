/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/outcome.h"

#include <time.h>

#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "prove/trace.h"

enum { MOST_DONE = 20 }; /* of what else was done */

static json_t *outcome_of(const struct test *test, const char *status, double seconds)
{
    json_t *object = json_object(), *tags = json_array();
    for (size_t i = 0; i < test->tag_count; i++)
        json_array_append_new(tags, json_of(test->tags[i]));
    json_put_text(object, "file", test->place.file);
    json_put_number(object, "line", test->place.line);
    json_put_text(object, "name", test->name);
    json_put_number(object, "row", test->row);
    json_put(object, "tags", tags);
    json_put(object, "status", json_string(status));
    json_put(object, "seconds", json_real(seconds));
    return object;
}

/* -- Failures -- */

static json_t *nearest_of(const struct failure *failure)
{
    json_t *object = json_object();
    struct buf before = {0};
    size_t from, to;
    json_put_text(object, "when", failure->near_when);
    json_put_text(object, "text", failure->near);
    /* Where the mark is once wrong bytes have become longer. */
    utf8_add(&before, bytes_slice(failure->near, 0, failure->from));
    from = before.len;
    utf8_add(&before, bytes_slice(failure->near, failure->from, failure->to));
    to = before.len;
    buf_free(&before);
    json_put(object, "mark", json_pack("[I,I]", (json_int_t)from, (json_int_t)to));
    return object;
}

static void add_clock(struct buf *out, int64_t second)
{
    struct tm tm;
    time_t at = (time_t)second;
    localtime_r(&at, &tm);
    buf_printf(out, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void add_done(struct buf *out, const struct happening *happening)
{
    add_clock(out, happening->second);
    buf_cat(out, B("  "), happening->rule.len > 0 ? happening->rule : B("-"), B("  "));
    timeline_add_happening(out, happening);
}

/* Appended, or counted if it is the one before it once more; false: there is no room. */
static bool put_line(json_t *done, struct bytes line, struct buf *before, size_t *times)
{
    struct buf text = {0};
    size_t count = json_array_size(done);
    bool same = count > 0 && bytes_eq(line, buf_bytes(before));
    if (!same && count == MOST_DONE)
        return false;
    *times = same ? *times + 1 : 1;
    buf_add(&text, line);
    if (same)
        buf_cat(&text, B(" ("), NUM(*times), B(" times)"));
    if (same)
        json_array_set_new(done, count - 1, json_of(buf_bytes(&text)));
    else
        json_array_append_new(done, json_of(line));
    buf_clear(before);
    buf_add(before, line);
    buf_free(&text);
    return true;
}

/* Effects of the region that no expectation has taken. */
static void put_done(json_t *object, const struct evidence *evidence, const struct failure *failure)
{
    json_t *done = json_array();
    struct buf line = {0}, before = {0};
    size_t more = 0, times = 1;
    for (size_t i = failure->first; i < failure->end; i++) {
        const struct happening *happening = &evidence->timeline.items[i];
        if (!happening->effect || happening->taken != TAKEN_BY_NONE)
            continue;
        buf_clear(&line);
        add_done(&line, happening);
        more += more > 0 || !put_line(done, buf_bytes(&line), &before, &times);
    }
    json_put(object, "done", done);
    json_put_number(object, "done_more", more);
    buf_free(&line);
    buf_free(&before);
}

static json_t *failure_of(const struct evidence *evidence, const struct failure *failure)
{
    json_t *object = json_object();
    const struct test_place *place = &failure->step->place;
    json_put_number(object, "line", place->line);
    json_put_number(object, "column", place->column);
    json_put_number(object, "length", place->length);
    json_put_text(object, "step", failure->step->source);
    json_put_text(object, "expected", failure->expected);
    json_put_text(object, "reason", failure->reason);
    if (failure->brief.len > 0)
        json_put_text(object, "brief", failure->brief);
    if (failure->near.len > 0)
        json_put(object, "nearest", nearest_of(failure));
    trace_put(object, evidence, failure);
    put_done(object, evidence, failure);
    return object;
}

static json_t *snapshots_of(const struct judgement *judgement)
{
    json_t *array = json_array();
    for (size_t i = 0; i < judgement->snapshot_count; i++) {
        const struct new_snapshot *snapshot = &judgement->snapshots[i];
        json_t *object = json_object();
        json_put_number(object, "line", snapshot->step->block.line);
        json_put_number(object, "length", snapshot->step->block.length);
        json_put_text(object, "text", snapshot->text);
        json_array_append_new(array, object);
    }
    return array;
}

/* -- Errors -- */

static json_t *messages_of(struct bytes lines)
{
    json_t *array = json_array();
    for (struct bytes line; bytes_piece(&lines, '\n', &line);)
        json_array_append_new(array, json_of(line));
    return array;
}

void outcome_add_error(struct buf *out, const struct test *test, struct bytes message,
                       double seconds)
{
    json_t *object = outcome_of(test, "error", seconds);
    json_put(object, "messages", messages_of(message));
    json_write(out, object);
}

bool outcome_add(struct buf *out, struct evidence *evidence, double seconds)
{
    struct judgement judgement;
    if (evidence->errors.len > 0) {
        outcome_add_error(out, evidence->test, buf_bytes(&evidence->errors), seconds);
        return true;
    }
    judge(evidence, &judgement);
    json_t *failures = json_array();
    for (size_t i = 0; i < judgement.count; i++)
        json_array_append_new(failures, failure_of(evidence, &judgement.failures[i]));
    json_t *object = outcome_of(evidence->test, judgement.count > 0 ? "failed" : "passed", seconds);
    json_put(object, "failures", failures);
    json_put(object, "snapshots", snapshots_of(&judgement));
    if (judgement.count > 0 && evidence->notes)
        json_put(object, "notes", json_incref(evidence->notes));
    if (evidence->cover)
        json_put(object, "coverage", cover_json(evidence->cover));
    json_write(out, object);
    bool fine = judgement.count == 0;
    judgement_free(&judgement);
    return fine;
}
