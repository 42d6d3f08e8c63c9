/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A context that is asked for and that nothing creates.  Each name is reported once, where it is
 * first asked for.  Without --input, a name that only expressions have may be that of an input: a
 * note. */
#include "lint/checks.h"
#include "lint/facts.h"
#include "lint/refused.h"

#include "base/table.h"

/* A name that is made nowhere. */
struct missing {
    struct bytes text;
    const struct fact *first;
    size_t places;
    bool acted_on; /* by actions that work on no input's context */
    struct missing *next;
};

struct search {
    struct lint *lint;
    struct table table;
    struct missing *found, **last;
};

static struct bytes missing_text(const void *entry)
{
    return ((const struct missing *)entry)->text;
}

static void note(struct search *search, const struct fact *fact)
{
    struct missing *missing = table_find(&search->table, fact->text);
    if (!missing) {
        missing = arena_zalloc(&search->lint->arena, sizeof(*missing));
        *missing = (struct missing){.text = fact->text, .first = fact};
        table_insert(&search->table, missing);
        *search->last = missing;
        search->last = &missing->next;
    }
    const struct action *action = fact->spot.action;
    missing->places++;
    missing->acted_on |= action && strcmp(action->type->name, "exists") != 0;
}

static bool is_action(const struct fact *fact, const char *name)
{
    return fact->spot.action && strcmp(fact->spot.action->type->name, name) == 0;
}

/* What it means at its first place. */
static struct bytes meaning(struct lint *lint, const struct fact *fact)
{
    const struct action *action = fact->spot.action;
    if (!action)
        return fact->spot.negated ? B(", so this is always true") : B(", so this is never true");
    if (is_action(fact, "exists"))
        return B(", so 'exists' always returns 0");
    return arena_cat(&lint->arena, B(", so '"), bytes_of(action->type->name),
                     B("' has nothing to work on"));
}

static void add_hint(struct lint *lint, struct lint_finding *found, const struct missing *missing)
{
    const struct fact *fact = missing->first;
    if (lint_hint_nearest(lint, found, facts_nearest_to(lint->facts, FACT_CONTEXT_MADE, fact)))
        return;
    if (is_action(fact, "set")) {
        lint_hint(lint, found, B("set only changes an existing context; use create"));
        return;
    }
    if (is_action(fact, "delete") && missing->places == 1) {
        lint_hint(lint, found, B("leave the delete out, or create the context where it is needed"));
        return;
    }
    bool may_be_input = !fact->name.open && !missing->acted_on;
    if (!may_be_input || facts_inputs_known(lint->facts)) {
        lint_hint(lint, found, B("contexts are created by create, add, prepend, fill and alias"));
        return;
    }
    found->level = LINT_NOTE;
    lint_hint(lint, found, B("if it is the context of an input, add --input=FILE="), missing->text);
}

static void tell(struct lint *lint, const struct missing *missing)
{
    const struct fact *fact = missing->first;
    struct bytes more = B("");
    if (missing->places > 1)
        more = arena_cat(&lint->arena, B(" (used in "), NUM(missing->places), B(" places)"));
    struct lint_finding *found =
        lint_tell(lint, fact->spot.rule, fact->at, B("no rule creates the context '"),
                  missing->text, B("'"), meaning(lint, fact), more);
    add_hint(lint, found, missing);
}

/* With a variable that is plain text: the check no-such-group tells it. */
static bool was_to_be_open(const struct wildcard *name)
{
    return !name->open && bytes_chr(name->before, '$', 0) >= 0;
}

static void look(struct lint *lint)
{
    const struct fact_list *asked = facts_of(lint->facts, FACT_CONTEXT_ASKED);
    if (asked->count == 0 || facts_code_may_use(lint->facts, B("context_list")))
        return;
    struct search search = {.lint = lint, .last = &search.found};
    table_init(&search.table, missing_text);
    for (size_t i = 0; i < asked->count; i++)
        if (!facts_have(lint->facts, FACT_CONTEXT_MADE, &asked->items[i].name) &&
            !was_to_be_open(&asked->items[i].name))
            note(&search, &asked->items[i]);
    for (const struct missing *missing = search.found; missing; missing = missing->next)
        if (!refused_creates(lint, &missing->first->name))
            tell(lint, missing);
    table_free(&search.table);
}

const struct lint_check check_context_never_made = {
    .name = "context-never-made",
    .level = LINT_WARNING,
    .summary = "A context is used that no rule creates",
    .set = look,
};
