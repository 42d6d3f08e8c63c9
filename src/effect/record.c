/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects that do not happen: a listener hears of them and says what comes back. */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "effect/effect.h"
#include "perl/held.h"

struct recorder {
    struct effects effects; /* first: take is given this */
    const struct clock *clock;
    struct children *children;
    effect_listener *listener;
    void *arg;
    struct effects *perform; /* owned; for what is to happen all the same */
};

static_assert(offsetof(struct recorder, effects) == 0, "record casts");

static struct effect_answer tell(const struct recorder *recorder, struct effect *effect)
{
    struct effect_answer answer = {0};
    effect->second = clock_now(recorder->clock);
    recorder->listener(recorder->arg, effect, &answer);
    return answer;
}

static bool record(struct effects *effects, struct effect *effect)
{
    const struct recorder *recorder = (struct recorder *)effects;
    struct effect_answer answer = tell(recorder, effect);
    if (answer.perform)
        return effects_take(recorder->perform, effect);
    if (effect->command) {
        bool spawned = effect->kind == EFFECT_SPAWN;
        effect->child =
            children_told(recorder->children, effect->command, spawned ? effect->target : B(""),
                          answer.exit_code, spawned ? answer.output : B(""));
    }
    return effect->kind != EFFECT_SIGNAL;
}

static void free_recorder(struct effects *effects)
{
    struct recorder *recorder = (struct recorder *)effects;
    perl_hold_end(recorder);
    effects_free(recorder->perform);
    free(recorder);
}

struct effects *effects_record(const struct outlets *outlets, const struct clock *clock,
                               effect_listener *listener, void *arg)
{
    struct recorder *recorder = mem_zalloc(sizeof(*recorder));
    recorder->effects = (struct effects){.take = record, .free = free_recorder};
    recorder->clock = clock;
    recorder->children = outlets->children;
    recorder->listener = listener;
    recorder->arg = arg;
    recorder->perform = effects_perform(outlets);
    return &recorder->effects;
}

/* What Perl's operators do is an effect as any other. */
static void record_deed(void *arg, const struct perl_deed *deed, struct perl_answer *perls)
{
    const struct recorder *recorder = arg;
    struct command command = {deed->target, deed->count > 1 ? deed->words : NULL,
                              deed->count > 1 ? deed->count : 0};
    struct effect effect = {
        .kind = EFFECT_PERL,
        .rule = recorder->effects.rule,
        .target = deed->target,
        .text = deed->text,
        .command = deed->command ? &command : NULL,
        .function = deed->function,
        .words = deed->words,
        .count = deed->count,
        .gives = deed->gives,
    };
    if (recorder->effects.observers)
        observe(recorder->effects.observers, .kind = RECORD_EFFECT, .effect = &effect);
    struct effect_answer answer = tell(recorder, &effect);
    *perls = (struct perl_answer){answer.perform, answer.exit_code, answer.output};
}

void effects_hold_perl(struct effects *effects)
{
    perl_hold_for(record_deed, effects);
}
