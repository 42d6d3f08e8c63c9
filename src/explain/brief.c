/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A story in few sentences.  A rule that matched is told by what came of it; one that did not, by
 * what was missing, if that was its context or a cached match alone.  Of the others the nearest
 * one is named, where that helps. */
#include "explain/near.h"
#include "explain/tell.h"
#include "explain/why.h"
#include "explain/words.h"
#include "lang/ruleset.h"
#include "replay/show.h"

enum {
    DEEPEST = 20,  /* of events that make events */
    MOST_ASIDE = 2 /* rules that would have matched */
};

#define NEAR_OF_NONE 0.25 /* where no pattern matched, the nearest one may be as far as this, */
#define NEAR_OF_SOME 0.9  /* and where one did */

struct telling {
    struct engine *engine;
    explain_say *say;
    void *arg;
    struct buf text, key, about;
    struct explain_sentence sentence;
    unsigned depth;
};

static void tell_line(struct telling *t, const struct story_line *line);

/* Sentences. */

static void put(struct telling *t, struct bytes text)
{
    buf_add(&t->text, text);
    buf_add(&t->key, text);
}

static void put_shown(struct telling *t, struct bytes text)
{
    show_plain_text(&t->text, text);
    show_plain_text(&t->key, text);
}

static void put_quoted(struct telling *t, struct bytes text)
{
    put(t, B("\""));
    put_shown(t, text);
    put(t, B("\""));
}

/* What was added to the text since `from` may be another one each time. */
static void end_span(struct telling *t, size_t from, enum explain_span_kind kind)
{
    struct explain_sentence *s = &t->sentence;
    if (s->span_count == EXPLAIN_SPANS) {
        buf_add(&t->key, bytes_from(buf_bytes(&t->text), from));
        return;
    }
    s->spans[s->span_count++] = (struct explain_span){from, t->text.len, kind};
    buf_char(&t->key, '#');
}

static void put_number(struct telling *t, int64_t number, enum explain_span_kind kind)
{
    size_t from = t->text.len;
    buf_num(&t->text, number);
    end_span(t, from, kind);
}

static void put_word(struct telling *t, struct bytes word)
{
    size_t from = t->text.len;
    buf_add(&t->text, word);
    end_span(t, from, EXPLAIN_WORD);
}

static void put_time(struct telling *t, int64_t second, int64_t now)
{
    size_t from = t->text.len;
    words_time(&t->text, second, now);
    end_span(t, from, EXPLAIN_TIME);
}

static void put_end(struct telling *t, const struct deed *deed, int64_t now)
{
    if (!deed || deed->until == 0)
        return;
    put(t, B(", ends at "));
    put_time(t, deed->until, now);
}

static void begin_plain(struct telling *t)
{
    buf_clear(&t->text);
    buf_clear(&t->key);
    buf_clear(&t->about);
    t->sentence = (struct explain_sentence){.kind = EXPLAIN_DONE};
    for (unsigned i = 0; i < t->depth; i++)
        put(t, B("  "));
}

static void put_rule(struct telling *t, const struct rule *rule)
{
    struct buf name = {0};
    words_rule(&name, rule);
    put(t, buf_bytes(&name));
    buf_free(&name);
    put(t, B(" "));
    put(t, bytes_of(rule->type->name));
    put(t, B(": "));
}

static void begin(struct telling *t, const struct rule *rule)
{
    begin_plain(t);
    if (rule)
        put_rule(t, rule);
}

static void set_about(struct telling *t, const char *what, struct bytes name)
{
    buf_cat(&t->about, bytes_of(what), B(" "), name);
}

static void say(struct telling *t)
{
    t->sentence.text = buf_bytes(&t->text);
    t->sentence.key = buf_bytes(&t->key);
    t->sentence.about = buf_bytes(&t->about);
    t->say(t->arg, &t->sentence);
}

/* Deeds. */

static void put_effect(struct telling *t, const struct deed *deed)
{
    struct bytes text = deed->text;
    put(t, deed->what);
    put(t, B(" "));
    put_shown(t, deed->name);
    if (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && deed->name.len > 0)
        put(t, B(": "));
    put_shown(t, text);
}

static void put_event(struct telling *t, const struct deed *deed, int64_t now)
{
    put(t, B("event "));
    put_quoted(t, deed->text);
    if (deed->kind == DEED_EVENT)
        return;
    put(t, B(" is to come at "));
    put_time(t, deed->until, now);
}

