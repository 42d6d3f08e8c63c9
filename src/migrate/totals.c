/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/totals.h"

#include <stdlib.h>

#include "base/json_values.h"
#include "base/mem.h"

/* -- Adding -- */

/* Those lines that are not there yet. */
static void add_lines(struct buf *lines, struct bytes more)
{
    for (struct bytes line; bytes_piece(&more, '\n', &line);) {
        bool there = false;
        struct bytes rest = buf_bytes(lines), known;
        while (!there && bytes_piece(&rest, '\n', &known))
            there = bytes_eq(known, line);
        if (!there)
            buf_cat(lines, line, B("\n"));
    }
}

/* Rules come in the same order each time, unless code in rules makes some. */
static void add_rule(struct totals *totals, size_t hint, const struct rule_count *rule)
{
    for (size_t i = 0; i < totals->rule_count; i++) {
        struct rule_count *known = &totals->rules[(hint + i) % totals->rule_count];
        if (known->line == rule->line && bytes_eq(known->file, rule->file) &&
            bytes_eq(known->desc, rule->desc)) {
            known->matches += rule->matches;
            return;
        }
    }
    totals->rules = mem_array(totals->rules, totals->rule_count + 1, sizeof(*totals->rules));
    totals->rules[totals->rule_count++] = (struct rule_count){
        bytes_dup(rule->file), bytes_dup(rule->desc), rule->line, rule->matches};
}

static void add_refusal(struct totals *totals, int side, const struct refusal *refusal)
{
    struct refusal **items = &totals->refusals[side];
    size_t *count = &totals->refusal_count[side];
    for (size_t i = 0; i < *count; i++)
        if (bytes_eq((*items)[i].what, refusal->what)) {
            (*items)[i].count += refusal->count;
            return;
        }
    *items = mem_array(*items, *count + 1, sizeof(**items));
    (*items)[(*count)++] = (struct refusal){bytes_dup(refusal->what), refusal->count};
}

void totals_add(struct totals *totals, const struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    if (course->given == 0)
        return;
    if (totals->lines == 0)
        totals->begun = course->begun;
    totals->ended = course->ended;
    totals->lines += course->given;
    totals->milliseconds += (uint64_t)(course->seconds * 1000 + 0.5);
    totals->effects += comparison->equal[HEARD_EFFECT];
    totals->events += comparison->equal[HEARD_EVENT];
    totals->messages += comparison->equal[HEARD_MESSAGE];
    totals->states += comparison->compared_states;
    totals->missing_states += comparison->missing_states[THEIRS];
    totals->unanswered += comparison->unanswered;
    add_lines(&totals->lacks, buf_bytes(&comparison->lacks));
    add_lines(&totals->unknown, buf_bytes(&comparison->readers[OURS].lacks));
    add_lines(&totals->notes, buf_bytes(&comparison->readers[THEIRS].notes));
    const struct reader *ours = &comparison->readers[OURS];
    for (size_t i = 0; i < ours->rule_count; i++)
        add_rule(totals, i, &ours->rules[i]);
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < comparison->readers[side].refusal_count; i++)
            add_refusal(totals, side, &comparison->readers[side].refusals[i]);
}

/* -- Giving -- */

static void give_text(struct buf *to, const struct buf *from)
{
    buf_clear(to);
    buf_add(to, buf_bytes(from));
}

static void give_refusals(const struct totals *totals, int side, struct reader *reader)
{
    for (size_t i = 0; i < reader->refusal_count; i++)
        bytes_free(reader->refusals[i].what);
    reader->refusal_count = reader->refusal_room = totals->refusal_count[side];
    reader->refusals =
        mem_array(reader->refusals, reader->refusal_room + 1, sizeof(*reader->refusals));
    for (size_t i = 0; i < reader->refusal_count; i++) {
        reader->refusals[i] = totals->refusals[side][i];
        reader->refusals[i].what = bytes_dup(reader->refusals[i].what);
    }
}

static void give_rules(const struct totals *totals, struct reader *reader)
{
    for (size_t i = 0; i < reader->rule_count; i++) {
        bytes_free(reader->rules[i].file);
        bytes_free(reader->rules[i].desc);
    }
    reader->rule_count = reader->rule_room = totals->rule_count;
    reader->rules = mem_array(reader->rules, reader->rule_room + 1, sizeof(*reader->rules));
    for (size_t i = 0; i < reader->rule_count; i++) {
        reader->rules[i] = totals->rules[i];
        reader->rules[i].file = bytes_dup(reader->rules[i].file);
        reader->rules[i].desc = bytes_dup(reader->rules[i].desc);
    }
}

void totals_give(const struct totals *totals, struct course *course)
{
    struct comparison *comparison = &course->comparison;
    course->given = totals->lines;
    course->begun = totals->begun;
    course->ended = totals->ended;
    course->seconds = (double)totals->milliseconds / 1000;
    comparison->equal[HEARD_EFFECT] = totals->effects;
    comparison->equal[HEARD_EVENT] = totals->events;
    comparison->equal[HEARD_MESSAGE] = totals->messages;
    comparison->compared_states = totals->states;
    comparison->missing_states[THEIRS] = totals->missing_states;
    comparison->unanswered = totals->unanswered;
    give_text(&comparison->lacks, &totals->lacks);
    give_text(&comparison->readers[OURS].lacks, &totals->unknown);
    give_text(&comparison->readers[THEIRS].notes, &totals->notes);
    give_rules(totals, &comparison->readers[OURS]);
    for (int side = 0; side < 2; side++)
        give_refusals(totals, side, &comparison->readers[side]);
}

