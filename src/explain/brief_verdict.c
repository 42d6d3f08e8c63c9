/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what came of a rule that matched, or lacked only its context or a cached match. */
#include "base/slips.h"
#include "explain/brief.h"
#include "explain/near.h"
#include "lang/ruleset.h"

enum {
    MOST_SLIPS = 3,       /* in the name of a context that may be meant, */
    SHORT = 5,            /* one if it has fewer letters */
    MOST_CONTEXTS = 5000, /* that are looked at */
    LONGEST_NAME = 100,
};

static void put_operation(struct telling *t, const struct deed *deed)
{
    if (!deed)
        return;
    brief_set_about(t, "operation", deed->name);
    brief_put_quoted(t, deed->name);
}

/* Each threshold, and how much of it has come. */
static void put_counts(struct telling *t, const struct deed *counted)
{
    const struct rule *rule = counted->rule;
    for (size_t i = 0; counted->parts && i < rule->part_count; i++) {
        brief_put(t, i > 0 ? B(", pattern ") : B("pattern "));
        brief_put(t, NUM(i + 1));
        brief_put(t, B(" has "));
        brief_put_number(t, counted->parts[i], EXPLAIN_COUNT);
        brief_put(t, B(" (needs "));
        brief_put(t, NUM(rule->parts[i].threshold));
        brief_put(t, B(")"));
    }
    if (counted->parts)
        return;
    brief_put_number(t, counted->count, EXPLAIN_COUNT);
    brief_put(t, B(" of "));
    brief_put(t, NUM(counted->of));
}

static void put_counted(struct telling *t, const struct deed *counted, int64_t now)
{
    t->sentence.kind = EXPLAIN_MISSED;
    brief_put_gist(t, EXPLAIN_COUNTED);
    brief_put(t, B(" by "));
    put_operation(t, counted);
    if (!counted)
        return;
    brief_put(t, B(": "));
    put_counts(t, counted);
    brief_put_end(t, counted, now);
    for (size_t i = 0; counted->parts && i < counted->rule->part_count; i++)
        brief_add_field(t, counted->rule, "thresh", i);
    if (!counted->parts)
        brief_add_field(t, counted->rule, "thresh", 0);
    brief_add_field(t, counted->rule, "window", 0);
}

static void put_held(struct telling *t, const struct deed *held, int64_t now)
{
    t->sentence.kind = EXPLAIN_MISSED;
    brief_put_gist(t, EXPLAIN_SUPPRESSED);
    brief_put(t, B(" by "));
    put_operation(t, held);
    if (!held)
        return;
    brief_put(t, B(" (from "));
    brief_put_time(t, held->since, now);
    if (held->until > 0) {
        brief_put(t, B(" to "));
        brief_put_time(t, held->until, now);
    }
    brief_put(t, B(")"));
    brief_add_field(t, held->rule, "desc", 0);
    brief_add_field(t, held->rule, "window", 0);
}

/* The files that had the line, each once. */
static void put_files(struct telling *t, const struct decision *jump)
{
    const struct rule_file *last = NULL;
    for (const struct decision *d = jump; d; d = d->next) {
        if (d->by != jump || d->rule->file == last)
            continue;
        brief_put(t, last ? B(", ") : B(" ("));
        brief_put(t, d->rule->file->name);
        last = d->rule->file;
    }
    if (last)
        brief_put(t, B(")"));
}

static void put_jump(struct telling *t, const struct decision *jump)
{
    const struct rule *rule = jump->rule;
    bool constant = rule->cfset_count > 0;
    for (size_t i = 0; i < rule->cfset_count; i++)
        constant &= template_constant(rule->cfsets[i]);
    brief_put_gist(t, "passed");
    brief_put(t, B(" the line to "));
    brief_put(t, constant ? B("the file set ") : B("other files"));
    for (size_t i = 0; constant && i < rule->cfset_count; i++) {
        brief_put(t, i > 0 ? B(" ") : B(""));
        brief_put(t, rule->cfsets[i]->text);
    }
    put_files(t, jump);
    if (jump->verdict == VERDICT_JUMPED_TO_END)
        brief_put(t, B(", where its matching ended"));
}

