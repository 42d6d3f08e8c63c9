/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/code_texts.h"

bool lint_is_code(const struct visit_spot *spot)
{
    static const struct {
        const char *action;
        size_t argument;
    } known[] = {{"eval", 1},      {"shellcmd", 0}, {"cmdexec", 0},    {"spawn", 0},
                 {"spawnexec", 0}, {"cspawn", 1},   {"cspawnexec", 1}, {"pipe", 1},
                 {"pipeexec", 1},  {"report", 1},   {"reportexec", 1}};
    if (spot->field->kind == FIELD_SCRIPT || (spot->term && spot->term->op == EXPR_CODE))
        return true;
    for (size_t i = 0; spot->action && i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(spot->action->type->name, known[i].action) == 0 &&
            spot->arg == known[i].argument)
            return true;
    return false;
}
