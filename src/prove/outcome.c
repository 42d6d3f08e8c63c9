/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/outcome.h"

#include <time.h>

#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { MOST_LINES = 20, MOST_DONE = 20 }; /* of a failure's trace, and of what else was done */

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

static json_t *when_of(const struct evidence *evidence, int64_t second)
{
    struct buf when = {0};
    timeline_add_when(&when, second, evidence->start);
    json_t *json = json_of(buf_bytes(&when));
    buf_free(&when);
    return json;
}

static json_t *passage_of(const struct evidence *evidence, const struct passage *passage)
{
    json_t *object = json_object(), *said = json_array();
    json_put(object, "when", when_of(evidence, passage->second));
    json_put_number(object, "line",
                    passage->step >= 0 ? evidence->test->steps[passage->step].place.line : 0);
    json_put_text(object, "text", passage->text);
    for (size_t i = 0; i < passage->said_count; i++)
        json_array_append_new(said, json_of(passage->said[i]));
    json_put(object, "said", said);
    return object;
}

static void put_trace(json_t *object, const struct evidence *evidence,
                      const struct failure *failure)
{
    json_t *trace = json_array();
    size_t from = failure->passage, end = failure->passage_end;
    if (end - from > MOST_LINES)
        from = end - MOST_LINES;
    for (size_t i = from; i < end; i++)
        json_array_append_new(trace, passage_of(evidence, &evidence->timeline.passages[i]));
    json_put(object, "trace", trace);
    json_put_number(object, "trace_before", from - failure->passage);
}

static void add_clock(struct buf *out, int64_t second)
{
    struct tm tm;
    time_t at = (time_t)second;
    localtime_r(&at, &tm);
    buf_printf(out, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Effects of the region that no expectation has taken. */
static void put_done(json_t *object, const struct evidence *evidence, const struct failure *failure)
{
    json_t *done = json_array();
    size_t more = 0;
    for (size_t i = failure->first; i < failure->end; i++) {
        const struct happening *happening = &evidence->timeline.items[i];
        struct buf line = {0};
        if (!happening->effect || happening->taken != TAKEN_BY_NONE)
            continue;
        if (json_array_size(done) == MOST_DONE) {
            more++;
            continue;
        }
        add_clock(&line, happening->second);
        buf_cat(&line, B("  "), happening->rule.len > 0 ? happening->rule : B("-"), B("  "));
        timeline_add_happening(&line, happening);
        json_array_append_new(done, json_of(buf_bytes(&line)));
        buf_free(&line);
    }
    json_put(object, "done", done);
    json_put_number(object, "done_more", more);
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
    if (failure->near.len > 0)
        json_put(object, "nearest", nearest_of(failure));
    put_trace(object, evidence, failure);
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

void outcome_add(struct buf *out, struct evidence *evidence, double seconds)
{
    struct judgement judgement;
    if (evidence->errors.len > 0) {
        outcome_add_error(out, evidence->test, buf_bytes(&evidence->errors), seconds);
        return;
    }
    judge(evidence, &judgement);
    json_t *failures = json_array();
    for (size_t i = 0; i < judgement.count; i++)
        json_array_append_new(failures, failure_of(evidence, &judgement.failures[i]));
    json_t *object = outcome_of(evidence->test, judgement.count > 0 ? "failed" : "passed", seconds);
    json_put(object, "failures", failures);
    json_put(object, "snapshots", snapshots_of(&judgement));
    if (evidence->cover)
        json_put(object, "coverage", cover_json(evidence->cover));
    json_write(out, object);
    judgement_free(&judgement);
}
