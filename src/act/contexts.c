/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts, their lifetime, names and times: create, delete, obsolete, set, alias, unalias, exists,
 * getaliases, getltime, setltime, getctime, setctime. */
#include "act/arguments.h"
#include "act/types.h"

static struct context *find_context(struct engine *engine, struct bytes name)
{
    return contexts_find(engine->state.contexts, name);
}

static void warn_internal(struct engine *engine, const char *action, struct bytes name)
{
    log_msg(engine->log, LOG_WARN, B("Invalid use of "), bytes_of(action),
            B(" action for internal context '"), name, B("'"));
}

static void set_action(struct engine *engine, struct context *context,
                       const struct action_list *list, const struct scope *scope)
{
    struct binding *bound = NULL;
    if (list->count)
        bound = binding_take(engine, scope, list->uses, list->use_count);
    contexts_set_action(engine, context, list->count ? list : NULL, bound, scope->text);
}

/* A context that is there begins a new life, but keeps its names and the time of its first. */
static struct context *renew_context(struct engine *engine, struct context *context,
                                     struct bytes name)
{
    if (!context)
        return contexts_create(engine, name, 0);
    contexts_set_time(engine, context, engine_now(engine));
    context_empty(engine, context);
    return context;
}

static enum flow run_create(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes lifetime = argument(engine, action, 1, scope);
    int64_t seconds;
    log_msg(engine->log, LOG_DETAIL, B("Creating context '"), name, B("'"));
    if (!bytes_uint(lifetime, true, &seconds)) {
        log_msg(engine->log, LOG_WARN, B("Invalid lifetime '"), lifetime, B("' for context '"),
                name, B("', can't create"));
        return FLOW_NEXT;
    }
    struct context *context = find_context(engine, name);
    if (context && context->internal) {
        warn_internal(engine, "create", name);
        return FLOW_NEXT;
    }
    context = renew_context(engine, context, name);
    contexts_set_window(engine, context, seconds);
    set_action(engine, context, action->args[2].list, scope);
    return FLOW_NEXT;
}

/* The context whose end this action asks for; NULL after a message. */
static struct context *find_to_end(struct engine *engine, const char *action, struct bytes name)
{
    struct context *context = find_context(engine, name);
    if (!context || context->ending) {
        log_msg(engine->log, LOG_DETAIL, B("Context '"), name,
                B("' does not exist or is already going through deletion"));
        return NULL;
    }
    if (context->internal) {
        warn_internal(engine, action, name);
        return NULL;
    }
    return context;
}

static enum flow run_delete(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_DETAIL, B("Deleting context '"), name, B("'"));
    struct context *context = find_to_end(engine, "delete", name);
    if (context)
        contexts_delete(engine, context, B("Context '"));
    return FLOW_NEXT;
}

static enum flow run_obsolete(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_DETAIL, B("Obsoleting context '"), name, B("'"));
    struct context *context = find_to_end(engine, "obsolete", name);
    if (context) {
        contexts_set_window(engine, context, -1);
        contexts_valid(engine, name);
    }
    return FLOW_NEXT;
}

/* "-" leaves the lifetime as it is. */
static bool read_lifetime(struct bytes text, bool *keep, int64_t *seconds)
{
    *keep = bytes_eq(bytes_trim(text), B("-"));
    return *keep || bytes_uint(text, true, seconds);
}

static enum flow run_set(struct engine *engine, const struct action *action,
                         const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes lifetime = argument(engine, action, 1, scope);
    bool keep;
    int64_t seconds = 0;
    log_msg(engine->log, LOG_DETAIL, B("Changing settings for context '"), name, B("'"));
    if (!read_lifetime(lifetime, &keep, &seconds)) {
        log_msg(engine->log, LOG_WARN, B("Invalid lifetime '"), lifetime, B("' for context '"),
                name, B("', can't change settings"));
        return FLOW_NEXT;
    }
    struct context *context = find_context(engine, name);
    if (!context) {
        log_msg(engine->log, LOG_WARN, B("Context '"), name,
                B("' does not exist, can't change settings"));
        return FLOW_NEXT;
    }
    if (context->internal) {
        warn_internal(engine, "set", name);
        return FLOW_NEXT;
    }
    if (!keep) {
        contexts_set_time(engine, context, engine_now(engine));
        contexts_set_window(engine, context, seconds);
    }
    if (action->args[2].list->count)
        set_action(engine, context, action->args[2].list, scope);
    return FLOW_NEXT;
}

