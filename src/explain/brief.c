/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A story in few sentences. */
#include "explain/tell.h"
#include "explain/words.h"

enum { DEEPEST = 20 }; /* of events that make events */

struct telling {
    explain_say *say;
    void *arg;
    struct buf text;
    unsigned depth;
};

static void tell_line(struct telling *telling, const struct story_line *line);

static void begin(struct telling *telling, const struct rule *rule)
{
    buf_clear(&telling->text);
    for (unsigned i = 0; i < telling->depth; i++)
        buf_add(&telling->text, B("  "));
    words_rule(&telling->text, rule);
    if (rule)
        buf_cat(&telling->text, B(" "), bytes_of(rule->type->name));
    buf_add(&telling->text, B(": "));
}

static void say(struct telling *telling)
{
    telling->say(telling->arg, buf_bytes(&telling->text));
}

static void tell_deeds(struct telling *telling, const struct deed *deed, int64_t now)
{
    for (; deed; deed = deed->next) {
        if (words_deed_is_told(deed))
            continue;
        begin(telling, deed->rule);
        words_deed(&telling->text, deed, now);
        say(telling);
        if (!deed->line || telling->depth == DEEPEST)
            continue;
        telling->depth++;
        tell_line(telling, deed->line);
        telling->depth--;
    }
}

static void tell_no_entry(struct telling *telling, const struct decision *decision)
{
    begin(telling, decision->rule);
    buf_add(&telling->text, B("there is no cached match "));
    words_quoted(&telling->text, decision->rule->parts[decision->part].pattern.text);
    say(telling);
}

/* Its pattern matches: what its context consists of, as far as that was asked for. */
static void tell_context(struct telling *telling, const struct decision *decision)
{
    struct buf *out = &telling->text;
    begin(telling, decision->rule);
    buf_add(out, B("its pattern matches, its context does not hold"));
    for (const struct story_term *term = decision->terms; term; term = term->next) {
        bool name = term->item->op == EXPR_OPERAND || term->item->op == EXPR_VARSET;
        buf_add(out, term == decision->terms ? B(": ") : B(", "));
        words_quoted(out, name ? term->text : term->item->source);
        if (name)
            buf_add(out, term->truth ? B(" is there") : B(" is not there"));
        else
            buf_add(out, term->truth ? B(" is true") : B(" is false"));
    }
    say(telling);
}

static void tell_line(struct telling *telling, const struct story_line *line)
{
    for (const struct decision *d = line->decisions; d; d = d->next) {
        if (d->verdict > VERDICT_MATCHED) {
            begin(telling, d->rule);
            words_verdict(&telling->text, d, line->second);
            say(telling);
        } else if (d->verdict == VERDICT_CONTEXT) {
            tell_context(telling, d);
        } else if (d->verdict == VERDICT_NO_CACHE_ENTRY) {
            tell_no_entry(telling, d);
        }
        tell_deeds(telling, d->deeds, line->second);
    }
    tell_deeds(telling, line->deeds, line->second);
}

void explain_tell_brief(const struct story_line *line, explain_say *hear, void *arg)
{
    struct telling telling = {.say = hear, .arg = arg};
    tell_line(&telling, line);
    buf_free(&telling.text);
}
