/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Single rule whose event action makes an event that the rule takes itself, or that another such
 * rule takes which makes one for the first: once a line has come, they never rest.
 *
 * It is tried: a line for the pattern, the event that it makes, the event that this one makes, and
 * so on for some rounds.  Rules with contexts, events for later, and events that an earlier rule
 * may take are left alone. */
#include "lint/checks.h"
#include "lint/preconditions.h"
#include "lint/tried.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
    ROUNDS = 3,
    PAIRS_MOST = 250, /* rules with events: more of them are only tried alone */
    BUDGET = 5000000  /* rules that may take an event before, for all findings */
};

/* A rule that makes an event whenever its pattern matches. */
struct feeder {
    const struct rule *rule;
    const struct action *action; /* event, or tevent and cevent with 0 */
    const struct template *event;
};

struct feeders {
    struct feeder *items; /* owned */
    size_t count, room;
    size_t budget;
};

static bool is_now(const struct action *action, size_t argument)
{
    const struct template *delay = action->args[argument].text;
    return template_constant(delay) && bytes_eq(delay->text, B("0"));
}

/* NULL: the action makes no event at once. */
static const struct template *event_of(const struct action *action)
{
    const char *name = action->type->name;
    if (strcmp(name, "event") == 0 && action->args[0].number == 0)
        return action->args[1].text;
    if (strcmp(name, "tevent") == 0 && is_now(action, 0))
        return action->args[1].text;
    if (strcmp(name, "cevent") == 0 && is_now(action, 1))
        return action->args[2].text;
    return NULL;
}

static void add_feeder(struct feeders *feeders, const struct rule *rule)
{
    const struct part *part = &rule->parts[0];
    if (strcmp(rule->type->name, "Single") != 0 || part->context ||
        !tried_pattern(&part->pattern) || rule->file->jump_only)
        return;
    for (size_t i = 0; i < rule->action->count; i++) {
        const struct action *action = rule->action->actions[i];
        const struct template *event = event_of(action);
        if (!event || event->spliced)
            continue;
        MEM_GROW(feeders->items, feeders->count, feeders->room, 16);
        feeders->items[feeders->count++] = (struct feeder){rule, action, event};
        return;
    }
}

/* -- What an event becomes -- */

/* The first event that the rule makes of the line; false: it is not known. */
static bool make_event(struct arena *arena, const struct feeder *feeder, struct bytes line,
                       struct bytes *event)
{
    struct buf out = {0};
    bool made = tried_fill(feeder->rule, feeder->event, line, false, &out);
    struct bytes rest = buf_bytes(&out);
    made = made && bytes_piece(&rest, '\n', event) && event->len > 0;
    if (made)
        *event = arena_bytes(arena, *event);
    buf_free(&out);
    return made;
}

static bool matches(const struct feeder *feeder, struct bytes line)
{
    return sample_matches(&feeder->rule->parts[0].pattern, line);
}

/* Two rules that may be one, and what they make of a line. */
struct cycle {
    const struct feeder *first, *second;
    struct bytes between, back; /* the events of the last round: for the second, for the first */
};

/* Once round; false: it ends here. */
static bool go_round(struct arena *arena, struct cycle *cycle)
{
    if (!make_event(arena, cycle->first, cycle->back, &cycle->between))
        return false;
    cycle->back = cycle->between;
    if (cycle->second != cycle->first &&
        (!matches(cycle->second, cycle->between) ||
         !make_event(arena, cycle->second, cycle->between, &cycle->back)))
        return false;
    return matches(cycle->first, cycle->back);
}

static bool goes_on(struct arena *arena, struct cycle *cycle, size_t *budget)
{
    for (int i = 0; i < ROUNDS; i++)
        if (!go_round(arena, cycle))
            return false;
    return precondition_line_comes(cycle->first->rule, cycle->back, budget) &&
           precondition_line_comes(cycle->second->rule, cycle->between, budget);
}

/* -- The search -- */

static void tell(struct lint *lint, const struct cycle *cycle)
{
    const struct feeder *first = cycle->first, *second = cycle->second;
    bool alone = first == second;
    struct lint_finding *found = lint_tell(
        lint, first->rule, first->action->source,
        alone ? B("the rule matches the event that it creates, and creates it again, forever")
              : B("this event leads to another that the rule matches, and so on forever"));
    lint_witness(lint, found, cycle->back,
                 alone ? B("is an event that the rule creates, and matches itself")
                       : B("comes back to the rule"));
    if (!alone)
        lint_other(lint, found, second->rule->file, second->action->source,
                   B("this rule matches the event and creates one that the first rule matches"));
    lint_hint(lint, found,
              B("with --intcontexts, context=[!_INTERNAL_EVENT] keeps out events that actions "
                "create"));
}

static bool try_cycle(struct lint *lint, struct feeders *feeders, size_t first, size_t second,
                      struct bytes line)
{
    struct cycle cycle = {&feeders->items[first], &feeders->items[second], line, line};
    bool endless = goes_on(&lint->arena, &cycle, &feeders->budget);
    if (endless)
        tell(lint, &cycle);
    return endless;
}

static void try_feeder(struct lint *lint, struct feeders *feeders, size_t at)
{
    struct sample sample;
    if (!sample_line(&feeders->items[at].rule->parts[0].pattern, NULL, &lint->arena, &sample) ||
        try_cycle(lint, feeders, at, at, sample.line))
        return;
    for (size_t i = at + 1; feeders->count <= PAIRS_MOST && i < feeders->count; i++)
        (void)try_cycle(lint, feeders, at, i, sample.line);
}

static void look(struct lint *lint)
{
    struct feeders feeders = {.budget = BUDGET};
    for (size_t i = 0; i < lint->set->file_count; i++)
        for (size_t k = 0; k < lint->set->files[i]->count; k++)
            add_feeder(&feeders, lint->set->files[i]->rules[k]);
    for (size_t i = 0; i < feeders.count; i++)
        try_feeder(lint, &feeders, i);
    free(feeders.items);
}

const struct lint_check check_feeds_itself = {
    .name = "feeds-itself",
    .level = LINT_WARNING,
    .summary = "A rule creates an event that it matches itself, forever",
    .set = look,
};
