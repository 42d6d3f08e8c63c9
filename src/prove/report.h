/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of tests, in one form or another.
 *
 * Each form is told all: first the errors of test files, then the tests in their order, then the
 * end.  It writes at once to standard output, or to a file of its own at the end. */
#ifndef SECANT_PROVE_REPORT_H
#define SECANT_PROVE_REPORT_H

#include <jansson.h>

#include "prove/sectest.h"

struct report_sum {
    size_t passed, failed, errors; /* tests; errors could not run */
    size_t faults;                 /* of test files */
    double seconds;                /* in all, by the clock on the wall */
};

/* An error of a test file. */
struct report_fault {
    struct test_place place;
    struct bytes line, text, hint; /* line: as it is in the file */
};

struct report;
struct report_form {
    void (*fault)(struct report *report, const struct report_fault *fault);
    /* last: of its file. */
    void (*test)(struct report *report, const json_t *outcome, bool last);
    /* false: something could not be written. */
    bool (*end)(struct report *report, const struct report_sum *sum);
    void (*free)(struct report *report); /* NULL: there is nothing but the struct and `out` */
};

struct report {
    const struct report_form *form;
    struct buf out; /* owned */
    bool broken;    /* standard output does not take any more */
};

/* How far the human one goes. */
struct report_taste {
    bool verbose; /* each test, not only those of files with failures */
    bool quiet;   /* failures only */
    bool colour;
};

/* Each is the caller's. */
struct report *report_text(struct report_taste taste);
struct report *report_tap(void);
struct report *report_json(void);
struct report *report_github(void); /* annotations only; beside the human one */
/* file: lasts as long; `-` is standard output. */
struct report *report_junit(const char *file);
void report_free(struct report *report);

/* -- For the forms -- */

/* Writes out what has been added. */
void report_flush(struct report *report);
/* Adds the error as it is shown to people: FILE:LINE:COLUMN: error: ..., line, caret. */
void report_add_fault(struct buf *out, const struct report_fault *fault);

/* Adds the text; what would move the cursor or do more becomes a question mark, but for tabs: it
 * stays as wide as it is. */
void report_add_visible(struct buf *out, struct bytes text);

/* The text of a failing test as people read it, plain: what TAP and JUnit have as its body. */
void report_add_failures(struct buf *out, const json_t *outcome, const char *indent, bool colour);
/* Below it: its notes (prove/notes.h), if there are any. */
void report_add_notes(struct buf *out, const json_t *outcome, const char *indent);

#endif
