/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Annotations that GitHub shows next to the lines of rule files. */
#include "base/annotation.h"
#include "check/place.h"
#include "check/report.h"

static void write_finding(const struct lint_finding *finding, struct place_walk *walk,
                          struct buf *out)
{
    struct place place = place_utf16(walk, &finding->file->source, &finding->range);
    bool one_line = place.end_line == place.line && place.end_column > place.column;
    const struct annotation annotation = {
        .level = finding->level == LINT_NOTE ? "notice" : lint_level_name(finding->level),
        .file = finding->file->name,
        .line = (int64_t)place.line,
        .column = finding->range.from.line > 0 ? (int64_t)place.column : 0,
        .end_line = (int64_t)place.end_line,
        .end_column = one_line ? (int64_t)place.end_column : 0,
        .title = bytes_of(finding->check),
    };
    struct buf text = {0};
    lint_whole_text(finding, &text);
    annotation_begin(out, &annotation);
    annotation_add(out, buf_bytes(&text));
    annotation_end(out);
    buf_free(&text);
}

static void write_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    (void)style;
    size_t at = 0;
    struct place_walk walk = {0};
    for (const struct lint_finding *finding; (finding = lint_next_told(lint, &at));)
        write_finding(finding, &walk, out);
}

const struct lint_format format_github = {"github", false, write_all, NULL};
