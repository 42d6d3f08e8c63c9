/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The story as text: what fired and what came of it, what nearly fired and why it did not. */
#include "explain/tell.h"

#include "explain/near.h"
#include "explain/why.h"
#include "explain/words.h"
#include "lang/ruleset.h"
#include "match/regex.h"
#include "replay/show.h"

enum {
    STEP = 4,          /* blanks that a line is further in than that above it */
    DEEPEST = 20,      /* of events that make events */
    MOST_NEAR = 5,     /* rules of a line, */
    MOST_IN_EVENT = 1, /* and of an event that nothing took */
    MOST_WISHES = 3    /* rules whose text is named where nothing nearly fired */
};

struct telling {
    struct engine *engine;
    enum tell_depth depth;
    struct buf *out;
};

static void tell_events_line(const struct telling *t, const struct story_line *line, size_t indent);

static void add_indent(const struct telling *t, size_t indent)
{
    for (size_t i = 0; i < indent; i++)
        buf_char(t->out, ' ');
}

static void tell_rule(const struct telling *t, const struct rule *rule, size_t indent)
{
    add_indent(t, indent);
    words_rule(t->out, rule);
    buf_cat(t->out, B("  "), bytes_of(rule->type->name));
    if (rule->desc_text.len > 0) {
        buf_add(t->out, B("  "));
        words_quoted(t->out, rule->desc_text);
    }
    buf_char(t->out, '\n');
}

/* What fired. */

static void tell_deeds(const struct telling *t, const struct deed *deed, const struct rule *rule,
                       int64_t now, size_t indent)
{
    for (; deed; deed = deed->next) {
        if (words_deed_is_told(deed) && deed->rule == rule)
            continue;
        add_indent(t, indent);
        if (deed->rule && deed->rule != rule) {
            words_rule(t->out, deed->rule);
            buf_add(t->out, B("  "));
        }
        words_deed(t->out, deed, now);
        buf_char(t->out, '\n');
        if (deed->line && indent < (size_t)DEEPEST * STEP)
            tell_events_line(t, deed->line, indent + STEP);
    }
}

static void tell_values(const struct telling *t, const struct decision *decision, int64_t now,
                        size_t indent)
{
    for (const struct story_term *term = decision->terms; term; term = term->next) {
        add_indent(t, indent);
        why_term(t->engine, term, now, t->out);
        buf_char(t->out, '\n');
    }
    for (size_t i = 0; i < decision->variable_count; i++) {
        const struct named_value *v = &decision->variables[i];
        if (v->value.kind == VALUE_UNSET)
            continue;
        add_indent(t, indent);
        bool number = is_digit(v->name.ptr[0]);
        buf_cat(t->out, number ? B("$") : B("$+{"), v->name, number ? B(" = ") : B("} = "));
        words_quoted(t->out, v->value.text);
        buf_char(t->out, '\n');
    }
}

/* What is not told with why it did not fire. */
static bool has_done(const struct decision *decision)
{
    for (const struct deed *deed = decision->deeds; deed; deed = deed->next)
        if (!words_deed_is_told(deed) && deed->kind != DEED_LOG)
            return true;
    return false;
}

/* false: nothing did. */
static bool tell_fired(const struct telling *t, const struct story_line *line, size_t indent)
{
    bool any = false;
    for (const struct decision *d = line->decisions; d; d = d->next) {
        if (!decision_fired(d) && !has_done(d))
            continue;
        any |= decision_fired(d);
        tell_rule(t, d->rule, indent);
        add_indent(t, indent + STEP);
        words_verdict(t->out, d, line->second);
        buf_char(t->out, '\n');
        if (t->depth == TELL_VALUES)
            tell_values(t, d, line->second, indent + STEP);
        tell_deeds(t, d->deeds, d->rule, line->second, indent + STEP);
    }
    tell_deeds(t, line->deeds, NULL, line->second, indent);
    return any;
}

/* What did not. */

static void tell_near(const struct telling *t, const struct near *near, int64_t now, size_t indent)
{
    tell_rule(t, near->rule, indent);
    why_tell(t->engine, near, now, indent + STEP, t->out);
    if (t->depth == TELL_VALUES && near->decision)
        tell_values(t, near->decision, now, indent + STEP);
}

