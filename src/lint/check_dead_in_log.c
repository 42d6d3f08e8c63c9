/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule, or one of its patterns, that no line of the log matches.  Not reported for what waits for
 * SEC's own events, and of patterns that are off (FALSE). */
#include "lang/rule_text.h"
#include "lint/checks.h"
#include "lint/reached.h"
#include "lint/words.h"

static bool asks_for(const struct context_expr *context, struct bytes name)
{
    for (size_t i = 0; context && i < context->count; i++) {
        const struct expr_item *item = &context->items[i];
        bool negated = i + 1 < context->count && item[1].op == EXPR_NOT;
        if (item->op == EXPR_OPERAND && !negated && bytes_eq(item->text->text, name))
            return true;
    }
    return false;
}

/* Such events come at the start, at the end and with signals. */
static bool is_apart(const struct part *part)
{
    const struct pattern *pattern = &part->pattern;
    return (pattern->type == PATTERN_TVALUE && !pattern->truth) ||
           asks_for(part->context, B(CONTEXT_INTERNAL)) ||
           bytes_find(pattern->text, B("SEC_"), 0) >= 0;
}

static struct bytes pattern_name(const struct rule *rule, size_t part, struct buf *room,
                                 struct bytes *place)
{
    struct keyword keyword = {0};
    struct bytes name = numbered_keyword("pattern", part, room);
    rule_keyword(rule, name, &keyword);
    *place = keyword.value;
    return name;
}

/* Why no line matches, as far as it is known. */
static struct bytes reason(struct lint *lint, const struct reached_rule *of)
{
    struct arena *arena = &lint->arena;
    uint64_t all = lint->reached->all;
    if (of->came == 0)
        return arena_cat(arena, B("none of "), words_lines(arena, all), B(" reaches this rule"));
    if (of->no_context > 0)
        return arena_cat(arena, B("the context never holds when the pattern matches: "),
                         words_lines(arena, of->no_context));
    if (of->no_context_first > 0 && of->no_context_first == of->tried)
        return arena_cat(arena, B("the context never holds when the rule is tried: "),
                         words_lines(arena, of->tried));
    return of->came < all
               ? arena_cat(arena, B("no line matches; this rule sees "), NUM(of->came), B(" of "),
                           words_lines(arena, all))
               : arena_cat(arena, B("no line matches; this rule sees "), words_lines(arena, all));
}

static void tell_rule(struct lint *lint, const struct rule *rule, const struct reached_rule *of)
{
    struct buf room = {0};
    struct bytes place;
    pattern_name(rule, 0, &room, &place);
    struct lint_finding *found = lint_tell(lint, rule, place, reason(lint, of));
    if (of->came == 0)
        lint_hint(lint, found, B("earlier rules take every line, or no Jump leads to it"));
    buf_free(&room);
}

static bool is_missed(const struct lint *lint, const struct rule *rule, size_t part)
{
    return cover_hits(lint->reached->cover, &rule->parts[part]) == 0 &&
           !is_apart(&rule->parts[part]);
}

/* It matches, but not with all of its patterns. */
static void tell_parts(struct lint *lint, const struct rule *rule, const struct reached_rule *of)
{
    struct buf room = {0}, names = {0};
    struct bytes place, first = {0};
    size_t count = 0;
    for (size_t i = 0; i < rule->part_count; i++) {
        if (!is_missed(lint, rule, i))
            continue;
        struct bytes name = pattern_name(rule, i, &room, &place);
        buf_cat(&names, count > 0 ? B(" or ") : B(""), name);
        first = count++ == 0 ? place : first;
    }
    if (count > 0)
        lint_tell(lint, rule, first, B("no line matches "), buf_bytes(&names),
                  B("; the rule matches "), words_lines(&lint->arena, of->matched));
    buf_free(&room);
    buf_free(&names);
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct reached_rule *of = reached_rule(lint->reached, rule);
    if (rule->type->patterns == 0 || is_apart(&rule->parts[0]))
        return;
    if (of->matched > 0)
        tell_parts(lint, rule, of);
    else
        tell_rule(lint, rule, of);
}

const struct lint_check check_dead_in_log = {
    .name = "dead-in-log",
    .level = LINT_NOTE,
    .of_log = true,
    .summary = "A rule or a pattern that no line of the log matches",
    .rule = look,
};
