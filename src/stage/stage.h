/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine for trying rules: the caller sets its time, its effects are not carried out, and the
 * caller is told of its effects, decisions and log messages.
 *
 *     stage_expect(second);                        before perl_run_main
 *     stage = stage_new(options, second, &ears);   inside it
 *     stage_load(stage); stage_begin(stage);
 *     stage_line(stage, second, line, source); ... stage_advance(stage, second);
 *     stage_free(stage);
 *
 * Of all effects only the signals of sigemul take place, because they stay inside.
 *
 * There can be any number of stages, one after another.  Perl's data exist once per process, so
 * for rules with Perl code, fork to get a fresh stage.
 */
#ifndef SECANT_STAGE_STAGE_H
#define SECANT_STAGE_STAGE_H

#include "engine/engine.h"

/* Callbacks; each may be NULL.  Their arguments last until they return. */
struct stage_ears {
    effect_listener *effect;
    void (*message)(void *arg, int level, struct bytes text); /* of the log; all levels */
    /* Rule files are about to be read (begins), or have been read; also at a restart. */
    void (*loading)(void *arg, bool begins);
    void *arg;
    struct observer *observer;
    bool plain; /* the log has no messages of outputs and sockets (effect_log) */
};

struct stage;

/* Before Perl starts: the first stage will begin at about that second. */
void stage_expect(int64_t second);
/* options and ears belong to the caller and must outlive the stage.  The stage clears options with
 * outside effects: inputs, log, syslog, process ID, termination of children. */
struct stage *stage_new(struct options *options, int64_t second, const struct stage_ears *ears);
void stage_free(struct stage *stage);
struct engine *stage_engine(struct stage *stage);

/* Reads the rules; false: some have errors, which were passed to the ears as messages. */
bool stage_load(struct stage *stage);
/* Creates SEC_STARTUP, if requested. */
void stage_begin(struct stage *stage);
/* Advances to that second, never backwards, and handles all that is due on the way.  false: the
 * program has ended. */
bool stage_advance(struct stage *stage, int64_t second);
/* The same, and processes a line in that second, with all its consequences, before it returns.  The
 * source must last as long as the stage; the line need not. */
bool stage_line(struct stage *stage, int64_t second, struct bytes line, struct line_source *source);
/* A signal, as if it had been sent: "HUP"; false: the program has ended, as "TERM" makes it. */
bool stage_signal(struct stage *stage, struct bytes name);

#endif
