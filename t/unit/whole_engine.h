/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole engine with an event clock and rules from a file, for tests that run inside Perl. */
#ifndef SECANT_T_WHOLE_ENGINE_H
#define SECANT_T_WHOLE_ENGINE_H

#include "in_perl.h"

#include <unistd.h>

#include "base/mem.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "surface/surface.h"

static char rules_path[] = "/tmp/check_rules.XXXXXX", conf[60]; /* and the option that names it */
static struct options *options;
static struct engine *engine;
static struct buf heard; /* what the test has noted */

/* Before each test: an empty rule file, and options that name it. */
static inline void begin_rules(void)
{
    setenv("TZ", "UTC", 1);
    strcpy(rules_path + sizeof(rules_path) - 7, "XXXXXX");
    close(mkstemp(rules_path));
    snprintf(conf, sizeof(conf), "--conf=%s", rules_path);
    options = options_read(2, (char *[]){"secant", conf, NULL});
}

/* After it; the engine is the test's to free. */
static inline void end_rules(void)
{
    unlink(rules_path);
    options_free(options);
    buf_free(&heard);
}

static inline void write_rules(const char *rules)
{
    FILE *file = fopen(rules_path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(rules, file);
    fclose(file);
}

/* With the rules of the file; logs nothing as yet, and engine_begin is still to be called. */
static inline void make_engine(int64_t second)
{
    engine = engine_new(options, clock_event(second), NULL);
    log_set_level(engine->log, 0);
    surface_start(engine);
    ck_assert(engine_load_rules(engine));
    engine_prepare(engine);
    engine_fit_windows(engine);
}

/* From now on `hear` has the log's messages of all levels. */
static inline void hear_log(void (*hear)(void *arg, int level, struct bytes message))
{
    log_set_level(engine->log, LOG_DETAIL);
    log_redirect(engine->log, hear, NULL);
}

#endif
