/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An Options rule that another one of the same file makes void: the file does not join its sets,
 * or takes lines although it says that it does not. */
#include "lint/checks.h"
#include "lint/options_rules.h"

/* The sets that are lost, as " 'a' 'b'". */
static struct bytes lost_sets(struct lint *lint, const struct options_rule *rule,
                              const struct options_rule *last)
{
    struct bytes rest = rule->joincfset, name;
    struct buf out = {0};
    while (rest.len > 0 && bytes_word(&rest, &name))
        if (!options_rule_joins(last, name))
            buf_cat(&out, B(" '"), name, B("'"));
    struct bytes lost = arena_bytes(&lint->arena, buf_bytes(&out));
    buf_free(&out);
    return lost;
}

static bool is_jump_only(const struct options_rule *rule)
{
    return rule->procallin.ptr && bytes_ieq(rule->procallin, B("NO"));
}

static void tell(struct lint *lint, const struct rule_file *file, const struct options_rule *rule,
                 const struct options_rule *last)
{
    struct bytes sets = lost_sets(lint, rule, last), text;
    bool procallin = rule->procallin.ptr && is_jump_only(rule) != is_jump_only(last);
    if (sets.len == 0 && !procallin)
        return;
    if (sets.len > 0)
        text = arena_cat(&lint->arena, B(": the file does not join"), sets);
    else
        text = arena_cat(&lint->arena, B(": procallin="), rule->procallin, B(" has no effect"));
    struct lint_finding *found =
        lint_tell_file(lint, file, sets.len > 0 ? rule->joincfset : rule->procallin,
                       arena_cat(&lint->arena, B("the Options rule at line "), NUM(last->line),
                                 B(" overrides this one"), text));
    lint_other(lint, found, file, last->text, B("this one takes effect"));
    if (sets.len > 0 && last->joincfset.ptr)
        lint_hint(lint, found,
                  B("one Options rule can name all sets of a file; rules for a set of their own "
                    "belong in another file"));
    else
        lint_hint(lint, found, B("write it in that rule"));
}

static void look(struct lint *lint, const struct rule_file *file)
{
    const struct options_rule *rules;
    size_t count = options_rules_read(lint, file, &rules);
    for (size_t i = 0; i + 1 < count; i++)
        tell(lint, file, &rules[i], &rules[count - 1]);
}

const struct lint_check check_options_overridden = {
    .name = "options-overridden",
    .level = LINT_WARNING,
    .summary = "An Options rule that a later one of the same file overrides",
    .file = look,
};
