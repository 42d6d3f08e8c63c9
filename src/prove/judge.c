/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/judge.h"

#include "base/mem.h"
#include "base/slips.h"
#include "correlate/correlate.h"
#include "lang/rule.h"
#include "prove/nearest.h"
#include "prove/text.h"

enum { TAKEN_BY_GIVEN = -2 };

struct judging {
    struct evidence *evidence;
    struct judgement *to;
    const struct test_step *step; /* the present one */
    size_t index;
    const struct step_mark *mark;
    size_t first, end;      /* its region */
    size_t line;            /* the last step that brought a line or a signal; SIZE_MAX: none */
    size_t cursor;          /* after the effect that an expectation took last, */
    size_t taker;           /* the step of that expectation */
    size_t snapshot_begins; /* happenings since the last line or snapshot */
};

/* -- Failures -- */

static struct bytes keep(const struct judging *j, struct buf *text)
{
    struct bytes kept = arena_bytes(&j->to->arena, buf_bytes(text));
    buf_free(text);
    return kept;
}

static void add_when(const struct judging *j, struct buf *out, int64_t second)
{
    timeline_add_when(out, second, j->evidence->start);
}

static struct failure *fail(struct judging *j, struct bytes expected, struct bytes reason)
{
    struct judgement *to = j->to;
    const struct step_mark *marks = j->evidence->marks;
    MEM_GROW(to->failures, to->count, to->room, 4);
    struct failure *failure = &to->failures[to->count++];
    *failure = (struct failure){
        .step = j->step,
        .mark = j->mark,
        .expected = arena_bytes(&to->arena, expected),
        .reason = arena_bytes(&to->arena, reason),
        .near_when = B(""),
        .near = B(""),
        .near_at = SIZE_MAX,
        .brief = B(""),
        .first = j->first,
        .end = j->end,
        .passage = j->line == SIZE_MAX ? 0 : marks[j->line].passage,
        .passage_end = j->evidence->timeline.passage_count,
    };
    if (j->index + 1 < j->evidence->test->step_count && marks[j->index + 1].ran)
        failure->passage_end = marks[j->index + 1].passage;
    return failure;
}

/* "write /var/log/alerts ~ brute force" */
static void add_expected(struct buf *out, const struct test_expectation *expect)
{
    buf_add(out, subject_word(expect->subject));
    if (expect->name.len > 0)
        buf_cat(out, B(" "), expect->name);
    text_add(out, &expect->text);
    if (expect->fed.how == TEST_ANY)
        return;
    buf_add(out, B(" <<<"));
    text_add(out, &expect->fed);
}

/* -- Expectations of what happens -- */

static void set_region(struct judging *j)
{
    const struct timeline *timeline = &j->evidence->timeline;
    j->first = j->line == SIZE_MAX ? 0 : j->evidence->marks[j->line].first;
    j->end = j->mark->end;
    if (j->step->kind != TEST_STEP_EXPECT || j->mark->until <= j->mark->second)
        return;
    while (j->end < timeline->count && timeline->items[j->end].second <= j->mark->until)
        j->end++;
}

static void add_line_of(const struct judging *j, struct buf *out, int64_t step)
{
    if (step >= 0)
        buf_num(out, j->evidence->test->steps[step].place.line);
}

/* It has happened, but not so that it counts: why. */
static void add_why_not(const struct judging *j, struct buf *out, size_t i)
{
    const struct happening *happening = &j->evidence->timeline.items[i];
    if (happening->taken == TAKEN_BY_GIVEN) {
        buf_add(out, B("it came from 'given:', which no expectation looks at"));
    } else if (happening->taken >= 0) {
        buf_add(out, i < j->first ? B("it did not happen again: ") : B(""));
        buf_add(out, B("the expectation on line "));
        add_line_of(j, out, happening->taken);
        buf_add(out, B(" took it"));
    } else if (i < j->first) {
        buf_add(out, B("it happened earlier, before the last line"));
    } else if (i >= j->end) {
        buf_add(out, B("it happened later, at "));
        add_when(j, out, happening->second);
    } else {
        buf_add(out, B("it happened before what the expectation on line "));
        add_line_of(j, out, (int64_t)j->taker);
        buf_add(out, B(" took"));
    }
}

/* Not between its bounds, and nobody has taken it. */
static bool is_at_other_time(const struct judging *j, size_t i)
{
    return (i < j->first || i >= j->end) && j->evidence->timeline.items[i].taken == TAKEN_BY_NONE;
}

