/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit's XML, as the schema of Jenkins (jenkins-junit.xsd) has it: a testsuite for each file, a
 * testcase for each test, with a failure or an error in it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/write_whole.h"
#include "prove/report.h"

struct junit_report {
    struct report report; /* `out`: all suites that are complete */
    const char *name;
    struct buf cases; /* of the present suite */
    size_t tests, failures, errors;
    double seconds;
};

/* Character data or an attribute's value.  Of control characters XML has no form at all. */
static void add_xml(struct buf *out, struct bytes text, bool attribute)
{
    while (text.len > 0) {
        unsigned char c = (unsigned char)*text.ptr;
        size_t len = utf8_length(text);
        bool never = len == 3 && c == 0xEF && (unsigned char)text.ptr[1] == 0xBF &&
                     (unsigned char)text.ptr[2] >= 0xBE;
        if (len == 0 || never || (c < ' ' && c != '\n' && c != '\t'))
            buf_add(out, B("\xEF\xBF\xBD"));
        else if (c == '&' || c == '<' || c == '>' || c == '"')
            buf_printf(out, "&#%u;", c);
        else if (c < ' ' && attribute)
            buf_printf(out, "&#%u;", c);
        else
            buf_add(out, bytes_slice(text, 0, len));
        text = bytes_from(text, len > 0 ? len : 1);
    }
}

static void add_attribute(struct buf *out, const char *key, struct bytes text)
{
    buf_cat(out, B(" "), bytes_of(key), B("=\""));
    add_xml(out, text, true);
    buf_char(out, '"');
}

static void add_counts(struct buf *out, size_t tests, size_t failures, size_t errors,
                       double seconds)
{
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.6f\">\n", tests,
               failures, errors, seconds);
}

static void end_suite(struct junit_report *junit, struct bytes file)
{
    struct buf *out = &junit->report.out;
    buf_add(out, B("  <testsuite"));
    add_attribute(out, "name", file);
    add_counts(out, junit->tests, junit->failures, junit->errors, junit->seconds);
    buf_cat(out, buf_bytes(&junit->cases), B("  </testsuite>\n"));
    buf_clear(&junit->cases);
    junit->tests = junit->failures = junit->errors = 0;
    junit->seconds = 0;
}

static void begin_case(struct buf *out, struct bytes file, struct bytes name, double seconds)
{
    buf_add(out, B("    <testcase"));
    add_attribute(out, "classname", file);
    add_attribute(out, "name", name);
    buf_printf(out, " time=\"%.6f\"", seconds);
}

static void add_trouble(struct buf *out, const char *what, struct bytes message, struct bytes body)
{
    buf_cat(out, B(">\n      <"), bytes_of(what));
    add_attribute(out, "message", message);
    add_attribute(out, "type", bytes_of(what));
    buf_char(out, '>');
    add_xml(out, body, false);
    buf_cat(out, B("</"), bytes_of(what), B(">\n    </testcase>\n"));
}

/* A suite of its own for each; readers take several of one name. */
static void junit_fault(struct report *report, const struct report_fault *fault)
{
    struct junit_report *junit = (struct junit_report *)report;
    struct buf text = {0};
    report_add_fault(&text, fault);
    begin_case(&junit->cases, fault->place.file, B("the file is valid"), 0);
    add_trouble(&junit->cases, "error", fault->text, buf_bytes(&text));
    junit->tests++;
    junit->errors++;
    end_suite(junit, fault->place.file);
    buf_free(&text);
}

static struct bytes message_of(const json_t *outcome)
{
    const json_t *failure = json_array_get(json_object_get(outcome, "failures"), 0);
    const json_t *message = json_array_get(json_object_get(outcome, "messages"), 0);
    if (failure)
        return json_text(failure, "step");
    return json_bytes(message);
}

static void junit_test(struct report *report, const json_t *outcome, bool last)
{
    struct junit_report *junit = (struct junit_report *)report;
    struct buf *out = &junit->cases, text = {0};
    double seconds = json_number_value(json_object_get(outcome, "seconds"));
    bool failed = json_is(outcome, "status", "failed");
    begin_case(out, json_text(outcome, "file"), json_text(outcome, "name"), seconds);
    if (json_is(outcome, "status", "passed")) {
        buf_add(out, B("/>\n"));
    } else {
        report_add_failures(&text, outcome, "", false);
        report_add_notes(&text, outcome, "");
        add_trouble(out, failed ? "failure" : "error", message_of(outcome), buf_bytes(&text));
        junit->failures += failed;
        junit->errors += !failed;
    }
    junit->tests++;
    junit->seconds += seconds;
    if (last)
        end_suite(junit, json_text(outcome, "file"));
    buf_free(&text);
}

static bool write_file(const char *name, struct bytes text)
{
    bool out = strcmp(name, "-") == 0;
    int fd = out ? STDOUT_FILENO : open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool fine = fd >= 0 && write_whole(fd, text);
    if (fd >= 0 && !out && close(fd) != 0)
        fine = false;
    if (!fine)
        fprintf(stderr, "secant test: %s: %s\n", name, error_text(errno).ptr);
    return fine;
}

static bool junit_end(struct report *report, const struct report_sum *sum)
{
    struct junit_report *junit = (struct junit_report *)report;
    struct buf whole = {0};
    buf_add(&whole,
            B("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"secant test\""));
    add_counts(&whole, sum->passed + sum->failed + sum->errors + sum->faults, sum->failed,
               sum->errors + sum->faults, sum->seconds);
    buf_cat(&whole, buf_bytes(&report->out), B("</testsuites>\n"));
    bool written = write_file(junit->name, buf_bytes(&whole));
    buf_free(&whole);
    return written;
}

static void junit_free(struct report *report)
{
    buf_free(&((struct junit_report *)report)->cases);
}

struct report *report_junit(const char *file)
{
    static const struct report_form form = {junit_fault, junit_test, junit_end, junit_free};
    struct junit_report *junit = mem_zalloc(sizeof(*junit));
    junit->report.form = &form;
    junit->name = file;
    return &junit->report;
}
