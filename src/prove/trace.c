/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the lines that have to do with a failure.  For an unexpected effect these are the lines
 * that caused it, otherwise those from the last line before the expectation on; earlier lines that
 * touched the same contexts and operations are added.  Consecutive lines that differ only in times
 * and counts are combined. */
#include "prove/trace.h"

#include "base/json_values.h"
#include "base/mem.h"
#include "prove/finding.h"

enum { MOST_GROUPS = 12, MOST_SUBJECTS = 200 };

struct tracing {
    const struct evidence *evidence;
    const struct failure *failure;
    bool *chosen, *base; /* by passage; base: not for what it touched */
    bool unexpected;     /* something happened that should not */
    struct bytes subjects[MOST_SUBJECTS];
    size_t subject_count;
};

/* Passages that are one in the trace. */
struct group {
    const struct passage *first, *last;
    size_t count;
    bool base;
};

static const struct passage *passage_at(const struct tracing *t, size_t i)
{
    return &t->evidence->timeline.passages[i];
}

static size_t passages(const struct tracing *t)
{
    return t->evidence->timeline.passage_count;
}

/* -- Which -- */

static void choose(struct tracing *t, size_t i)
{
    t->chosen[i] = t->base[i] = true;
}

/* A line; of time alone what was done in it: that a window ended is of interest only to who has
 * asked for it, or to who needed it later. */
static void choose_eventful(struct tracing *t, size_t i)
{
    const struct passage *passage = passage_at(t, i);
    bool eventful = !passage->idle;
    for (size_t k = 0; k < passage->said_count && !eventful; k++)
        eventful = passage->said[k].about.len == 0;
    if (eventful)
        choose(t, i);
}

static bool is_in_snapshot(const struct tracing *t, const struct happening *happening)
{
    struct buf line = {0};
    judge_add_effect(&line, happening, t->evidence->start);
    bool found = bytes_find(t->failure->step->text, buf_bytes(&line), 0) >= 0;
    buf_free(&line);
    return found;
}

/* Those that had effects of the region that nobody has taken. */
static bool choose_effects(struct tracing *t)
{
    const struct test_step *step = t->failure->step;
    bool snapshot = step->kind == TEST_STEP_SNAPSHOT;
    bool any = false, never = step->kind == TEST_STEP_EXPECT && step->expect.never;
    for (size_t i = t->failure->first; i < t->failure->end; i++) {
        const struct happening *happening = &t->evidence->timeline.items[i];
        if (snapshot && is_in_snapshot(t, happening))
            continue;
        bool wanted = never ? happening->subject == step->expect.subject : happening->effect;
        /* A later step may have taken it since. */
        bool free = happening->taken == TAKEN_BY_NONE ||
                    happening->taken >= step - t->evidence->test->steps;
        if (!wanted || !free || happening->passage < 0 || (size_t)happening->passage >= passages(t))
            continue;
        choose(t, (size_t)happening->passage);
        any = true;
    }
    return any;
}

/* A snapshot is of all that came since the one before it. */
static size_t since_snapshot(const struct tracing *t)
{
    const struct test *test = t->evidence->test;
    size_t from = 0;
    for (size_t i = 0; &test->steps[i] != t->failure->step; i++)
        if (test->steps[i].kind == TEST_STEP_SNAPSHOT)
            from = t->evidence->marks[i].passage;
    return from;
}

/* Has a rule not acted that could have?  Or none. */
static bool misses(const struct passage *passage)
{
    for (size_t i = 0; i < passage->said_count; i++)
        if (passage->said[i].kind >= EXPLAIN_MISSED)
            return true;
    return false;
}

static void choose_region(struct tracing *t)
{
    const struct failure *failure = t->failure;
    bool snapshot = failure->step->kind == TEST_STEP_SNAPSHOT;
    size_t from = snapshot ? since_snapshot(t) : failure->passage, i;
    for (i = from; i < failure->passage_end; i++)
        if (!snapshot || misses(passage_at(t, i)))
            choose_eventful(t, i);
    if (failure->mark->until <= failure->mark->second)
        return;
    for (; i < passages(t) && passage_at(t, i)->second <= failure->mark->until; i++)
        choose_eventful(t, i);
}

/* Where that was which was expected, if it came at another time. */
static void choose_nearest(struct tracing *t)
{
    const struct failure *failure = t->failure;
    if (!failure->other_time)
        return;
    int64_t passage = t->evidence->timeline.items[failure->near_at].passage;
    if (passage >= 0 && (size_t)passage < passages(t))
        choose(t, (size_t)passage);
}

/* -- What they touched -- */

static bool is_subject(const struct tracing *t, struct bytes about)
{
    for (size_t i = 0; i < t->subject_count; i++)
        if (bytes_eq(t->subjects[i], about))
            return true;
    return false;
}

