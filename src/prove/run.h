/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One test as a player plays it: its steps in order, and what was heard meanwhile.
 *
 *     run = run_new(&setup, test, folder);       inside Perl
 *     if (run_load(run, &compiled)) run_steps(run);
 *     run_evidence(run) is judged (prove/judge.h); run_free(run);
 *
 * What is expected of effects is judged afterwards; what is expected of the state is looked at on
 * the way, since it may not last. */
#ifndef SECANT_PROVE_RUN_H
#define SECANT_PROVE_RUN_H

#include "prove/cover.h"
#include "prove/timeline.h"
#include "state/options.h"

/* What a step left behind. */
struct step_mark {
    bool ran;
    size_t first, end; /* happenings before it, and up to its end */
    size_t passage;    /* lines before it */
    int64_t second;    /* of the clock at its end */
    int64_t until;     /* EXPECT: the last second that counts; `second`: now */
    /* EXPECT of a state: is it as expected; if not, why, and what is nearest. */
    bool right;
    struct bytes reason, near;
    size_t from, to;
    int64_t looked;       /* when */
    struct bytes trouble; /* what was wrong with the step itself; "": nothing */
};

struct evidence {
    const struct test *test;
    int64_t start; /* since the epoch */
    struct timeline timeline;
    struct step_mark *marks; /* owned; of each step */
    struct buf errors;       /* why it could not run, a line each */
    struct cover *cover;     /* owned; NULL: nobody asks */
    json_t *notes;           /* owned; on rules that load but look wrong; NULL: there are none */
};

/* The program around the tests. */
struct run_setup {
    /* SEC's options from a command line; argv[0] is the program; NULL: some are wrong. */
    struct options *(*read_options)(int argc, char **argv);
    void (*free_options)(struct options *options);
    bool coverage;     /* is asked for */
    char *const *with; /* a SEC that plays them in place of the engine; NULL: none */
    int home;          /* descriptor of the folder that names of rules and logs belong to */
};

struct run;

/* folder: for the test's files, as in prove/files.h.  All is the caller's and outlives the run. */
struct run *run_new(const struct run_setup *setup, const struct test *test, struct bytes folder);
/* Its failures will have a trace: what became of each line is listened to.  Before run_steps; of
 * another SEC there is none. */
void run_trace(struct run *run);
/* Options, environment, Perl of the head, rules; false: there were errors.  *compiled: what
 * perl_compiled() said before any code of the test's. */
bool run_load(struct run *run, uint64_t *compiled);
size_t run_rules(const struct run *run); /* how many have been loaded */
/* A test with the same head takes the place of the first one, before run_steps. */
void run_take(struct run *run, const struct test *test);
/* The folder is now as each copy of this run is to find it. */
void run_settle(struct run *run);
/* Has a copy left files behind? */
bool run_touched(const struct run *run);
/* Makes the folder so again. */
void run_reset(struct run *run);
void run_steps(struct run *run);
struct evidence *run_evidence(struct run *run);
void run_free(struct run *run);
/* Can the second one begin where the first one's rules have been loaded? */
bool run_same_head(const struct test *a, const struct test *b);

#endif
