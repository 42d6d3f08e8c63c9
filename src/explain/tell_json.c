/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The story as JSON, one object a line.  doc/secant-explain.1 describes the members. */
#include <stdio.h>

#include "explain/near.h"
#include "explain/tell.h"
#include "explain/why.h"
#include "explain/words.h"
#include "lang/ruleset.h"
#include "replay/show.h"

struct telling {
    struct engine *engine;
    struct buf *out;
    size_t lines; /* numbered so far */
};

static void tell_line(struct telling *t, const struct story_line *line, size_t from);

static void add_text(struct telling *t, const char *name, struct bytes text)
{
    buf_cat(t->out, B(",\""), bytes_of(name), B("\":"));
    show_json_text(t->out, text);
}

/* Texts that may be missing. */
static void add_text_if(struct telling *t, const char *name, struct bytes text)
{
    if (text.len > 0)
        add_text(t, name, text);
}

static void add_number(struct telling *t, const char *name, int64_t number)
{
    buf_cat(t->out, B(",\""), bytes_of(name), B("\":"), NUM(number));
}

static void add_number_if(struct telling *t, const char *name, int64_t number)
{
    if (number != 0)
        add_number(t, name, number);
}

static void add_date(struct telling *t, int64_t second)
{
    char date[48];
    add_number(t, "time", second);
    add_text(t, "date", show_date(date, second, true));
}

static void add_rule(struct telling *t, const char *prefix, const struct rule *rule)
{
    char name[32];
    if (!rule)
        return;
    snprintf(name, sizeof(name), "%sfile", prefix);
    add_text(t, name, rule->file->name);
    snprintf(name, sizeof(name), "%sline", prefix);
    add_number(t, name, (int64_t)rule->line);
}

/* Deeds. */

static const char *deed_name(enum deed_kind kind)
{
    static const char *const names[] = {
        [DEED_EFFECT] = "effect",
        [DEED_EVENT] = "event",
        [DEED_EVENT_LATER] = "event later",
        [DEED_BEGUN] = "operation begun",
        [DEED_COUNTED] = "counted",
        [DEED_HELD] = "suppressed",
        [DEED_ENDED] = "operation ended",
        [DEED_CONTEXT_MADE] = "context created",
        [DEED_CONTEXT_ALIAS] = "context alias",
        [DEED_CONTEXT_CHANGED] = "context changed",
        [DEED_CONTEXT_GONE] = "context deleted",
        [DEED_CONTEXT_EXPIRED] = "context expired",
        [DEED_MISSING] = "context missing",
        [DEED_LOG] = "log",
    };
    return names[kind];
}

static void tell_deeds(struct telling *t, const struct deed *deed, size_t line)
{
    for (; deed; deed = deed->next) {
        buf_add(t->out, B("{\"kind\":"));
        show_json_text(t->out, bytes_of(deed_name(deed->kind)));
        add_number(t, "of_line", (int64_t)line);
        add_date(t, deed->second);
        add_rule(t, "", deed->rule);
        add_text_if(t, "action", deed->what);
        add_text_if(t, "name", deed->name);
        add_text_if(t, "text", deed->text);
        add_number_if(t, "count", deed->count);
        add_number_if(t, "of", deed->of);
        add_number_if(t, "since", deed->since);
        add_number_if(t, "until", deed->until);
        if (deed->line)
            add_number(t, "made_line", (int64_t)t->lines + 1);
        buf_add(t->out, B("}\n"));
        if (deed->line)
            tell_line(t, deed->line, line);
    }
}

/* Rules. */

static void add_terms(struct telling *t, const struct story_term *term)
{
    if (!term)
        return;
    buf_add(t->out, B(",\"terms\":["));
    for (const struct story_term *first = term; term; term = term->next) {
        buf_add(t->out, term == first ? B("{\"source\":") : B(",{\"source\":"));
        show_json_text(t->out, term->item->source);
        add_text(t, "text", term->text);
        buf_add(t->out, term->truth ? B(",\"true\":true}") : B(",\"true\":false}"));
    }
    buf_char(t->out, ']');
}

static void add_variables(struct telling *t, const struct decision *decision)
{
    const char *between = ",\"variables\":{";
    for (size_t i = 0; i < decision->variable_count; i++) {
        if (decision->variables[i].value.kind == VALUE_UNSET)
            continue;
        buf_add(t->out, bytes_of(between));
        show_json_text(t->out, decision->variables[i].name);
        buf_char(t->out, ':');
        show_json_text(t->out, decision->variables[i].value.text);
        between = ",";
    }
    if (*between == ',' && between[1] == '\0')
        buf_char(t->out, '}');
}

static void begin_rule(struct telling *t, const struct rule *rule, size_t line)
{
    buf_add(t->out, B("{\"kind\":\"rule\""));
    add_number(t, "of_line", (int64_t)line);
    add_rule(t, "", rule);
    add_text(t, "type", bytes_of(rule->type->name));
    add_text_if(t, "desc", rule->desc_text);
}

