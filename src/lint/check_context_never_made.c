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
    size_t deletes; /* of those */
    bool acted_on;  /* by actions that work on no input's context */
    struct missing *next;
};

enum { LOOKS_MAX = 100 }; /* at the comments of a file */

struct search {
    struct lint *lint;
    size_t looks;
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
    missing->deletes += action && strcmp(action->type->name, "delete") == 0;
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

/* Does the name that goes on after an action's word meet this one?  "create SEEN_%1_%2 ;" */
static bool creates(struct bytes rest, const struct wildcard *name)
{
    static const char *const actions[] = {"create", "add", "prepend", "fill", "alias"};
    struct bytes word, text = B("");
    bool makes = false;
    if (!bytes_word(&rest, &word))
        return false;
    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
        makes |= bytes_eq(word, bytes_of(actions[i]));
    bool other = bytes_eq(word, B("alias")); /* the new name comes after the old one */
    if (!makes || !bytes_word(&rest, &text) || (other && !bytes_word(&rest, &text)))
        return false;
    while (text.len > 0 && strchr(";)\\", text.ptr[text.len - 1]))
        text = bytes_slice(text, 0, text.len - 1);
    return name->open ? name->before.len > 2 && bytes_starts(text, name->before)
                      : bytes_eq(text, name->before);
}

/* Of a rule that is a comment: an action list, or a line of one that goes on. */
static bool is_list(struct bytes line, bool goes_on)
{
    while (bytes_starts(line, B("#")))
        line = bytes_trim(bytes_from(line, 1));
    return goes_on || bytes_starts(line, B("action")) || bytes_ends(line, B("\\"));
}

/* The line of a comment that creates it: "#action=create SEEN_$1"; 0: there is none. */
static size_t commented(const struct rule_file *file, const struct wildcard *name)
{
    struct bytes text = file->source.text, line;
    bool goes_on = false;
    for (size_t number = 1; bytes_piece(&text, '\n', &line); number++) {
        line = bytes_trim(line);
        bool list = bytes_starts(line, B("#")) && is_list(line, goes_on);
        for (size_t i = 1; list && i < line.len; i++)
            if (!is_word(line.ptr[i - 1]) && creates(bytes_from(line, i), name))
                return number;
        goes_on = list && bytes_ends(line, B("\\"));
    }
    return 0;
}

static void add_hint(struct search *search, struct lint_finding *found,
                     const struct missing *missing)
{
    struct lint *lint = search->lint;
    const struct fact *fact = missing->first;
    if (lint_hint_nearest(lint, found, facts_nearest_to(lint->facts, FACT_CONTEXT_MADE, fact)))
        return;
    if (missing->deletes == missing->places)
        found->level = LINT_NOTE; /* a line in SEC's own log is all that comes of it */
    size_t line = search->looks++ < LOOKS_MAX ? commented(fact->spot.rule->file, &fact->name) : 0;
    if (line > 0) {
        lint_hint(lint, found, B("what creates it is commented out at line "), NUM(line));
        return;
    }
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

static void tell(struct search *search, const struct missing *missing)
{
    struct lint *lint = search->lint;
    const struct fact *fact = missing->first;
    struct bytes more = B("");
    if (missing->places > 1)
        more = arena_cat(&lint->arena, B(" (used in "), NUM(missing->places), B(" places)"));
    struct lint_finding *found =
        lint_tell(lint, fact->spot.rule, fact->at, B("no rule creates the context '"),
                  missing->text, B("'"), meaning(lint, fact), more);
    add_hint(search, found, missing);
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
            tell(&search, missing);
    table_free(&search.table);
}

const struct lint_check check_context_never_made = {
    .name = "context-never-made",
    .level = LINT_WARNING,
    .summary = "A context is used that no rule creates",
    .set = look,
};
