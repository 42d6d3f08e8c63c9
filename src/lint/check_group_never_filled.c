/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A variable that the rule uses and its pattern can set, but that is empty in all lines that match.
 * A few lines say nothing. */
#include "lang/rule_text.h"
#include "lint/checks.h"
#include "lint/groups.h"
#include "lint/reached.h"
#include "lint/words.h"

enum { LINES_MIN = 10 };

/* In how many matches it could have been set; 0: in none, or another rule may have set it. */
static uint64_t chances(struct lint *lint, const struct rule *rule, const struct var_key *key)
{
    uint64_t count = 0;
    if (key->kind == KEY_CACHE || key->source > 0 ||
        (key->kind == KEY_NAME && bytes_starts(key->name, B("_"))))
        return 0;
    for (size_t i = 0; i < rule->part_count; i++)
        if (!(rule->type->patterns == 2 && i == 1) && groups_have(lint, rule, i, key) != GROUPS_NO)
            count += cover_hits(lint->reached->cover, &rule->parts[i]);
    return count;
}

static void add_name(struct buf *out, const struct var_key *key)
{
    if (key->kind == KEY_NUMBER)
        buf_cat(out, B("$"), NUM(key->number));
    else
        buf_cat(out, B("$+{"), key->name, B("}"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct reached_rule *of = reached_rule(lint->reached, rule);
    struct buf names = {0};
    struct keyword pattern = {0};
    uint64_t lines = 0;
    size_t count = 0;
    for (size_t i = 0; i < rule->keys.count; i++) {
        uint64_t chance = of->filled[i] ? 0 : chances(lint, rule, &rule->keys.keys[i]);
        if (chance < LINES_MIN)
            continue;
        buf_add(&names, count++ > 0 ? B(", ") : B(""));
        add_name(&names, &rule->keys.keys[i]);
        lines = count == 1 || chance < lines ? chance : lines;
    }
    if (count > 0 && rule_keyword(rule, B("pattern"), &pattern))
        lint_tell(lint, rule, pattern.value, buf_bytes(&names), count == 1 ? B(" is") : B(" are"),
                  B(" empty in all "), words_lines(&lint->arena, lines), B(" that match"));
    buf_free(&names);
}

const struct lint_check check_group_never_filled = {
    .name = "group-never-filled",
    .level = LINT_NOTE,
    .of_log = true,
    .summary = "A group that the rule uses is empty in every line of the log that matches",
    .rule = look,
};