static void add_subjects(struct tracing *t)
{
    for (size_t i = 0; i < passages(t); i++) {
        const struct passage *passage = passage_at(t, i);
        for (size_t k = 0; t->base[i] && k < passage->said_count; k++) {
            struct bytes about = passage->said[k].about;
            if (about.len > 0 && t->subject_count < MOST_SUBJECTS && !is_subject(t, about))
                t->subjects[t->subject_count++] = about;
        }
    }
}

/* The context or operation that the step asks for by its name. */
static bool is_asked_for(const struct tracing *t, struct bytes about)
{
    const struct test_expectation *expect = &t->failure->step->expect;
    if (t->failure->step->kind != TEST_STEP_EXPECT ||
        (expect->subject != TEST_CONTEXT && expect->subject != TEST_OPERATION) ||
        expect->text.text.len == 0 || expect->text.how == TEST_REGEX)
        return false;
    struct bytes name = expect->text.text;
    return about.len > name.len && bytes_starts(about, subject_word(expect->subject)) &&
           bytes_eq(bytes_from(about, about.len - name.len), name);
}

/* Has it touched what the failure is about?  What a rule computes may be what is missing. */
static bool touches(const struct tracing *t, const struct passage *passage)
{
    for (size_t k = 0; k < passage->said_count; k++) {
        struct bytes about = passage->said[k].about;
        if (about.len > 0 && (is_subject(t, about) || is_asked_for(t, about) ||
                              (!t->unexpected && bytes_eq(about, B(EXPLAIN_VALUES)))))
            return true;
    }
    return false;
}

/* From the first one that has touched it all lines: one of them may have missed it. */
static void choose_earlier(struct tracing *t)
{
    size_t last = 0;
    bool any = false;
    if (t->failure->step->kind == TEST_STEP_SNAPSHOT)
        return; /* all is there */
    add_subjects(t);
    for (size_t i = 0; i < passages(t); i++)
        if (t->base[i])
            last = i;
    for (size_t i = 0; i < last; i++) {
        bool touched = touches(t, passage_at(t, i));
        any |= touched;
        if (touched || (any && !passage_at(t, i)->idle))
            t->chosen[i] = true;
    }
}

/* -- What is one -- */

static bool can_join(const struct passage *a, const struct passage *b)
{
    if (!passages_alike(a, b) || a->said_count != b->said_count)
        return false;
    for (size_t i = 0; i < a->said_count; i++)
        if (!bytes_eq(a->said[i].key, b->said[i].key))
            return false;
    return true;
}

/* Owned by the caller. */
static struct group *make_groups(const struct tracing *t, size_t *count)
{
    struct group *groups = mem_array(NULL, passages(t) + 1, sizeof(*groups));
    *count = 0;
    for (size_t i = 0; i < passages(t); i++) {
        const struct passage *passage = passage_at(t, i);
        struct group *last = *count > 0 ? &groups[*count - 1] : NULL;
        if (!t->chosen[i])
            continue;
        if (last && last->base == t->base[i] && can_join(last->first, passage)) {
            last->last = passage;
            last->count++;
        } else {
            groups[(*count)++] = (struct group){passage, passage, 1, t->base[i]};
        }
    }
    return groups;
}

/* -- In words -- */

/* The sentence of all of them: "counted, 1 to 5 of 6". */
static void add_joined(struct buf *out, const struct explain_sentence *a,
                       const struct explain_sentence *b)
{
    size_t at = 0;
    for (size_t i = 0; i < a->span_count; i++) {
        struct explain_span from = a->spans[i], to = b->spans[i];
        struct bytes last = bytes_slice(b->text, to.from, to.to);
        buf_add(out, bytes_slice(a->text, at, from.to));
        at = from.to;
        if (bytes_eq(bytes_slice(a->text, from.from, from.to), last))
            continue;
        buf_cat(out, from.kind == EXPLAIN_WORD ? B(", then ") : B(" to "), last);
    }
    buf_add(out, bytes_from(a->text, at));
}

/* Of an earlier line only what it touched, and that it was not taken. */
static bool is_wanted(const struct group *group, const struct explain_sentence *sentence)
{
    if (sentence->kind == EXPLAIN_NEAREST)
        return false;
    return group->base || sentence->about.len > 0 || sentence->kind == EXPLAIN_UNTAKEN;
}

