/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what was done, and what became of events that were made. */
#include "explain/brief.h"
#include "explain/words.h"
#include "lang/rule.h"

enum { DEEPEST = 20 }; /* of events that make events */

static void put_event(struct telling *t, const struct deed *deed, int64_t now)
{
    brief_put_gist(t, "event");
    brief_put(t, B(" "));
    brief_put_quoted(t, deed->text);
    if (deed->kind == DEED_EVENT)
        return;
    brief_put(t, B(" is due at "));
    brief_put_time(t, deed->until, now);
}

static void put_context(struct telling *t, const struct deed *deed, int64_t now)
{
    brief_set_about(t, "context", deed->name);
    brief_put_gist(t, "context");
    brief_put(t, B(" "));
    brief_put_shown(t, deed->name);
    if (deed->kind == DEED_CONTEXT_GONE || deed->kind == DEED_CONTEXT_EXPIRED) {
        brief_put(t, deed->kind == DEED_CONTEXT_GONE ? B(" deleted") : B(" expired"));
        return;
    }
    if (deed->kind == DEED_CONTEXT_ALIAS) {
        brief_put(t, B(" is also called "));
        brief_put_shown(t, deed->text);
        return;
    }
    brief_put(t, B(" "));
    brief_put_word(t, deed->kind == DEED_CONTEXT_MADE ? B("created") : B("changed"));
    brief_put_end(t, deed, now);
    if (deed->until == 0)
        brief_put(t, B(", never expires"));
    if (deed->count == 0)
        return;
    brief_put(t, B(", lines in it: "));
    brief_put_number(t, deed->count, EXPLAIN_NUMBER);
}

static void put_deed(struct telling *t, const struct deed *deed, int64_t now)
{
    switch (deed->kind) {
    case DEED_EFFECT:
        t->sentence.gist = deed->what;
        words_effect(&t->text, deed);
        words_effect(&t->key, deed);
        return;
    case DEED_EVENT:
    case DEED_EVENT_LATER:
        put_event(t, deed, now);
        return;
    case DEED_BEGUN:
    case DEED_ENDED:
        brief_set_about(t, "operation", deed->name);
        brief_put(t, B("operation "));
        brief_put_quoted(t, deed->name);
        brief_put(t, B(" "));
        brief_put_gist(t, deed->kind == DEED_BEGUN ? EXPLAIN_BEGAN : "ended");
        brief_put_end(t, deed->kind == DEED_BEGUN ? deed : NULL, now);
        return;
    case DEED_COUNTED:
    case DEED_HELD:
        return; /* with the verdict */
    case DEED_MISSING:
        brief_set_about(t, "context", deed->name);
        t->sentence.kind = EXPLAIN_MISSED;
        t->sentence.gist = deed->what;
        words_missing(&t->text, deed);
        words_missing(&t->key, deed);
        return;
    case DEED_LOG:
        brief_put_gist(t, "log");
        brief_put(t, B(" "));
        brief_put_shown(t, deed->text);
        return;
    default:
        put_context(t, deed, now);
    }
}

bool brief_is_told(const struct decision *decision, const struct deed *deed,
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

/* Which of a rule's action lists did it. */
static void put_list(struct telling *t, const struct deed *deed)
{
    if (deed->list.len == 0 || deed->kind == DEED_BEGUN || deed->kind == DEED_ENDED ||
        deed->kind == DEED_CONTEXT_EXPIRED)
        return;
    brief_put(t, deed->list);
    brief_put(t, B(": "));
}

/* What made the rule act, and what it was to do. */
static void add_fields(struct telling *t, const struct decision *decision, const struct deed *deed)
{
    const struct rule *rule = deed->rule;
    bool own = decision && decision->rule == rule;
    if (!rule ||
        (deed->kind != DEED_EFFECT && deed->kind != DEED_EVENT && deed->kind != DEED_MISSING))
        return;
    if (rule->type->patterns == 0)
        brief_add_field(t, rule, "time", 0);
    if (own && rule->type->patterns > 0) {
        brief_add_field(t, rule, "pattern", decision->part);
        brief_add_field(t, rule, "context", rule->type->numbered ? decision->part : 0);
    }
    if (rule->type->patterns > 0)
        brief_add_field(t, rule, "window", 0);
    brief_add_field(t, rule, "action", bytes_eq(deed->list, B("action2")));
}

void brief_tell_deeds(struct telling *t, const struct decision *decision, const struct deed *deed,
                      int64_t now)
{
    const struct deed *before = NULL;
    for (; deed; before = deed, deed = deed->next) {
        if (brief_is_told(decision, deed, before))
            continue;
        brief_begin(t, deed->rule);
        put_list(t, deed);
        put_deed(t, deed, now);
        add_fields(t, decision, deed);
        brief_say(t);
        if (!deed->line || t->depth == DEEPEST)
            continue;
        t->depth++;
        brief_tell_line(t, deed->line);
        t->depth--;
    }
}
