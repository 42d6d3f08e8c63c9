/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage/stage.h"

#include "act/act.h"
#include "base/mem.h"
#include "engine/process.h"
#include "perl/held.h"
#include "stage/determinism.h"
#include "surface/surface.h"

struct stage {
    struct engine *engine;
    const struct stage_ears *ears;
    struct host host;
    struct line_source *source; /* of the newest line */
    bool over;
};

void stage_expect(int64_t second)
{
    struct buf seed = {0};
    pin_hashes(&seed);
    buf_free(&seed);
    surface_expect_event_clock(second);
    perl_hold_outside();
}

static void hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    const struct stage *stage = arg;
    answer->perform = effect->kind == EFFECT_SIGNAL;
    if (!stage->ears->plain)
        effect_log(stage->engine->log, effect);
    if (stage->ears->effect)
        stage->ears->effect(stage->ears->arg, effect, answer);
}

static void tell_loading(const struct stage *stage, bool begins)
{
    if (stage->ears->loading)
        stage->ears->loading(stage->ears->arg, begins);
}

static void reloading(void *arg)
{
    tell_loading(arg, true);
}

static void ready(void *arg)
{
    tell_loading(arg, false);
}

static struct line_source *find_source(struct engine *engine, struct bytes name)
{
    const struct stage *stage = engine->hooks.arg;
    return stage->source && bytes_eq(stage->source->name, name) ? stage->source : NULL;
}

static void keep_inside(struct options *options)
{
    options->input.count = 0;
    options->log = options->syslog = options->pid = NULL;
    options->childterm = false;
}

struct stage *stage_new(struct options *options, int64_t second, const struct stage_ears *ears)
{
    struct stage *stage = mem_zalloc(sizeof(*stage));
    stage->ears = ears;
    stage->host = (struct host){.arg = stage, .reloading = reloading, .ready = ready};
    keep_inside(options);
    stage->engine = engine_new(options, clock_event(second), &stage->host);
    engine_record_effects(stage->engine, hear_effect, stage);
    stage->engine->hooks.source = find_source;
    stage->engine->hooks.arg = stage;
    log_leave_terminal(stage->engine->log);
    log_listen(stage->engine->log, ears->message, ears->arg);
    if (ears->observer)
        observers_add(&stage->engine->observers, ears->observer);
    surface_start(stage->engine);
    pin_perl();
    return stage;
}

void stage_free(struct stage *stage)
{
    if (!stage)
        return;
    engine_free(stage->engine);
    free(stage);
}

struct engine *stage_engine(struct stage *stage)
{
    return stage->engine;
}

bool stage_load(struct stage *stage)
{
    struct engine *engine = stage->engine;
    tell_loading(stage, true);
    bool sound = engine_load_rules(engine);
    tell_loading(stage, false);
    engine_prepare(engine);
    engine_fit_windows(engine);
    variables_reset(engine->state.variables);
    return sound;
}

void stage_begin(struct stage *stage)
{
    engine_begin(stage->engine);
    stage_advance(stage, engine_now(stage->engine));
}

bool stage_advance(struct stage *stage, int64_t second)
{
    struct engine *engine = stage->engine;
    if (!stage->over && !advance_to(engine, second)) {
        stage->over = true;
        if (!engine->run
                 .ending) /* rules want it to end: that has stopped it before it was seen to */
            engine_handle_signals(engine);
    }
    return !stage->over;
}

bool stage_line(struct stage *stage, int64_t second, struct bytes line, struct line_source *source)
{
    if (!stage_advance(stage, second))
        return false;
    stage->source = source;
    process_line(stage->engine, line, source);
    process_settle(stage->engine);
    return stage_advance(stage, engine_now(stage->engine));
}

bool stage_signal(struct stage *stage, struct bytes name)
{
    struct engine *engine = stage->engine;
    if (!stage->over && signal_emulate(&engine->run.signals, name))
        stage->over = !engine_handle_signals(engine);
    return stage_advance(stage, engine_now(engine));
}
