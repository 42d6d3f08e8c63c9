/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: shellcmd, spawn, cspawn, pipe and their forms that never use a shell (...exec).
 *
 * A command line is either a text that a shell may interpret, or a list of words for which no shell
 * is used.  With --quoting, %s is quoted for the shell in shell commands.
 */
#include "act/arguments.h"
#include "act/types.h"

static struct scope quoting_scope(struct engine *engine, const struct scope *scope)
{
    struct scope quoting = *scope;
    if (engine->options->quoting)
        quoting.text = shell_quoted(engine, scope->text);
    return quoting;
}

static enum flow run_shellcmd(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct scope quoting = quoting_scope(engine, scope);
    struct command command = {.text = argument(engine, action, 0, &quoting)};
    log_msg(engine->log, LOG_INFORM, B("Executing shell command '"), command.text, B("'"));
    take_effect(engine, action, (struct effect){EFFECT_RUN, .command = &command});
    return FLOW_NEXT;
}

static enum flow run_cmdexec(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct command command = argument_command(engine, &action->args[0], scope);
    log_msg(engine->log, LOG_INFORM, B("Executing command '"), command.text, B("'"));
    take_effect(engine, action, (struct effect){EFFECT_RUN, .command = &command});
    return FLOW_NEXT;
}

static void spawn(struct engine *engine, const struct action *action, const struct command *command,
                  struct bytes context)
{
    take_effect(engine, action,
                (struct effect){EFFECT_SPAWN, .command = command, .target = context});
}

static enum flow run_spawn(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct scope quoting = quoting_scope(engine, scope);
    struct command command = {.text = argument(engine, action, 0, &quoting)};
    log_msg(engine->log, LOG_INFORM, B("Spawning shell command '"), command.text, B("'"));
    spawn(engine, action, &command, B(CONTEXT_SYNTHETIC));
    return FLOW_NEXT;
}

static enum flow run_spawnexec(struct engine *engine, const struct action *action,
                               const struct scope *scope)
{
    struct command command = argument_command(engine, &action->args[0], scope);
    log_msg(engine->log, LOG_INFORM, B("Spawning command '"), command.text, B("'"));
    spawn(engine, action, &command, B(CONTEXT_SYNTHETIC));
    return FLOW_NEXT;
}

static enum flow run_cspawn(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct scope quoting = quoting_scope(engine, scope);
    struct bytes context = argument(engine, action, 0, &quoting);
    struct command command = {.text = argument(engine, action, 1, &quoting)};
    log_msg(engine->log, LOG_INFORM, B("Spawning shell command '"), command.text,
            B("' with context '"), context, B("'"));
    spawn(engine, action, &command, context);
    return FLOW_NEXT;
}

static enum flow run_cspawnexec(struct engine *engine, const struct action *action,
                                const struct scope *scope)
{
    struct bytes context = argument(engine, action, 0, scope);
    struct command command = argument_command(engine, &action->args[1], scope);
    log_msg(engine->log, LOG_INFORM, B("Spawning command '"), command.text, B("' with context '"),
            context, B("'"));
    spawn(engine, action, &command, context);
    return FLOW_NEXT;
}

static enum flow run_pipe(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    struct bytes event = argument(engine, action, 0, scope);
    struct command command = {.text = argument(engine, action, 1, scope)};
    log_msg(engine->log, LOG_INFORM, B("Feeding event '"), event, B("' to shell command '"),
            command.text, B("'"));
    feed(engine, action, command.text.len > 0 ? &command : NULL, event);
    return FLOW_NEXT;
}

static enum flow run_pipeexec(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes event = argument(engine, action, 0, scope);
    struct command command = argument_command(engine, &action->args[1], scope);
    log_msg(engine->log, LOG_INFORM, B("Feeding event '"), event, B("' to command '"), command.text,
            B("'"));
    feed(engine, action, command.count > 0 ? &command : NULL, event);
    return FLOW_NEXT;
}

/* clang-format off */
#define COMMAND_TEXT          {.kind = PARAM_TEXT, .what = "commandline"}
#define COMMAND_WORDS         {.kind = PARAM_WORDS, .what = "commandline"}
#define QUOTED_EVENT          {.kind = PARAM_QUOTED, .fallback = "%s"}
/* clang-format on */

const struct action_type action_shellcmd = {.name = "shellcmd",
                                            .constant = {"SHELLCOMMAND", 14},
                                            .params = {COMMAND_TEXT},
                                            .run = run_shellcmd};
const struct action_type action_cmdexec = {.name = "cmdexec",
                                           .constant = {"COMMANDEXEC", 15},
                                           .params = {COMMAND_WORDS},
                                           .run = run_cmdexec};
const struct action_type action_spawn = {
    .name = "spawn", .constant = {"SPAWN", 16}, .params = {COMMAND_TEXT}, .run = run_spawn};
const struct action_type action_spawnexec = {.name = "spawnexec",
                                             .constant = {"SPAWNEXEC", 17},
                                             .params = {COMMAND_WORDS},
                                             .run = run_spawnexec};
const struct action_type action_cspawn = {.name = "cspawn",
                                          .constant = {"CSPAWN", 18},
                                          .params = {CONTEXT_NAME, COMMAND_TEXT},
                                          .run = run_cspawn};
const struct action_type action_cspawnexec = {.name = "cspawnexec",
                                              .constant = {"CSPAWNEXEC", 19},
                                              .params = {CONTEXT_NAME, COMMAND_WORDS},
                                              .run = run_cspawnexec};
const struct action_type action_pipe = {
    .name = "pipe",
    .constant = {"PIPE", 20},
    .params = {QUOTED_EVENT, {.kind = PARAM_TEXT, .optional = true}},
    .run = run_pipe};
const struct action_type action_pipeexec = {
    .name = "pipeexec",
    .constant = {"PIPEEXEC", 21},
    .params = {QUOTED_EVENT, {.kind = PARAM_WORDS, .optional = true}},
    .run = run_pipeexec};