static void add_nothing(struct buf *out, const struct test_expectation *expect)
{
    static const struct bytes nothing[TEST_CONTEXT] = {
        [TEST_OUTPUT] = B("there is no output"),
        [TEST_WRITE] = B("nothing was written to a file"),
        [TEST_RUN] = B("no command was run"),
        [TEST_SPAWN] = B("no command was spawned"),
        [TEST_PIPE] = B("nothing was piped to a command"),
        [TEST_SEND] = B("nothing was sent"),
        [TEST_SIGNAL] = B("no signal was emulated"),
        [TEST_PERL] = B("Perl code had no outside effect"),
        [TEST_EVENT] = B("no event was created"),
        [TEST_LOG] = B("nothing was logged"),
        [TEST_RULE] = B("no rule matched"),
    };
    buf_add(out, nothing[expect->subject]);
}

/* One that fits anywhere; SIZE_MAX: none. */
static size_t find_anywhere(const struct judging *j, const struct test_expectation *expect)
{
    const struct timeline *timeline = &j->evidence->timeline;
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < timeline->count; i++) {
        if (!nearest_fits(expect, &timeline->items[i]))
            continue;
        bool nearer = found == SIZE_MAX || (found < j->first && i >= j->first) ||
                      (timeline->items[found].taken >= 0 && timeline->items[i].taken < 0);
        if (nearer)
            found = i;
    }
    return found;
}

static void add_times(struct buf *out, int64_t count)
{
    if (count == 1)
        buf_add(out, B("once"));
    else
        buf_cat(out, NUM(count), B(" times"));
}

/* "it happened once; expected at least 2 times" */
static void add_count(struct buf *out, const struct test_expectation *expect, int64_t count)
{
    bool least = expect->most == INT64_MAX, most = expect->least == 0 && expect->most > 0;
    buf_add(out, count == 0 ? B("it did not happen") : B("it happened "));
    if (count > 0)
        add_times(out, count);
    buf_cat(out, B("; expected "), least ? B("at least ") : most ? B("at most ") : B(""));
    add_times(out, least ? expect->least : expect->most);
}

/* The type of rule that a text is, or nearly is; NULL: none. */
static const struct rule_type *type_meant(struct bytes text)
{
    const struct rule_type *meant = NULL;
    size_t least = slips_too_many(text);
    for (const struct rule_type *const *type = rule_types; *type; type++)
        if (slips_fewer(text, bytes_of((*type)->name), &least))
            meant = *type;
    return meant;
}

/* What was expected is possible, but rather something else was meant. */
static void add_hint(struct buf *out, const struct test_expectation *expect)
{
    struct bytes text = expect->text.text;
    const struct rule_type *type =
        expect->subject == TEST_RULE && expect->text.how != TEST_REGEX ? type_meant(text) : NULL;
    if (type)
        buf_cat(out, B("; "), bytes_of(type->name),
                B(" is a type: a rule is named by FILE:LINE, FILE or its desc"));
    if (expect->subject == TEST_PIPE && expect->fed.how == TEST_ANY &&
        (bytes_find(text, B(" < "), 0) >= 0 || bytes_find(text, B(" << "), 0) >= 0))
        buf_add(out, B("; a command's input comes after '<<<'"));
}

static void show_near(struct judging *j, struct failure *failure,
                      const struct test_expectation *expect, const struct happening *happening)
{
    struct buf when = {0}, text = {0};
    add_when(j, &when, happening->second);
    nearest_show(expect, happening, &text, &failure->from, &failure->to);
    failure->near_when = keep(j, &when);
    failure->near = keep(j, &text);
    failure->near_at = (size_t)(happening - j->evidence->timeline.items);
}

static bool has_any(const struct timeline *timeline, enum test_subject subject)
{
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->items[i].subject == subject)
            return true;
    return false;
}

static void fail_missing(struct judging *j, const struct test_expectation *expect, int64_t count)
{
    const struct timeline *timeline = &j->evidence->timeline;
    struct buf expected = {0}, reason = {0};
    add_expected(&expected, expect);
    size_t elsewhere = find_anywhere(j, expect);
    const struct happening *nearest = nearest_find(timeline, expect, j->first, j->end);
    bool other_time = false;
    if (expect->counted) {
        add_count(&reason, expect, count);
        nearest = count > 0 ? NULL : nearest;
    } else if (elsewhere != SIZE_MAX) {
        add_why_not(j, &reason, elsewhere);
        other_time = is_at_other_time(j, elsewhere);
        nearest = &timeline->items[elsewhere];
    } else if (!has_any(timeline, expect->subject)) {
        add_nothing(&reason, expect);
    } else {
        buf_add(&reason, B("it did not happen"));
    }
    add_hint(&reason, expect);
    struct failure *failure = fail(j, keep(j, &expected), keep(j, &reason));
    failure->unexpected = expect->counted && count > expect->most && expect->subject < TEST_EVENT;
    failure->other_time = other_time;
    if (nearest)
        show_near(j, failure, expect, nearest);
}