static enum flow run_alias(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes alias = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Creating alias '"), alias, B("' for context '"), name,
            B("'"));
    struct context *context = find_context(engine, name);
    if (!context)
        log_msg(engine->log, LOG_WARN, B("Context '"), name,
                B("' does not exist, can't create alias"));
    else if (find_context(engine, alias))
        log_msg(engine->log, LOG_DETAIL, B("Alias '"), alias, B("' already exists"));
    else if (context->internal)
        warn_internal(engine, "alias", name);
    else
        contexts_add_name(engine, context, alias);
    return FLOW_NEXT;
}

static enum flow run_unalias(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes alias = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_DETAIL, B("Removing alias '"), alias, B("'"));
    struct context *context = find_context(engine, alias);
    if (!context || context->ending) {
        log_msg(engine->log, LOG_DETAIL, B("Alias '"), alias,
                B("' does not exist or the referred context is already going through deletion"));
    } else if (context->internal) {
        warn_internal(engine, "unalias", alias);
    } else {
        contexts_retain(context);
        contexts_remove_name(engine, context, alias);
        uint32_t count;
        (void)contexts_aliases(context, &count);
        if (count == 0)
            log_msg(engine->log, LOG_DETAIL, B("Alias '"), alias,
                    B("' was the last reference to a context"));
        contexts_release(context);
    }
    return FLOW_NEXT;
}

static enum flow run_exists(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes name = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Checking the presence of context '"), name, B("'"));
    set_number(engine, &action->args[0], find_context(engine, name) != NULL);
    return FLOW_NEXT;
}

/* "Assigning WHAT of context ...": the first message of the actions that read a property. */
static struct context *find_to_read(struct engine *engine, const struct action *action,
                                    struct bytes name, const char *what, const char *short_name)
{
    log_msg(engine->log, LOG_DETAIL, B("Assigning "), bytes_of(what), B(" of context '"), name,
            B("' to variable '"), VARIABLE_NAME(&action->args[0]), B("'"));
    struct context *context = find_context(engine, name);
    if (!context)
        log_msg(engine->log, LOG_WARN, B("Context '"), name, B("' does not exist, can't get "),
                bytes_of(short_name));
    return context;
}

static enum flow run_getaliases(struct engine *engine, const struct action *action,
                                const struct scope *scope)
{
    struct bytes name = argument(engine, action, 1, scope);
    const struct context *context = find_to_read(engine, action, name, "aliases", "aliases");
    uint32_t count;
    const struct bytes *aliases = context ? contexts_aliases(context, &count) : NULL;
    if (context)
        set_text(engine, &action->args[0], joined(engine, aliases, count, '\n'));
    return FLOW_NEXT;
}

static enum flow run_getltime(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes name = argument(engine, action, 1, scope);
    const struct context *context = find_to_read(engine, action, name, "the lifetime", "lifetime");
    bool compared = context && context->window && context->window_compared;
    if (context && context->window_given && !compared)
        set_text(engine, &action->args[0], NUM(context->window));
    else if (context)
        set_number(engine, &action->args[0], context->window);
    return FLOW_NEXT;
}

static enum flow run_getctime(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes name = argument(engine, action, 1, scope);
    const struct context *context =
        find_to_read(engine, action, name, "the creation time", "creation time");
    if (context)
        set_number(engine, &action->args[0], context->time);
    return FLOW_NEXT;
}

static void set_lifetime(struct engine *engine, struct context *context, struct bytes name,
                         int64_t lifetime)
{
    contexts_set_window(engine, context, lifetime);
    if (lifetime == 0 || engine_now(engine) - context->time <= lifetime)
        return;
    log_msg(engine->log, LOG_DETAIL, B("Context '"), name,
            B("' has become stale after lifetime adjustment"));
    contexts_valid(engine, name);
}

static enum flow run_setltime(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes lifetime = argument(engine, action, 1, scope);
    int64_t seconds;
    if (!bytes_uint(lifetime, true, &seconds)) {
        log_msg(engine->log, LOG_WARN, B("Invalid lifetime '"), lifetime, B("' for context '"),
                name, B("'"));
        return FLOW_NEXT;
    }
    log_msg(engine->log, LOG_DETAIL, B("Setting the lifetime of context '"), name, B("' to '"),
            NUM(seconds), B("'"));
    struct context *context = find_context(engine, name);
    if (!context)
        log_msg(engine->log, LOG_WARN, B("Context '"), name,
                B("' does not exist, can't set lifetime"));
    else if (context->internal)
        warn_internal(engine, "setltime", name);
    else
        set_lifetime(engine, context, name, seconds);
    return FLOW_NEXT;
}

