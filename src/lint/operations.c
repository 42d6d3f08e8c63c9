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