/* The operations that the second event ended. */
static void put_ended(struct telling *t, const struct decision *decision)
{
    brief_put(t, B("second pattern matches, "));
    brief_put_gist(t, "ended");
    brief_put(t, B(" "));
    bool any = false;
    for (const struct deed *d = decision->deeds; d; d = d->next) {
        if (d->kind != DEED_ENDED || d->rule != decision->rule)
            continue;
        brief_put(t, any ? B(", ") : B(""));
        if (!any)
            put_operation(t, d);
        else
            brief_put_quoted(t, d->name);
        any = true;
    }
}

/* Something that it did is told, and that it matched with it. */
static bool shows_match(const struct decision *decision)
{
    for (const struct deed *d = decision->deeds; d; d = d->next)
        if (!brief_is_told(decision, d, NULL) && d->rule == decision->rule)
            return true;
    return false;
}

/* All thresholds were reached before this line: the pattern that matched had more than it needs. */
static bool acts_again(const struct decision *d, const struct deed *counted)
{
    return counted->parts && d->rule->multact && !d->rule->has_group_pattern &&
           counted->parts[d->part] > d->rule->parts[d->part].threshold;
}

static void put_acted(struct telling *t, const struct decision *d, const struct deed *counted)
{
    if (!counted) {
        brief_put_gist(t, "matches");
        brief_put(t, B(", its actions ran"));
        if (t->depth == 0)
            buf_add(&t->about, B(EXPLAIN_VALUES));
        return;
    }
    brief_put_gist(t, "reached");
    brief_put(t, B(" by "));
    put_operation(t, counted);
    brief_put(t, B(": "));
    put_counts(t, counted);
    if (acts_again(d, counted))
        brief_put(t, B(", so it acts again (multact=yes)"));
}

void brief_tell_verdict(struct telling *t, const struct decision *d, int64_t now)
{
    const struct deed *counted = story_deed_of(d, DEED_COUNTED),
                      *begun = story_deed_of(d, DEED_BEGUN);
    brief_begin(t, d->rule);
    switch (d->verdict) {
    case VERDICT_ACTED:
        if (!counted && shows_match(d))
            return;
        put_acted(t, d, counted);
        break;
    case VERDICT_BEGUN:
        brief_put_gist(t, EXPLAIN_BEGAN);
        brief_put(t, B(" "));
        put_operation(t, begun);
        brief_put(t, B(", which waits for the second event"));
        brief_put_end(t, begun, now);
        break;
    case VERDICT_COUNTED:
        put_counted(t, counted, now);
        break;
    case VERDICT_HELD:
        put_held(t, story_deed_of(d, DEED_HELD), now);
        break;
    case VERDICT_DROPPED:
        t->sentence.kind = EXPLAIN_MISSED;
        t->sentence.gist = B("dropped");
        brief_put(t, B("matches: the later rules of its file do not get the line"));
        break;
    case VERDICT_ENDED:
        put_ended(t, d);
        break;
    case VERDICT_JUMPED:
    case VERDICT_JUMPED_TO_END:
        t->sentence.kind = EXPLAIN_WAY;
        put_jump(t, d);
        break;
    default:
        brief_put_gist(t, verdict_text(d->verdict));
    }
    brief_say(t);
}

struct alike {
    struct bytes wanted;
    size_t least; /* slips */
    const struct rule *maker;
    struct bytes made;
};

static bool compare_made(void *arg, const struct rule *rule, struct varmap_entry *entry)
{
    struct alike *alike = arg;
    if (slips_fewer(alike->wanted, entry->name, &alike->least)) {
        alike->maker = rule;
        alike->made = entry->name;
    }
    return true;
}

/* A rule that caches its matches under nearly this name. */
static void put_alike_maker(struct telling *t, struct bytes name)
{
    struct alike alike = {.wanted = name, .least = slips_too_many(name)};
    ruleset_cached_names(t->engine->rules.set, compare_made, &alike);
    if (!alike.maker)
        return;
    brief_put(t, B("; "));
    brief_put_name(t, alike.maker);
    brief_put(t, B(" makes "));
    brief_put_shown(t, alike.made);
}

