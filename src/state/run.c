/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running action lists.
 *
 * While a list of if or while runs, the list that contains it waits in the engine's arena, not on
 * the stack: they may be nested to any depth.
 */
#include "state/engine.h"
#include "state/scope.h"

struct running {
    const struct action_list *list;
    size_t next; /* action */
    const struct scope *scope;
    struct scope taken; /* with the values that the list's texts keep */
    struct binding *bound;
    const struct action *action; /* that it belongs to; NULL: the outermost list */
    struct arena_mark mark;      /* what a loop's round has taken is given back after it */
    struct running *outer;
};

/* Actions may change cache entries; the list's texts mean what they held before it ran. */
static void begin_list(struct engine *engine, struct running *running, const struct scope *scope)
{
    observe(&engine->observers, .kind = RECORD_ACTIONS, .list = running->list);
    running->next = 0;
    running->scope = scope;
    running->bound = NULL;
    if (!running->list->reads_cache || scope->raw)
        return;
    running->bound = binding_take(engine, scope, running->list->uses, running->list->use_count);
    running->taken = *scope;
    running->taken.bound = running->bound;
    running->scope = &running->taken;
}

static struct running *enter_action_list(struct engine *engine, struct running *outer,
                                         const struct action *action)
{
    const struct action_list *list = action->type->enter(engine, action);
    if (!list)
        return outer;
    struct running *running = arena_alloc(&engine->line.arena, sizeof(*running));
    running->list = list;
    running->action = action;
    running->outer = outer;
    running->mark = arena_mark(&engine->line.arena);
    begin_list(engine, running, outer->scope);
    return running;
}

/* A loop may have no end: SIGTERM is heeded after each round. */
static bool loops_on(struct engine *engine, struct running *running, enum flow flow)
{
    arena_release(&engine->line.arena, running->mark);
    if (flow == FLOW_BREAK || (engine->hooks.interrupted && engine->hooks.interrupted(engine)))
        return false;
    running->list = running->action->type->enter(engine, running->action);
    return running->list != NULL;
}

/* The list is done; returns the one to go on with, and sets *flow for it. */
static struct running *leave_action_list(struct engine *engine, struct running *running,
                                         enum flow *flow)
{
    struct running *outer = running->outer;
    binding_release(running->bound);
    if (!outer || !running->action->type->loops)
        return outer;
    bool again = loops_on(engine, running, *flow);
    *flow = FLOW_NEXT;
    if (!again)
        return outer;
    begin_list(engine, running, outer->scope);
    return running;
}

enum flow actions_run(struct engine *engine, const struct action_list *list,
                      const struct scope *scope)
{
    struct running outermost, *at = &outermost; /* no more of it is set than is used */
    enum flow flow = FLOW_NEXT;
    outermost.list = list;
    outermost.outer = NULL;
    begin_list(engine, at, scope);
    while (at) {
        if (flow != FLOW_NEXT || at->next == at->list->count) {
            at = leave_action_list(engine, at, &flow);
            continue;
        }
        const struct action *action = at->list->actions[at->next++];
        if (action->type->enter)
            at = enter_action_list(engine, at, action);
        else
            flow = action->type->run(engine, action, at->scope);
    }
    return flow;
}
