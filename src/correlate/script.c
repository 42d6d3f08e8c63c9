/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SingleWithScript: every match feeds the names of all contexts to a command; its exit status
 * chooses the action list. */
#include "correlate/script.h"

#include "base/mem.h"
#include "correlate/shared.h"
#include "correlate/types.h"

/* What waits for the command's end. */
struct script_wait {
    const struct rule *rule; /* its file is retained */
    struct binding *bound;
    struct bytes desc; /* owned */
};

static struct command script_command(struct engine *engine, const struct rule *rule,
                                     const struct scope *scope)
{
    struct arena *arena = &engine->line.arena;
    if (rule->script)
        return (struct command){.text = expand(engine, rule->script, scope)};
    struct bytes *words = arena_alloc(arena, rule->script_count * sizeof(*words));
    struct buf text = {0};
    for (size_t i = 0; i < rule->script_count; i++) {
        words[i] = expand(engine, rule->script_words[i], scope);
        buf_cat(&text, i ? B(" ") : B(""), words[i]);
    }
    struct command command = {arena_bytes(arena, buf_bytes(&text)), words, rule->script_count};
    buf_free(&text);
    return command;
}

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    struct command command = script_command(engine, rule, &scope);
    struct buf input = {0};
    for (struct context *c = contexts_first(engine->state.contexts); c; c = c->next)
        for (size_t i = 0; i < c->name_count; i++)
            buf_cat(&input, c->names[i], B("\n"));
    struct effect effect = {EFFECT_FEED, .rule = rule, .command = &command, .script = true,
                            .text = buf_bytes(&input)};
    effects_take(engine->effects, &effect);
    buf_free(&input);
    if (!effect.child)
        return VERDICT_FAILED;
    struct script_wait *wait = mem_alloc(sizeof(*wait));
    const struct action_list *lists[] = {rule->action, rule->action2};
    wait->rule = rule;
    rule_file_retain(rule->file);
    wait->bound = binding_take_lists(engine, &scope, lists, 2, NULL, 0, NULL);
    wait->desc = bytes_dup(scope.text);
    effect.child->owner = wait;
    return VERDICT_STARTED;
}

void script_ended(struct engine *engine, struct child *child, int exit_code)
{
    struct script_wait *wait = child->owner;
    const struct rule *rule = wait->rule;
    struct scope scope = {.text = wait->desc, .keys = &rule->keys, .bound = wait->bound};
    struct bytes pid = NUM(child->pid);
    child->owner = NULL;
    if (exit_code == 0)
        log_msg(engine->log, LOG_DETAIL, B("Child "), pid, B(" terminated with exitcode 0"));
    else
        log_msg(engine->log, LOG_DETAIL, B("Child "), pid, B(" terminated with non-zero exitcode "),
                NUM(exit_code));
    struct arena_mark mark = arena_mark(&engine->line.arena);
    actions_run(engine, exit_code ? rule->action2 : rule->action, &scope);
    arena_release(&engine->line.arena, mark);
    script_forget(wait);
}

void script_forget(void *owner)
{
    struct script_wait *wait = owner;
    if (!wait)
        return;
    binding_release(wait->bound);
    rule_file_release(wait->rule->file);
    bytes_free(wait->desc);
    free(wait);
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    {.kind = FIELD_SCRIPT, .name = "script", .required = true},
    {.kind = FIELD_SHELL, .name = "shell"},
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_ACTIONS("action2", action2, false, 0),
    {.kind = FIELD_END},
};

const struct rule_type rule_script = {
    .keyword = "SINGLEWITHSCRIPT",
    .name = "SingleWithScript",
    .constant = {"SINGLE_W_SCRIPT", 2},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
};
