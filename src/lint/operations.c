/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/operations.h"

enum operation_kind operation_kind(const struct rule *rule)
{
    static const struct {
        const char *type;
        enum operation_kind kind;
    } kinds[] = {
        {"SINGLEWITHTHRESHOLD", OPERATION_COUNTS},    {"SINGLEWITH2THRESHOLDS", OPERATION_COUNTS},
        {"SINGLEWITHSUPPRESS", OPERATION_SUPPRESSES}, {"PAIR", OPERATION_PAIRS},
        {"PAIRWITHWINDOW", OPERATION_PAIRS},          {"EVENTGROUP", OPERATION_COUNTS},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcmp(rule->type->keyword, kinds[i].type) == 0)
            return kinds[i].kind;
    return OPERATION_NONE;
}

static bool named_group(const struct part *part, struct bytes name, uint32_t *group)
{
    size_t count = 0;
    const struct regex_name *names = regex_names(part->pattern.regex, &count);
    for (size_t i = 0; part->varmap && i < part->varmap->count; i++) {
        const struct varmap_entry *entry = &part->varmap->entries[i];
        if (bytes_eq(entry->name, name) && entry->number >= 0) {
            *group = (uint32_t)entry->number;
            return true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(names[i].name, name) && names[i].count == 1) {
            *group = (uint32_t)names[i].groups[0];
            return true;
        }
    }
    return false;
}

bool operation_key_group(const struct part *part, const struct var_key *key, uint32_t *group)
{
    const struct regex *regex = part->pattern.regex;
    bool known = false;
    *group = 0;
    if (part->pattern.type != PATTERN_REGEXP || !regex)
        return false;
    if (key->kind == KEY_NUMBER && key->number <= UINT32_MAX) {
        *group = (uint32_t)key->number;
        known = true;
    } else if (key->kind == KEY_NAME) {
        known = named_group(part, key->name, group);
    }
    return known && *group <= regex_groups(regex);
}
