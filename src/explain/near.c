/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out why each rule did not fire; what its pattern lacks is found by trying. */
#include "explain/near.h"

#include <time.h>

#include "base/mem.h"
#include "clock/timestamp.h"
#include "correlate/second.h"
#include "explain/cuts.h"
#include "explain/trial.h"
#include "lang/ruleset.h"
#include "match/regex.h"

enum {
    MOST_OPERATIONS = 200, /* of a rule, whose second patterns are tried */
    MOST_HINTS = 20,       /* rules that are tried with changes */
    MOST_SECONDS = 5,      /* of processor time after which no more patterns are tried */
};

#define SCORE_CONTEXT 3.0
#define SCORE_HELD 2.9  /* and what it holds it takes from others */
#define SCORE_JUMP 2.85 /* a Jump rule that nearly sent the line to a rule that matches */
#define SCORE_TAKEN 2.8
#define SCORE_SECOND 2.3 /* an operation waits for what the line nearly is */
#define SCORE_NO_FIRST 2.2
#define SCORE_HINT 1.0 /* and the share */
#define SCORE_CODE 0.5
#define SCORE_NEGATED 0.5
#define SHARE_VAGUE 0.2  /* of the score, where the pattern matches nearly any line */
#define SHARE_SECOND 0.6 /* of a second pattern that the line nearly is */
#define SHARE_AWAY 0.9   /* of the score of a rule that the line did not come to */

struct search {
    struct engine *engine;
    struct arena *arena;
    const struct story_line *line;
    struct near *list;
    size_t count, room;
    clock_t begun;
    struct bytes time;    /* that the line tells, as it does; empty: none */
    unsigned char **seen; /* by file and rule: it fired, or is in the list */
};

/* The newest lines of a subject. */
static struct bytes last_lines(struct bytes subject, uint32_t lines)
{
    size_t at = subject.len;
    for (; at > 0; at--)
        if (subject.ptr[at - 1] == '\n' && --lines == 0)
            break;
    return bytes_from(subject, at);
}

static struct bytes subject_of(const struct search *search, const struct decision *decision,
                               const struct pattern *pattern)
{
    struct bytes subject = decision ? decision->subject : search->line->text;
    return last_lines(subject, pattern->lines);
}

/* All patterns of all rules have a limit together, for lines that are long. */
static bool is_late(const struct search *search)
{
    return (clock() - search->begun) / CLOCKS_PER_SEC >= MOST_SECONDS;
}

/* Patterns. */

static struct bytes source_of(struct regex *regex)
{
    struct bytes text = regex_text(regex); /* "(?^:...)" */
    ptrdiff_t colon = bytes_chr(text, ':', 0);
    return colon < 0 ? text : bytes_slice(text, (size_t)colon + 1, text.len - 1);
}

static void look_at_regexp(const struct search *search, struct near *near,
                           const struct pattern *pattern)
{
    near->pattern = pattern->regex ? source_of(pattern->regex) : pattern->text;
    if (is_late(search))
        return; /* its reach is not known */
    reach_regexp(near->pattern, near->subject, &near->reach);
}

/* Is the form of the time what the pattern does not match? */
static void look_at_time(const struct search *search, struct near *near)
{
    const struct reach *r = &near->reach;
    if (search->time.len == 0 || r->whole || r->rest_from == r->rest_to)
        return;
    size_t from = (size_t)(search->time.ptr - search->line->text.ptr);
    if (near->subject.len == search->line->text.len && r->rest_at > from && r->gap_from >= from &&
        r->rest_at <= from + search->time.len)
        near->time = search->time;
    near->mark = from;
}

static void look_at_substring(struct near *near, const struct pattern *pattern)
{
    near->pattern = pattern->text;
    near->substring = true;
    reach_substring(near->pattern, near->subject, &near->reach);
}

struct maker {
    struct bytes name;
    const struct rule *rule;
};

static bool is_other(void *arg, const struct rule *rule, struct varmap_entry *entry)
{
    struct maker *maker = arg;
    bool found = bytes_eq(entry->name, maker->name);
    maker->rule = found ? rule : NULL;
    return !found;
}

const struct rule *near_maker(const struct ruleset *set, struct bytes name)
{
    struct maker maker = {.name = name};
    ruleset_cached_names(set, is_other, &maker);
    return maker.rule;
}

static void look_at_cache(struct search *search, struct near *near, const struct pattern *pattern)
{
    near->why = pattern->type == PATTERN_CACHED ? NEAR_CACHE : NEAR_CACHED;
    near->name = pattern->text;
    near->other = near_maker(search->engine->rules.set, pattern->text);
    near->score = pattern->type == PATTERN_CACHED ? SCORE_CODE : SCORE_NEGATED;
}

