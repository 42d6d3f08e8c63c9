/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A context without actions at its end that nobody asks for.  Each name is reported once.  One slip
 * away from a name that the same action list uses it is misspelt: a warning. */
#include "base/slips.h"
#include "lint/checks.h"
#include "lint/facts.h"

#include "base/table.h"

static bool is_made_by(const struct fact *fact, const char *action)
{
    return fact->spot.action && strcmp(fact->spot.action->type->name, action) == 0;
}

/* Those of inputs and commands are for others to see.  No action: rem=events:. */
static bool is_own(const struct fact *fact)
{
    return !fact->spot.action || is_made_by(fact, "create") || is_made_by(fact, "add") ||
           is_made_by(fact, "prepend") || is_made_by(fact, "fill");
}

static bool acts_at_its_end(const struct fact *fact)
{
    return is_made_by(fact, "create") && fact->spot.action->args[2].list->count > 0;
}

static bool has_digit(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]))
            return true;
    return false;
}

/* The one name of the same list that a single slip makes of this one; "": none, or several.  Names
 * with numbers are meant to be alike. */
static struct bytes misspelt(const struct lint *lint, const struct fact *fact)
{
    enum { NAME_LEAST = 5 }; /* of shorter ones each is near another */
    const struct fact_list *asked = facts_of(lint->facts, FACT_CONTEXT_ASKED);
    struct bytes near = B("");
    if (fact->text.len < NAME_LEAST || has_digit(fact->name.before))
        return near;
    const struct rule *rule = fact->spot.rule;
    for (size_t i = facts_begin(asked, rule); i < asked->count && asked->items[i].spot.rule == rule;
         i++) {
        const struct fact *other = &asked->items[i];
        if (other->spot.list != fact->spot.list || bytes_eq(other->text, near) ||
            slips_between(other->text, fact->text) != 1)
            continue;
        if (near.len > 0)
            return B("");
        near = other->text;
    }
    return near;
}

static void tell(struct lint *lint, const struct fact *fact)
{
    struct lint_finding *found =
        lint_tell(lint, fact->spot.rule, fact->at, B("nothing uses the context '"), fact->text,
                  is_made_by(fact, "create") ? B("', and nothing happens when it ends")
                                             : B("': what is collected in it is never read"));
    struct bytes nearest = misspelt(lint, fact);
    if (nearest.len > 0)
        found->level = LINT_WARNING;
    else if (!fact->name.open)
        nearest = facts_nearest(lint->facts, FACT_CONTEXT_ASKED, fact->name.before);
    if (nearest.len > 0)
        lint_hint(lint, found, SLIPS_ASK(B("'"), nearest, B("', which is used")));
}

static struct bytes fact_text(const void *entry)
{
    return ((const struct fact *)entry)->text;
}

static void look(struct lint *lint)
{
    const struct fact_list *made = facts_of(lint->facts, FACT_CONTEXT_MADE);
    struct wildcards quiet = {0}; /* they act at their end */
    for (size_t i = 0; i < made->count; i++)
        if (acts_at_its_end(&made->items[i]))
            wildcards_add(&quiet, &made->items[i].name);
    wildcards_sort(&quiet);
    struct table told;
    table_init(&told, fact_text);
    for (size_t i = 0; i < made->count; i++) {
        struct fact *fact = &made->items[i];
        if (!is_own(fact) || facts_have(lint->facts, FACT_CONTEXT_ASKED, &fact->name) ||
            wildcards_meeting(&quiet, &fact->name) || table_find(&told, fact->text))
            continue;
        table_insert(&told, fact);
        tell(lint, fact);
    }
    table_free(&told);
    wildcards_free(&quiet);
}

static void look_unless_perl_does(struct lint *lint)
{
    if (!facts_code_may_use(lint->facts, B("context_list")))
        look(lint);
}

const struct lint_check check_context_never_used = {
    .name = "context-never-used",
    .level = LINT_NOTE,
    .summary = "A context is created that nothing uses",
    .set = look_unless_perl_does,
};