static bool is_free(const struct happening *happening)
{
    return happening->taken == TAKEN_BY_NONE;
}

static void take(struct judging *j, size_t i)
{
    struct happening *happening = &j->evidence->timeline.items[i];
    happening->taken = (int64_t)j->index;
    if (!happening->effect)
        return;
    j->cursor = i + 1;
    j->taker = j->index;
}

/* All of the region. */
static void judge_count(struct judging *j, const struct test_expectation *expect)
{
    int64_t count = 0;
    for (size_t i = j->first; i < j->end; i++) {
        const struct happening *happening = &j->evidence->timeline.items[i];
        if (!is_free(happening) || !nearest_fits(expect, happening))
            continue;
        take(j, i);
        count++;
    }
    if (count < expect->least || count > expect->most)
        fail_missing(j, expect, count);
}

static void judge_first(struct judging *j, const struct test_expectation *expect)
{
    size_t from = j->first;
    if (expect->subject < TEST_EVENT && j->cursor > from)
        from = j->cursor;
    for (size_t i = from; i < j->end; i++) {
        const struct happening *happening = &j->evidence->timeline.items[i];
        if (!is_free(happening) || !nearest_fits(expect, happening))
            continue;
        take(j, i);
        return;
    }
    fail_missing(j, expect, 0);
}

/* "write /log: text, at +5s (ssh.sec:3)" */
static void add_unwanted(const struct judging *j, struct buf *out,
                         const struct happening *happening)
{
    timeline_add_happening(out, happening);
    buf_add(out, B(", at "));
    add_when(j, out, happening->second);
    if (happening->rule.len > 0 && happening->subject != TEST_RULE)
        buf_cat(out, B(" ("), happening->rule, B(")"));
}

static void judge_never(struct judging *j, const struct test_expectation *expect)
{
    for (size_t i = j->first; i < j->end; i++) {
        const struct happening *happening = &j->evidence->timeline.items[i];
        if (!is_free(happening) || !nearest_fits(expect, happening))
            continue;
        struct buf expected = {0}, reason = {0};
        buf_add(&expected, B("not "));
        add_expected(&expected, expect);
        buf_add(&reason, B("it happened: "));
        add_unwanted(j, &reason, happening);
        struct failure *failure = fail(j, keep(j, &expected), keep(j, &reason));
        failure->brief = B("it happened");
        failure->unexpected = happening->effect;
        return;
    }
}

/* -- Nothing else -- */

/* What came of the start is there for those who expect it, as what came of `given` is not. */
static bool is_left(const struct happening *happening)
{
    return happening->effect && happening->step >= 0 && is_free(happening);
}

/* Effects from..end that nobody has expected. */
static void judge_rest(struct judging *j, struct bytes expected, size_t from, size_t end)
{
    const struct timeline *timeline = &j->evidence->timeline;
    struct buf reason = {0}, brief = {0};
    size_t left = 0, first = 0;
    for (size_t i = end; i-- > from;) {
        if (!is_left(&timeline->items[i]))
            continue;
        left++;
        first = i;
    }
    if (left == 0)
        return;
    buf_cat(&brief, NUM(left), left == 1 ? B(" effect was") : B(" effects were"),
            B(" not expected"));
    buf_cat(&reason, buf_bytes(&brief), left == 1 ? B(": ") : B("; the first was: "));
    add_unwanted(j, &reason, &timeline->items[first]);
    j->first = first;
    j->end = end;
    struct failure *failure = fail(j, expected, keep(j, &reason));
    failure->brief = keep(j, &brief);
    failure->unexpected = true;
}

/* -- Snapshots -- */

void judge_add_effect(struct buf *out, const struct happening *happening, int64_t start)
{
    timeline_add_when(out, happening->second, start);
    buf_char(out, ' ');
    timeline_add_happening(out, happening);
    buf_char(out, '\n');
}

/* Is there an effect that the snapshot does not have? */
static bool has_more(const struct judging *j, size_t from)
{
    const struct timeline *timeline = &j->evidence->timeline;
    struct buf line = {0};
    bool more = false;
    for (size_t i = from; i < j->mark->end && !more; i++) {
        buf_clear(&line);
        judge_add_effect(&line, &timeline->items[i], j->evidence->start);
        more = timeline->items[i].effect && bytes_find(j->step->text, buf_bytes(&line), 0) < 0;
    }
    buf_free(&line);
    return more;
}

