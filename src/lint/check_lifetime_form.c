/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lifetime of a context that is not a number ("create X 1h": nothing is created), also when it is
 * the value of a variable ("assign %life 1h"); a number where the name should be ("create 60"). */
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

static bool has_lifetime(const struct action *action)
{
    return is_action(action, "create") || is_action(action, "set");
}

/* The first action whose lifetime is the variable. */
struct user {
    uint32_t variable;
    struct visit_spot spot; /* no action: there is none */
};

static void look_for_user(void *arg, const struct visit_spot *spot)
{
    struct user *user = arg;
    if (user->spot.action || !has_lifetime(spot->action))
        return;
    const struct template *text = spot->action->args[1].text;
    if (text->count == 1 && !text->spliced && text->segments[0].kind == SEG_VARIABLE &&
        text->segments[0].index == user->variable)
        user->spot = *spot;
}

/* "assign %life 1d" and "create X %life", in any file. */
static void look_at_assign(struct lint *lint, const struct visit_spot *spot)
{
    const struct arg *value = &spot->action->args[1];
    struct bytes text = bytes_trim(value->text->text);
    uint64_t seconds = template_constant(value->text) ? seconds_of(text) : 0;
    if (seconds == 0)
        return;
    struct user user = {.variable = spot->action->args[0].variable};
    const struct visitor visitor = {.arg = &user, .action = look_for_user};
    visit_set(lint->set, &visitor);
    if (!user.spot.action)
        return;
    const struct rule *rule = user.spot.rule;
    bool creates = is_action(user.spot.action, "create");
    struct lint_finding *found =
        lint_tell(lint, spot->rule, value->source, B("the lifetime '"), text,
                  B("' is not a number of seconds, so the rule at "), rule->file->name, B(":"),
                  NUM(rule->line), creates ? B(" creates no context") : B(" changes nothing"));
    lint_hint(lint, found, B("write "), NUM(seconds));
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
    if (is_action(action, "assign"))
        look_at_assign(arg, spot);
    if (!has_lifetime(action))
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
