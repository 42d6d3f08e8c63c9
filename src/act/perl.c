/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl: eval, call, lcall. */
#include "act/arguments.h"
#include "act/types.h"

static void set_undef(struct engine *engine, const struct arg *variable)
{
    variables_set_undef(engine->state.variables, variable->variable);
    log_msg(engine->log, LOG_DETAIL, B("No value received for variable '"), VARIABLE_NAME(variable),
            B("', set to undef"));
}

/* All values as one text, a line each. */
static void set_joined(struct engine *engine, const struct arg *variable,
                       const struct perl_list *result)
{
    struct bytes *texts = arena_alloc(&engine->line.arena, result->count * sizeof(*texts));
    for (size_t i = 0; i < result->count; i++)
        texts[i] = result->items[i].kind == PERL_UNDEF ? B("") : result->items[i].text;
    set_text(engine, variable, joined(engine, texts, result->count, '\n'));
}

/* One value of eval stays what it is: a code reference is there to be called. */
static void set_single(struct engine *engine, const struct arg *variable,
                       const struct perl_item *item)
{
    struct bytes text = item->kind == PERL_UNDEF ? B("") : item->text;
    if (item->kind == PERL_VALUE) {
        perl_retain(item->value);
        variables_set_value(engine->state.variables, variable->variable, item->value, text);
    } else if (item->kind == PERL_NUMBER) {
        variables_set_numeric(engine->state.variables, variable->variable, text);
    } else {
        variables_set(engine->state.variables, variable->variable, text);
    }
    log_msg(engine->log, LOG_DETAIL, B("Variable '"), VARIABLE_NAME(variable), B("' set to '"),
            text, B("'"));
}

static enum flow run_eval(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    const struct arg *variable = &action->args[0];
    struct bytes code = argument(engine, action, 1, scope);
    struct perl_list result = {0};
    struct buf error = {0};
    log_msg(engine->log, LOG_DETAIL, B("Evaluating code '"), code, B("' and setting variable '"),
            VARIABLE_NAME(variable), B("'"));
    engine->effects->rule = action->within->rule;
    bool ok = perl_eval_list(code, &engine->line.arena, &result, &error);
    engine->effects->rule = NULL;
    if (!ok)
        log_msg(engine->log, LOG_ERROR, B("Error evaluating code '"), code, B("': "),
                buf_bytes(&error));
    else if (result.count == 0)
        set_undef(engine, variable);
    else if (result.count == 1)
        set_single(engine, variable, &result.items[0]);
    else
        set_joined(engine, variable, &result);
    perl_list_release(&result);
    buf_free(&error);
    return FLOW_NEXT;
}

/* Code and its arguments. */
struct code_call {
    struct perl_value *code;
    const struct perl_item *args;
    size_t count;
    const struct rule *rule; /* whose action calls it */
    struct bytes name;       /* what messages call it; empty: "CODE(0x...)" */
};

static struct bytes call_name(struct engine *engine, const struct code_call *call)
{
    return call->name.len ? call->name : perl_text(call->code, &engine->line.arena);
}

static void call_code(struct engine *engine, const struct code_call *call,
                      const struct arg *variable)
{
    struct perl_list result = {0};
    struct buf error = {0};
    engine->effects->rule = call->rule;
    bool ok = perl_call(call->code, call->args, call->count, PERL_LIST, &engine->line.arena,
                        &result, &error);
    engine->effects->rule = NULL;
    if (!ok)
        log_msg(engine->log, LOG_ERROR, B("Code '"), call_name(engine, call),
                B("' runtime error: "), buf_bytes(&error));
    else if (result.count == 0)
        set_undef(engine, variable);
    else
        set_joined(engine, variable, &result);
    perl_list_release(&result);
    buf_free(&error);
}

static struct perl_item *text_items(struct engine *engine, const struct arg *arg,
                                    const struct scope *scope)
{
    struct perl_item *items = arena_alloc(&engine->line.arena, arg->count * sizeof(*items));
    for (size_t i = 0; i < arg->count; i++)
        items[i] =
            (struct perl_item){.kind = PERL_TEXT, .text = expand(engine, arg->words[i], scope)};
    return items;
}

static enum flow run_call(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    const struct arg *variable = &action->args[0], *from = &action->args[1];
    struct bytes name = arena_cat(&engine->line.arena, B("%"), from->name, B("->()"));
    log_msg(engine->log, LOG_DETAIL, B("Calling code '"), name, B("' and setting variable '"),
            VARIABLE_NAME(variable), B("'"));
    const struct variable *holder = variables_get(engine->state.variables, from->variable);
    if (holder->kind != VARIABLE_CODE || !perl_is_code(holder->code)) {
        log_msg(engine->log, LOG_WARN, B("Variable '"), VARIABLE_NAME(from),
                B("' is not a code reference"));
        return FLOW_NEXT;
    }
    /* The code may give the variable another value. */
    struct code_call call = {.code = holder->code,
                             .count = action->args[2].count,
                             .rule = action->within->rule,
                             .name = name};
    perl_retain(call.code);
    call.args = text_items(engine, &action->args[2], scope);
    call_code(engine, &call, variable);
    perl_release(call.code);
    return FLOW_NEXT;
}

/* Names of cache entries become the entries themselves, undef where there is none. */
static void take_cache_entries(struct engine *engine, struct perl_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct perl_value *hash =
            cache_hash(engine->state.cache, items[i].text, &engine->line.arena);
        items[i] = (struct perl_item){.kind = hash ? PERL_VALUE : PERL_UNDEF, .value = hash};
    }
}

static enum flow run_lcall(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    const struct arg *variable = &action->args[0], *words = &action->args[1];
    struct code_call call = {
        .code = words->code, .count = words->count, .rule = action->within->rule};
    log_msg(engine->log, LOG_DETAIL, B("Calling code '"), call_name(engine, &call),
            B("' and setting variable '"), VARIABLE_NAME(variable), B("'"));
    struct perl_item *items = text_items(engine, words, scope);
    if (words->cache_entries)
        take_cache_entries(engine, items, words->count);
    call.args = items;
    call_code(engine, &call, variable);
    return FLOW_NEXT;
}

const struct action_type action_eval = {.name = "eval",
                                        .constant = {"EVAL", 54},
                                        .params = {VARIABLE, {.kind = PARAM_TEXT}},
                                        .run = run_eval};
const struct action_type action_call = {
    .name = "call",
    .constant = {"CALL", 55},
    .params = {VARIABLE, VARIABLE, {.kind = PARAM_WORDS, .optional = true}},
    .run = run_call};
const struct action_type action_lcall = {.name = "lcall",
                                         .constant = {"LCALL", 56},
                                         .params = {VARIABLE, {.kind = PARAM_CODE}},
                                         .run = run_lcall};
