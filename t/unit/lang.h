/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the parser share: a rule set in a folder of its own, with a few types of rules
 * and actions that show every kind of field and parameter, and the log as text. */
#ifndef SECANT_T_LANG_H
#define SECANT_T_LANG_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "in_perl.h"
#include "io/inputs.h"
#include "lang/ruleset.h"

#define WORD(noun)                                                                                 \
    {                                                                                              \
        .kind = PARAM_WORD, .what = noun                                                           \
    }
#define WORD_OR(text)                                                                              \
    {                                                                                              \
        .kind = PARAM_WORD, .optional = true, .fallback = text                                     \
    }
#define TEXT_OR_EVENT                                                                              \
    {                                                                                              \
        .kind = PARAM_TEXT, .optional = true, .fallback = "%s"                                     \
    }
#define VARIABLE                                                                                   \
    {                                                                                              \
        .kind = PARAM_VARIABLE                                                                     \
    }
#define ACTION(keyword, ...)                                                                       \
    &(const struct action_type)                                                                    \
    {                                                                                              \
        .name = keyword, .params = { __VA_ARGS__ }                                                 \
    }

static const struct action_type *const test_actions[] = {
    ACTION("none", {.kind = PARAM_END}),
    ACTION("logonly", TEXT_OR_EVENT),
    ACTION("write", WORD("filename"), TEXT_OR_EVENT),
    ACTION("shellcmd", {.kind = PARAM_TEXT, .what = "commandline"}),
    ACTION("cmdexec", {.kind = PARAM_WORDS, .what = "commandline"}),
    ACTION("pipe", {.kind = PARAM_QUOTED, .fallback = "%s"},
           {.kind = PARAM_TEXT, .optional = true}),
    ACTION("create", WORD_OR("%s"), WORD_OR("0"), {.kind = PARAM_ACTIONS, .optional = true}),
    ACTION("delete", WORD_OR("%s")),
    ACTION("copy", WORD("context name"), VARIABLE),
    ACTION("empty", WORD("context name"), {.kind = PARAM_VARIABLE, .optional = true}),
    ACTION("exists", VARIABLE, WORD("context name")),
    ACTION("event", {.kind = PARAM_DIGITS, .optional = true}, TEXT_OR_EVENT),
    ACTION("reset", {.kind = PARAM_RULE, .optional = true}, TEXT_OR_EVENT),
    ACTION("getwpos", VARIABLE, {.kind = PARAM_RULE}, TEXT_OR_EVENT),
    ACTION("assign", VARIABLE, TEXT_OR_EVENT),
    ACTION("eval", VARIABLE, {.kind = PARAM_TEXT}),
    ACTION("call", VARIABLE, VARIABLE, {.kind = PARAM_WORDS, .optional = true}),
    ACTION("lcall", VARIABLE, {.kind = PARAM_CODE}),
    ACTION("addinput", WORD("filename"), WORD_OR("-"),
           {.kind = PARAM_WORD,
            .optional = true,
            .fallback = INPUT_CONTEXT_PREFIX,
            .and_first = true}),
    ACTION("if", VARIABLE, {.kind = PARAM_BLOCK}, {.kind = PARAM_ELSE, .optional = true}),
    ACTION("while", VARIABLE, {.kind = PARAM_BLOCK}),
    NULL,
};

#define OPTIONAL_FIELD(what, keyword, which)                                                       \
    {                                                                                              \
        .kind = what, .name = keyword, .part = which                                               \
    }
#define FIELD(what, keyword, which)                                                                \
    {                                                                                              \
        .kind = what, .name = keyword, .required = true, .part = which                             \
    }
#define PATTERN_FIELDS                                                                             \
    OPTIONAL_FIELD(FIELD_CONTINUE, "continue", 0), FIELD(FIELD_PATTERN, "ptype", 0),               \
        FIELD(FIELD_PATTERN_TEXT, "pattern", 0), OPTIONAL_FIELD(FIELD_VARMAP, "varmap", 0),        \
        OPTIONAL_FIELD(FIELD_CONTEXT, "context", 0)
#define LIST_FIELD(keyword, needed, which)                                                         \
    {                                                                                              \
        .kind = FIELD_ACTION, .name = #keyword, .required = needed, .part = which,                 \
        .offset = offsetof(struct rule, keyword)                                                   \
    }
#define NUMBER_FIELD(what, keyword, needed, words)                                                 \
    {                                                                                              \
        .kind = what, .name = #keyword, .required = needed,                                        \
        .offset = offsetof(struct rule, keyword), .noun = words                                    \
    }
#define END_FIELD                                                                                  \
    {                                                                                              \
        .kind = FIELD_END                                                                          \
    }
#define NUMBERED .patterns = 1, .numbered = true
#define RULE_TYPE(upper, title, form, ...)                                                         \
    &(const struct rule_type)                                                                      \
    {                                                                                              \
        .keyword = upper, .name = title, form, .fields = (const struct field[])                    \
        {                                                                                          \
            __VA_ARGS__, END_FIELD                                                                 \
        }                                                                                          \
    }

