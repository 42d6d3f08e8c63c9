/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outcomes as they are (prove/outcome.h), one a line, after the errors of test files and before
 * the totals. */
#include "base/json_values.h"
#include "base/mem.h"
#include "prove/report.h"

static void add_object(struct report *report, json_t *object)
{
    json_write(&report->out, object);
    buf_char(&report->out, '\n');
    report_flush(report);
}

static void json_fault(struct report *report, const struct report_fault *fault)
{
    json_t *object = json_object();
    json_put_text(object, "file", fault->place.file);
    json_put_number(object, "line", fault->place.line);
    json_put_number(object, "column", fault->place.column);
    json_put_text(object, "error", fault->text);
    json_put_text(object, "hint", fault->hint);
    add_object(report, object);
}

static void json_test(struct report *report, const json_t *outcome, bool last)
{
    (void)last;
    json_t *copy = json_copy((json_t *)outcome); /* the type knows no const reading */
    add_object(report, copy);
}

static bool json_end(struct report *report, const struct report_sum *sum)
{
    json_t *numbers =
        json_pack("{s:{s:I,s:I,s:I,s:I,s:f}}", "summary", "passed", (json_int_t)sum->passed,
                  "failed", (json_int_t)sum->failed, "errors", (json_int_t)sum->errors,
                  "file_errors", (json_int_t)sum->faults, "seconds", sum->seconds);
    add_object(report, numbers);
    return !report->broken;
}

struct report *report_json(void)
{
    static const struct report_form form = {json_fault, json_test, json_end, NULL};
    struct report *report = mem_zalloc(sizeof(*report));
    report->form = &form;
    return report;
}