static void put_context(struct telling *t, const struct deed *deed, int64_t now)
{
    set_about(t, "context", deed->name);
    put(t, B("context "));
    put_shown(t, deed->name);
    if (deed->kind == DEED_CONTEXT_GONE || deed->kind == DEED_CONTEXT_EXPIRED) {
        put(t, deed->kind == DEED_CONTEXT_GONE ? B(" deleted") : B(" expired"));
        return;
    }
    if (deed->kind == DEED_CONTEXT_ALIAS) {
        put(t, B(" is also called "));
        put_shown(t, deed->text);
        return;
    }
    put(t, B(" "));
    put_word(t, deed->kind == DEED_CONTEXT_MADE ? B("created") : B("changed"));
    put_end(t, deed, now);
    if (deed->until == 0)
        put(t, B(", has no end"));
    if (deed->count == 0)
        return;
    put(t, B(", lines in it: "));
    put_number(t, deed->count, EXPLAIN_NUMBER);
}

static void put_deed(struct telling *t, const struct deed *deed, int64_t now)
{
    switch (deed->kind) {
    case DEED_EFFECT:
        put_effect(t, deed);
        return;
    case DEED_EVENT:
    case DEED_EVENT_LATER:
        put_event(t, deed, now);
        return;
    case DEED_BEGUN:
    case DEED_ENDED:
        set_about(t, "operation", deed->name);
        put(t, B("operation "));
        put_quoted(t, deed->name);
        put(t, deed->kind == DEED_BEGUN ? B(" began") : B(" ended"));
        put_end(t, deed->kind == DEED_BEGUN ? deed : NULL, now);
        return;
    case DEED_COUNTED:
    case DEED_HELD:
        return; /* with the verdict */
    case DEED_MISSING:
        set_about(t, "context", deed->name);
        words_missing(&t->text, deed);
        words_missing(&t->key, deed);
        return;
    case DEED_LOG:
        put(t, B("log "));
        put_shown(t, deed->text);
        return;
    default:
        put_context(t, deed, now);
    }
}

/* Has the verdict said it already, or the deed before it? */
static bool is_told(const struct decision *decision, const struct deed *deed,
                    const struct deed *before)
{
    if (words_deed_is_told(deed) ||
        (before && before->kind == DEED_CONTEXT_EXPIRED && deed->kind == DEED_CONTEXT_GONE &&
         bytes_eq(before->name, deed->name)))
        return true;
    if (!decision || deed->rule != decision->rule)
        return false;
    if (deed->kind == DEED_BEGUN)
        return decision->verdict == VERDICT_COUNTED || decision->verdict == VERDICT_BEGUN;
    return deed->kind == DEED_ENDED && decision->verdict == VERDICT_ENDED;
}

static void tell_deeds(struct telling *t, const struct decision *decision, const struct deed *deed,
                       int64_t now)
{
    const struct deed *before = NULL;
    for (; deed; before = deed, deed = deed->next) {
        if (is_told(decision, deed, before))
            continue;
        begin(t, deed->rule);
        put_deed(t, deed, now);
        say(t);
        if (!deed->line || t->depth == DEEPEST)
            continue;
        t->depth++;
        tell_line(t, deed->line);
        t->depth--;
    }
}

/* Verdicts. */

static const struct deed *deed_of(const struct decision *decision, enum deed_kind kind)
{
    const struct deed *found = NULL;
    for (const struct deed *d = decision->deeds; d; d = d->next)
        if (d->kind == kind && d->rule == decision->rule)
            found = d;
    return found;
}

static void put_operation(struct telling *t, const struct deed *deed)
{
    if (!deed)
        return;
    set_about(t, "operation", deed->name);
    put_quoted(t, deed->name);
}

/* Each threshold, and how much of it has come. */
static void put_counts(struct telling *t, const struct deed *counted)
{
    const struct rule *rule = counted->rule;
    for (size_t i = 0; counted->parts && i < rule->part_count; i++) {
        put(t, i > 0 ? B(", pattern ") : B("pattern "));
        put(t, NUM(i + 1));
        put(t, B(" has "));
        put_number(t, counted->parts[i], EXPLAIN_COUNT);
        put(t, B(" of "));
        put(t, NUM(rule->parts[i].threshold));
    }
    if (counted->parts)
        return;
    put_number(t, counted->count, EXPLAIN_COUNT);
    put(t, B(" of "));
    put(t, NUM(counted->of));
}

static void put_counted(struct telling *t, const struct deed *counted, int64_t now)
{
    t->sentence.kind = EXPLAIN_MISSED;
    put(t, B("counted by "));
    put_operation(t, counted);
    if (!counted)
        return;
    put(t, B(": "));
    put_counts(t, counted);
    put_end(t, counted, now);
}

