/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/patterns.h"

#include "lang/rule_text.h"

/* "pattern" is the first one, "pattern2" the second. */
static bool pattern_number(struct bytes name, size_t *part)
{
    int64_t number = 1;
    if (!bytes_starts(name, B("pattern")))
        return false;
    struct bytes digits = bytes_from(name, strlen("pattern"));
    if (digits.len > 0 && (!bytes_uint(digits, false, &number) || number < 1))
        return false;
    *part = (size_t)number - 1;
    return true;
}

bool patterns_next(const struct rule *rule, struct bytes *text, struct lint_pattern *found)
{
    struct keyword keyword, later;
    if (rule->type->patterns == 0)
        return false;
    while (rule_next_keyword(text, &keyword)) {
        if (!pattern_number(keyword.name, &found->part) || found->part >= rule->part_count ||
            keyword_find(*text, keyword.name, &later))
            continue;
        found->pattern = &rule->parts[found->part].pattern;
        found->text = keyword.value;
        return true;
    }
    return false;
}
