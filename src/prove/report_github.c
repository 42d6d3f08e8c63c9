/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Annotations that GitHub shows next to the failing lines of test files. */
#include "base/annotation.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "prove/report.h"

static void begin(struct buf *out, struct bytes file, int64_t line, struct bytes title)
{
    const struct annotation annotation = {
        .level = "error", .file = file, .line = line, .title = title};
    annotation_begin(out, &annotation);
}

static void github_fault(struct report *report, const struct report_fault *fault)
{
    struct buf *out = &report->out;
    begin(out, fault->place.file, fault->place.line, B("Test file"));
    annotation_add(out, fault->text);
    if (fault->hint.len > 0) {
        buf_add(out, B(" ("));
        annotation_add(out, fault->hint);
        buf_char(out, ')');
    }
    annotation_end(out);
    report_flush(report);
}

static void add_failure(struct buf *out, const json_t *outcome, const json_t *failure)
{
    const json_t *nearest = json_object_get(failure, "nearest");
    begin(out, json_text(outcome, "file"), json_number(failure, "line"),
          json_text(outcome, "name"));
    annotation_add(out, json_text(failure, "step"));
    annotation_add(out, B("\n"));
    annotation_add(out, json_text(failure, "reason"));
    if (nearest) {
        annotation_add(out, B("\nnearest at "));
        annotation_add(out, json_text(nearest, "when"));
        buf_add(out, B(": "));
        annotation_add(out, json_text(nearest, "text"));
    }
    annotation_end(out);
}

static void add_error(struct buf *out, const json_t *outcome)
{
    const json_t *messages = json_object_get(outcome, "messages");
    begin(out, json_text(outcome, "file"), json_number(outcome, "line"),
          json_text(outcome, "name"));
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        annotation_add(out, i > 0 ? B("\n") : B(""));
        annotation_add(out, json_bytes(message));
    }
    annotation_end(out);
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
