/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One object, in one line; its members are in doc/secant-migrate.1. */
#include "base/json_values.h"
#include "base/version.h"
#include "migrate/masking.h"
#include "migrate/resume.h"
#include "migrate/tell.h"
#include "replay/show.h"

static json_t *date(int64_t second)
{
    char room[48];
    return json_of(show_date(room, second, true));
}

/* -- Differences -- */

static json_t *side_of(const struct difference *difference, int side)
{
    json_t *list = json_array();
    struct bytes rest = difference->only[side], line;
    struct words words = {0};
    struct buf out = {0};
    while (difference->class == HEARD_STATE && bytes_piece(&rest, '\n', &line))
        json_array_append_new(list, json_of(line));
    while (difference->class != HEARD_STATE && words_take(&words, &rest) == WORDS_TAKEN) {
        buf_clear(&out);
        tell_words(&out, difference->class, &words);
        json_array_append_new(list, json_of(buf_bytes(&out)));
    }
    words_free(&words);
    buf_free(&out);
    return list;
}

static json_t *difference_of(const struct course *course, size_t at)
{
    const struct difference *difference = &course->comparison.items[at];
    const struct found_line *line = &course->found[at];
    json_t *object = json_object();
    json_put_number(object, "line", lines_number(&course->lines, difference->place.line));
    json_put(object, "time", json_integer(difference->place.second));
    json_put(object, "date", date(difference->place.second));
    if (line->text.ptr)
        json_put_text(object, "text", line->text);
    if (difference->file.len > 0) {
        json_put_text(object, "file", difference->file);
        json_put_number(object, "rule_line", difference->rule_line);
    }
    json_put_text(object, "what", tell_class(difference->class));
    json_put(object, "sec", side_of(difference, THEIRS));
    json_put(object, "secant", side_of(difference, OURS));
    json_put(object, "order_only", json_boolean(difference->order));
    json_put(object, "chance", json_boolean(difference->chance));
    return object;
}

static json_t *differences_of(const struct course *course)
{
    json_t *list = json_array();
    for (size_t i = 0; i < course->comparison.count; i++)
        json_array_append_new(list, difference_of(course, i));
    return list;
}

/* -- What was compared -- */

static json_t *lines_of(struct bytes lines)
{
    json_t *list = json_array();
    for (struct bytes line; bytes_piece(&lines, '\n', &line);)
        json_array_append_new(list, json_of(line));
    return list;
}

static json_t *rules_of(const struct reader *reader)
{
    json_t *list = json_array();
    for (size_t i = 0; i < reader->rule_count; i++) {
        const struct rule_count *rule = &reader->rules[i];
        json_t *object = json_object();
        json_put_text(object, "file", rule->file);
        json_put_number(object, "line", rule->line);
        json_put_text(object, "desc", rule->desc);
        json_put_number(object, "matches", rule->matches);
        json_array_append_new(list, object);
    }
    return list;
}

static void put_pace(json_t *object, const struct pace_side *side, const char *seconds,
                     const char *rate)
{
    json_put(object, seconds, json_real(side->used));
    if (pace_rate(side) > 0)
        json_put(object, rate, json_real(pace_rate(side)));
}

static json_t *sample_of(const struct stretches *stretches)
{
    json_t *object = json_object();
    json_put_number(object, "stretches", stretches->count);
    json_put_number(object, "length", stretches->length);
    json_put_number(object, "of", stretches->of);
    return object;
}

static json_t *minimal_of(const struct minimal *minimal)
{
    json_t *object = json_object(), *files = json_array(), *lines = json_array();
    for (size_t i = 0; i < minimal->file_count; i++) {
        json_t *file = json_object();
        json_put_text(file, "name", minimal->files[i].name);
        json_put_text(file, "text", minimal->files[i].text);
        json_array_append_new(files, file);
    }
    for (size_t i = 0; i < minimal->line_count; i++)
        json_array_append_new(lines, json_of(minimal->lines[i].text));
    json_put(object, "rules", files);
    json_put(object, "lines", lines);
    return object;
}

void tell_json(const struct course *course, struct bytes version, const struct minimal *minimal,
               struct buf *out)
{
    const struct comparison *comparison = &course->comparison;
    json_t *object = json_object();
    json_put(object, "equal", json_boolean(tell_real(course) == 0 && !course->unfinished));
    json_put(object, "finished", json_boolean(!course->unfinished));
    json_put_text(object, "sec_version", version);
    json_put_text(object, "secant_version", B(SECANT_VERSION));
    json_put_number(object, "lines", course->given);
    if (course->resume)
        json_put(object, "stretches", resume_json(course->resume));
    if (course->lines.stretches.length > 0)
        json_put(object, "sample", sample_of(&course->lines.stretches));
    json_put(object, "from", date(course->begun));
    json_put(object, "until", date(course->ended));
    json_put(object, "seconds", json_real(course->seconds));
    put_pace(object, &course->pace.sides[THEIRS], "sec_seconds", "sec_rate");
    put_pace(object, &course->pace.sides[OURS], "secant_seconds", "secant_rate");
    json_put_number(object, "effects", comparison->equal[HEARD_EFFECT]);
    json_put_number(object, "events", comparison->equal[HEARD_EVENT]);
    json_put_number(object, "messages", comparison->equal[HEARD_MESSAGE]);
    json_put_number(object, "states", comparison->compared_states);
    if (tell_missing_states(course).len > 0)
        json_put_text(object, "states_missing", tell_missing_states(course));
    json_put_number(object, "found", comparison->found);
    json_put(object, "differences", differences_of(course));
    if (minimal)
        json_put(object, "case", minimal_of(minimal));
    if (course->masking)
        json_put(object, "masked", masking_json(course->masking));
    json_put(object, "not_in_dumps", lines_of(buf_bytes(&comparison->lacks)));
    json_put(object, "not_in_sec", lines_of(buf_bytes(&comparison->readers[OURS].lacks)));
    json_put(object, "not_the_same_live", lines_of(buf_bytes(&comparison->readers[THEIRS].notes)));
    json_put_number(object, "unanswered", comparison->unanswered);
    if (comparison->left.len > 0)
        json_put_number(object, "ended_after",
                        lines_number(&course->lines, comparison->left_at.line));
    json_put(object, "rules", rules_of(&comparison->readers[OURS]));
    json_write(out, object);
}
