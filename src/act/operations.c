/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event correlation operations: reset, getwpos, setwpos.
 *
 * An operation is named by its rule's number in the file of the action and by its description. The
 * file may have been read again since the action was loaded: the rules are those that apply now.
 */
#include "act/arguments.h"
#include "act/types.h"

static struct rule_file *present_file(const struct engine *engine, const struct action *action)
{
    return ruleset_file(engine->rules.set, action->within->file->name);
}

/* NULL: there is no such rule, or it has no such operation. */
static struct operation *find_operation(const struct engine *engine, const struct rule_file *file,
                                        int64_t id, struct bytes desc)
{
    if (!file || id < 0 || (size_t)id >= file->count)
        return NULL;
    return operations_find(rule_state_of(&engine->state.files, file->rules[id]), desc);
}

static struct bytes named_key(struct engine *engine, const struct action *action, int64_t id,
                              struct bytes desc)
{
    return operation_key(&engine->line.arena, action->within->file->name, id, desc);
}

static void end_in_rule(struct engine *engine, const struct rule_file *file, int64_t id,
                        struct bytes desc)
{
    struct operation *operation = find_operation(engine, file, id, desc);
    if (operation)
        operations_end(engine, operation);
}

static void end_in_file(struct engine *engine, const struct rule_file *file, struct bytes desc)
{
    for (size_t id = 0; file && id < file->count; id++)
        end_in_rule(engine, file, (int64_t)id, desc);
}

static enum flow run_reset(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    const struct arg *rule = &action->args[0];
    struct bytes desc = argument(engine, action, 1, scope);
    const struct rule_file *file = present_file(engine, action);
    if (rule->given) {
        log_msg(engine->log, LOG_DETAIL, B("Terminating event correlation operation '"),
                named_key(engine, action, rule->number, desc), B("'"));
        end_in_rule(engine, file, rule->number, desc);
    } else {
        log_msg(engine->log, LOG_DETAIL,
                B("Terminating all event correlation operations started from "),
                action->within->file->name, B(" with operation description string '"), desc,
                B("'"));
        end_in_file(engine, file, desc);
    }
    return FLOW_NEXT;
}

static enum flow run_getwpos(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    int64_t id = action->args[1].number;
    struct bytes desc = argument(engine, action, 2, scope);
    struct bytes key = named_key(engine, action, id, desc);
    log_msg(engine->log, LOG_DETAIL, B("Getting event correlation window position for operation '"),
            key, B("'"));
    const struct operation *operation =
        find_operation(engine, present_file(engine, action), id, desc);
    if (operation)
        set_number(engine, &action->args[0], operation->time);
    else
        log_msg(engine->log, LOG_WARN, B("Operation '"), key,
                B("' does not exist, can't get window position"));
    return FLOW_NEXT;
}

/* May the window move to this time?  Says why not. */
static bool may_move(struct engine *engine, const struct operation *operation, struct bytes key,
                     int64_t time)
{
    struct log *log = engine->log;
    if (operation->starting)
        log_msg(log, LOG_WARN, B("Operation '"), key,
                B("' is initializing, can't set window position"));
    else if (operation->ending)
        log_msg(log, LOG_WARN, B("Operation '"), key,
                B("' is terminating, can't set window position"));
    else if (time < operation->time)
        log_msg(log, LOG_WARN, B("Can't move event correlation window backwards to '"), CTIME(time),
                B("'"));
    else if (time > engine_now(engine))
        log_msg(log, LOG_WARN, B("Can't move event correlation window into future to '"),
                CTIME(time), B("'"));
    else if (time == operation->time)
        log_msg(log, LOG_DETAIL, B("Event correlation window is already positioned at '"),
                CTIME(time), B("'"));
    else
        return true;
    return false;
}

static void move(struct engine *engine, struct operation *operation, struct bytes key, int64_t time)
{
    const struct rule_type *type = operation->rule->type;
    operation_retain(operation);
    if (type->move_window)
        type->move_window(engine, operation, time);
    else
        operation_set_time(engine, operation, time);
    if (!operation->live)
        log_msg(engine->log, LOG_DETAIL, B("Operation '"), key,
                B("' finished its work after window was moved"));
    operation_release(operation);
}

static enum flow run_setwpos(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    int64_t id = action->args[1].number, time;
    struct bytes timestamp = argument(engine, action, 0, scope);
    struct bytes desc = argument(engine, action, 2, scope);
    struct bytes key = named_key(engine, action, id, desc);
    if (!bytes_uint(timestamp, true, &time)) {
        log_msg(engine->log, LOG_WARN, B("Invalid timestamp '"), timestamp,
                B("' for moving the window of operation '"), key, B("'"));
        return FLOW_NEXT;
    }
    log_msg(engine->log, LOG_DETAIL, B("Moving event correlation window to '"), CTIME(time),
            B("' for operation '"), key, B("'"));
    struct operation *operation = find_operation(engine, present_file(engine, action), id, desc);
    if (!operation)
        log_msg(engine->log, LOG_WARN, B("Operation '"), key,
                B("' does not exist, can't set window position"));
    else if (may_move(engine, operation, key, time))
        move(engine, operation, key, time);
    return FLOW_NEXT;
}

const struct action_type action_reset = {
    .name = "reset",
    .constant = {"RESET", 48},
    .params = {{.kind = PARAM_RULE, .optional = true}, EVENT_TEXT},
    .run = run_reset};
const struct action_type action_getwpos = {.name = "getwpos",
                                           .constant = {"GETWINPOS", 49},
                                           .params = {VARIABLE, {.kind = PARAM_RULE}, EVENT_TEXT},
                                           .run = run_getwpos};
const struct action_type action_setwpos = {
    .name = "setwpos",
    .constant = {"SETWINPOS", 50},
    .params = {NEEDED_WORD("timestamp"), {.kind = PARAM_RULE}, EVENT_TEXT},
    .run = run_setwpos};
