/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for action lists: which action was meant, what its form is, where one ends. */
#include "hint/hint.h"

const struct action_type *hint_find_action(const struct hint *hint, struct bytes name)
{
    const struct action_type *const *type = hint->lint->engine->rules.parse_env.action_types;
    while (*type && !bytes_ieq(bytes_of((*type)->name), name))
        type++;
    return *type;
}

/* Where the list begins that has the place, after the parenthesis that is open there; or its
 * action, after a semicolon of that list. */
static size_t start_of(const struct hint *hint, bool action)
{
    struct bytes value = hint->value;
    size_t from = (size_t)(hint->at.ptr - value.ptr);
    for (int closed = 0; from > 0; from--) {
        char c = value.ptr[from - 1];
        if (closed == 0 && (c == '(' || (action && c == ';')))
            break;
        closed += (c == ')') - (c == '(');
    }
    return from;
}

static struct bytes list_before(const struct hint *hint)
{
    return bytes_slice(hint->value, start_of(hint, false),
                       (size_t)(hint->at.ptr - hint->value.ptr));
}

/* The action that has the place, and what follows. */
static struct bytes action_around(const struct hint *hint)
{
    return bytes_trim(bytes_from(hint->value, start_of(hint, true)));
}

/* Takes the last action, up to its semicolon, off the end of a text; false: it has none. */
static bool take_last(struct bytes *text, struct bytes *action)
{
    struct bytes before = bytes_trim(*text);
    if (before.len == 0 || before.ptr[before.len - 1] != ';')
        return false;
    size_t to = before.len - 1, from = to;
    while (from > 0 && before.ptr[from - 1] != ';')
        from--;
    *action = bytes_trim(bytes_slice(before, from, to));
    *text = bytes_slice(before, 0, from);
    return true;
}

/* What is to be written for a parameter. */
static const char *param_name(const struct action_type *type, const struct param *param)
{
    static const char *const names[] = {
        [PARAM_WORD] = "NAME",    [PARAM_TEXT] = "TEXT",         [PARAM_WORDS] = "WORDS",
        [PARAM_QUOTED] = "TEXT",  [PARAM_VARIABLE] = "VARIABLE", [PARAM_DIGITS] = "SECONDS",
        [PARAM_RULE] = "RULE",    [PARAM_ACTIONS] = "ACTIONS",   [PARAM_BLOCK] = "ACTIONS",
        [PARAM_ELSE] = "ACTIONS", [PARAM_CODE] = "CODE",
    };
    if (param->what)
        return param->what;
    if (param->kind == PARAM_WORD && param->fallback && strcmp(param->fallback, "0") == 0)
        return "LIFETIME";
    return type->params[0].kind == PARAM_QUOTED && param != type->params ? "COMMANDLINE"
                                                                         : names[param->kind];
}

/* "pipe 'TEXT' [COMMANDLINE]" */
static void add_form(const struct action_type *type, struct buf *out)
{
    static const struct {
        const char *before, *after;
    } around[] = {
        [PARAM_QUOTED] = {"'", "'"},        [PARAM_VARIABLE] = {"%", ""},
        [PARAM_BLOCK] = {"( ", " )"},       [PARAM_ELSE] = {"else ( ", " )"},
        [PARAM_CODE] = {"[WORDS] -> ", ""},
    };
    buf_add(out, bytes_of(type->name));
    for (const struct param *p = type->params; p->kind != PARAM_END; p++) {
        bool has = p->kind < sizeof(around) / sizeof(*around) && around[p->kind].before;
        buf_cat(out, B(" "), p->optional ? B("[") : B(""),
                has ? bytes_of(around[p->kind].before) : B(""));
        for (const char *c = param_name(type, p); *c; c++)
            buf_char(out, *c == ' ' ? '-' : ascii_upper(*c));
        buf_cat(out, has ? bytes_of(around[p->kind].after) : B(""), p->optional ? B("]") : B(""));
    }
}

static void say_form(const struct hint *hint, const struct action_type *type)
{
    struct buf form = {0};
    add_form(type, &form);
    hint_say(hint, B("the syntax is: "), buf_bytes(&form));
    buf_free(&form);
}

