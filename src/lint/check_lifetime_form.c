/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lifetime of a context that is no number ("create X 1h": nothing is created), and a number where
 * the name should be ("create 60"). */
#include "lint/checks.h"
#include "lint/facts.h"

static bool is_action(const struct action *action, const char *name)
{
    return strcmp(action->type->name, name) == 0;
}

static bool is_number(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* "1h", "30min" in seconds; 0: it is nothing of that kind. */
static uint64_t seconds_of(struct bytes text)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = {{"s", 1},       {"sec", 1},       {"m", 60},           {"min", 60},
                 {"h", 60 * 60}, {"d", 24 * 3600}, {"w", 7 * 24 * 3600}};
    uint64_t number = 0;
    size_t at = 0;
    while (at < text.len && at < 9 && is_digit(text.ptr[at]))
        number = number * 10 + (uint64_t)(text.ptr[at++] - '0');
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (bytes_ieq(bytes_from(text, at), bytes_of(units[i].unit)))
            return number * units[i].seconds;
    return 0;
}

static void look_at_lifetime(struct lint *lint, const struct visit_spot *spot)
{
    const struct arg *lifetime = &spot->action->args[1];
    struct bytes text = bytes_trim(lifetime->text->text);
    bool creates = is_action(spot->action, "create");
    if (!template_constant(lifetime->text) || is_number(text) ||
        (!creates && bytes_eq(text, B("-"))))
        return;
    struct lint_finding *found =
        lint_tell(lint, spot->rule, lifetime->source, B("the lifetime '"), text,
                  B("' is not a number of seconds, so "),
                  creates ? B("no context is created") : B("nothing is changed"));
    uint64_t seconds = seconds_of(text);
    if (seconds > 0)
        lint_hint(lint, found, B("write "), NUM(seconds));
    else
        lint_hint(lint, found, B("write seconds, or nothing for a context without an end"));
}

/* Unless something asks for a context of that name. */
static void look_at_name(struct lint *lint, const struct visit_spot *spot)
{
    const struct arg *name = &spot->action->args[0];
    const struct wildcard known = wildcard_name(name->text->text);
    if (!template_constant(name->text) || !is_number(name->text->text) ||
        facts_have(lint->facts, FACT_CONTEXT_ASKED, &known))
        return;
    struct lint_finding *found =
        lint_tell(lint, spot->rule, name->source, B("this creates a context with the name '"),
                  name->text->text, B("', which has no end"));
    lint_hint(lint, found, B("the name comes first: create NAME "), name->text->text);
}

static void look_at_action(void *arg, const struct visit_spot *spot)
{
    const struct action *action = spot->action;
    bool creates = is_action(action, "create");
    if (!creates && !is_action(action, "set"))
        return;
    if (action->args[1].source.len > 0)
        look_at_lifetime(arg, spot);
    else if (creates && action->args[0].source.len > 0)
        look_at_name(arg, spot);
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct visitor visitor = {.arg = lint, .action = look_at_action};
    visit_rule(rule, &visitor);
}

const struct lint_check check_lifetime_form = {
    .name = "lifetime-form",
    .level = LINT_WARNING,
    .summary = "A context's lifetime that is not a number of seconds",
    .rule = look,
};
