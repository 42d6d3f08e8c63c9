/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --ruleperf: how many lines each rule has seen, and the CPU time that they took. */
#ifndef SECANT_ENGINE_RULEPERF_H
#define SECANT_ENGINE_RULEPERF_H

#include "state/engine.h"

/* An engine has one at most; what it counted stays in the rules' states when it stops. */
void ruleperf_start(struct engine *engine);
void ruleperf_stop(struct engine *engine); /* nothing if there is none */

/* Options are read again at restarts, and user code may set $main::ruleperf. */
static inline void ruleperf_follow(struct engine *engine)
{
    if (engine->options->ruleperf == (engine->run.ruleperf != NULL))
        return;
    if (engine->options->ruleperf)
        ruleperf_start(engine);
    else
        ruleperf_stop(engine);
}

#endif