static void put_held(struct telling *t, const struct deed *held, int64_t now)
{
    t->sentence.kind = EXPLAIN_MISSED;
    put(t, B("suppressed by "));
    put_operation(t, held);
    if (!held)
        return;
    put(t, B(" (from "));
    put_time(t, held->since, now);
    if (held->until > 0) {
        put(t, B(" to "));
        put_time(t, held->until, now);
    }
    put(t, B(")"));
}

/* The files that had the line, each once. */
static void put_files(struct telling *t, const struct decision *jump)
{
    const struct rule_file *last = NULL;
    for (const struct decision *d = jump; d; d = d->next) {
        if (d->by != jump || d->rule->file == last)
            continue;
        put(t, last ? B(", ") : B(" ("));
        put(t, d->rule->file->name);
        last = d->rule->file;
    }
    if (last)
        put(t, B(")"));
}

static void put_jump(struct telling *t, const struct decision *jump)
{
    const struct rule *rule = jump->rule;
    bool constant = rule->cfset_count > 0;
    for (size_t i = 0; i < rule->cfset_count; i++)
        constant &= template_constant(rule->cfsets[i]);
    put(t, B("passed the line to "));
    put(t, constant ? B("the file set ") : B("other files"));
    for (size_t i = 0; constant && i < rule->cfset_count; i++) {
        put(t, i > 0 ? B(" ") : B(""));
        put(t, rule->cfsets[i]->text);
    }
    put_files(t, jump);
    if (jump->verdict == VERDICT_JUMPED_TO_END)
        put(t, B(", where its matching ended"));
}

/* The operations that the second event ended. */
static void put_ended(struct telling *t, const struct decision *decision)
{
    put(t, B("second pattern matches, ended "));
    bool any = false;
    for (const struct deed *d = decision->deeds; d; d = d->next) {
        if (d->kind != DEED_ENDED || d->rule != decision->rule)
            continue;
        put(t, any ? B(", ") : B(""));
        if (!any)
            put_operation(t, d);
        else
            put_quoted(t, d->name);
        any = true;
    }
}

/* Something that it did is told, and that it matched with it. */
static bool shows_match(const struct decision *decision)
{
    for (const struct deed *d = decision->deeds; d; d = d->next)
        if (!is_told(decision, d, NULL) && d->rule == decision->rule)
            return true;
    return false;
}

static void tell_verdict(struct telling *t, const struct decision *d, int64_t now)
{
    const struct deed *counted = deed_of(d, DEED_COUNTED), *begun = deed_of(d, DEED_BEGUN);
    begin(t, d->rule);
    switch (d->verdict) {
    case VERDICT_ACTED:
        if (!counted && shows_match(d))
            return;
        if (counted) {
            put(t, B("reached by "));
            put_operation(t, counted);
            put(t, B(": "));
            put_counts(t, counted);
        } else {
            put(t, B("matches, its actions ran"));
            if (t->depth == 0)
                buf_add(&t->about, B(EXPLAIN_VALUES));
        }
        break;
    case VERDICT_BEGUN:
        put(t, B("began "));
        put_operation(t, begun);
        put(t, B(", which waits for the second event"));
        put_end(t, begun, now);
        break;
    case VERDICT_COUNTED:
        put_counted(t, counted, now);
        break;
    case VERDICT_HELD:
        put_held(t, deed_of(d, DEED_HELD), now);
        break;
    case VERDICT_DROPPED:
        t->sentence.kind = EXPLAIN_MISSED;
        put(t, B("matches: the later rules of its file do not get the line"));
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
        put(t, bytes_of(verdict_text(d->verdict)));
    }
    say(t);
}

static void tell_no_entry(struct telling *t, const struct decision *decision)
{
    begin(t, decision->rule);
    t->sentence.kind = EXPLAIN_MISSED;
    put(t, B("there is no cached match "));
    put_shown(t, decision->rule->parts[decision->part].pattern.text);
    say(t);
}

static void put_term(struct telling *t, const struct story_term *term)
{
    bool name = term->item->op == EXPR_OPERAND || term->item->op == EXPR_VARSET;
    put(t, name ? B("") : B("`"));
    put_shown(t, name ? term->text : term->item->source);
    if (name)
        put(t, term->truth ? B(" is there") : B(" is not there"));
    else
        put(t, term->truth ? B("` is true") : B("` is false"));
    if (term->item->op == EXPR_OPERAND && t->about.len == 0)
        set_about(t, "context", term->text);
}

/* Its pattern matches: what its context consists of, as far as that was asked for. */
static void tell_context(struct telling *t, const struct decision *decision)
{
    begin(t, decision->rule);
    t->sentence.kind = EXPLAIN_MISSED;
    put(t, B("matches, but its context does not hold"));
    for (const struct story_term *term = decision->terms; term; term = term->next) {
        put(t, term == decision->terms ? B(": ") : B(", "));
        put_term(t, term);
    }
    say(t);
}