static void tell_decision(struct telling *t, const struct decision *decision, int64_t now,
                          size_t line)
{
    struct buf text = {0};
    begin_rule(t, decision->rule, line);
    buf_add(t->out, B(",\"fired\":true"));
    words_verdict(&text, decision, now);
    add_text(t, "verdict", buf_bytes(&text));
    buf_free(&text);
    add_number(t, "pattern", (int64_t)decision->part + 1);
    add_terms(t, decision->terms);
    add_variables(t, decision);
    buf_add(t->out, B("}\n"));
}

static const char *why_name(enum near_why why)
{
    static const char *const names[] = {
        [NEAR_CONTEXT] = "context",         [NEAR_TAKEN] = "taken",
        [NEAR_NOT_ENTERED] = "not entered", [NEAR_HELD] = "suppressed",
        [NEAR_NO_FIRST] = "no operation",   [NEAR_SECOND] = "second pattern",
        [NEAR_PATTERN] = "pattern",         [NEAR_NEGATED] = "negated pattern",
        [NEAR_CACHE] = "no cached match",   [NEAR_CACHED] = "cached match",
        [NEAR_FUNCTION] = "function",       [NEAR_NEVER] = "never",
        [NEAR_CALENDAR] = "calendar",
    };
    return names[why];
}

static void add_range(struct telling *t, const char *name, size_t from, size_t to)
{
    buf_cat(t->out, B(",\""), bytes_of(name), B("\":["), NUM(from), B(","), NUM(to), B("]"));
}

static void add_reach(struct telling *t, const struct near *near)
{
    const struct reach *r = &near->reach;
    add_text(t, "text", near->pattern);
    buf_printf(t->out, ",\"share\":%.3f", r->share);
    if (!r->known) {
        buf_add(t->out, B(",\"unknown\":true"));
        return;
    }
    add_range(t, "part", r->part_from, r->part_to);
    add_range(t, "matches", r->from, r->to);
    if (r->whole)
        return;
    add_range(t, "wants", r->wants_from, r->wants_to);
    if (r->rest_from == r->rest_to)
        return;
    add_range(t, "rest", r->rest_from, r->rest_to);
    add_range(t, "gap", r->gap_from, r->rest_at);
}

static void add_hints(struct telling *t, const struct hints *hints)
{
    const char *const names[] = {"case", "blanks", "begin", "end"};
    const bool set[] = {hints->caseless, hints->blanks, hints->begin, hints->end};
    const char *between = ",\"would_match_without\":[";
    if (hints->regex)
        buf_add(t->out, B(",\"would_match_as\":\"RegExp\""));
    if (!hints_any(hints) || hints->regex)
        return;
    for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++) {
        if (!set[i])
            continue;
        buf_add(t->out, bytes_of(between));
        show_json_text(t->out, bytes_of(names[i]));
        between = ",";
    }
    buf_char(t->out, ']');
}

static void tell_near(struct telling *t, const struct near *near, int64_t now, size_t line)
{
    struct buf text = {0};
    begin_rule(t, near->rule, line);
    buf_add(t->out, B(",\"fired\":false"));
    why_tell_briefly(t->engine, near, now, &text);
    add_text(t, "why", bytes_of(why_name(near->why)));
    add_text(t, "reason", buf_bytes(&text));
    buf_free(&text);
    buf_printf(t->out, ",\"score\":%.3f", near->score);
    add_number(t, "pattern", (int64_t)near->part + 1);
    buf_add(t->out, near->matches ? B(",\"pattern_matches\":true") : B(""));
    if (near->pattern.len > 0)
        add_reach(t, near);
    add_hints(t, &near->hints);
    add_text_if(t, "would_match_with", near->form);
    add_rule(t, "other_", near->other);
    add_text_if(t, "name", near->name);
    if (near->decision)
        add_terms(t, near->decision->terms);
    buf_add(t->out, B("}\n"));
}

static void tell_rules(struct telling *t, const struct story_line *line, size_t number)
{
    struct arena arena;
    struct near *list;
    for (const struct decision *d = line->decisions; d; d = d->next)
        if (decision_fired(d))
            tell_decision(t, d, line->second, number);
    arena_init(&arena);
    size_t count = near_find(t->engine, line, &arena, &list);
    for (size_t i = 0; i < count; i++)
        tell_near(t, &list[i], line->second, number);
    arena_free(&arena);
}

/* from: the number of the line that made this event; 0: none did. */
static void tell_line(struct telling *t, const struct story_line *line, size_t from)
{
    size_t number = ++t->lines;
    buf_add(t->out, B("{\"kind\":\"line\""));
    add_number(t, "number", (int64_t)number);
    add_number_if(t, "from_line", (int64_t)from);
    add_date(t, line->second);
    add_text(t, "text", line->text);
    add_text_if(t, "context", line->context);
    buf_add(t->out, B("}\n"));
    tell_rules(t, line, number);
    for (const struct decision *d = line->decisions; d; d = d->next)
        tell_deeds(t, d->deeds, number);
    tell_deeds(t, line->deeds, number);
}

void explain_tell_json(struct engine *engine, const struct story_line *line, struct buf *out)
{
    struct telling t = {engine, out, 0};
    tell_line(&t, line, 0);
}
