/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine that rules can be tried on: its time is told, nothing it does happens, and what it
 * does, decides and logs is heard.
 *
 *     stage_expect(second);                        before perl_run_main
 *     stage = stage_new(options, second, &ears);   inside it
 *     stage_load(stage); stage_begin(stage);
 *     stage_line(stage, second, line, source); ... stage_advance(stage, second);
 *     stage_free(stage);
 *
 * Of what rules do only the signals of sigemul happen: they stay inside.
 *
 * There may be any number of stages one after another; Perl's data are one per process, so where
 * rules hold Perl code, whoever needs a fresh one forks.
 */
#ifndef SECANT_STAGE_STAGE_H
#define SECANT_STAGE_STAGE_H

#include "engine/engine.h"

/* Who hears; each may be NULL.  What they are given lasts until they return. */
struct stage_ears {
    effect_listener *effect;
    void (*message)(void *arg, int level, struct bytes text); /* of the log; all levels */
    /* Rule files are about to be read (begins), and have been; by a restart as well. */
    void (*loading)(void *arg, bool begins);
    void *arg;
    struct observer *observer;
    bool plain; /* the log does not say what outputs and sockets say (effect_log) */
};

struct stage;

/* Before Perl starts: the first stage will begin at about that second. */
void stage_expect(int64_t second);
/* options and ears are the caller's and outlive the stage.  Of the options the stage takes away
 * what would reach out: inputs, log, syslog, process ID, children to be ended. */
struct stage *stage_new(struct options *options, int64_t second, const struct stage_ears *ears);
void stage_free(struct stage *stage);
struct engine *stage_engine(struct stage *stage);

/* Reads the rules; false: some have errors, of which the ears have heard as messages. */
bool stage_load(struct stage *stage);
/* SEC_STARTUP, if it is asked for. */
void stage_begin(struct stage *stage);
/* To that second, and all that is due on the way; not back.  false: the program has ended. */
bool stage_advance(struct stage *stage, int64_t second);
/* The same, and a line in that second; what comes of it has happened when this returns.  The
 * source must last as long as the stage, line and its text need not. */
bool stage_line(struct stage *stage, int64_t second, struct bytes line, struct line_source *source);
/* A signal, as if it had been sent: "HUP"; false: the program has ended, as "TERM" makes it. */
bool stage_signal(struct stage *stage, struct bytes name);

#endif
