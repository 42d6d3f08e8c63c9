/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/embedded.h"

static const struct embedded arguments[] = {
    {"eval", 1, EMBEDDED_PERL, false, NULL},
    {"shellcmd", 0, EMBEDDED_SHELL, true, "cmdexec"},
    {"spawn", 0, EMBEDDED_SHELL, true, "spawnexec"},
    {"cspawn", 1, EMBEDDED_SHELL, true, "cspawnexec"},
    {"pipe", 1, EMBEDDED_SHELL, false, "pipeexec"},
    {"report", 1, EMBEDDED_SHELL, false, "reportexec"},
    {"cmdexec", 0, EMBEDDED_ARGV, false, NULL},
    {"spawnexec", 0, EMBEDDED_ARGV, false, NULL},
    {"cspawnexec", 1, EMBEDDED_ARGV, false, NULL},
    {"pipeexec", 1, EMBEDDED_ARGV, false, NULL},
    {"reportexec", 1, EMBEDDED_ARGV, false, NULL},
};

const struct embedded *embedded_in(const struct action *action)
{
    for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++)
        if (strcmp(action->type->name, arguments[i].action) == 0)
            return &arguments[i];
    return NULL;
}

bool embedded_at(const struct visit_spot *spot)
{
    const struct embedded *embedded = spot->action ? embedded_in(spot->action) : NULL;
    return spot->field->kind == FIELD_SCRIPT || (spot->term && spot->term->op == EXPR_CODE) ||
           (embedded && embedded->arg == spot->arg);
}
