/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/report.h"

#include "lint/excerpt.h"

extern const struct lint_format format_tty, format_gcc, format_json, format_sarif, format_github;

const struct lint_format *const lint_formats[] = {&format_tty,   &format_gcc,    &format_json,
                                                  &format_sarif, &format_github, NULL};

const struct lint_format *lint_format_find(struct bytes name)
{
    for (size_t i = 0; lint_formats[i]; i++)
        if (bytes_eq(bytes_of(lint_formats[i]->name), name))
            return lint_formats[i];
    return NULL;
}

const struct lint_finding *lint_next_told(const struct lint *lint, size_t *at)
{
    while (*at < lint->count) {
        const struct lint_finding *finding = lint->findings[(*at)++];
        if (finding->fate == LINT_TOLD)
            return finding;
    }
    return NULL;
}

static void count_told(struct lint_sum *sum, const struct lint_finding *finding)
{
    size_t *const counts[] = {
        [LINT_NOTE] = &sum->notes, [LINT_WARNING] = &sum->warnings, [LINT_ERROR] = &sum->errors};
    ++*counts[finding->level];
}

struct lint_sum lint_sum(const struct lint *lint)
{
    struct lint_sum sum = {.files = lint->file_count};
    for (size_t i = 0; i < lint->file_count; i++)
        sum.rules += lint->files[i]->count;
    for (size_t i = 0; i < lint->count; i++) {
        const struct lint_finding *finding = lint->findings[i];
        if (finding->fate == LINT_TOLD)
            count_told(&sum, finding);
        sum.minor += finding->fate == LINT_MINOR;
        sum.silenced += finding->fate == LINT_SILENCED;
        sum.known += finding->fate == LINT_KNOWN;
        sum.buried += finding->fate == LINT_BURIED;
    }
    return sum;
}

void lint_whole_text(const struct lint_finding *finding, struct buf *out)
{
    visible_add(out, finding->text);
    if (finding->hint.len > 0) {
        buf_add(out, B("; "));
        visible_add(out, finding->hint);
    }
    if (finding->witness.len == 0)
        return;
    buf_add(out, B("; this line "));
    visible_add(out, finding->shows);
    buf_add(out, B(": "));
    visible_add(out, finding->witness);
}

const char *lint_level_name(enum lint_level level)
{
    static const char *const names[] = {
        [LINT_NOTE] = "note", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"};
    return names[level];
}
