/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one test with a player: its steps in order, recording what happens meanwhile.
 *
 *     run = run_new(&setup, test, folder);       inside Perl
 *     if (run_load(run, &compiled)) run_steps(run);
 *     run_evidence(run) is judged (prove/judge.h); run_free(run);
 *
 * Expectations of effects are judged afterwards; those of the state are checked during the run, as
 * the state may change. */
#ifndef SECANT_PROVE_RUN_H
#define SECANT_PROVE_RUN_H

#include "prove/cover.h"
#include "prove/timeline.h"
#include "state/options.h"

/* What is known about a step after it has run. */
struct step_mark {
    bool ran;
    size_t first, end; /* happenings before it, and up to its end */
    size_t passage;    /* lines before it */
    int64_t second;    /* on the clock at its end */
    int64_t until;     /* EXPECT: the last second that counts; equal to `second` for now */
    /* EXPECT of a state: whether it is as expected; if not, why, and what is nearest. */
    bool right;
    struct bytes reason, near;
    size_t from, to;      /* the part of `near` that differs */
    int64_t looked;       /* when the state was looked at */
    struct bytes trouble; /* what was wrong with the step itself; "": nothing */
};

struct evidence {
    const struct test *test;
    int64_t start; /* since the epoch */
    struct timeline timeline;
    struct step_mark *marks; /* owned; one for each step */
    struct buf errors;       /* why it could not run, one line each */
    struct cover *cover;     /* owned; NULL: not wanted */
    json_t *notes;           /* owned; on rules that load but look wrong; NULL: there are none */
};

/* The program around the tests. */
struct run_setup {
    /* Reads SEC's options from a command line; argv[0] is the program.  NULL: some are wrong. */
    struct options *(*read_options)(int argc, char **argv);
    void (*free_options)(struct options *options);
    bool coverage;     /* coverage is wanted */
    char *const *with; /* the command of a SEC that runs them instead of the engine; NULL: none */
    int home;          /* descriptor of the folder that names of rules and logs are relative to */
};

struct run;

/* folder: for the test's files, as in prove/files.h.  The arguments are owned by the caller and
 * must outlive the run. */
struct run *run_new(const struct run_setup *setup, const struct test *test, struct bytes folder);
/* Observes what becomes of each line, so that failures have a trace.  To be called before
 * run_steps.  There is no trace of another SEC. */
void run_trace(struct run *run);
/* Applies options and environment, runs the Perl code of the head, and loads the rules.  Returns
 * false if there were errors.  *compiled is what perl_compiled() returned before any code of the
 * test was run. */
bool run_load(struct run *run, uint64_t *compiled);
size_t run_rules(const struct run *run); /* how many have been loaded */
/* Replaces the test by one with the same head, before run_steps. */
void run_take(struct run *run, const struct test *test);
/* Remembers the present state of the folder, in which each copy of this run should find it. */
void run_settle(struct run *run);
/* Has a copy left files behind? */
bool run_touched(const struct run *run);
/* Restores the folder to that state. */
void run_reset(struct run *run);
void run_steps(struct run *run);
struct evidence *run_evidence(struct run *run);
void run_free(struct run *run);
/* Can test b run with what was loaded for test a? */
bool run_same_head(const struct test *a, const struct test *b);

#endif
