/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people.  A file takes one line unless one of its tests fails; then the tests
 * before that are named as well, unless there are many. */
#include <stdio.h>

#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "prove/report.h"

#define COLOUR_FINE "\033[32m"
#define COLOUR_WRONG "\033[1;31m"
#define COLOUR_FAINT "\033[2m"
#define COLOUR_END "\033[0m"

enum { MOST_NAMED = 5, NAME_WIDTH = 60 };

struct text_report {
    struct report report;
    struct report_taste taste;
    bool begun;        /* the file's name has been written */
    size_t in_file;    /* its tests so far, */
    struct buf passed; /* and the lines of those that passed, not yet written */
    size_t pending;
};

static void paint(struct text_report *t, struct buf *out, const char *colour)
{
    if (t->taste.colour)
        buf_add(out, bytes_of(colour));
}

static void add_name(struct buf *out, struct bytes name, const char *more)
{
    report_add_visible(out, name);
    buf_add(out, bytes_of(more));
}

static void begin_file(struct text_report *t, const json_t *outcome)
{
    if (!t->begun)
        add_name(&t->report.out, json_text(outcome, "file"), "\n");
    t->begun = true;
}

static void flush_passed(struct text_report *t)
{
    struct buf *out = &t->report.out;
    if (t->pending > MOST_NAMED && !t->taste.verbose) {
        buf_add(out, B("  "));
        paint(t, out, COLOUR_FINE);
        buf_add(out, B("ok"));
        paint(t, out, COLOUR_END);
        buf_cat(out, B("    "), NUM(t->pending), B(" tests\n"));
    } else {
        buf_add(out, buf_bytes(&t->passed));
    }
    buf_clear(&t->passed);
    t->pending = 0;
}

static void add_passed(struct text_report *t, const json_t *outcome)
{
    struct buf *out = &t->passed;
    buf_add(out, B("  "));
    paint(t, out, COLOUR_FINE);
    buf_add(out, B("ok"));
    paint(t, out, COLOUR_END);
    buf_add(out, B("    "));
    add_name(out, json_text(outcome, "name"), "\n");
    t->pending++;
}

static void add_failed(struct text_report *t, const json_t *outcome)
{
    struct buf *out = &t->report.out;
    struct bytes name = json_text(outcome, "name");
    bool error = json_is(outcome, "status", "error");
    buf_add(out, B("  "));
    paint(t, out, COLOUR_WRONG);
    buf_add(out, error ? B("ERROR") : B("FAIL"));
    paint(t, out, COLOUR_END);
    buf_add(out, error ? B(" ") : B("  "));
    add_name(out, name, "  ");
    for (size_t len = utf8_count(name); len < NAME_WIDTH; len++)
        buf_char(out, ' ');
    paint(t, out, COLOUR_FAINT);
    add_name(out, json_text(outcome, "file"), ":");
    buf_add(out, NUM(json_number(outcome, "line")));
    if (json_number(outcome, "row") > 0)
        buf_cat(out, B(", row "), NUM(json_number(outcome, "row")));
    paint(t, out, COLOUR_END);
    buf_char(out, '\n');
    if (json_text(outcome, "as").len > 0)
        buf_cat(out, B("        the same errors as at "), json_text(outcome, "as"), B("\n"));
    else
        report_add_failures(out, outcome, "        ", t->taste.colour);
    report_add_notes(out, outcome, "        ");
}

static void text_test(struct report *report, const json_t *outcome, bool last)
{
    struct text_report *t = (struct text_report *)report;
    bool passed = json_is(outcome, "status", "passed");
    t->in_file++;
    if (passed && !t->taste.quiet)
        add_passed(t, outcome);
    if (!passed || (t->taste.verbose && !t->taste.quiet)) {
        begin_file(t, outcome);
        flush_passed(t);
    }
    if (!passed)
        add_failed(t, outcome);
    if (last && t->begun)
        flush_passed(t);
    else if (last && !t->taste.quiet) {
        add_name(&report->out, json_text(outcome, "file"), "  ");
        buf_cat(&report->out, NUM(t->in_file), B(" passed\n"));
    }
    if (last) {
        buf_clear(&t->passed);
        t->begun = false;
        t->in_file = t->pending = 0;
    }
    report_flush(report);
}

static void text_fault(struct report *report, const struct report_fault *fault)
{
    (void)report;
    struct buf text = {0};
    report_add_fault(&text, fault);
    fwrite(text.ptr, 1, text.len, stderr);
    buf_free(&text);
}

static void add_count(struct buf *out, size_t count, const char *what)
{
    if (count > 0)
        buf_cat(out, B(", "), NUM(count), B(" "), bytes_of(what));
}

static bool text_end(struct report *report, const struct report_sum *sum)
{
    struct text_report *t = (struct text_report *)report;
    struct buf *out = &report->out;
    size_t tests = sum->passed + sum->failed + sum->errors;
    if (t->taste.quiet && tests == sum->passed && sum->faults == 0)
        return !report->broken;
    bool wrong = tests > sum->passed || sum->faults > 0;
    paint(t, out, wrong ? COLOUR_WRONG : COLOUR_FINE);
    if (tests == 0)
        buf_add(out, B("No tests ran"));
    else
        buf_cat(out, NUM(tests), tests == 1 ? B(" test: ") : B(" tests: "), NUM(sum->passed),
                B(" passed"));
    add_count(out, sum->failed, "failed");
    add_count(out, sum->errors, "could not run");
    add_count(out, sum->faults, sum->faults == 1 ? "error in a test file" : "errors in test files");
    paint(t, out, COLOUR_END);
    buf_printf(out, " (%.2f s)\n", sum->seconds);
    report_flush(report);
    return !report->broken;
}

static void text_free(struct report *report)
{
    buf_free(&((struct text_report *)report)->passed);
}

struct report *report_text(struct report_taste taste)
{
    static const struct report_form form = {text_fault, text_test, text_end, text_free};
    struct text_report *t = mem_zalloc(sizeof(*t));
    t->report.form = &form;
    t->taste = taste;
    return &t->report;
}
