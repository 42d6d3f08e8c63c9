/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from a line that a shell reads as part of a command. */
#include "lint/checks.h"
#include "lint/paste.h"
#include "lint/reach.h"
#include "lint/shell.h"

static const struct {
    const char *name;
    size_t arg;
    bool quotes;         /* --quoting is for its %s */
    const char *without; /* the same without a shell */
} commands[] = {
    {"shellcmd", 0, true, "cmdexec"},   {"spawn", 0, true, "spawnexec"},
    {"cspawn", 1, true, "cspawnexec"},  {"pipe", 1, false, "pipeexec"},
    {"report", 1, false, "reportexec"},
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static size_t command_index(const struct action *action)
{
    size_t i = 0;
    while (i < COMMANDS && strcmp(action->type->name, commands[i].name) != 0)
        i++;
    return i;
}

static struct paste_text command_text(const struct action *action)
{
    size_t i = command_index(action);
    if (i == COMMANDS)
        return (struct paste_text){0};
    return (struct paste_text){action->args[commands[i].arg].text, commands[i].quotes};
}

/* -- Findings -- */

/* What it does: runs a command of the line's, or spoils this one. */
static bool runs(struct bytes held)
{
    return bytes_find(held, B("id"), 0) >= 0;
}

/* Does the command do what takes a shell?  So do quotes. */
static bool needs_shell(struct bytes command)
{
    struct buf shape = {0};
    bool needs = bytes_chr(command, '\'', 0) >= 0 || bytes_chr(command, '"', 0) >= 0;
    shell_shape(command, &shape);
    for (size_t i = 0; i < shape.len; i++)
        needs |= strchr(";&|<>`CV(\n", shape.ptr[i]) != NULL;
    buf_free(&shape);
    return needs;
}

static void add_hint(struct lint *lint, struct lint_finding *found, const struct paste *paste)
{
    const struct action *action = paste->spot->action;
    struct bytes quoting = arena_cat(&lint->arena, B("quote it first with assignsq %q "),
                                     paste->variable, B(", then use %q outside any other quotes"));
    struct bytes without =
        action ? bytes_of(commands[command_index(action)].without) : B("shell=no");
    if (paste->quoted)
        lint_hint(lint, found, paste->variable,
                  B(" is quoted already: use it outside any other quotes"));
    else if (!action)
        lint_hint(lint, found, B("shell=no starts the script without a shell"));
    else if (needs_shell(paste->harmless))
        lint_hint(lint, found, quoting);
    else
        lint_hint(lint, found, B("use "), without, B(", which starts no shell, or "), quoting);
}

/* A command that the shell refuses runs nothing, whatever is in it. */
static bool tell(struct lint *lint, const struct paste *paste)
{
    if (shell_syntax(paste->harmless, NULL) != SHELL_VALID ||
        (runs(paste->held) && shell_syntax(paste->read, NULL) != SHELL_VALID))
        return false;
    bool direct = bytes_eq(paste->variable, paste->from);
    struct lint_finding *found =
        lint_tell(lint, paste->spot->rule, template_place(paste->text, paste->variable),
                  paste->from, direct ? B("") : B(" (in "), direct ? B("") : paste->variable,
                  direct ? B("") : B(")"), B(" reaches the shell unquoted and can contain "),
                  paste->held, runs(paste->held) ? B("") : B(", which breaks the command"));
    lint_witness(lint, found, paste->line,
                 arena_cat(&lint->arena, B("makes the command '"), paste->read, B("'"),
                           reach_needs(lint, paste->spot, paste->around)));
    add_hint(lint, found, paste);
    return true;
}

static void look(struct lint *lint, const struct rule *rule)
{
    static const struct bytes held[] = {
        B(";id;"),   B("$(id)"),    B("`id`"),   B("|id;"),     B("|id|"),     B("&id&"),
        B(";id"),    B("|id"),      B("';id;'"), B("';$(id)'"), B("\";id;\""), B("\"|id;\""),
        B("';id '"), B("\";id \""), B(";"),      B("|"),        B("&"),        B("`"),
        B("<"),      B(">"),        B("("),      B("'"),        B("\""),
    };
    static const struct paste_reader reader = {
        .action = command_text,
        .scripts = true,
        .held = held,
        .held_count = sizeof(held) / sizeof(*held),
        .shape = shell_shape,
        .tell = tell,
    };
    paste_look(lint, rule, &reader);
}

const struct lint_check check_shell_injection = {
    .name = "shell-injection",
    .level = LINT_WARNING,
    .summary = "Text from a line that a shell reads as part of a command",
    .rule = look,
};
