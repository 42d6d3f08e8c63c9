/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sigemul: what a signal would do, without the signal. */
#include "act/arguments.h"
#include "act/types.h"

bool signal_emulate(struct pending_signals *signals, struct bytes signal)
{
    if (bytes_eq(signal, B("INT"))) {
        signals->debuglevelinc++;
        signals->received = true;
        return true;
    }
    const struct {
        struct bytes signal;
        bool *flag;
    } known[] = {
        {B("HUP"), &signals->refresh},    {B("ABRT"), &signals->softrefresh},
        {B("USR1"), &signals->dumpdata},  {B("USR2"), &signals->openlog},
        {B("TERM"), &signals->terminate},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (bytes_eq(signal, known[i].signal)) {
            *known[i].flag = true;
            signals->received = true;
            return true;
        }
    }
    return false;
}

static enum flow run_sigemul(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes signal = arena_upper(&engine->line.arena, argument(engine, action, 0, scope));
    log_msg(engine->log, LOG_DETAIL, B("Emulating the arrival of '"), signal, B("' signal"));
    struct pending_signals pending = engine->run.signals;
    struct effect effect = {EFFECT_SIGNAL, .rule = action->within->rule, .target = signal};
    if (!signal_emulate(&pending, signal))
        log_msg(engine->log, LOG_WARN, B("The arrival of '"), signal,
                B("' signal can't be emulated"));
    else if (effects_take(engine->effects, &effect))
        engine->run.signals = pending;
    return FLOW_NEXT;
}

const struct action_type action_sigemul = {.name = "sigemul",
                                           .constant = {"SIGEMUL", 60},
                                           .params = {NEEDED_WORD("signal name")},
                                           .run = run_sigemul};