void brief_tell_no_entry(struct telling *t, const struct decision *decision, bool taken)
{
    struct bytes name = decision->rule->parts[decision->part].pattern.text;
    const struct rule *maker = near_maker(t->engine->rules.set, name);
    if (maker && taken)
        return; /* as a pattern that does not match */
    brief_begin(t, decision->rule);
    t->sentence.kind = EXPLAIN_MISSED;
    brief_put(t, B("there is "));
    brief_put_gist(t, "no cached match");
    brief_put(t, B(" "));
    brief_put_shown(t, name);
    brief_put(t, maker ? B("; it would come from ") : B(", and no rule makes it"));
    if (maker)
        brief_put_name(t, maker);
    else
        put_alike_maker(t, name);
    brief_say(t);
}

/* Of a text with variables what is constant before the first and after the last of them. */
static void constant_ends(const struct template *text, size_t *head, size_t *tail)
{
    *head = *tail = 0;
    if (text->count == 0 || text->spliced)
        return;
    const struct segment *first = &text->segments[0], *last = &text->segments[text->count - 1];
    *head = first->kind == SEG_TEXT ? first->text.len : 0;
    *tail = text->count > 1 && last->kind == SEG_TEXT ? last->text.len : 0;
}

/* Slips between the names' constant ends; SIZE_MAX: their values differ. */
static size_t slips_around(struct bytes name, size_t head, size_t tail, struct bytes other)
{
    struct bytes values = bytes_slice(name, head, name.len - tail);
    ptrdiff_t at = values.len > 0 ? bytes_find(other, values, 0) : (ptrdiff_t)other.len;
    if (at < 0)
        return SIZE_MAX;
    size_t end = values.len > 0 ? (size_t)at + values.len : other.len;
    return slips_between(bytes_slice(name, 0, head), bytes_slice(other, 0, (size_t)at)) +
           slips_between(bytes_from(name, name.len - tail), bytes_from(other, end));
}

/* A context of the same values that is called nearly so. */
static void put_alike_context(struct telling *t, const struct story_term *term)
{
    size_t head, tail, least;
    struct bytes found = {0};
    constant_ends(term->item->text, &head, &tail);
    least = head + tail < SHORT ? 2 : MOST_SLIPS + 1;
    if (term->text.len > LONGEST_NAME || head + tail > term->text.len)
        return;
    const struct context *context = contexts_first(t->engine->state.contexts);
    for (size_t tried = 0; context && tried < MOST_CONTEXTS; context = context->next, tried++)
        for (uint32_t i = 0; i < context->name_count; i++) {
            struct bytes other = context->names[i];
            size_t slips = context->internal || other.len > LONGEST_NAME
                               ? SIZE_MAX
                               : slips_around(term->text, head, tail, other);
            if (slips == 0 || slips >= least)
                continue;
            least = slips;
            found = other;
        }
    if (!found.ptr)
        return;
    brief_put(t, B(", but "));
    brief_put_shown(t, found);
    brief_put(t, B(" is"));
}

static void put_term(struct telling *t, const struct story_term *term)
{
    bool name = term->item->op == EXPR_OPERAND || term->item->op == EXPR_VARSET;
    brief_put(t, name ? B("") : B("`"));
    brief_put_shown(t, name ? term->text : term->item->source);
    if (name)
        brief_put(t, term->truth ? B(" is there") : B(" is not there"));
    else
        brief_put(t, term->truth ? B("` is true") : B("` is false"));
    if (term->item->op == EXPR_OPERAND && !term->truth)
        put_alike_context(t, term);
    if (term->item->op == EXPR_OPERAND && t->about.len == 0)
        brief_set_about(t, "context", term->text);
}

/* Its pattern matches: what its context consists of, as far as that was asked for. */
void brief_tell_context(struct telling *t, const struct decision *decision)
{
    brief_begin(t, decision->rule);
    t->sentence.kind = EXPLAIN_MISSED;
    brief_put(t, B("matches, but "));
    brief_put_gist(t, "its context does not hold");
    brief_add_field(t, decision->rule, "context", decision->part);
    for (const struct story_term *term = decision->terms; term; term = term->next) {
        brief_put(t, term == decision->terms ? B(": ") : B(", "));
        put_term(t, term);
    }
    brief_say(t);
}
