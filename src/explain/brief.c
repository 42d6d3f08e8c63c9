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

static void tell_line(struct telling *telling, const struct story_line *line)
{
    for (const struct decision *d = line->decisions; d; d = d->next) {
        if (d->verdict > VERDICT_MATCHED) {
            begin(telling, d->rule);
            words_verdict(&telling->text, d, line->second);
            say(telling);
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
