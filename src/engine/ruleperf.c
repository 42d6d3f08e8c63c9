/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An observer.  A Jump rule is being tried while rules of other files are: their time is also its
 * own, as upstream counts it. */
#include "engine/ruleperf.h"

#include <assert.h>
#include <sys/times.h>
#include <unistd.h>

#include "base/mem.h"

struct ruleperf {
    struct observer observer; /* first: it is handed to us */
    double *begun;            /* of the rules being tried, the outer ones first */
    size_t depth, room;
};

static_assert(offsetof(struct ruleperf, observer) == 0, "hear casts");

static double cpu_seconds(void)
{
    struct tms used;
    times(&used);
    return (double)(used.tms_utime + used.tms_stime) / (double)sysconf(_SC_CLK_TCK);
}

static void hear(struct observer *observer, const struct record *record)
{
    struct ruleperf *perf = (struct ruleperf *)observer;
    bool tried = record->verdict > VERDICT_NO_LITERAL;
    if (record->kind == RECORD_TRY) {
        MEM_GROW(perf->begun, perf->depth, perf->room, 4);
        perf->begun[perf->depth++] = cpu_seconds();
    } else if (record->kind == RECORD_RULE) {
        if (tried)
            record->rule->cpu_seconds += cpu_seconds() - perf->begun[--perf->depth];
        if (tried || record->verdict == VERDICT_NO_LITERAL)
            record->rule->event_count++;
    }
}

void ruleperf_start(struct engine *engine)
{
    struct ruleperf *perf = mem_zalloc(sizeof(*perf));
    perf->observer.hear = hear;
    perf->observer.every_rule = true;
    engine->run.ruleperf = perf;
    observers_add(&engine->observers, &perf->observer);
}

void ruleperf_stop(struct engine *engine)
{
    struct ruleperf *perf = engine->run.ruleperf;
    if (!perf)
        return;
    observers_remove(&engine->observers, &perf->observer);
    free(perf->begun);
    free(perf);
    engine->run.ruleperf = NULL;
}
