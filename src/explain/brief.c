/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells a story in few sentences.  Of a rule that matched, they say what came of it; of one that
 * lacked only its context or a cached match, what was missing.  Of the other rules the nearest one
 * is named if that helps. */
#include "explain/brief.h"

void brief_tell_line(struct telling *t, const struct story_line *line)
{
    bool taken = brief_is_taken(line);
    for (const struct decision *d = line->decisions; d; d = d->next) {
        if (d->verdict > VERDICT_MATCHED)
            brief_tell_verdict(t, d, line->second);
        else if (d->verdict == VERDICT_CONTEXT)
            brief_tell_context(t, d);
        else if (d->verdict == VERDICT_NO_CACHE_ENTRY)
            brief_tell_no_entry(t, d, taken);
        brief_tell_deeds(t, d, d->deeds, line->second);
    }
    brief_tell_deeds(t, NULL, line->deeds, line->second);
    if (!line->idle)
        brief_tell_rest(t, line);
}

void explain_tell_brief(struct engine *engine, const struct story_line *line, bool nearest,
                        explain_say *hear, void *arg)
{
    struct telling t = {.engine = engine, .nearest = nearest, .say = hear, .arg = arg};
    brief_tell_line(&t, line);
    buf_free(&t.text);
    buf_free(&t.key);
    buf_free(&t.rule);
    buf_free(&t.about);
    buf_free(&t.field);
}
