/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A threshold that its events cannot reach within the window.  Reported where the events are a
 * fixed text that rules make, each of which at most once in so long a time: Calendar rules, and
 * SingleWithSuppress rules with a fixed desc. */
#include "lint/checks.h"
#include "lint/facts.h"

#include "lang/rule_text.h"

/* "^TEXT$" and nothing else. */
static bool fixed_text(const struct pattern *pattern, struct bytes *text)
{
    struct bytes source = pattern->text;
    if (pattern->type != PATTERN_REGEXP || pattern->lines != 1 || source.len < 3 ||
        *source.ptr != '^' || source.ptr[source.len - 1] != '$')
        return false;
    *text = bytes_slice(source, 1, source.len - 1);
    for (size_t i = 0; i < text->len; i++)
        if (!is_word(text->ptr[i]) && !strchr(" :-=,;/", text->ptr[i]))
            return false;
    return true;
}

/* The seconds that are at least between two firings of the rule by this list; 0: nobody knows. */
static int64_t period_of(const struct rule *rule, const struct action_list *list)
{
    if (rule->type->patterns == 0)
        return 60;
    bool suppresses = strcmp(rule->type->name, "SingleWithSuppress") == 0;
    return suppresses && template_constant(rule->desc) && list == rule->action ? rule->window : 0;
}

/* How many of the events can be in a window of so many seconds; INT64_MAX: any number. */
static int64_t most_within(const struct fact *made, int64_t window)
{
    int64_t most = 0;
    for (; made; made = made->same) {
        int64_t period = period_of(made->spot.rule, made->spot.list);
        if (period == 0)
            return INT64_MAX;
        most += window / period + 1;
    }
    return most;
}

static void tell(struct lint *lint, const struct rule *rule, struct bytes text, int64_t most)
{
    struct keyword window = {0};
    (void)rule_keyword(rule, B("window"), &window);
    const struct fact *made = facts_first(lint->facts, FACT_EVENT_MADE, text);
    struct lint_finding *found = lint_tell(
        lint, rule, window.value, B("at most "), NUM(most), B(" event"), PLURAL(most), B(" '"),
        text, most == 1 ? B("' comes within ") : B("' come within "), NUM(rule->window),
        B(" second"), PLURAL(rule->window), B(", and thresh is "), NUM(rule->threshold));
    lint_other(lint, found, made->spot.rule->file, made->at, B("they are created here"));
}

static void look_at_rule(struct lint *lint, const struct rule *rule, const struct wildcards *open)
{
    struct bytes text;
    if (strcmp(rule->type->name, "SingleWithThreshold") != 0 || rule->threshold < 2 ||
        !fixed_text(&rule->parts[0].pattern, &text))
        return;
    const struct wildcard name = wildcard_name(text);
    const struct fact *made = facts_first(lint->facts, FACT_EVENT_MADE, text);
    if (!made || wildcards_meeting(open, &name))
        return;
    int64_t most = most_within(made, rule->window);
    if (most < rule->threshold)
        tell(lint, rule, text, most);
}

static void look(struct lint *lint)
{
    const struct fact_list *made = facts_of(lint->facts, FACT_EVENT_MADE);
    struct wildcards open = {0}; /* events that may have any such text */
    for (size_t i = 0; i < made->count; i++)
        if (made->items[i].name.open)
            wildcards_add(&open, &made->items[i].name);
    wildcards_sort(&open);
    for (size_t i = 0; i < lint->set->file_count; i++)
        for (size_t k = 0; k < lint->set->files[i]->count; k++)
            look_at_rule(lint, lint->set->files[i]->rules[k], &open);
    wildcards_free(&open);
}

const struct lint_check check_window_too_short = {
    .name = "window-too-short",
    .level = LINT_WARNING,
    .summary = "A threshold cannot be reached within its window",
    .set = look,
};
