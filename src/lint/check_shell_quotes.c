/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command with a quote that nothing closes: the shell refuses it.
 *
 * The command is read as the rule has it, with variables as plain letters; where one of them may
 * hold the closing quote, nothing is told. */
#include "lint/checks.h"
#include "lint/embedded.h"
#include "lint/facts.h"
#include "lint/groups.h"
#include "lint/patterns.h"
#include "lint/shell.h"
#include "witness/sample.h"

enum { DEPTH_MAX = 5 }; /* variables in variables */

/* -- What variables hold -- */

struct look {
    struct lint *lint;
    const struct rule *rule;
    char close; /* the byte in question */
};

static bool may_hold(const struct look *look, const struct template *text, unsigned depth);

static bool has(const struct look *look, struct bytes text)
{
    return bytes_chr(text, look->close, 0) >= 0;
}

/* A group holds it where the pattern has it, or where code makes the groups. */
static bool match_may_hold(const struct look *look, const struct var_key *key)
{
    if (key->kind == KEY_CACHE)
        return true;
    for (size_t i = 0; i < look->rule->part_count; i++) {
        const struct pattern *pattern = &look->rule->parts[i].pattern;
        if (!(pattern_is_regexp(pattern) || pattern_is_substring(pattern)) ||
            has(look, pattern->text))
            return true;
    }
    return false;
}

static bool set_may_hold(const struct look *look, const struct fact *fact, unsigned depth)
{
    for (; fact; fact = fact->same) {
        const struct action *action = fact->spot.action;
        bool assigns = strncmp(action->type->name, "assign", 6) == 0;
        struct look there = {look->lint, fact->spot.rule, look->close};
        if (!assigns || may_hold(&there, action->args[1].text, depth))
            return true;
    }
    return false;
}

static bool variable_may_hold(const struct look *look, uint32_t id, unsigned depth)
{
    struct engine *engine = look->lint->engine;
    struct bytes name = names_text(engine->rules.parse_env.names, id);
    if (!facts_predefined(look->lint->facts, id))
        return set_may_hold(look, facts_first(look->lint->facts, FACT_VARIABLE_SET, name), depth);
    return bytes_starts(name, B(".chr"));
}

static bool may_hold(const struct look *look, const struct template *text, unsigned depth)
{
    if (text->spliced || depth > DEPTH_MAX)
        return true;
    for (uint32_t i = 0; i < text->count; i++) {
        const struct segment *segment = &text->segments[i];
        if (segment->kind == SEG_TEXT && has(look, segment->text))
            return true;
        if (segment->kind == SEG_MATCH &&
            match_may_hold(look, &look->rule->keys.keys[segment->index]))
            return true;
        if (segment_is_desc(segment)
                ? !look->rule->desc || may_hold(look, look->rule->desc, depth + 1)
                : segment->kind == SEG_VARIABLE &&
                      variable_may_hold(look, segment->index, depth + 1))
            return true;
    }
    return false;
}

/* Can the group hold it?  Then a line that has it makes the command whole. */
static bool group_may_hold(const struct look *look, const struct var_key *key)
{
    struct sample sample;
    for (size_t i = 0; i < look->rule->part_count; i++) {
        const struct part *part = &look->rule->parts[i];
        struct sample_wish wish = {.text = bytes_make(&look->close, 1)};
        if (groups_filling(part, key, &wish.group) > 0 &&
            sample_line(&part->pattern, &wish, &look->lint->arena, &sample))
            return true;
    }
    return false;
}

static bool line_may_hold(const struct look *look, const struct template *text)
{
    const struct template *desc = text != look->rule->desc ? look->rule->desc : NULL;
    for (uint32_t i = 0; i < text->count; i++) {
        const struct segment *segment = &text->segments[i];
        if (segment->kind == SEG_MATCH
                ? group_may_hold(look, &look->rule->keys.keys[segment->index])
                : desc && segment_is_desc(segment) && line_may_hold(look, desc))
            return true;
    }
    return false;
}

/* -- Findings -- */

static bool is_odd(struct bytes text, char c)
{
    bool odd = false;
    for (size_t i = 0; i < text.len; i++)
        odd ^= text.ptr[i] == c;
    return odd;
}

/* Does a semicolon end the action before its quote is closed? */
static bool is_cut(const struct visit_spot *spot, char close)
{
    const struct action_list *list = spot->list;
    for (size_t i = 0; list && i + 1 < list->count; i++)
        if (list->actions[i] == spot->action)
            return is_odd(list->actions[i + 1]->source, close);
    return false;
}

static void add_hint(struct lint *lint, struct lint_finding *found, const struct visit_spot *spot,
                     struct bytes rest, char close)
{
    struct bytes closing = bytes_make(&close, 1);
    bool quote = close == '\'' || close == '"';
    struct bytes other = close == '"' ? B("'") : B("\"");
    if (is_cut(spot, close))
        lint_hint(lint, found,
                  B("the action ends at the semicolon: put the whole command in parentheses"));
    else if (quote && is_odd(rest, *other.ptr))
        lint_hint(lint, found, B("there is a lone "), other,
                  B(" after it: use the same quote at both ends"));
    else if (quote)
        lint_hint(lint, found, B("close it, or write \\"), closing, B(" for a literal one"));
    else
        lint_hint(lint, found, B("close it with "), closing);
}

static void look_at(struct lint *lint, const struct visit_spot *spot, const struct template *text)
{
    size_t open = 0;
    if (bytes_find(text->text, B("$'"), 0) >= 0 || shell_syntax(text->text, &open) != SHELL_OPEN)
        return;
    struct bytes rest = bytes_from(text->text, open);
    struct bytes opened = bytes_slice(rest, 0, *rest.ptr == '$' ? 2 : 1);
    char last = opened.ptr[opened.len - 1];
    struct look look = {lint, spot->rule, (char)(last == '(' ? ')' : last == '{' ? '}' : last)};
    for (uint32_t i = 0; i < text->count; i++) {
        struct template one = {.count = 1, .segments = &text->segments[i]};
        if (one.segments->kind != SEG_TEXT && may_hold(&look, &one, 0))
            return;
    }
    if (text->spliced)
        return;
    struct lint_finding *found =
        lint_tell(lint, spot->rule, template_place(text, opened), B("the "), opened,
                  B(" is never closed: the shell refuses this command"),
                  line_may_hold(&look, text) ? B(", unless text from the line closes it") : B(""));
    add_hint(lint, found, spot, bytes_from(rest, opened.len), look.close);
    found->cause = arena_cat(&lint->arena, found->text, B("\n"), found->hint);
}

static void hear_action(void *arg, const struct visit_spot *spot)
{
    const struct embedded *embedded = embedded_in(spot->action);
    if (embedded && embedded->language == EMBEDDED_SHELL)
        look_at(arg, spot, spot->action->args[embedded->arg].text);
}

static void hear_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    if (text == spot->rule->script)
        look_at(arg, spot, text);
}

static void look_at_rule(struct lint *lint, const struct rule *rule)
{
    visit_rule(rule, &(struct visitor){.arg = lint, .action = hear_action, .text = hear_text});
}

const struct lint_check check_shell_quotes = {
    .name = "shell-quotes",
    .level = LINT_WARNING,
    .summary = "A command with a quote that is not closed, which the shell refuses",
    .rule = look_at_rule,
};