/* An action without its last parameter when that is a text, which a semicolon would end; empty:
 * it has no such parameter. */
static struct bytes before_text(const struct hint *hint, struct bytes action)
{
    struct bytes rest = action, word = B("");
    const struct action_type *type = bytes_word(&rest, &word) ? hint_find_action(hint, word) : NULL;
    if (!type || rest.len == 0)
        return B("");
    const struct param *param = type->params;
    for (; param->kind != PARAM_END && param[1].kind != PARAM_END; param++)
        bytes_word(&rest, &word);
    bool text = param->kind == PARAM_TEXT || param->kind == PARAM_CODE;
    return text ? bytes_slice(action, 0, (size_t)(word.ptr - action.ptr) + word.len) : B("");
}

/* Does the text go on that an action before takes? */
static bool continues_text(const struct hint *hint)
{
    struct bytes list = list_before(hint), before;
    while (take_last(&list, &before)) {
        struct bytes head = before_text(hint, before), rest = before, word = B("");
        bytes_word(&rest, &word);
        if (head.len > 0)
            hint_say(hint, B("the ; ends '"), word,
                     B("'; to keep it in the text, use parentheses: "), head, B(" ( ... ; ... )"));
        if (head.len > 0 || hint_find_action(hint, word))
            return head.len > 0;
    }
    return false;
}

static bool is_command(struct bytes word)
{
    static const char *const commands[] = {
        "echo",    "mail",    "mailx",    "sendmail", "logger", "sh",  "bash", "perl",
        "python",  "python3", "curl",     "wget",     "touch",  "rm",  "cat",  "systemctl",
        "service", "sudo",    "snmptrap", "iptables", "nft",    "kill"};
    if (*word.ptr == '/' || bytes_starts(word, B("./")))
        return true;
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        if (bytes_eq(word, bytes_of(commands[i])))
            return true;
    return false;
}

/* Up to its semicolon. */
static struct bytes command_around(const struct hint *hint)
{
    struct bytes command = action_around(hint);
    ptrdiff_t end = bytes_chr(command, ';', 0);
    return bytes_trim(bytes_slice(command, 0, end < 0 ? command.len : (size_t)end));
}

static void say_script(const struct hint *hint)
{
    hint_say(hint, B("this is shell: put it into a script, or write shellcmd ( ... ; ... )"));
}

/* Without a shell where none is needed: a shell also reads what a line put into its command. */
static void say_command(const struct hint *hint)
{
    struct bytes command = command_around(hint);
    bool shell = false;
    for (size_t i = 0; i < command.len; i++)
        shell |= strchr("|&<>()`\"'*?[~\\", command.ptr[i]) != NULL;
    hint_say(hint, B("to run a program, write: "), shell ? B("shellcmd ") : B("cmdexec "),
             hint_short(hint, command));
}

/* What a shell would take for its own. */
static bool say_shell(const struct hint *hint)
{
    static const char *const words[] = {"then", "fi",   "do",    "done", "for",
                                        "case", "esac", "until", "elif", "export"};
    bool found = bytes_eq(hint->at, B("[")) || bytes_eq(hint->at, B("[["));
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        found |= bytes_eq(hint->at, bytes_of(words[i]));
    if (found)
        say_script(hint);
    return found;
}

/* "df -h", "who | mail root" */
static bool looks_like_command(const struct hint *hint)
{
    struct bytes rest = command_around(hint), word;
    while (bytes_word(&rest, &word))
        if (bytes_eq(word, B("|")) || bytes_eq(word, B(">")) || bytes_eq(word, B(">>")) ||
            (word.len > 1 && word.ptr[0] == '-' && is_word(word.ptr[word.len > 2 ? 2 : 1])))
            return true;
    return false;
}

