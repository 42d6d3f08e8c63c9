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

static struct bytes quoting(struct lint *lint, const struct paste *paste)
{
    return arena_cat(
        &lint->arena, paste->several ? B("quote each first, as with") : B("quote it first with"),
        B(" assignsq %q "), paste->variable, B(", then use %q outside any other quotes"));
}

static void add_hint(struct lint *lint, struct lint_finding *found, const struct paste *paste)
{
    const struct action *action = paste->spot->action;
    if (paste->quoted)
        lint_hint(lint, found, paste->variable,
                  B(" is quoted already: use it outside any other quotes"));
    else if (!action)
        lint_hint(lint, found, B("shell=no starts the script without a shell"));
    else if (needs_shell(paste->harmless))
        lint_hint(lint, found, quoting(lint, paste));
    else
        lint_hint(lint, found, B("use "), bytes_of(embedded_in(action)->without_shell),
                  B(", which starts no shell, or "), quoting(lint, paste));
}

/* A command that the shell refuses runs nothing, whatever is in it. */
static bool shows(const struct paste *paste)
{
    return shell_syntax(paste->harmless, NULL) == SHELL_VALID &&
           (!runs(paste->held) || shell_syntax(paste->read, NULL) == SHELL_VALID);
}

/* The name of what the command starts first, without its folders. */
static struct bytes program(struct bytes command)
{
    size_t from = 0, to;
    while (from < command.len && (is_space(command.ptr[from]) || command.ptr[from] == '('))
        from++;
    for (to = from; to < command.len && !is_space(command.ptr[to]); to++)
        if (command.ptr[to] == '/')
            from = to + 1;
    return bytes_slice(command, from, to);
}

/* Do quotes of the command begin before the variable and end after it?  Those that are pasted in
 * with one that is quoted already end them. */
static bool in_quotes(const struct paste *paste)
{
    struct bytes command = paste->text->text;
    size_t open = 0, at = (size_t)(paste->variable.ptr - command.ptr);
    return !paste->quoted && shell_syntax(bytes_slice(command, 0, at), &open) == SHELL_OPEN &&
           (command.ptr[open] == '"' || command.ptr[open] == '\'');
}

static struct bytes manner(const struct paste *paste)
{
    if (!in_quotes(paste))
        return B("the shell unquoted");
    return paste->several ? B("the shell as they are, whatever quotes are around them")
                          : B("the shell in quotes that do not protect it");
}

static void tell(struct lint *lint, const struct paste *paste)
{
    const struct paste_words words = {
        .is = B("reaches"),
        .are = B("reach"),
        .done = manner(paste),
        .does = runs(paste->held) ? B("") : B(", which breaks the command"),
        .kind = B("command"),
        .alike = bytes_eq(paste->from, B("$0")) ? B("$0") : program(paste->text->text),
    };
    add_hint(lint, paste_tell(lint, paste, &words), paste);
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
        .shows = shows,
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
