/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports on tests in several formats.
 *
 * Each format is given everything: first the errors of test files, then the tests in their order,
 * then the end.  It writes immediately to standard output, or to a file of its own at the end. */
#ifndef SECANT_PROVE_REPORT_H
#define SECANT_PROVE_REPORT_H

#include <jansson.h>

#include "prove/sectest.h"

struct report_sum {
    size_t passed, failed, errors; /* numbers of tests; errors: those that could not run */
    size_t faults;                 /* number of errors in test files */
    double seconds;                /* wall-clock time in all */
};

/* An error of a test file. */
struct report_fault {
    struct test_place place;
    struct bytes line, text, hint; /* line: as it is in the file */
};

struct report;
struct report_form {
    void (*fault)(struct report *report, const struct report_fault *fault);
    /* last: it is the last test of its file. */
    void (*test)(struct report *report, const json_t *outcome, bool last);
    /* Returns false if something could not be written. */
    bool (*end)(struct report *report, const struct report_sum *sum);
    void (*free)(struct report *report); /* NULL: only the struct and `out` have to be freed */
};

struct report {
    const struct report_form *form;
    struct buf out; /* owned */
    bool broken;    /* standard output cannot be written to any more */
};

/* How much the report for people tells. */
struct report_taste {
    bool verbose; /* each test, not only those of files with failures */
    bool quiet;   /* failures only */
    bool colour;
};

/* Each returns a report that the caller frees. */
struct report *report_text(struct report_taste taste);
struct report *report_tap(void);
struct report *report_json(void);
struct report *report_github(void); /* annotations only, in addition to the report for people */
/* The name of the file must outlive the report; "-" is standard output. */
struct report *report_junit(const char *file);
void report_free(struct report *report);

/* -- For the formats -- */

/* Writes out what has been added. */
void report_flush(struct report *report);
/* Appends the error as it is shown to people: FILE:LINE:COLUMN: error: ..., line, caret. */
void report_add_fault(struct buf *out, const struct report_fault *fault);

/* Appends the text with control characters, except tabs, replaced by question marks, so that its
 * width stays the same. */
void report_add_visible(struct buf *out, struct bytes text);

/* Appends the failures of a test as text for people; without colour also the body in TAP and
 * JUnit. */
void report_add_failures(struct buf *out, const json_t *outcome, const char *indent, bool colour);
/* Appends the notes (prove/notes.h) that belong below the failures, if there are any. */
void report_add_notes(struct buf *out, const json_t *outcome, const char *indent);

#endif
