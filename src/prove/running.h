/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internals of a run, for the run*.c files only. */
#ifndef SECANT_PROVE_RUNNING_H
#define SECANT_PROVE_RUNNING_H

#include "clock/timestamp.h"
#include "explain/story.h"
#include "effect/effect.h"
#include "prove/files.h"
#include "prove/player.h"
#include "prove/run.h"

/* An input of the test. */
struct run_input {
    struct time_reader *times; /* owned; NULL: none of its lines has told its time yet */
};

/* An expectation of the state that is still open. */
struct watch {
    size_t step;
    int64_t ends; /* the second that its `until` or `at` means */
    bool open;
};

struct run {
    const struct run_setup *setup;
    const struct test *test;
    struct bytes folder; /* of the files; owned by the caller */
    struct files *files;
    struct story *story;   /* NULL: the run is not traced */
    unsigned nears;        /* number of lines for which the nearest rules were looked for */
    struct player *player; /* NULL: not yet */
    struct run_input *inputs;
    struct time_options *times;         /* NULL: not needed yet */
    const struct test_answer **answers; /* owned; the newest one last */
    size_t answer_count, answer_room;
    struct watch *watches; /* owned */
    size_t watch_count, watch_room;
    struct evidence evidence;
    int64_t now; /* of the last step that had a time */
    bool over;   /* the program has ended */
    bool loading, loaded;
    bool placed; /* what is logged now is a finding in a rule file */
};

/* run_trace.c.  Records what became of the line, and of the events that it made. */
void run_tell_line(struct run *run);
/* Records which rules made the event being processed, before what comes of it is recorded. */
void run_hear_origins(struct run *run);
/* To be called before and after what is not done by a line, but by time, a signal or code of the
 * test. */
void run_idle(struct run *run);
void run_idle_end(struct run *run);
/* run_start.c: callbacks that record what a player does; arg is the run. */
void run_hear_effect(void *arg, const struct effect *effect, struct effect_answer *given);
void run_hear_message(void *arg, int level, struct bytes text);
/* Records an error that keeps the test from running. */
void run_complain(struct run *run, struct bytes what, struct bytes why);
/* Runs the test's code that comes before the rules; returns false if some of it failed. */
bool run_head_code(struct run *run);

/* run_rules.c.  Reports what loading finds in rule files with its place. */
void run_hear_findings(struct run *run);
/* Reports each FILE:LINE in the test that is not a rule, and each FILE that looks like a misspelled
 * one.  Returns false if there are any. */
bool run_check_names(struct run *run);

/* run_stage.c: the engine.  NULL: it cannot run the test; run_complain was told why. */
struct player *run_stage_new(struct run *run);
/* run_upstream.c: another SEC. */
struct player *run_upstream_new(struct run *run);

#endif