static void judge_snapshot(struct judging *j)
{
    struct timeline *timeline = &j->evidence->timeline;
    struct buf text = {0};
    size_t from = j->snapshot_begins > j->first ? j->snapshot_begins : j->first;
    for (size_t i = from; i < j->mark->end; i++) {
        struct happening *happening = &timeline->items[i];
        if (!happening->effect)
            continue;
        judge_add_effect(&text, happening, j->evidence->start);
        take(j, i);
    }
    j->snapshot_begins = j->mark->end;
    struct bytes now = keep(j, &text);
    if (bytes_eq(now, j->step->text))
        return;
    const struct test_text wanted = {.how = TEST_EQUAL, .text = j->step->text};
    struct failure *failure =
        fail(j, j->step->text, B("the effects differ (- expected, + happened)"));
    struct nearness near = text_nearness(&wanted, now);
    failure->near = now;
    failure->from = near.from;
    failure->to = near.to;
    failure->unexpected = has_more(j, from);
    failure->first = from;
    struct judgement *to = j->to;
    MEM_GROW(to->snapshots, to->snapshot_count, to->snapshot_room, 2);
    to->snapshots[to->snapshot_count++] = (struct new_snapshot){j->step, now};
}

/* -- States -- */

/* It was there, and should not have been: `near` says which one. */
static void add_state(const struct judging *j, struct buf *out, enum test_subject subject,
                      struct bytes near)
{
    if (subject == TEST_FILE)
        buf_add(out, B("it had this text"));
    else if (subject == TEST_VARIABLE)
        buf_cat(out, B("it was '"), near, B("'"));
    else
        buf_cat(out, near, subject == TEST_PENDING ? B(" was pending") : B(" was there"));
    buf_add(out, B(" at "));
    add_when(j, out, j->mark->looked);
}

static void judge_state(struct judging *j, const struct test_expectation *expect)
{
    const struct step_mark *mark = j->mark;
    struct buf expected = {0}, reason = {0}, when = {0};
    if (mark->right)
        return;
    buf_add(&expected, expect->never ? B("not ") : B(""));
    add_expected(&expected, expect);
    if (expect->never)
        add_state(j, &reason, expect->subject, mark->near);
    else
        buf_add(&reason, mark->reason);
    struct failure *failure = fail(j, keep(j, &expected), keep(j, &reason));
    if (mark->near.len == 0 || expect->never)
        return;
    add_when(j, &when, mark->looked);
    failure->near = arena_bytes(&j->to->arena, mark->near);
    failure->near_when = keep(j, &when);
    failure->from = mark->from;
    failure->to = mark->to;
}

/* -- Steps -- */

static void judge_expectation(struct judging *j)
{
    const struct test_expectation *expect = &j->step->expect;
    if (expect->subject >= TEST_CONTEXT)
        judge_state(j, expect);
    else if (expect->never)
        judge_never(j, expect);
    else if (expect->counted)
        judge_count(j, expect);
    else
        judge_first(j, expect);
    if (expect->only)
        judge_rest(j, B("only"), j->first, j->end);
}

static void judge_step(struct judging *j)
{
    const struct step_mark *mark = j->mark;
    if (mark->trouble.len > 0)
        fail(j, B("the step to run"), mark->trouble);
    switch (j->step->kind) {
    case TEST_STEP_LINE:
    case TEST_STEP_LINES:
    case TEST_STEP_SIGNAL:
        j->line = j->index;
        break;
    case TEST_STEP_EXPECT:
        judge_expectation(j);
        break;
    case TEST_STEP_NOTHING:
        judge_rest(j, B("nothing else"), 0, mark->end);
        break;
    case TEST_STEP_SNAPSHOT:
        judge_snapshot(j);
        break;
    case TEST_STEP_WAIT:
    case TEST_STEP_WHEN:
    case TEST_STEP_PERL:
    case TEST_STEP_STOP:
        break;
    }
}

/* What came of the steps that tests share is not asked for. */
static void take_given(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->timeline.count; i++) {
        struct happening *happening = &evidence->timeline.items[i];
        if (happening->step >= 0 && evidence->test->steps[happening->step].given)
            happening->taken = TAKEN_BY_GIVEN;
    }
}

void judge(struct evidence *evidence, struct judgement *judgement)
{
    struct judging j = {.evidence = evidence, .to = judgement, .line = SIZE_MAX};
    *judgement = (struct judgement){0};
    arena_init(&judgement->arena);
    take_given(evidence);
    for (size_t i = 0; i < evidence->test->step_count && evidence->marks[i].ran; i++) {
        j.index = i;
        j.step = &evidence->test->steps[i];
        j.mark = &evidence->marks[i];
        set_region(&j);
        judge_step(&j);
    }
}

void judgement_free(struct judgement *judgement)
{
    arena_free(&judgement->arena);
    free(judgement->failures);
    free(judgement->snapshots);
}
