/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a state with many operations takes to be saved and to be taken over, and how large it
 * is.
 *
 *   make build/bench/saved && build/bench/saved RULES COUNT
 *
 * RULES is a rule file; COUNT lines are "down hostN for N". Times are of the processor. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/options.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "perl/interp.h"
#include "store/load.h"
#include "store/record.h"
#include "store/save.h"
#include "surface/surface.h"

struct bench {
    struct options *options;
    long count;
    struct buf bytes; /* all records, each behind its length */
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct engine *start(struct bench *bench)
{
    struct engine *engine = engine_new(bench->options, clock_event(1000000), NULL);
    surface_start(engine);
    if (!engine_load_rules(engine))
        perl_exit(EXIT_FAILURE);
    engine_prepare(engine);
    engine_fit_windows(engine);
    variables_reset(engine->state.variables);
    return engine;
}

static void put(void *arg, struct bytes record)
{
    struct bench *bench = arg;
    pack_text(&bench->bytes, record);
}

static void feed(struct engine *engine, long count)
{
    static struct line_source source = {.name = B("-"), .context = B("_FILE_EVENT_-")};
    char line[100];
    for (long i = 0; i < count; i++) {
        engine_advance(engine, 1000000 + i / 1000);
        int len = snprintf(line, sizeof(line), "down host%ld for %ld", i, i * 7);
        process_line(engine, bytes_make(line, (size_t)len), &source);
        process_settle(engine);
    }
    engine_advance(engine, 1000000 + count / 1000);
}

static void load(struct bench *bench)
{
    struct engine *engine = start(bench);
    struct state_load load = {.engine = engine, .file = B("bytes")};
    struct unpack from = unpack_of(buf_bytes(&bench->bytes));
    engine_advance(engine, 1000000 + bench->count / 1000);
    double began = seconds();
    state_load_begin(&load);
    while (from.at < from.end && state_load_record(&load, unpack_text(&from))) {
    }
    bool sound = state_load_end(&load);
    printf("load %.3f s, %zu operations%s\n", seconds() - began, load.operations,
           sound ? "" : ", not all");
    fwrite(load.problems.ptr, 1, load.problems.len, stdout);
    fflush(stdout);
}

static void run(void *arg)
{
    struct bench *bench = arg;
    struct buf lost = {0};
    struct engine *engine = start(bench);
    feed(engine, bench->count);
    size_t count = operations_count(engine->state.operations);
    for (int i = 0; i < 2; i++) {
        buf_clear(&bench->bytes);
        double began = seconds();
        state_save(engine, put, bench, &lost);
        printf("save %.3f s, %zu operations, %.1f bytes each\n", seconds() - began, count,
               (double)bench->bytes.len / (double)count);
    }
    engine_free(engine);
    load(bench);
    perl_exit(EXIT_SUCCESS);
}

int main(int argc, char **argv, char **env)
{
    static struct bench bench;
    static char conf[200];
    if (argc != 3)
        return EXIT_FAILURE;
    snprintf(conf, sizeof(conf), "--conf=%s", argv[1]);
    bench.count = strtol(argv[2], NULL, 10);
    surface_expect_event_clock(1000000);
    bench.options = options_read(2, (char *[]){"saved", conf, NULL});
    return perl_run_main(1, argv, env, run, &bench);
}
