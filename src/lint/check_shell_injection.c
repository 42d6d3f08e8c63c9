/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of a line that a shell reads as part of a command. */
#include "lint/checks.h"
#include "lint/paste.h"

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

/* -- How a shell divides a command -- */

struct shell {
    struct bytes text;
    size_t at;
    struct buf *shape;
    char open[32]; /* quotes and parentheses that are open: " ` ( */
    size_t depth;
};

static int shell_peek(const struct shell *sh, size_t ahead)
{
    return sh->at + ahead < sh->text.len ? (unsigned char)sh->text.ptr[sh->at + ahead] : -1;
}

static char innermost(const struct shell *sh)
{
    return sh->depth > 0 ? sh->open[sh->depth - 1] : '\0';
}

static void open_with(struct shell *sh, char c)
{
    if (sh->depth < sizeof(sh->open))
        sh->open[sh->depth++] = c;
}

/* Closes up to it. */
static void close_with(struct shell *sh, char c)
{
    while (sh->depth > 0 && sh->open[--sh->depth] != c)
        continue;
}

static bool is_open(const struct shell *sh, char c)
{
    return memchr(sh->open, c, sh->depth) != NULL;
}

static void add_word(struct shell *sh)
{
    if (sh->shape->len == 0 || sh->shape->ptr[sh->shape->len - 1] != 'w')
        buf_char(sh->shape, 'w');
}

static void take_single_quotes(struct shell *sh)
{
    ptrdiff_t end = bytes_chr(sh->text, '\'', sh->at + 1);
    add_word(sh);
    if (end < 0)
        buf_char(sh->shape, 'E');
    sh->at = end < 0 ? sh->text.len : (size_t)end + 1;
}

static void take_backquote(struct shell *sh)
{
    buf_char(sh->shape, '`');
    if (is_open(sh, '`'))
        close_with(sh, '`');
    else
        open_with(sh, '`');
    sh->at++;
}

static void take_dollar(struct shell *sh)
{
    int next = shell_peek(sh, 1);
    bool command = next == '(';
    if (command)
        open_with(sh, '(');
    if (command || next == '{' || (next > 0 && is_word((char)next)))
        buf_char(sh->shape, command ? 'C' : 'V');
    else
        add_word(sh);
    sh->at += command ? 2 : 1;
}

static void take_quoted(struct shell *sh, int c)
{
    if (c == '"')
        close_with(sh, '"');
    if (c == '\\' && shell_peek(sh, 1) >= 0)
        sh->at++;
    sh->at++;
}

static void take_comment(struct shell *sh)
{
    ptrdiff_t end = bytes_chr(sh->text, '\n', sh->at);
    buf_char(sh->shape, '#');
    sh->at = end < 0 ? sh->text.len : (size_t)end;
}

static void take_bare(struct shell *sh, int c)
{
    char last = sh->shape->len > 0 ? sh->shape->ptr[sh->shape->len - 1] : ' ';
    if (c == '#' && last == ' ') {
        take_comment(sh);
        return;
    }
    if (c == '"' || c == '(')
        open_with(sh, (char)c);
    if (c == ')' && is_open(sh, '('))
        close_with(sh, '(');
    if (c == '\\' && shell_peek(sh, 1) >= 0)
        sh->at++;
    if (c == ' ' || c == '\t') {
        if (last != ' ')
            buf_char(sh->shape, ' ');
    } else if (strchr(";&|<>()\n", c)) {
        buf_char(sh->shape, (char)c);
    } else {
        add_word(sh);
    }
    sh->at++;
}

static void shell_shape(struct bytes text, struct buf *shape)
{
    struct shell sh = {.text = text, .shape = shape};
    for (int c; (c = shell_peek(&sh, 0)) >= 0;) {
        bool quoted = innermost(&sh) == '"';
        if (c == '`')
            take_backquote(&sh);
        else if (c == '$')
            take_dollar(&sh);
        else if (quoted)
            take_quoted(&sh, c);
        else if (c == '\'')
            take_single_quotes(&sh);
        else
            take_bare(&sh, c);
    }
    if (sh.depth > 0)
        buf_char(shape, 'E');
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
    struct bytes quoting = arena_cat(&lint->arena, B("assignsq %q "), paste->variable,
                                     B(" quotes it first: write %q then, outside of other quotes"));
    struct bytes without =
        action ? bytes_of(commands[command_index(action)].without) : B("shell=no");
    if (paste->quoted)
        lint_hint(lint, found, paste->variable,
                  B(" is quoted already: write it outside of other quotes"));
    else if (!action)
        lint_hint(lint, found, B("shell=no starts the script without a shell"));
    else if (needs_shell(paste->harmless))
        lint_hint(lint, found, quoting);
    else
        lint_hint(lint, found, without, B(" starts no shell; or "), quoting);
}

static void tell(struct lint *lint, const struct paste *paste)
{
    bool direct = bytes_eq(paste->variable, paste->from);
    struct lint_finding *found =
        lint_tell(lint, paste->spot->rule, template_place(paste->text, paste->variable),
                  B("the shell reads "), paste->variable, direct ? B("") : B(" with "),
                  direct ? B("") : paste->from, B(", which can hold "), paste->held,
                  runs(paste->held) ? B(" and so run a command") : B(" and so break the command"));
    lint_witness(lint, found, paste->line,
                 arena_cat(&lint->arena, B("makes the command '"), paste->read, B("'")));
    add_hint(lint, found, paste);
}

static void look(struct lint *lint, const struct rule *rule)
{
    static const struct bytes held[] = {
        B(";id;"),     B("$(id)"),    B("`id`"),     B("|id;"), B("&id&"), B("';id;'"),
        B("';$(id)'"), B("\";id;\""), B("\"|id;\""), B(";"),    B("|"),    B("&"),
        B("`"),        B("<"),        B(">"),        B("("),    B("'"),    B("\""),
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
    .summary = "Text of a line that a shell reads as part of a command",
    .rule = look,
};