/* The nearest rules. */

static bool is_jump(const struct decision *d)
{
    return d->verdict == VERDICT_JUMPED || d->verdict == VERDICT_JUMPED_TO_END;
}

/* Has a rule matched, and has anything been told of one? */
static void look_back(const struct story_line *line, bool *matched, bool *told)
{
    *matched = *told = false;
    for (const struct decision *d = line->decisions; d; d = d->next) {
        *matched |= d->verdict > VERDICT_MATCHED && !is_jump(d);
        *told |= d->verdict == VERDICT_CONTEXT;
    }
}

/* It would have matched, or never can: no other one is nearer. */
static bool is_aside(const struct near *near)
{
    return near->why == NEAR_TAKEN || near->why == NEAR_NOT_ENTERED || near->why == NEAR_CACHE;
}

/* Is it worth a word, and not yet told? */
static bool is_near(const struct near *near, bool matched, bool told)
{
    switch (near->why) {
    case NEAR_TAKEN:
    case NEAR_NOT_ENTERED:
        return near->matches;
    case NEAR_NO_FIRST:
        return true;
    case NEAR_CONTEXT:
        return near->decision && near->decision->verdict == VERDICT_CONTEXT_FIRST;
    case NEAR_PATTERN:
    case NEAR_SECOND:
        if (matched || told)
            return near->reach.share >= NEAR_OF_SOME && near->rule->action;
        return near->score >= NEAR_OF_NONE;
    case NEAR_NEGATED:
        return !matched && !told;
    case NEAR_CACHE:
        return !near->other;
    default:
        return false;
    }
}

/* That there is no such match now has been told. */
static void put_no_maker(struct telling *t, const struct near *near)
{
    put_rule(t, near->rule);
    put(t, B("no rule makes a cached match "));
    put_shown(t, near->name);
}

static void put_why(struct telling *t, const struct near *near, int64_t now, struct buf *why)
{
    put(t, is_aside(near) ? B("") : B("nearest: "));
    put_rule(t, near->rule);
    why_tell(t->engine, near, now, 0, why);
    struct bytes rest = buf_bytes(why), first = {0};
    bytes_piece(&rest, '\n', &first);
    put(t, first);
    if (t->depth == 0 && (near->why == NEAR_PATTERN || near->why == NEAR_SECOND))
        t->sentence.mark = rest;
}

static void say_near(struct telling *t, const struct near *near, int64_t now)
{
    struct buf why = {0};
    begin_plain(t);
    t->sentence.kind = EXPLAIN_NEAREST;
    if (near->why == NEAR_CACHE)
        put_no_maker(t, near);
    else
        put_why(t, near, now, &why);
    say(t);
    buf_free(&why);
}

static void tell_nears(struct telling *t, const struct story_line *line, bool matched, bool told)
{
    struct arena arena;
    struct near *list;
    size_t asides = 0, others = 0;
    arena_init(&arena);
    size_t count = near_find(t->engine, line, &arena, &list);
    for (size_t i = 0; i < count; i++) {
        bool aside = is_aside(&list[i]);
        if (!is_near(&list[i], matched, told) ||
            (aside ? asides == MOST_ASIDE : asides + others > 0))
            continue;
        *(aside ? &asides : &others) += 1;
        say_near(t, &list[i], line->second);
    }
    arena_free(&arena);
}

static void tell_rest(struct telling *t, const struct story_line *line)
{
    bool matched, told;
    look_back(line, &matched, &told);
    if (!matched && !told) {
        begin_plain(t);
        t->sentence.kind = EXPLAIN_UNTAKEN;
        put(t, B("no rule matched"));
        say(t);
    }
    if (t->engine)
        tell_nears(t, line, matched, told);
}

static void tell_line(struct telling *t, const struct story_line *line)
{
    for (const struct decision *d = line->decisions; d; d = d->next) {
        if (d->verdict > VERDICT_MATCHED)
            tell_verdict(t, d, line->second);
        else if (d->verdict == VERDICT_CONTEXT)
            tell_context(t, d);
        else if (d->verdict == VERDICT_NO_CACHE_ENTRY)
            tell_no_entry(t, d);
        tell_deeds(t, d, d->deeds, line->second);
    }
    tell_deeds(t, NULL, line->deeds, line->second);
    if (!line->idle)
        tell_rest(t, line);
}

void explain_tell_brief(struct engine *engine, const struct story_line *line, explain_say *hear,
                        void *arg)
{
    struct telling t = {.engine = engine, .say = hear, .arg = arg};
    tell_line(&t, line);
    buf_free(&t.text);
    buf_free(&t.key);
    buf_free(&t.about);
}
