/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists of a rule, and branches in them, that do not run with this log, although lines match
 * the rule.  Not reported where that is no surprise: inside of a list that does not run itself,
 * after a pattern that does not match (dead-in-log), or where time or a command decides. */
#include "lint/checks.h"
#include "lint/reached.h"
#include "lint/words.h"

enum { MOST = 4 };

static bool is_of_part_missed(const struct cover *cover, const struct rule *rule,
                              const struct action_list *list)
{
    for (size_t i = 0; i < rule->part_count; i++) {
        const struct part *part = &rule->parts[i];
        bool of_part =
            part->count == list || (rule->type->patterns == 2 && i == 1 && rule->action2 == list);
        if (of_part && cover_hits(cover, part) == 0)
            return true;
    }
    return false;
}

static bool is_by_chance(const struct rule *rule)
{
    return rule->type->patterns == 0 || rule->script || rule->script_count > 0;
}

/* A list that could have run, of a rule that matched. */
static bool is_missed(const struct cover *cover, const struct rule *rule,
                      const struct cover_item *item)
{
    const struct action_list *list = item->spot;
    if (item->hits > 0 || item->want == WANT_MATCHED)
        return false;
    if (item->spot == rule)
        return true; /* cfset */
    if (item->around)
        return cover_hits(cover, item->around) > 0 && list->count > 0;
    if (item->want != WANT_RUN)
        return false; /* a term of a context */
    return !is_by_chance(rule) && !is_of_part_missed(cover, rule, list);
}

static void add_phrase(struct buf *out, const struct cover_item *item)
{
    bool many = bytes_starts(item->name, B("actions "));
    buf_cat(out, many ? B("the ") : B(""), item->name);
    buf_add(out, item->want == WANT_TRUE      ? B(" is never true")
                 : item->want == WANT_FALSE   ? B(" is never false")
                 : item->want == WANT_ENTERED ? B(" is never entered")
                 : many                       ? B(" never run")
                                              : B(" never runs"));
}

/* The items are those of the rule. */
static void look_at_rule(struct lint *lint, const struct rule *rule, const struct cover_item *items,
                         size_t count)
{
    const struct cover *cover = lint->reached->cover;
    uint64_t matched = reached_rule(lint->reached, rule)->matched;
    struct buf text = {0};
    struct bytes at = {0};
    size_t missed = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_missed(cover, rule, &items[i]) || ++missed > MOST)
            continue;
        at = missed == 1 ? items[i].at : at;
        buf_add(&text, missed > 1 ? B(", ") : B(""));
        add_phrase(&text, &items[i]);
    }
    if (missed > MOST)
        buf_cat(&text, B(", and "), NUM(missed - MOST), B(" more"));
    if (missed > 0)
        lint_tell(lint, rule, at, buf_bytes(&text), matched > 0 ? B("; ") : B(""),
                  matched > 0 ? words_lines(&lint->arena, matched) : B(""),
                  matched > 1    ? B(" match")
                  : matched == 1 ? B(" matches")
                                 : B(""));
    buf_free(&text);
}

static void look(struct lint *lint, const struct rule_file *file)
{
    const struct cover_items *items = cover_items_of(lint->reached->cover, file);
    for (size_t i = 0, end; i < items->count; i = end) {
        size_t id = items->items[i].rule;
        const struct rule *rule = file->rules[id];
        for (end = i; end < items->count && items->items[end].rule == id;)
            end++;
        if (rule->type->patterns == 0 || reached_rule(lint->reached, rule)->matched > 0)
            look_at_rule(lint, rule, &items->items[i], end - i);
    }
}

const struct lint_check check_branch_never_taken = {
    .name = "branch-never-taken",
    .level = LINT_NOTE,
    .of_log = true,
    .summary = "Actions of a rule that matches do not run with this log",
    .file = look,
};
