/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line for each finding, as compilers have it and editors read it. */
#include "lint/report.h"

static void write_finding(const struct lint_finding *finding, struct buf *out)
{
    buf_add(out, finding->file->name);
    if (finding->range.from.line > 0)
        buf_cat(out, B(":"), NUM(finding->range.from.line), B(":"),
                NUM(finding->range.from.column));
    buf_cat(out, B(": "), bytes_of(lint_level_name(finding->level)), B(": "), finding->text);
    if (finding->hint.len > 0)
        buf_cat(out, B("; "), finding->hint);
    buf_cat(out, B(" ["), bytes_of(finding->check), B("]\n"));
}

static void write_all(const struct lint *lint, bool colour, struct buf *out)
{
    (void)colour;
    for (size_t i = 0; i < lint->count; i++)
        if (lint->findings[i]->fate == LINT_TOLD)
            write_finding(lint->findings[i], out);
}

const struct lint_format format_gcc = {"gcc", write_all};
