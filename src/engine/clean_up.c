/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clean-up, in upstream's order.  Each step does the work that is due, not a walk over all. */
#include "engine/clean_up.h"

#include <time.h>

#include "correlate/calendar.h"
#include "engine/engine.h"

/* Calendar rules whose time holds in the present minute but whose context has not held yet are
 * asked again in each clean-up, the next second's at the latest (with --cleantime=0 each line has
 * one); all others wait for the next minute. */
static void run_calendar(struct engine *engine, int64_t now)
{
    time_t at = (time_t)now, tomorrow = (time_t)(now + 86400);
    struct tm tm, tm2;
    if (engine->rules.set->calendar_count == 0 || engine->run.away)
        return;
    localtime_r(&at, &tm);
    localtime_r(&tomorrow, &tm2);
    bool last_day = tm2.tm_mday == 1, unfired = false;
    for (size_t i = 0; i < engine->rules.set->calendar_count; i++) {
        const struct rule *rule = engine->rules.set->calendar[i];
        if (!calendar_matches(rule, &tm, last_day))
            continue;
        struct arena_mark mark = arena_mark(&engine->line.arena);
        if (!calendar_fire(engine, rule_state_of(&engine->state.files, rule), &tm))
            unfired = true;
        arena_release(&engine->line.arena, mark);
    }
    engine->run.calendar_waits = unfired;
    engine->run.calendar_due = unfired ? now + 1 : now + 60 - tm.tm_sec;
}

void clean_up_due(struct engine *engine)
{
    contexts_expire(engine, engine_now(engine));
    /* The time is asked for again: what has run took some. */
    events_release_due(engine->state.events, engine_now(engine), engine->log);
    sockets_check(engine->io.sockets);
    int64_t now = engine_now(engine);
    const struct engine_run *run = &engine->run;
    if (run->calendar_waits || now >= run->calendar_due || now < run->calendar_due - 60)
        run_calendar(engine, now);
    struct operation *o;
    operations_turn(engine->state.operations, engine_now(engine));
    while ((o = operations_due(engine->state.operations))) {
        struct arena_mark mark = arena_mark(&engine->line.arena);
        if (o->live)
            o->rule->type->due(engine, o);
        operation_release(o);
        arena_release(&engine->line.arena, mark);
    }
}

int64_t engine_next_end(const struct engine *engine)
{
    int64_t next = clock_sooner(contexts_next_due(engine->state.contexts),
                                events_next_due(engine->state.events));
    return clock_sooner(next, operations_next_due(engine->state.operations));
}

int64_t clean_up_next(const struct engine *engine)
{
    int64_t next = engine_next_end(engine);
    if (engine->rules.set->calendar_count && !engine->run.away)
        next = clock_sooner(next, engine->run.calendar_due);
    return next;
}