/* Why this pattern does not match, or that it does. */
static void look_at_pattern(struct search *search, struct near *near, const struct pattern *pattern)
{
    near->subject = subject_of(search, near->decision, pattern);
    near->why = NEAR_PATTERN;
    switch (pattern->type) {
    case PATTERN_REGEXP:
    case PATTERN_NREGEXP:
        look_at_regexp(search, near, pattern);
        break;
    case PATTERN_SUBSTR:
    case PATTERN_NSUBSTR:
        look_at_substring(near, pattern);
        break;
    case PATTERN_CACHED:
    case PATTERN_NCACHED:
        look_at_cache(search, near, pattern);
        return;
    case PATTERN_TVALUE:
        near->why = NEAR_NEVER;
        near->matches = pattern->truth;
        return;
    default:
        near->why = NEAR_FUNCTION;
        near->score = SCORE_CODE;
        return;
    }
    look_at_time(search, near);
    bool negated = pattern->type == PATTERN_NREGEXP || pattern->type == PATTERN_NSUBSTR;
    near->matches = near->reach.whole != negated;
    near->score = near->reach.share;
    if (!negated)
        return;
    near->why = NEAR_NEGATED;
    near->score = SCORE_NEGATED;
}

/* Of the patterns of an EventGroup rule the one that comes nearest. */
static void look_at_patterns(struct search *search, struct near *near)
{
    const struct rule *rule = near->rule;
    size_t count = rule->type->numbered ? rule->part_count : 1;
    struct near best = *near;
    for (size_t i = 0; i < count; i++) {
        struct near one = *near;
        one.part = i;
        look_at_pattern(search, &one, &rule->parts[i].pattern);
        if (i == 0 || (one.matches && !best.matches) ||
            (one.matches == best.matches && one.score > best.score))
            best = one;
    }
    *near = best;
}

/* Second patterns. */

static bool is_older(const struct operation *a, const struct near *best, const struct near *one,
                     uint64_t serial)
{
    return one->score > best->score || (one->score >= best->score && a->serial < serial);
}

/* The second pattern, of those that operations wait for, that comes nearest; false: none. */
static bool look_at_operations(struct search *search, struct near *near,
                               const struct rule_state *state)
{
    struct near best = *near;
    size_t at = 0, tried = 0;
    uint64_t serial = UINT64_MAX;
    struct operation *o;
    while (tried < MOST_OPERATIONS && state->operations.key &&
           (o = table_next(&state->operations, &at))) {
        struct near one = *near;
        one.part = 1;
        look_at_pattern(search, &one, second_pattern(search->engine, o));
        if (tried++ > 0 && !is_older(o, &best, &one, serial))
            continue;
        best = one;
        serial = o->serial;
        best.name = arena_bytes(search->arena, operation_desc(o));
    }
    if (tried == 0 || best.why != NEAR_PATTERN)
        return false;
    *near = best;
    near->pattern = arena_bytes(search->arena, near->pattern);
    near->why = NEAR_SECOND;
    return true;
}

/* The second pattern with anything in place of its values; ptr NULL: not known. */
static struct bytes open_second(struct search *search, const struct rule *rule)
{
    const struct template *t = rule->pattern2_text;
    struct buf text = {0};
    if (!t || t->spliced || rule->parts[1].pattern.type == PATTERN_NREGEXP)
        return (struct bytes){0};
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->segments[i].kind != SEG_TEXT)
            buf_add(&text, B(".+?"));
        else if (rule->pattern2_open)
            buf_add(&text, t->segments[i].text);
        else
            hints_quote(t->segments[i].text, &text);
    }
    struct bytes pattern = arena_bytes(search->arena, buf_bytes(&text));
    buf_free(&text);
    return pattern;
}

/* Does a line match the second pattern that no operation waits for? */
static bool lacks_first(struct search *search, const struct near *near)
{
    const struct pattern *second = &near->rule->parts[1].pattern;
    struct bytes subject = subject_of(search, near->decision, second);
    struct bytes open = open_second(search, near->rule);
    if (open.ptr)
        return trial_match(open, subject, NULL, NULL);
    if (second->type == PATTERN_REGEXP && second->regex)
        return trial_match(source_of(second->regex), subject, NULL, NULL);
    return second->type == PATTERN_SUBSTR && bytes_find(subject, second->text, 0) >= 0;
}

/* Would the pattern match with a small change?  Where that begins to matter is marked. */
static bool find_change(struct near *near)
{
    struct hints *h = &near->hints;
    hints_find(near->substring, near->pattern, near->subject, h);
    if (h->caseless || h->blanks)
        near->mark =
            hints_place(near->substring, near->pattern, near->reach.wants_from, near->subject, h);
    if (h->begin || h->end || h->regex)
        near->mark = h->end && !h->begin ? h->to : h->from;
    return hints_any(h);
}