static size_t count_near(const struct near *list, size_t count, size_t most)
{
    size_t near = 0;
    while (near < count && near < most && list[near].score >= NEAR_ENOUGH)
        near++;
    return near;
}

/* The longest text that lines must hold for the rule. */
static struct bytes wish_of(const struct rule *rule)
{
    const struct pattern *pattern = &rule->parts[0].pattern;
    struct bytes longest = {0};
    size_t count = 0;
    if (pattern->type == PATTERN_SUBSTR)
        return pattern->text;
    if (pattern->type != PATTERN_REGEXP || !pattern->regex)
        return longest;
    const struct required *required = regex_required(pattern->regex, &count);
    for (size_t i = 0; i < count; i++)
        if (required[i].text.len > longest.len)
            longest = required[i].text;
    return longest;
}

static void tell_wishes(const struct telling *t, const struct near *list, size_t count,
                        size_t indent)
{
    size_t told = 0;
    for (size_t i = 0; i < count && told < MOST_WISHES; i++) {
        struct bytes wish =
            list[i].rule->part_count > 0 ? wish_of(list[i].rule) : (struct bytes){0};
        if (wish.len == 0)
            continue;
        if (told++ == 0) {
            add_indent(t, indent);
            buf_add(t->out, B("The nearest ones look for\n"));
        }
        add_indent(t, indent + 2);
        words_rule(t->out, list[i].rule);
        buf_add(t->out, B("  "));
        words_quoted(t->out, wish);
        buf_char(t->out, '\n');
    }
}

/* Is it one more rule that wants the same cached match? */
static bool is_repeated(const struct near *list, size_t i)
{
    for (size_t j = 0; j < i && list[i].why == NEAR_CACHE; j++)
        if (list[j].why == NEAR_CACHE && bytes_eq(list[j].name, list[i].name))
            return true;
    return false;
}

static void tell_nears(const struct telling *t, const struct story_line *line)
{
    struct arena arena;
    struct near *list;
    arena_init(&arena);
    size_t count = near_find(t->engine, line, &arena, &list);
    size_t near = 0;
    if (count_near(list, count, 1) > 0)
        buf_add(t->out, B("Nearly\n"));
    for (size_t told = 0; near < count_near(list, count, count) && told < MOST_NEAR; near++) {
        if (t->depth == TELL_NEAR && is_repeated(list, near))
            continue;
        tell_near(t, &list[near], line->second, 2);
        told++;
    }
    if (near == 0 && count > 0) {
        buf_add(t->out, B("Nothing nearly fired\n"));
        tell_wishes(t, list, count, 2);
    }
    if (t->depth > TELL_NEAR && near < count)
        buf_add(t->out, B("Others\n"));
    for (size_t i = near; t->depth > TELL_NEAR && i < count; i++)
        tell_near(t, &list[i], line->second, 2);
    arena_free(&arena);
}

/* An event that no rule took: the nearest one. */
static void tell_nearest(const struct telling *t, const struct story_line *line, size_t indent)
{
    struct arena arena;
    struct near *list;
    arena_init(&arena);
    size_t count = near_find(t->engine, line, &arena, &list);
    size_t near = count_near(list, count, MOST_IN_EVENT);
    add_indent(t, indent);
    buf_add(t->out, near > 0 ? B("no rule matches it; nearly\n") : B("no rule matches it\n"));
    for (size_t i = 0; i < near; i++)
        tell_near(t, &list[i], line->second, indent);
    arena_free(&arena);
}

static void tell_events_line(const struct telling *t, const struct story_line *line, size_t indent)
{
    if (!tell_fired(t, line, indent))
        tell_nearest(t, line, indent);
}

void explain_tell(struct engine *engine, const struct story_line *line, enum tell_depth depth,
                  struct buf *out)
{
    struct telling t = {engine, depth, out};
    char date[48];
    buf_add(out, B("Line  "));
    show_plain_text(out, line->text);
    buf_cat(out, B("\nTime  "), show_date(date, line->second, false), B("\n"));
    if (line->context.len > 0)
        buf_cat(out, B("Context  "), line->context, B("\n"));
    size_t before = out->len;
    buf_add(out, B("Fired\n"));
    size_t head = out->len;
    bool fired = tell_fired(&t, line, 2);
    if (!fired && out->len == head) {
        out->len = before;
        buf_add(out, B("No rule fired\n"));
    }
    tell_nears(&t, line);
}