/* What is the same as the one before it is counted. */
static json_t *said_of(const struct group *group)
{
    json_t *array = json_array();
    struct buf text = {0}, before = {0};
    size_t times = 1;
    for (size_t i = 0; i < group->first->said_count; i++) {
        const struct explain_sentence *sentence = &group->first->said[i];
        if (!is_wanted(group, sentence))
            continue;
        buf_clear(&text);
        add_joined(&text, sentence, &group->last->said[i]);
        if (json_array_size(array) > 0 && bytes_eq(buf_bytes(&text), buf_bytes(&before))) {
            times++;
            buf_cat(&text, B(" ("), NUM(times), B(" times)"));
            json_array_set_new(array, json_array_size(array) - 1, json_of(buf_bytes(&text)));
            continue;
        }
        json_array_append_new(array, json_of(buf_bytes(&text)));
        buf_clear(&before);
        buf_add(&before, buf_bytes(&text));
        times = 1;
    }
    buf_free(&text);
    buf_free(&before);
    return array;
}

static json_t *nears_of(const struct passage *passage)
{
    json_t *array = json_array();
    for (size_t i = 0; i < passage->said_count; i++) {
        const struct explain_sentence *sentence = &passage->said[i];
        struct bytes rest = sentence->mark, line;
        if (sentence->kind != EXPLAIN_NEAREST)
            continue;
        json_array_append_new(array, json_of(sentence->text));
        while (bytes_piece(&rest, '\n', &line))
            json_array_append_new(array, json_of(line));
    }
    return array;
}

static bool is_untaken(const struct passage *passage)
{
    for (size_t i = 0; i < passage->said_count; i++)
        if (passage->said[i].kind == EXPLAIN_UNTAKEN && passage->said[i].depth == 0)
            return true;
    return false;
}

/* A word for the shell. */
static void add_word(struct buf *out, struct bytes text)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\'')
            buf_add(out, B("'\\''"));
        else
            buf_char(out, text.ptr[i]);
    buf_char(out, '\'');
}

static bool is_plain(struct bytes word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!is_word(word.ptr[i]) && bytes_chr(B("/.,:=+-_@%"), word.ptr[i], 0) < 0)
            return false;
    return word.len > 0;
}

static void add_option(struct buf *out, struct bytes option)
{
    buf_char(out, ' ');
    if (is_plain(option))
        buf_add(out, option);
    else
        add_word(out, option);
}

/* What tells more of the line: it is to be typed where the tests were run. */
static json_t *command_of(const struct tracing *t, const struct passage *passage)
{
    const struct test *test = t->evidence->test;
    struct buf command = {0}, option = {0};
    buf_add(&command, B("secant explain"));
    for (size_t i = 0; i < test->rule_count; i++) {
        buf_clear(&option);
        buf_cat(&option, B("--conf="), test->rules[i]);
        add_option(&command, buf_bytes(&option));
    }
    for (size_t i = 0; i < test->option_count; i++)
        add_option(&command, test->options[i]);
    buf_char(&command, ' ');
    add_word(&command, passage->text);
    json_t *json = json_of(buf_bytes(&command));
    buf_free(&command);
    buf_free(&option);
    return json;
}

static void put_when(const struct tracing *t, json_t *object, const char *key, int64_t second)
{
    struct buf when = {0};
    timeline_add_when(&when, second, t->evidence->start);
    json_put_text(object, key, buf_bytes(&when));
    buf_free(&when);
}

static json_t *group_of(const struct tracing *t, const struct group *group)
{
    json_t *object = json_object();
    const struct passage *passage = group->first;
    const struct test_step *steps = t->evidence->test->steps;
    put_when(t, object, "when", passage->second);
    if (group->count > 1) {
        put_when(t, object, "until", group->last->second);
        json_put_number(object, "times", group->count);
    }
    json_put_number(object, "line", passage->step >= 0 ? steps[passage->step].place.line : 0);
    json_put_text(object, "text", passage->text);
    json_put(object, "said", said_of(group));
    if (!group->base || t->unexpected)
        return object;
    json_put(object, "near", nears_of(passage));
    if (is_untaken(passage))
        json_put(object, "explain", command_of(t, passage));
    return object;
}

void trace_put(json_t *object, const struct evidence *evidence, const struct failure *failure)
{
    struct tracing t = {evidence, failure, .unexpected = failure->unexpected};
    json_t *trace = json_array();
    size_t count, before = 0;
    t.chosen = mem_zarray(passages(&t) + 1, sizeof(*t.chosen));
    t.base = mem_zarray(passages(&t) + 1, sizeof(*t.base));
    if (!t.unexpected || !choose_effects(&t))
        choose_region(&t);
    choose_nearest(&t);
    choose_earlier(&t);
    struct group *groups = make_groups(&t, &count);
    for (size_t i = 0; i < count; i++)
        if (i + MOST_GROUPS < count)
            before += groups[i].count;
        else
            json_array_append_new(trace, group_of(&t, &groups[i]));
    json_put(object, "trace", trace);
    json_put_number(object, "trace_before", before);
    finding_put(object, evidence, failure, &(struct traced){t.chosen, t.base, t.unexpected});
    free(groups);
    free(t.chosen);
    free(t.base);
}
