/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With --cost: patterns that are tried on each line, as nothing in them says in which lines they
 * cannot match; and contexts with Perl code before the pattern.  Most rules are only looked at for
 * lines that hold a text of their pattern (match/prefilter.h). */
#include "lint/checks.h"
#include "lint/patterns.h"

struct reason {
    struct bytes what, hint;
};

static bool has_texts(const struct pattern *pattern)
{
    size_t count = 0;
    return pattern->regex && regex_required(pattern->regex, &count) && count > 0;
}

/* Why the pattern is tried on each line; what is empty: it is not. */
static struct reason reason_of(const struct pattern *pattern)
{
    switch (pattern->type) {
    case PATTERN_REGEXP:
        if (has_texts(pattern))
            break;
        return (struct reason){
            B("the pattern has no text that every match contains, so it is tried on every "
              "line"),
            B("add a word of the message to it, in each alternative")};
    case PATTERN_PERLFUNC:
    case PATTERN_NPERLFUNC:
        return (struct reason){B("the Perl code is called for every line"),
                               B("put a RegExp rule before it that skips most lines, with "
                                 "continue=GoTo or a Jump")};
    case PATTERN_NREGEXP:
        return (struct reason){B("a negated regular expression is tried on every line"),
                               B("a context in brackets, context=[...], is evaluated before it")};
    default:
        break;
    }
    return (struct reason){B(""), B("")};
}

static void tell(struct lint *lint, const struct rule *rule, struct bytes at,
                 const struct reason *reason)
{
    struct lint_finding *found = lint_tell(lint, rule, at, reason->what);
    found->asked = true;
    lint_hint(lint, found, reason->hint);
}

static void look_at_pattern(struct lint *lint, const struct rule *rule,
                            const struct lint_pattern *found)
{
    static const struct reason code_first = {
        B("the context is Perl code that runs for every line"),
        B("without the brackets it runs only when the pattern matches")};
    const struct part *part = &rule->parts[found->part];
    bool second = rule->type->patterns == 2 && found->part == 1;
    if (second) /* only tried while a first one waits */
        return;
    struct reason reason = reason_of(found->pattern);
    if (part->context_first && part->context && part->context->may_act)
        tell(lint, rule, part->context->items[0].source, &code_first);
    else if (!part->context_first && reason.what.len > 0)
        tell(lint, rule, found->text, &reason);
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (lint->options->cost && patterns_next(rule, &text, &found))
        look_at_pattern(lint, rule, &found);
}

const struct lint_check check_always_looked_at = {
    .name = "always-looked-at",
    .level = LINT_NOTE,
    .summary = "With --cost: a pattern that is tried on every line",
    .rule = look,
};