static void look_at_second(struct search *search, struct near *near)
{
    struct near second = *near;
    second.matches = false;
    bool waits = look_at_operations(search, &second, near->decision->state);
    if (waits && second.score > near->score && (find_change(&second) || !find_change(near))) {
        *near = second;
        if (near->score >= SHARE_SECOND && near->score < SCORE_SECOND)
            near->score += SCORE_SECOND - SHARE_SECOND;
    } else if (!waits && lacks_first(search, near)) {
        near->why = NEAR_NO_FIRST;
        near->part = 1;
        near->score = SCORE_NO_FIRST;
    }
}

/* Rules. */

/* Does the pattern match nearly any line? */
static bool is_vague(const struct pattern *pattern)
{
    switch (pattern->type) {
    case PATTERN_REGEXP:
        return pattern->regex && !cuts_have_text(source_of(pattern->regex));
    case PATTERN_NREGEXP:
    case PATTERN_NSUBSTR:
    case PATTERN_TVALUE:
        return true;
    default:
        return false;
    }
}

/* The line did not come to the rule: would its pattern have matched? */
static void look_at_unreached(struct search *search, struct near *near, enum near_why why,
                              const struct rule *other)
{
    look_at_patterns(search, near);
    near->why = why;
    near->other = other;
    near->score = near->matches ? SCORE_TAKEN : near->score * SHARE_AWAY;
}

static void judge_verdict(struct search *search, struct near *near)
{
    const struct decision *decision = near->decision;
    switch (decision->verdict) {
    case VERDICT_NOT_REACHED:
    case VERDICT_PASSED:
        look_at_unreached(search, near, NEAR_TAKEN, decision->taker ? decision->taker->rule : NULL);
        return;
    case VERDICT_HELD:
        near->why = NEAR_HELD;
        near->matches = true;
        near->score = SCORE_HELD;
        return;
    case VERDICT_CONTEXT:
    case VERDICT_CONTEXT_FIRST:
        look_at_patterns(search, near);
        near->part = decision->part;
        if (decision->verdict == VERDICT_CONTEXT || near->matches) {
            near->why = NEAR_CONTEXT;
            near->matches = true;
            near->score = SCORE_CONTEXT;
        }
        break;
    default:
        look_at_patterns(search, near);
    }
    if (decision->rule->type->patterns == 2 && near->why == NEAR_PATTERN)
        look_at_second(search, near);
}

static void judge(struct search *search, struct near *near)
{
    judge_verdict(search, near);
    if (near->matches && is_vague(&near->rule->parts[near->part].pattern))
        near->score *= SHARE_VAGUE;
}

static struct near *add_near(struct search *search, const struct rule *rule,
                             const struct decision *decision)
{
    MEM_GROW(search->list, search->count, search->room, 64);
    struct near *near = &search->list[search->count++];
    *near = (struct near){.rule = rule, .decision = decision, .why = NEAR_PATTERN};
    return near;
}

static unsigned char *seen(const struct search *search, const struct rule *rule)
{
    return &search->seen[rule->file->number][rule->id];
}

/* A line may come to a rule more than once, through Jump rules: the first time that it is tried
 * counts, and if it never was, the first time that it was not. */
static void judge_decisions(struct search *search)
{
    const struct decision *first = search->line->decisions;
    for (const struct decision *d = first; d; d = d->next)
        if (decision_fired(d))
            *seen(search, d->rule) = 1;
    for (int untried = 0; untried < 2; untried++)
        for (const struct decision *d = first; d; d = d->next) {
            if (*seen(search, d->rule) || untried != (d->verdict <= VERDICT_PASSED))
                continue;
            *seen(search, d->rule) = 1;
            judge(search, add_near(search, d->rule, d));
        }
}

static bool leads_to(const struct rule *rule, const struct rule_file *file)
{
    for (size_t i = 0; i < rule->cfset_count; i++)
        for (size_t c = 0; c < file->cfset_count; c++)
            if (template_constant(rule->cfsets[i]) &&
                bytes_eq(rule->cfsets[i]->text, file->cfsets[c]))
                return true;
    return false;
}

static void judge_file(struct search *search, const struct rule_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct rule *rule = file->rules[i];
        if (*seen(search, rule))
            continue;
        struct near *near = add_near(search, rule, NULL);
        if (rule->type->patterns == 0) {
            near->why = NEAR_CALENDAR;
            continue;
        }
        look_at_unreached(search, near, NEAR_NOT_ENTERED, NULL);
        near->name = file->cfset_count > 0 ? file->cfsets[0] : (struct bytes){0};
        if (near->matches && is_vague(&rule->parts[near->part].pattern))
            near->score *= SHARE_VAGUE;
    }
}

