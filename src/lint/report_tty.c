/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as people read them: what, the line of the file with a mark below it, why, and what to
 * do. */
#include "lint/report.h"

static void add_place(const struct bytes file, const struct range *range, struct buf *out)
{
    buf_add(out, file);
    if (range->from.line > 0)
        buf_cat(out, B(":"), NUM(range->from.line), B(":"), NUM(range->from.column));
}

/* The file's line with the place, and a mark below what is meant of it. */
static void add_line(const struct lint_finding *finding, struct buf *out)
{
    const struct source *source = &finding->file->source;
    size_t at = (size_t)(finding->at.ptr - source->text.ptr), begin = at, end = at;
    while (begin > 0 && source->text.ptr[begin - 1] != '\n')
        begin--;
    while (end < source->text.len && source->text.ptr[end] != '\n')
        end++;
    buf_cat(out, B("    "), bytes_slice(source->text, begin, end), B("\n    "));
    for (size_t i = begin; i < at; i++)
        buf_char(out, source->text.ptr[i] == '\t' ? '\t' : ' ');
    for (size_t i = 0; i < finding->at.len && at + i < end; i++)
        buf_char(out, '^');
    buf_add(out, B("\n"));
}

static void write_finding(const struct lint_finding *finding, struct buf *out)
{
    if (finding->upstream.len > 0)
        buf_cat(out, finding->upstream, B("\n"));
    add_place(finding->file->name, &finding->range, out);
    buf_cat(out, B(": "), bytes_of(lint_level_name(finding->level)), B(": "), finding->text,
            B(" ["), bytes_of(finding->check), B("]\n"));
    if (finding->at.ptr)
        add_line(finding, out);
    if (finding->witness.len > 0)
        buf_cat(out, B("    this line "), finding->shows, B(": "), finding->witness, B("\n"));
    if (finding->other_file) {
        buf_add(out, B("    "));
        add_place(finding->other_file->name, &finding->other, out);
        buf_cat(out, B(": "), finding->other_text, B("\n"));
    }
    if (finding->hint.len > 0)
        buf_cat(out, B("    "), finding->hint, B("\n"));
}

static void write_all(const struct lint *lint, bool colour, struct buf *out)
{
    (void)colour;
    for (size_t i = 0; i < lint->count; i++)
        if (lint->findings[i]->fate == LINT_TOLD)
            write_finding(lint->findings[i], out);
}

const struct lint_format format_tty = {"tty", write_all};
