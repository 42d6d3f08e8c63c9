/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Pair whose first pattern takes the lines that its second one is for: a line that matches the
 * first is not tried against the second, so it begins where it ought to end.  Equal patterns are
 * told as they are; else a line is made for the second pattern and tried against the first. */
#include "lint/checks.h"
#include "lint/tried.h"

#include "lang/rule_text.h"

static bool is_same(const struct rule *rule)
{
    const struct pattern *first = &rule->parts[0].pattern, *second = &rule->parts[1].pattern;
    return first->type == second->type && first->lines == second->lines &&
           first->type != PATTERN_TVALUE && !rule->pattern2_open &&
           bytes_eq(first->text, second->text);
}

/* A line for the second pattern, of a pair that began with such a line. */
static bool second_line(const struct rule *rule, struct bytes begun, struct arena *arena,
                        struct bytes *line)
{
    struct pattern second = rule->parts[1].pattern;
    struct buf text = {0}, error = {0};
    struct sample sample;
    bool open = rule->pattern2_open;
    bool made = !rule->pattern2_text || tried_fill(rule, rule->pattern2_text, begun, open, &text);
    if (made && rule->pattern2_text)
        second.text = arena_bytes(arena, buf_bytes(&text));
    if (made && open)
        made = regex_compile(second.text, &second.regex, &error);
    bool found = made && tried_pattern(&second) && sample_line(&second, NULL, arena, &sample);
    if (found)
        *line = arena_bytes(arena, sample.line);
    if (made && open)
        regex_free(second.regex);
    buf_free(&text);
    buf_free(&error);
    return found;
}

static struct lint_finding *tell(struct lint *lint, const struct rule *rule)
{
    struct keyword pattern2 = {0};
    (void)rule_keyword(rule, B("pattern2"), &pattern2);
    struct lint_finding *found = lint_tell(
        lint, rule, pattern2.value,
        is_same(rule)
            ? B("pattern2 is never tried: it is the same as pattern, which takes the line first")
            : B("pattern takes lines meant for pattern2, which is then not tried"));
    lint_hint(lint, found,
              B("make pattern narrower: a line that matches it starts a pair, and never ends one"));
    return found;
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct sample begun;
    struct bytes line;
    if (rule->type->patterns != 2 || rule->parts[0].context)
        return;
    const struct pattern *first = &rule->parts[0].pattern;
    if (is_same(rule))
        tell(lint, rule);
    else if (tried_pattern(first) && sample_line(first, NULL, &lint->arena, &begun) &&
             second_line(rule, begun.line, &lint->arena, &line) && sample_matches(first, line))
        lint_witness(lint, tell(lint, rule), line, B("is meant for pattern2, but matches pattern"));
}

const struct lint_check check_pair_never_ends = {
    .name = "pair-never-ends",
    .level = LINT_WARNING,
    .summary = "A Pair's first pattern takes the lines meant for the second",
    .rule = look,
};