/* Of the Jump rules that send lines into the file the nearest; NULL: there is none, or its sets
 * are not known before. */
static struct near *jump_to(const struct search *search, const struct rule_file *file)
{
    struct near *best = NULL;
    for (size_t i = 0; i < search->count; i++) {
        struct near *near = &search->list[i];
        if (leads_to(near->rule, file) && (!best || near->score > best->score))
            best = near;
    }
    return best;
}

static const struct near *near_of(const struct search *search, const struct rule *rule)
{
    for (size_t i = 0; rule && i < search->count; i++)
        if (search->list[i].rule == rule)
            return &search->list[i];
    return NULL;
}

/* What a rule lacks because another one did not match: that one is nearer. */
static void judge_causes(struct search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        struct near *near = &search->list[i];
        if (near->why == NEAR_NOT_ENTERED) {
            struct near *jump = jump_to(search, near->rule->file);
            near->other = jump ? jump->rule : NULL;
            if (jump && near->score >= SCORE_TAKEN && jump->score >= NEAR_ENOUGH &&
                jump->score < SCORE_JUMP)
                jump->score = SCORE_JUMP;
        } else if (near->why == NEAR_CACHE) {
            const struct near *maker = near_of(search, near->other);
            if (maker && maker->score * SHARE_AWAY > near->score)
                near->score = maker->score * SHARE_AWAY;
        }
    }
}

/* The nearest first; of equals in the order of the files. */
static int compare_nears(const void *a, const void *b)
{
    const struct near *n = a, *m = b;
    if (n->score > m->score || n->score < m->score)
        return n->score > m->score ? -1 : 1;
    if (n->rule->file != m->rule->file)
        return n->rule->file->number < m->rule->file->number ? -1 : 1;
    return n->rule->id < m->rule->id ? -1 : n->rule->id > m->rule->id;
}

/* Would the line match if it told its time as others do? */
static bool find_form(struct search *search, struct near *near)
{
    struct bytes line = search->line->text, time = search->time;
    struct buf form = {0};
    if (time.len == 0 || near->subject.len != line.len || near->why == NEAR_SECOND)
        return false;
    struct bytes there = {near->subject.ptr + (time.ptr - line.ptr), time.len};
    bool found = hints_time(near->substring, near->pattern, near->subject, there,
                            search->line->second, &form);
    if (found) {
        near->time = time;
        near->form = arena_bytes(search->arena, buf_bytes(&form));
        near->mark = (size_t)(time.ptr - line.ptr);
    }
    buf_free(&form);
    return found;
}

static void find_hints(struct search *search)
{
    size_t tried = 0;
    for (size_t i = 0; i < search->count && tried < MOST_HINTS && !is_late(search); i++) {
        struct near *near = &search->list[i];
        if (near->pattern.len == 0 || near->matches || near_is_negated(near) || !near->reach.known)
            continue;
        tried++;
        bool form = find_form(search, near);
        if (!form && (near->time.len > 0 || !find_change(near)))
            continue;
        if (near->score < SCORE_HINT)
            near->score = near->why == NEAR_SECOND ? SCORE_SECOND : SCORE_HINT + near->reach.share;
    }
}

/* Where the line tells its time. */
static struct bytes find_time(struct bytes line)
{
    struct timestamp stamp;
    struct time_options *options = time_options_new();
    struct time_reader *reader = time_reader_new(options);
    time_reader_read(reader, line, &stamp);
    time_reader_free(reader);
    time_options_free(options);
    bool told = (stamp.flags & TIMESTAMP_OWN) && stamp.text.len > 0;
    return told ? stamp.text : (struct bytes){0};
}

static void sort_nears(struct search *search)
{
    if (search->count > 0)
        qsort(search->list, search->count, sizeof(*search->list), compare_nears);
}

size_t near_find(struct engine *engine, const struct story_line *line, struct arena *arena,
                 struct near **list)
{
    const struct ruleset *set = engine->rules.set;
    struct search search = {.engine = engine, .arena = arena, .line = line, .begun = clock()};
    search.time = find_time(line->text);
    search.seen = arena_alloc(arena, set->file_count * sizeof(*search.seen));
    for (size_t i = 0; i < set->file_count; i++)
        search.seen[i] = arena_zalloc(arena, set->files[i]->count + 1);
    judge_decisions(&search);
    for (size_t i = 0; i < set->file_count; i++)
        judge_file(&search, set->files[i]);
    sort_nears(&search);
    find_hints(&search);
    judge_causes(&search);
    sort_nears(&search);
    *list = arena_alloc(arena, (search.count + 1) * sizeof(**list));
    if (search.count > 0)
        memcpy(*list, search.list, search.count * sizeof(**list));
    free(search.list);
    return search.count;
}