/* What others call an action. */
static bool say_other_name(const struct hint *hint)
{
    static const struct {
        const char *name, *action;
    } names[] = {
        {"alert", "pipe 'TEXT' mail -s SUBJECT root"},
        {"email", "pipe 'TEXT' mail -s SUBJECT root"},
        {"notify", "pipe 'TEXT' mail -s SUBJECT root"},
        {"log", "logonly TEXT"},
        {"print", "write - TEXT"},
        {"printf", "write - TEXT"},
        {"exec", "cmdexec COMMANDLINE"},
        {"execute", "cmdexec COMMANDLINE"},
        {"run", "cmdexec COMMANDLINE"},
        {"command", "cmdexec COMMANDLINE"},
        {"cmd", "cmdexec COMMANDLINE"},
        {"shell", "shellcmd COMMANDLINE"},
        {"system", "shellcmd COMMANDLINE"},
        {"remove", "delete CONTEXT"},
        {"ignore", "none"},
        {"nothing", "none"},
        {"let", "assign %VARIABLE TEXT"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!bytes_ieq(hint->at, bytes_of(names[i].name)))
            continue;
        hint_say(hint, B("there is no action '"), hint->at, B("'; write: "),
                 bytes_of(names[i].action));
        return true;
    }
    return false;
}

/* Names that are shorter are near to any word. */
enum { SHORT_NAME = 4 };

static void say_unknown(const struct hint *hint)
{
    const struct action_type *const *type = hint->lint->engine->rules.parse_env.action_types;
    struct nearest nearest = nearest_to(hint->at);
    for (; hint->at.len >= SHORT_NAME && *type; type++)
        nearest_try(&nearest, bytes_of((*type)->name));
    if (bytes_eq(hint->at, B(";")))
        hint_say(hint, B("there is no action before this ;"));
    else if (continues_text(hint) || say_shell(hint))
        return;
    else if (*hint->at.ptr == '%')
        hint_say(hint, B("to set a variable, write: assign "), hint->at, B(" VALUE"));
    else if (say_other_name(hint) || hint_nearest(hint, &nearest))
        return;
    else if (is_command(hint->at) || looks_like_command(hint))
        say_command(hint);
    else
        hint_say(hint, B("there is no action '"), hint->at,
                 B("'; an action list is ACTION; ACTION; ..."));
}

void hint_action(const struct hint *hint)
{
    struct bytes action = action_around(hint), rest = action, word;
    const struct action_type *type = bytes_word(&rest, &word) ? hint_find_action(hint, word) : NULL;
    bool test = type && (bytes_starts(bytes_trim(rest), B("[ ")) ||
                         bytes_starts(bytes_trim(rest), B("[[")));
    if (test && bytes_ieq(word, B("if")))
        say_script(hint);
    else if (type)
        say_form(hint, type);
    else
        say_unknown(hint);
}

/* The list in parentheses that ended last before the place, and what follows it up to there: most
 * likely a ")" of its text has ended it.  false: there is none. */
static bool ended_before(const struct hint *hint, struct bytes *list, struct bytes *rest)
{
    struct bytes value = hint->value;
    size_t at = (size_t)(hint->at.ptr - value.ptr), open = 0, end = 0;
    for (size_t i = 0, depth = 0; i < at; i++) {
        if (value.ptr[i] == '\\')
            i++;
        else if (value.ptr[i] == '(' && depth++ == 0)
            open = i;
        else if (value.ptr[i] == ')' && depth > 0 && --depth == 0)
            end = i + 1;
    }
    *list = bytes_slice(value, open, end > open ? end : open);
    *rest = bytes_slice(value, end, at + 1);
    return list->len > 0;
}

void hint_action_list(const struct hint *hint)
{
    struct bytes list, rest;
    if (bytes_eq(hint->at, B("(")))
        hint_say(hint, B("this ( or a later one is never closed: end the list with ); for a "
                         "literal ( write \\("));
    else if (ended_before(hint, &list, &rest))
        hint_say(hint, B("no ( is open here: '"), hint_short(hint, list), B("' ended before '"),
                 hint_short(hint, rest), B("'; for a literal ) write \\)"));
    else
        hint_say(hint, B("no ( is open here; for a literal ) write \\)"));
}

void hint_variable(const struct hint *hint)
{
    struct bytes name = hint->at;
    while (name.len > 0 && !is_alpha(*name.ptr))
        name = bytes_from(name, 1);
    for (size_t i = 0; i < name.len; i++)
        if (!is_word(name.ptr[i]))
            name.len = i;
    hint_say(hint, B("a variable name begins with % and a letter: %"),
             name.len > 0 ? name : B("count"));
}
