/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/preconditions.h"

#include "lint/facts.h"
#include "lint/refused.h"
#include "lint/tried.h"

enum { TRIED_MAX = 1000 * 1000 };

/* -- Earlier rules -- */

/* The part that takes the line for sure; NULL: none is known to. */
static const struct part *taking(const struct rule *rule, struct bytes line)
{
    size_t count = rule->type->numbered ? rule->part_count : rule->type->patterns > 0;
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &rule->parts[i];
        if (part->context || !tried_pattern(&part->pattern))
            return NULL;
        if (tried_matches(&part->pattern, line))
            return part;
    }
    return NULL;
}

bool precondition_line_taken(struct lint *lint, const struct rule *rule, struct bytes line)
{
    for (int64_t i = 0, next; i < rule->id && lint->tried < TRIED_MAX; i = next) {
        const struct part *part = taking(rule->file->rules[i], line);
        lint->tried++;
        next = part ? part->next : i + 1;
        if (next == RULE_END || next > rule->id)
            return true;
    }
    return false;
}

/* May this part end the way of the line to the rule with that number? */
static bool may_take(const struct part *part, int64_t id, struct bytes line)
{
    bool goes_on = part->next <= id && part->next != RULE_END;
    return !goes_on && (!tried_pattern(&part->pattern) || tried_matches(&part->pattern, line));
}

bool precondition_line_comes(const struct rule *rule, struct bytes line, size_t *budget)
{
    if ((size_t)rule->id > *budget)
        return false;
    *budget -= (size_t)rule->id;
    for (int64_t i = 0; i < rule->id; i++) {
        const struct rule *earlier = rule->file->rules[i];
        for (size_t k = 0; earlier->type->patterns > 0 && k < earlier->part_count; k++)
            if (may_take(&earlier->parts[k], rule->id, line))
                return false;
    }
    return true;
}

/* -- Contexts -- */

/* Is it created by a refused rule, and else only by rules that could happen to give such a name?
 * What "LOG_$1" and "LOG_PORT_$1" create may be the same, but is not meant to be. */
static bool was_refused(const struct lint *lint, const struct wildcard *name)
{
    const struct fact_list *made = facts_of(lint->facts, FACT_CONTEXT_MADE);
    if (!name->open || name->before.len == 0 || !refused_creates(lint, name))
        return false;
    for (size_t i = 0; i < made->count; i++)
        if (bytes_starts(made->items[i].name.before, name->before))
            return false;
    return true;
}

/* Those of inputs are known with --input alone. */
static bool is_missing(const struct lint *lint, const struct template *text)
{
    const struct wildcard name = wildcard_of(text);
    return (name.open || facts_inputs_known(lint->facts)) &&
           (!facts_have(lint->facts, FACT_CONTEXT_MADE, &name) || was_refused(lint, &name)) &&
           !facts_code_may_use(lint->facts, B("context_list"));
}

/* Must a context be there, of these that are missing or (lint NULL) of any? */
static bool demands(const struct lint *lint, const struct context_expr *expr)
{
    bool found = false;
    for (size_t i = 0; expr && i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        if (item->op == EXPR_OR)
            return false;
        if (i + 1 < expr->count && expr->items[i + 1].op == EXPR_NOT)
            continue;
        found |= item->op == EXPR_OPERAND && (!lint || is_missing(lint, item->text));
        found |= item->op == EXPR_GROUP && demands(lint, item->group);
    }
    return found;
}

bool precondition_never_holds(const struct lint *lint, const struct context_expr *context)
{
    return demands(lint, context);
}

/* -- What else it takes -- */

static struct bytes ordinal(struct lint *lint, int64_t n)
{
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    bool teen = n / 10 % 10 == 1;
    return arena_cat(&lint->arena, NUM(n), bytes_of(ends[teen || n % 10 > 3 ? 0 : n % 10]));
}

static bool is_type(const struct rule *rule, const char *keyword)
{
    return strcmp(rule->type->keyword, keyword) == 0;
}

static struct bytes needs_of_type(struct lint *lint, const struct visit_spot *spot)
{
    const struct rule *rule = spot->rule;
    bool second = strcmp(spot->field->name, "action2") == 0;
    bool counts = is_type(rule, "SINGLEWITHTHRESHOLD") || is_type(rule, "SINGLEWITH2THRESHOLDS");
    if (counts && second)
        return arena_cat(&lint->arena, B(" once "), NUM(rule->threshold), B(" of them within "),
                         NUM(rule->window), B(" s are followed by at most "), NUM(rule->threshold2),
                         B(" within "), NUM(rule->window2), B(" s"));
    if (counts && rule->threshold > 1)
        return arena_cat(&lint->arena, B(" as the "), ordinal(lint, rule->threshold),
                         B(" such line within "), NUM(rule->window), B(" s"));
    if (is_type(rule, "PAIRWITHWINDOW") && !second)
        return arena_cat(&lint->arena, B(" if no line of pattern2 follows within "),
                         NUM(rule->window), B(" s"));
    if (rule->type->patterns == 2 && !rule->type->numbered && second)
        return B(" after a line that matches the first pattern");
    if (rule->type->numbered && strcmp(spot->field->name, "action") == 0)
        return B(" when the thresholds are reached");
    if (strcmp(spot->field->name, "end") == 0 || strcmp(spot->field->name, "slide") == 0)
        return arena_cat(&lint->arena, B(" when the window "),
                         *spot->field->name == 'e' ? B("ends") : B("slides"));
    if (rule->script && spot->action)
        return second ? B(" if the script fails") : B(" if the script exits with 0");
    return B("");
}

struct bytes precondition_words(struct lint *lint, const struct visit_spot *spot,
                                const struct action *around)
{
    struct bytes needs = needs_of_type(lint, spot);
    if (spot->rule->file->jump_only)
        needs = arena_cat(&lint->arena, needs, B(" if a Jump rule sends it here"));
    const struct part *part =
        spot->part < spot->rule->part_count ? &spot->rule->parts[spot->part] : NULL;
    if (around && strcmp(around->type->name, "if") != 0 && strcmp(around->type->name, "while") != 0)
        return B(" when the context ends");
    if (needs.len == 0 && part && demands(NULL, part->context))
        return B(" where the rule's context holds");
    return needs;
}
