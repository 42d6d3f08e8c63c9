/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/play.h"

#include <stdio.h>

#include "replay/progress.h"
#include "replay/replay.h"

static void complain(const char *text)
{
    fprintf(stderr, "%s\n", text);
}

bool play_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts)
{
    bool sound = logs_open(logs, patterns, count, options, with_contexts);
    if (logs->sets.count == 0) {
        complain("No file matches --log");
        return false;
    }
    if (sound)
        logs_next(logs);
    bool told = logs_complain(logs);
    if (sound && !logs->any && !told)
        complain("The log has no lines");
    return logs->any && !told;
}

/* A stage does what sigemul asks for. */
void play_hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    (void)arg;
    (void)effect;
    answer->perform = false;
}

static bool drain(struct stage *stage)
{
    struct engine *engine = stage_engine(stage);
    int64_t now = engine_now(engine), end = clock_later(now, DRAIN_LIMIT), due;
    for (; (due = engine_next_end(engine)) <= end; now = engine_now(engine))
        if (!stage_advance(stage, due > now ? due : now + 1))
            return false;
    return true;
}

static bool play_lines(struct logs *logs, struct stage *stage, struct reached *reached)
{
    struct progress progress;
    bool going = true;
    progress_start(&progress, logs->inputs, logs->sets.count, false);
    for (; logs->any && going; logs_next(logs)) {
        struct replay_input *input = logs_input(logs);
        going = stage_line(stage, input->order, logs->line, &input->source);
        reached->lines += going;
        if (reached->lines % 1024 == 0)
            progress_look(&progress, reached->lines, 0, input->order);
    }
    progress_hide(&progress);
    return going;
}

bool play_through(struct logs *logs, struct stage *stage, struct reached *reached)
{
    struct engine *engine = stage_engine(stage);
    unsigned loads = engine->state.files.loads;
    stage_begin(stage);
    bool whole = play_lines(logs, stage, reached) && drain(stage);
    if (!whole)
        complain("The rules ended the program before the end of the log");
    if (engine->state.files.loads != loads) {
        complain("Perl code in the rules reloaded them: lines after that do not count");
        whole = false;
    }
    return !logs_complain(logs) && whole;
}
