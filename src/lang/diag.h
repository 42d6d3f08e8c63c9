/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where faults in rule files are reported: one place that knows file and line. */
#ifndef SECANT_LANG_DIAG_H
#define SECANT_LANG_DIAG_H

#include "lang/ruleset.h"

struct diag {
    struct log *log;
    struct bytes file;
    size_t line; /* where the rule begins */
};

/* Logs "Rule in FILE at line N: <parts>" at the level. */
#define diag_rule(diag, level, ...)                                                                \
    diag_rule_parts(diag, level, (const struct bytes[]){__VA_ARGS__},                              \
                    sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void diag_rule_parts(const struct diag *diag, int level, const struct bytes *parts, size_t count);

#endif
