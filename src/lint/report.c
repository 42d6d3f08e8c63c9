/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/report.h"

extern const struct lint_format format_tty, format_gcc;

const struct lint_format *const lint_formats[] = {&format_tty, &format_gcc, NULL};

const struct lint_format *lint_format_find(struct bytes name)
{
    for (size_t i = 0; lint_formats[i]; i++)
        if (bytes_eq(bytes_of(lint_formats[i]->name), name))
            return lint_formats[i];
    return NULL;
}

size_t lint_count(const struct lint *lint, enum lint_level level, enum lint_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < lint->count; i++)
        count += lint->findings[i]->level == level && lint->findings[i]->fate == fate;
    return count;
}

const char *lint_level_name(enum lint_level level)
{
    static const char *const names[] = {
        [LINT_NOTE] = "note", [LINT_WARNING] = "warning", [LINT_ERROR] = "error"};
    return names[level];
}
