/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of each line, and of time in which none came.  It is observed only if the test has
 * failed before, and told while the rules are there and their operations are unchanged. */
#include "explain/tell.h"
#include "lang/ruleset.h"
#include "prove/running.h"
#include "state/engine.h"

enum {
    MOST_NEARS = 60, /* lines of a test for which the nearest rules are looked for */
    MOST_ORIGINS = 8
};

void run_trace(struct run *run)
{
    struct engine *engine = run->player->engine;
    if (!engine)
        return;
    run->story = story_new(true, false);
    observers_add(&engine->observers, story_observer(run->story, engine));
}

void run_hear_origins(struct run *run)
{
    const struct rule *rules[MOST_ORIGINS];
    if (run->story)
        timeline_origins(&run->evidence.timeline, rules,
                         story_origins(run->story, rules, MOST_ORIGINS));
}

static void say(void *arg, const struct explain_sentence *sentence)
{
    timeline_say(arg, sentence);
}

/* To look for the nearest rules takes long: not for a line that is the same once more. */
static void tell(struct run *run, const struct story_line *line)
{
    struct timeline *timeline = &run->evidence.timeline;
    explain_tell_brief(run->player->engine, line, false, say, timeline);
    if (line->idle || timeline_say_again(timeline))
        return;
    bool asks = run->nears++ < MOST_NEARS;
    explain_tell_brief(run->player->engine, line, asks, say, timeline);
}

/* The first one has its passage already; after it come events of which nobody knows who made
 * them. */
void run_tell_line(struct run *run)
{
    struct timeline *timeline = &run->evidence.timeline;
    if (!run->story)
        return;
    const struct story_line *first = story_lines(run->story);
    for (const struct story_line *line = first; line; line = line->next) {
        if (line != first && !line->idle)
            timeline_line(timeline, line->text, 0);
        tell(run, line);
    }
    story_clear(run->story);
}

void run_idle(struct run *run)
{
    if (!run->story)
        return;
    timeline_idle(&run->evidence.timeline);
    story_idle(run->story);
}

void run_idle_end(struct run *run)
{
    if (!run->story)
        return;
    run_tell_line(run);
    timeline_idle_end(&run->evidence.timeline);
}
