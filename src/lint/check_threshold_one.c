/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A threshold of 1 without an action for the window's end: SingleWithSuppress says the same. */
#include "lint/checks.h"

#include "lang/rule_text.h"

static void look(struct lint *lint, const struct rule *rule)
{
    struct keyword thresh;
    if (strcmp(rule->type->name, "SingleWithThreshold") != 0 || rule->threshold != 1 ||
        rule->action2->count > 0 || !rule_keyword(rule, B("thresh"), &thresh))
        return;
    struct lint_finding *found =
        lint_tell(lint, rule, thresh.value,
                  B("thresh=1 counts nothing: the first event runs the action, later ones in the "
                    "window do nothing"));
    lint_hint(lint, found, B("if intended, type=SingleWithSuppress says so"));
}

const struct lint_check check_threshold_one = {
    .name = "threshold-one",
    .level = LINT_NOTE,
    .summary = "A threshold of 1 counts nothing",
    .rule = look,
};