static const struct rule_type *const test_types[] = {
    RULE_TYPE("SINGLE", "Single", .patterns = 1, PATTERN_FIELDS, FIELD(FIELD_DESC, "desc", 0),
              LIST_FIELD(action, true, 0)),
    RULE_TYPE("SINGLEWITHSCRIPT", "SingleWithScript", .patterns = 1, PATTERN_FIELDS,
              FIELD(FIELD_DESC, "desc", 0), FIELD(FIELD_SCRIPT, "script", 0),
              OPTIONAL_FIELD(FIELD_SHELL, "shell", 0), LIST_FIELD(action, true, 0),
              LIST_FIELD(action2, false, 0)),
    RULE_TYPE(
        "PAIR", "Pair", .patterns = 2, OPTIONAL_FIELD(FIELD_CONTINUE, "continue", 0),
        OPTIONAL_FIELD(FIELD_CONTINUE, "continue2", 1), FIELD(FIELD_PATTERN, "ptype", 0),
        FIELD(FIELD_PATTERN_TEXT, "pattern", 0), FIELD(FIELD_PATTERN, "ptype2", 1),
        FIELD(FIELD_PATTERN_TEXT, "pattern2", 1), OPTIONAL_FIELD(FIELD_VARMAP, "varmap", 0),
        OPTIONAL_FIELD(FIELD_VARMAP, "varmap2", 1), OPTIONAL_FIELD(FIELD_CONTEXT, "context", 0),
        OPTIONAL_FIELD(FIELD_CONTEXT, "context2", 1), FIELD(FIELD_DESC, "desc", 0),
        FIELD(FIELD_DESC, "desc2", 1), LIST_FIELD(action, true, 0), LIST_FIELD(action2, true, 1),
        NUMBER_FIELD(FIELD_NATURAL, window, false, "time window")),
    RULE_TYPE("EVENTGROUP", "EventGroup", NUMBERED, PATTERN_FIELDS,
              OPTIONAL_FIELD(FIELD_COUNT, "count", 0),
              {.kind = FIELD_PART_THRESHOLD, .name = "thresh", .noun = "threshold"},
              OPTIONAL_FIELD(FIELD_EGTOKEN, "egtoken", 0), FIELD(FIELD_DESC, "desc", 0),
              LIST_FIELD(action, true, 0), LIST_FIELD(init, false, 0), LIST_FIELD(end, false, 0),
              NUMBER_FIELD(FIELD_POSITIVE, window, true, "time window"),
              OPTIONAL_FIELD(FIELD_MULTACT, "multact", 0),
              OPTIONAL_FIELD(FIELD_EGPTYPE, "egptype", 0),
              OPTIONAL_FIELD(FIELD_EGPATTERN, "egpattern", 0)),
    RULE_TYPE("SUPPRESS", "Suppress", .patterns = 1, FIELD(FIELD_PATTERN, "ptype", 0),
              FIELD(FIELD_PATTERN_TEXT, "pattern", 0), OPTIONAL_FIELD(FIELD_VARMAP, "varmap", 0),
              OPTIONAL_FIELD(FIELD_CONTEXT, "context", 0), OPTIONAL_FIELD(FIELD_DESC, "desc", 0)),
    RULE_TYPE("CALENDAR", "Calendar", .patterns = 0, FIELD(FIELD_TIME, "time", 0),
              OPTIONAL_FIELD(FIELD_CONTEXT, "context", 0), FIELD(FIELD_DESC, "desc", 0),
              LIST_FIELD(action, true, 0)),
    RULE_TYPE("JUMP", "Jump", .patterns = 1, PATTERN_FIELDS, OPTIONAL_FIELD(FIELD_DESC, "desc", 0),
              OPTIONAL_FIELD(FIELD_CFSET, "cfset", 0),
              OPTIONAL_FIELD(FIELD_CONSTSET, "constset", 0)),
    RULE_TYPE("OPTIONS", "Options", .is_options = true, END_FIELD),
    NULL,
};

static char folder[] = "/tmp/secant-lang-XXXXXX";
static char *log_path;
static struct clock *clock_now_is;
static struct parse_env parse_env;
static struct ruleset *set;
static struct arena texts; /* what the helpers return */

static char *path_in_folder(const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", folder, name);
    char *copy = bytes_cstr(buf_bytes(&path));
    buf_free(&path);
    return copy;
}

static void setup(void)
{
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    log_path = path_in_folder("log");
    clock_now_is = clock_event(1000);
    parse_env = (struct parse_env){.log = log_new(clock_now_is),
                                   .clock = clock_now_is,
                                   .names = names_new(),
                                   .rule_types = test_types,
                                   .action_types = test_actions};
    log_open_file(parse_env.log, log_path);
    log_set_level(parse_env.log, LOG_WARN);
    set = ruleset_new();
    arena_init(&texts);
}