static void set_creation_time(struct engine *engine, struct context *context, int64_t time)
{
    struct log *log = engine->log;
    if (time < context->time)
        log_msg(log, LOG_WARN, B("Can't set context creation time backwards to '"), CTIME(time),
                B("'"));
    else if (time > engine_now(engine))
        log_msg(log, LOG_WARN, B("Can't set context creation time into future to '"), CTIME(time),
                B("'"));
    else if (time == context->time)
        log_msg(log, LOG_DETAIL, B("Context creation time already set to '"), CTIME(time), B("'"));
    else
        contexts_set_time(engine, context, time);
}

static enum flow run_setctime(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes timestamp = argument(engine, action, 0, scope);
    struct bytes name = argument(engine, action, 1, scope);
    int64_t time;
    if (!bytes_uint(timestamp, true, &time)) {
        log_msg(engine->log, LOG_WARN, B("Invalid timestamp '"), timestamp,
                B("' for creation time of context '"), name, B("'"));
        return FLOW_NEXT;
    }
    log_msg(engine->log, LOG_DETAIL, B("Setting the creation time of context '"), name, B("' to '"),
            CTIME(time), B("'"));
    struct context *context = find_context(engine, name);
    if (!context)
        log_msg(engine->log, LOG_WARN, B("Context '"), name,
                B("' does not exist, can't set creation time"));
    else if (context->internal)
        warn_internal(engine, "setctime", name);
    else
        set_creation_time(engine, context, time);
    return FLOW_NEXT;
}

/* clang-format off */
#define NAME_OR_EVENT         WORD_OR("%s")
#define ACTIONS_OR_NONE       {.kind = PARAM_ACTIONS, .optional = true}
/* clang-format on */

const struct action_type action_create = {.name = "create",
                                          .constant = {"CREATECONTEXT", 22},
                                          .params = {NAME_OR_EVENT, WORD_OR("0"), ACTIONS_OR_NONE},
                                          .run = run_create};
const struct action_type action_delete = {.name = "delete",
                                          .constant = {"DELETECONTEXT", 23},
                                          .params = {NAME_OR_EVENT},
                                          .run = run_delete};
const struct action_type action_obsolete = {.name = "obsolete",
                                            .constant = {"OBSOLETECONTEXT", 24},
                                            .params = {NAME_OR_EVENT},
                                            .run = run_obsolete};
const struct action_type action_set = {
    .name = "set",
    .constant = {"SETCONTEXT", 25},
    .params = {CONTEXT_NAME, NEEDED_WORD("lifetime"), ACTIONS_OR_NONE},
    .run = run_set};
const struct action_type action_alias = {.name = "alias",
                                         .constant = {"ALIAS", 26},
                                         .params = {CONTEXT_NAME, NAME_OR_EVENT},
                                         .run = run_alias};
const struct action_type action_unalias = {
    .name = "unalias", .constant = {"UNALIAS", 27}, .params = {NAME_OR_EVENT}, .run = run_unalias};
const struct action_type action_exists = {.name = "exists",
                                          .constant = {"EXISTS", 38},
                                          .params = {VARIABLE, CONTEXT_NAME},
                                          .run = run_exists};
const struct action_type action_getaliases = {.name = "getaliases",
                                              .constant = {"GETALIASES", 40},
                                              .params = {VARIABLE, CONTEXT_NAME},
                                              .run = run_getaliases};
const struct action_type action_getltime = {.name = "getltime",
                                            .constant = {"GETLIFETIME", 41},
                                            .params = {VARIABLE, CONTEXT_NAME},
                                            .run = run_getltime};
const struct action_type action_setltime = {.name = "setltime",
                                            .constant = {"SETLIFETIME", 42},
                                            .params = {CONTEXT_NAME, WORD_OR("0")},
                                            .run = run_setltime};
const struct action_type action_getctime = {.name = "getctime",
                                            .constant = {"GETCTIME", 43},
                                            .params = {VARIABLE, CONTEXT_NAME},
                                            .run = run_getctime};
const struct action_type action_setctime = {.name = "setctime",
                                            .constant = {"SETCTIME", 44},
                                            .params = {NEEDED_WORD("timestamp"), CONTEXT_NAME},
                                            .run = run_setctime};
