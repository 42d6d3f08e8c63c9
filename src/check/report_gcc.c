/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line for each finding in the format of compilers, which editors understand: they want a line
 * and a column for each.  Other places that belong to a finding follow as notes. */
#include "check/report.h"
#include "lint/excerpt.h"

static void add_head(struct buf *out, const struct rule_file *file, const struct range *range,
                     const char *level)
{
    visible_add(out, file->name);
    buf_cat(out, B(":"), NUM(range->from.line > 0 ? range->from.line : 1), B(":"),
            NUM(range->from.line > 0 ? range->from.column : 1), B(": "), bytes_of(level), B(": "));
}

static void write_finding(const struct lint_finding *finding, struct buf *out)
{
    add_head(out, finding->file, &finding->range, lint_level_name(finding->level));
    visible_add(out, finding->text);
    if (finding->hint.len > 0) {
        buf_add(out, B("; "));
        visible_add(out, finding->hint);
    }
    buf_cat(out, B(" ["), bytes_of(finding->check), B("]\n"));
    for (const struct lint_finding *next = finding->alike; next; next = next->alike) {
        add_head(out, next->file, &next->range, "note");
        buf_add(out, B("the same here\n"));
    }
    if (!finding->other_file)
        return;
    add_head(out, finding->other_file, &finding->other, "note");
    visible_add(out, finding->other_text);
    buf_char(out, '\n');
}

static void write_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    (void)style;
    size_t at = 0;
    for (const struct lint_finding *finding; (finding = lint_next_told(lint, &at));)
        write_finding(finding, out);
}

const struct lint_format format_gcc = {"gcc", false, write_all, NULL};