static void teardown(void)
{
    ruleset_free(set);
    log_free(parse_env.log);
    names_free(parse_env.names);
    clock_free(clock_now_is);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char *path = path_in_folder(entry->d_name);
        unlink(path);
        free(path);
    }
    closedir(dir);
    rmdir(folder);
    free(log_path);
    arena_free(&texts);
}

static inline void write_bytes(const char *name, struct bytes content)
{
    char *path = path_in_folder(name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fwrite(content.ptr, 1, content.len, file);
    fclose(file);
    free(path);
}

/* What was logged since the last call, without time stamps and without the folder's name. */
static inline struct bytes messages(void)
{
    struct buf text = {0};
    char line[65536];
    log_flush(parse_env.log);
    FILE *file = fopen(log_path, "r+");
    while (file && fgets(line, sizeof(line), file)) {
        /* A message may have several lines; only its first one has a stamp. */
        struct bytes rest = bytes_of(line);
        const char *stamp = strstr(line, " 1970: ");
        if (stamp)
            rest = bytes_of(stamp + strlen(" 1970: "));
        ptrdiff_t at;
        while ((at = bytes_find(rest, bytes_of(folder), 0)) >= 0) {
            buf_add(&text, bytes_slice(rest, 0, (size_t)at));
            rest = bytes_from(rest, (size_t)at + strlen(folder) + 1);
        }
        buf_add(&text, rest);
    }
    if (file && ftruncate(fileno(file), 0) == 0)
        fclose(file);
    struct bytes copy = arena_bytes(&texts, buf_bytes(&text));
    buf_free(&text);
    return copy;
}

static inline bool load_bytes(struct bytes content)
{
    write_bytes("rules", content);
    char *path = path_in_folder("rules");
    struct bytes pattern = bytes_of(path);
    bool sound = ruleset_load(set, &parse_env, &pattern, 1);
    free(path);
    return sound;
}

static inline bool load(const char *content)
{
    return load_bytes(bytes_of(content));
}

static inline const struct rule_file *loaded(void)
{
    ck_assert_uint_eq(set->file_count, 1);
    return set->files[0];
}

static inline const struct rule *rule_at(size_t id)
{
    ck_assert_uint_lt(id, loaded()->count);
    return loaded()->rules[id];
}

/* A list and an expression as text: every text in brackets, word lists in angle brackets. */

static inline void add_words(struct buf *out, const struct template *const *words, size_t count)
{
    buf_char(out, '<');
    for (size_t i = 0; i < count; i++)
        buf_cat(out, i ? B(" ") : B(""), words[i]->text);
    buf_char(out, '>');
}

static inline void add_list(struct buf *out, const struct action_list *list);

static inline void add_arg(struct buf *out, enum param_kind kind, const struct arg *arg)
{
    buf_char(out, ' ');
    switch (kind) {
    case PARAM_VARIABLE:
        buf_cat(out, B("%"), arg->name);
        break;
    case PARAM_DIGITS:
        buf_num(out, arg->number);
        break;
    case PARAM_RULE:
        buf_cat(out, B("#"), arg->given ? NUM(arg->number) : B(""));
        break;
    case PARAM_WORDS:
    case PARAM_CODE:
        add_words(out, arg->words, arg->count);
        break;
    case PARAM_ACTIONS:
    case PARAM_BLOCK:
    case PARAM_ELSE:
        buf_char(out, '(');
        add_list(out, arg->list);
        buf_char(out, ')');
        break;
    default:
        buf_cat(out, B("["), arg->text->text, B("]"));
    }
}

static inline void add_list(struct buf *out, const struct action_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        buf_cat(out, i ? B("; ") : B(""), bytes_of(action->type->name));
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
            add_arg(out, action->type->params[k].kind, &action->args[k]);
    }
}

static inline struct bytes kept(struct buf *out)
{
    struct bytes copy = arena_bytes(&texts, buf_bytes(out));
    buf_free(out);
    return copy;
}

static inline struct bytes list_text(const struct action_list *list)
{
    struct buf out = {0};
    add_list(&out, list);
    return kept(&out);
}

static inline void add_expr(struct buf *out, const struct context_expr *expr)
{
    for (size_t i = 0; i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        static const char *const names[] = {"", "!", "&&", "||", "(", "=", "->", ":>", "varset "};
        buf_cat(out, i ? B(" ") : B(""), bytes_of(names[item->op]));
        if (item->text)
            buf_add(out, item->text->text);
        if (item->op == EXPR_CALL || item->op == EXPR_CALL2)
            add_words(out, item->words, item->count);
        if (item->group) {
            add_expr(out, item->group);
            buf_char(out, ')');
        }
    }
}

static inline struct bytes expr_text(const struct context_expr *expr)
{
    struct buf out = {0};
    add_expr(&out, expr);
    return kept(&out);
}

#endif
