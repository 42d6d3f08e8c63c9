/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workflow commands of GitHub Actions (docs.github.com, "Workflow commands for GitHub Actions"): a
 * line ::error file=F,line=N,title=T::TEXT puts the text beside the line of the file. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "prove/json.h"
#include "prove/report.h"

/* What would end the line or the value is written as %XX. */
static void add_escaped(struct buf *out, struct bytes text, const char *special)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c && strchr(special, c))
            buf_printf(out, "%%%02X", (unsigned)c);
        else
            buf_char(out, c);
    }
}

/* The file as GitHub knows it: from the top of the repository, where a workflow's steps run. */
static void add_head(struct buf *out, struct bytes file, int64_t line, struct bytes title)
{
    buf_add(out, B("::error file="));
    add_escaped(out, file, "%\r\n:,");
    buf_cat(out, B(",line="), NUM(line), B(",title="));
    add_escaped(out, title, "%\r\n:,");
    buf_add(out, B("::"));
}

static void github_fault(struct report *report, const struct report_fault *fault)
{
    struct buf *out = &report->out;
    add_head(out, fault->place.file, fault->place.line, B("Test file"));
    add_escaped(out, fault->text, "%\r\n");
    if (fault->hint.len > 0) {
        buf_add(out, B(" ("));
        add_escaped(out, fault->hint, "%\r\n");
        buf_char(out, ')');
    }
    buf_char(out, '\n');
    report_flush(report);
}

static void add_failure(struct buf *out, const json_t *outcome, const json_t *failure)
{
    const json_t *nearest = json_object_get(failure, "nearest");
    add_head(out, json_text(outcome, "file"), json_number(failure, "line"),
             json_text(outcome, "name"));
    add_escaped(out, json_text(failure, "step"), "%\r\n");
    buf_add(out, B("%0A"));
    add_escaped(out, json_text(failure, "reason"), "%\r\n");
    if (nearest) {
        buf_add(out, B("%0Anearest at "));
        add_escaped(out, json_text(nearest, "when"), "%\r\n");
        buf_add(out, B(": "));
        add_escaped(out, json_text(nearest, "text"), "%\r\n");
    }
    buf_char(out, '\n');
}

static void add_error(struct buf *out, const json_t *outcome)
{
    const json_t *messages = json_object_get(outcome, "messages");
    add_head(out, json_text(outcome, "file"), json_number(outcome, "line"),
             json_text(outcome, "name"));
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        buf_add(out, i > 0 ? B("%0A") : B(""));
        add_escaped(out, bytes_make(json_string_value(message), json_string_length(message)),
                    "%\r\n");
    }
    buf_char(out, '\n');
}

static void github_test(struct report *report, const json_t *outcome, bool last)
{
    (void)last;
    const json_t *failures = json_object_get(outcome, "failures");
    for (size_t i = 0; i < json_array_size(failures); i++)
        add_failure(&report->out, outcome, json_array_get(failures, i));
    if (json_is(outcome, "status", "error"))
        add_error(&report->out, outcome);
    report_flush(report);
}

static bool github_end(struct report *report, const struct report_sum *sum)
{
    (void)sum;
    return !report->broken;
}

struct report *report_github(void)
{
    static const struct report_form form = {github_fault, github_test, github_end, NULL};
    struct report *report = mem_zalloc(sizeof(*report));
    report->form = &form;
    return report;
}
