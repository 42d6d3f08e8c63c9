/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A regular expression that a short line keeps busy for a long time. */
#include "lint/checks.h"
#include "lint/patterns.h"
#include "witness/slow.h"

static struct bytes piece(const struct lint_pattern *pattern, const struct node *node)
{
    return bytes_slice(pattern->text, node->from, node->to);
}

/* ".*, \S+ and .*": each once. */
static struct bytes repeats(struct lint *lint, const struct lint_pattern *pattern,
                            const struct pump *pump)
{
    struct bytes each[PUMP_PIECES], all = B("");
    size_t count = 0;
    for (size_t i = 0; i < pump->loop_count; i++) {
        bool known = false;
        each[count] = piece(pattern, pump->loops[i].node);
        for (size_t k = 0; k < count; k++)
            known |= bytes_eq(each[k], each[count]);
        count += !known;
    }
    for (size_t i = 0; i < count; i++)
        all = arena_cat(&lint->arena, all,
                        i == 0           ? B("")
                        : i + 1 == count ? B(" and ")
                                         : B(", "),
                        each[i]);
    return count > 1 ? all : arena_cat(&lint->arena, B("several "), all);
}

static void add_hint(struct lint *lint, struct lint_finding *found,
                     const struct lint_pattern *pattern, const struct slow *slow,
                     struct arena *arena)
{
    struct bytes quicker = slow_quicker(slow, arena);
    if (quicker.len > 0)
        lint_hint(lint, found, B("this one was tried and is fast: "), quicker);
    else if (slow->pump.loop_count == 0)
        lint_hint(lint, found, piece(pattern, slow->pump.first),
                  B(" can split the same text in many ways: make each repetition begin or end with "
                    "a character that is nowhere else in it"));
    else
        lint_hint(lint, found, repeats(lint, pattern, &slow->pump),
                  B(" can divide the same text in many ways: narrow each one so that it cannot "
                    "match past the character that follows it"));
}

static void tell(struct lint *lint, const struct rule *rule, const struct lint_pattern *pattern,
                 const struct slow *slow, struct arena *arena)
{
    const struct pump *pump = &slow->pump;
    struct buf line = {0};
    struct bytes at = bytes_slice(pattern->text, pump->first->from, pump->last->to);
    struct lint_finding *found =
        lint_tell(lint, rule, at, B("a line can keep this pattern busy for a long time"));
    if (pump->degree == 3)
        found->level = LINT_NOTE;
    add_hint(lint, found, pattern, slow, arena);
    pump_print(pump, slow_times(pump), &line);
    lint_witness(lint, found, buf_bytes(&line),
                 regex_uses_pcre2(slow->regex)
                     ? B("takes PCRE2 more than 1,000,000 steps and Perl more than 0.1 s")
                     : B("takes Perl more than 0.1 s"));
    buf_free(&line);
}

static void stop(struct lint *lint, const struct rule *rule, const struct lint_pattern *pattern)
{
    struct lint_finding *found =
        lint_tell(lint, rule, pattern->text,
                  B("from here on patterns were not tried: too many before them took too long"));
    found->level = LINT_NOTE;
}

static void look_at_rule(struct lint *lint, const struct rule *rule, struct arena *arena,
                         struct slow_costs *costs)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    struct slow slow;
    while (costs->others < SLOW_MAX && patterns_next(rule, &text, &found)) {
        const struct pattern *pattern = found.pattern;
        if (!pattern_is_regexp(pattern) || !pattern->regex)
            continue;
        if (slow_find(pattern->text, pattern->regex, arena, costs, &slow))
            tell(lint, rule, &found, &slow, arena);
        if (costs->others >= SLOW_MAX)
            stop(lint, rule, &found);
        arena_reset(arena);
    }
}

static void look(struct lint *lint)
{
    struct slow_costs costs = {0};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < lint->set->file_count; i++)
        for (size_t k = 0; k < lint->set->files[i]->count; k++)
            look_at_rule(lint, lint->set->files[i]->rules[k], &arena, &costs);
    arena_free(&arena);
}

const struct lint_check check_slow_pattern = {
    .name = "slow-pattern",
    .level = LINT_WARNING,
    .summary = "A regular expression that a short line keeps busy for a long time",
    .set = look,
};
