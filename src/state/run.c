/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running action lists. */
#include "state/engine.h"
#include "state/scope.h"

static enum flow run_each(struct engine *engine, const struct action_list *list,
                          const struct scope *scope)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        enum flow flow = action->type->run(engine, action, scope);
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}

enum flow actions_run(struct engine *engine, const struct action_list *list,
                      const struct scope *scope)
{
    if (!list->reads_cache || scope->raw)
        return run_each(engine, list, scope);
    /* Actions may change cache entries; the list's texts mean what they held before it ran. */
    struct scope taken = *scope;
    struct binding *bound = binding_take(engine, scope, list->uses, list->use_count);
    taken.bound = bound;
    enum flow flow = run_each(engine, list, &taken);
    binding_release(bound);
    return flow;
}
