/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from a line that a shell reads as part of a command. */
#include "lint/checks.h"
#include "lint/paste.h"
#include "lint/shell.h"

/* Does it run a command from the line, rather than break this one? */
static bool runs(struct bytes held)
{
    return bytes_find(held, B("id"), 0) >= 0;
}

/* Does the command need a shell, if only for its quotes? */
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
    if (paste->quoted)
        lint_hint(lint, found, paste->variable,
                  B(" is quoted already: use it outside any other quotes"));
    else if (!action)
        lint_hint(lint, found, B("shell=no starts the script without a shell"));
    else if (needs_shell(paste->harmless))
        lint_hint(lint, found, quoting);
    else
        lint_hint(lint, found, B("use "), bytes_of(embedded_in(action)->without_shell),
                  B(", which starts no shell, or "), quoting);
}

/* A command that the shell refuses runs nothing, whatever is in it. */
static bool tell(struct lint *lint, const struct paste *paste)
{
    if (shell_syntax(paste->harmless, NULL) != SHELL_VALID ||
        (runs(paste->held) && shell_syntax(paste->read, NULL) != SHELL_VALID))
        return false;
    struct lint_finding *found =
        paste_tell(lint, paste, B(" reaches the shell unquoted and can contain"),
                   runs(paste->held) ? B("") : B(", which breaks the command"), B("command"));
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
        .language = EMBEDDED_SHELL,
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