/* -- As JSON -- */

static const struct {
    const char *key;
    size_t at;
} numbers[] = {
    {"lines", offsetof(struct totals, lines)},
    {"milliseconds", offsetof(struct totals, milliseconds)},
    {"effects", offsetof(struct totals, effects)},
    {"events", offsetof(struct totals, events)},
    {"messages", offsetof(struct totals, messages)},
    {"states", offsetof(struct totals, states)},
    {"missing_states", offsetof(struct totals, missing_states)},
    {"unanswered", offsetof(struct totals, unanswered)},
    {"chance", offsetof(struct totals, chance)},
    {"left", offsetof(struct totals, left)},
};

static const char *const refused[2] = {[THEIRS] = "refused_sec", [OURS] = "refused_secant"};

static uint64_t *number_at(const struct totals *totals, size_t i)
{
    return (uint64_t *)(void *)((char *)totals + numbers[i].at);
}

json_t *totals_json(const struct totals *totals)
{
    json_t *object = json_object(), *rules = json_array();
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        json_put_number(object, numbers[i].key, *number_at(totals, i));
    json_put(object, "begun", json_integer(totals->begun));
    json_put(object, "ended", json_integer(totals->ended));
    json_put(object, "lacks", json_of_bytes(buf_bytes(&totals->lacks)));
    json_put(object, "unknown", json_of_bytes(buf_bytes(&totals->unknown)));
    json_put(object, "notes", json_of_bytes(buf_bytes(&totals->notes)));
    for (size_t i = 0; i < totals->rule_count; i++) {
        json_t *rule = json_object();
        json_put(rule, "file", json_of_bytes(totals->rules[i].file));
        json_put(rule, "desc", json_of_bytes(totals->rules[i].desc));
        json_put_number(rule, "line", totals->rules[i].line);
        json_put_number(rule, "matches", totals->rules[i].matches);
        json_array_append_new(rules, rule);
    }
    json_put(object, "rules", rules);
    for (int side = 0; side < 2; side++) {
        json_t *list = json_array();
        for (size_t i = 0; i < totals->refusal_count[side]; i++) {
            json_t *item = json_object();
            json_put(item, "what", json_of_bytes(totals->refusals[side][i].what));
            json_put_number(item, "count", totals->refusals[side][i].count);
            json_array_append_new(list, item);
        }
        json_put(object, refused[side], list);
    }
    return object;
}

static bool read_number(struct fields *fields, const json_t *object, const char *key, uint64_t *to)
{
    int64_t number = 0;
    bool sound = fields_number(fields, object, key, 0, &number);
    *to = (uint64_t)number;
    return sound;
}

static bool read_lines(struct fields *fields, const json_t *object, const char *key, struct buf *to)
{
    struct bytes text = {0};
    bool sound = fields_text(fields, object, key, &text);
    if (sound)
        add_lines(to, text);
    return sound;
}

static bool read_rule(struct totals *totals, struct fields *fields, const json_t *object)
{
    struct rule_count rule = {0};
    if (!fields_text(fields, object, "file", &rule.file) ||
        !fields_text(fields, object, "desc", &rule.desc) ||
        !read_number(fields, object, "line", &rule.line) ||
        !read_number(fields, object, "matches", &rule.matches))
        return false;
    add_rule(totals, totals->rule_count, &rule);
    return true;
}

static bool read_refusal(struct totals *totals, int side, struct fields *fields,
                         const json_t *object)
{
    struct refusal refusal = {0};
    if (!fields_text(fields, object, "what", &refusal.what) ||
        !read_number(fields, object, "count", &refusal.count))
        return false;
    add_refusal(totals, side, &refusal);
    return true;
}

/* side: of refusals; below 0: rules. */
static bool read_list(struct totals *totals, struct fields *fields, const json_t *object, int side)
{
    const char *key = side < 0 ? "rules" : refused[side];
    json_t *list = fields_array(fields, object, key), *item;
    size_t length = fields_enter(fields, bytes_of(key)), i;
    bool sound = list;
    json_array_foreach(list, i, item)
    {
        size_t before = fields_enter_item(fields, i);
        sound = (side < 0 ? read_rule(totals, fields, item)
                          : read_refusal(totals, side, fields, item)) &&
                sound;
        fields_leave(fields, before);
    }
    fields_leave(fields, length);
    return sound;
}

bool totals_read(struct totals *totals, struct fields *fields, const json_t *object)
{
    *totals = (struct totals){0};
    bool sound = true;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        sound = read_number(fields, object, numbers[i].key, number_at(totals, i)) && sound;
    sound = fields_number(fields, object, "begun", -FIELDS_LARGEST, &totals->begun) && sound;
    sound = fields_number(fields, object, "ended", -FIELDS_LARGEST, &totals->ended) && sound;
    sound = read_lines(fields, object, "lacks", &totals->lacks) && sound;
    sound = read_lines(fields, object, "unknown", &totals->unknown) && sound;
    sound = read_lines(fields, object, "notes", &totals->notes) && sound;
    for (int side = -1; side < 2; side++)
        sound = read_list(totals, fields, object, side) && sound;
    return sound;
}

void totals_free(struct totals *totals)
{
    for (size_t i = 0; i < totals->rule_count; i++) {
        bytes_free(totals->rules[i].file);
        bytes_free(totals->rules[i].desc);
    }
    free(totals->rules);
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < totals->refusal_count[side]; i++)
            bytes_free(totals->refusals[side][i].what);
        free(totals->refusals[side]);
    }
    buf_free(&totals->lacks);
    buf_free(&totals->unknown);
    buf_free(&totals->notes);
}
