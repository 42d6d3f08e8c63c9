/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a run, shared by the run*.c files, and for them only. */
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
    struct bytes folder; /* of the files, the caller's */
    struct files *files;
    struct story *story;   /* NULL: it is not traced */
    unsigned nears;        /* lines for which the nearest rules were looked for */
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
    bool placed; /* what is logged is a finding in a rule file */
};

/* run_trace.c.  What became of the line, and of the events that it made. */
void run_tell_line(struct run *run);
/* Which rules made the event in process, before what comes of it is heard. */
void run_hear_origins(struct run *run);
/* Around what no line does, but time, a signal or code of the test. */
void run_idle(struct run *run);
void run_idle_end(struct run *run);
/* run_start.c: what a player does is heard; arg is the run. */
void run_hear_effect(void *arg, const struct effect *effect, struct effect_answer *given);
void run_hear_message(void *arg, int level, struct bytes text);
/* What keeps the test from running. */
void run_complain(struct run *run, struct bytes what, struct bytes why);
/* The test's code that comes before the rules; false: something of it failed. */
bool run_head_code(struct run *run);

/* run_rules.c.  What loading finds in rule files is told with its place. */
void run_hear_findings(struct run *run);
/* Errors for FILE:LINE in the test that is no rule, and FILE that is a slip of one; false: there
 * are some. */
bool run_check_names(struct run *run);

/* run_stage.c: the engine; NULL: what run_complain was told keeps it from playing. */
struct player *run_stage_new(struct run *run);
/* run_upstream.c: another SEC. */
struct player *run_upstream_new(struct run *run);

#endif
