/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of actions: runs an action list as a rule file has it. */
#ifndef SECANT_T_ACTIONS_H
#define SECANT_T_ACTIONS_H

#include "state.h"

#include "act/act.h"
#include "lang/parser.h"

static inline void run(struct fixture *f, const char *text)
{
    struct engine *engine = &f->engine;
    struct parse_env parse_env = {.log = engine->log,
                                  .clock = engine->clock,
                                  .names = engine->rules.names,
                                  .action_types = action_types};
    struct rule rule = {.file = f->file, .id = 0};
    struct parser parser = {.env = &parse_env,
                            .file = f->file,
                            .diag = {.env = &parse_env, .file = f->file, .line = 1},
                            .rule = &rule};
    struct action_list *list = parse_actions(&parser, bytes_of(text), 0);
    ck_assert_msg(list != NULL, "%s", text);
    list->keys = &f->keys;
    struct scope scope = {.text = B("the event"), .keys = &f->keys};
    actions_run(engine, list, &scope);
}

/* Runs the list and gives what it logged at warnings and above. */
static inline struct bytes warnings_of(struct fixture *f, const char *text)
{
    log_set_level(f->engine.log, LOG_WARN);
    run(f, text);
    return log_lines(f);
}

#define ck_warns(f, actions, text) ck_bytes_eq(warnings_of(f, actions), bytes_of(text))

static inline struct fixture *quiet_fixture(void)
{
    struct fixture *f = fixture_new();
    log_set_level(f->engine.log, LOG_NOTE);
    return f;
}

static inline const struct variable *get(struct fixture *f, const char *name)
{
    return variables_get(f->engine.state.variables,
                         names_id(f->engine.rules.names, bytes_of(name)));
}

static inline void ck_variable(struct fixture *f, const char *name, enum variable_kind kind,
                               const char *text)
{
    const struct variable *variable = get(f, name);
    ck_assert_msg(variable->kind == kind, "%%%s is of kind %d, not %d", name, variable->kind, kind);
    ck_bytes_eq(buf_bytes(&variable->text), bytes_of(text));
}

#define ck_text(f, name, text) ck_variable(f, name, VARIABLE_TEXT, text)
#define ck_number(f, name, text) ck_variable(f, name, VARIABLE_NUMBER, text)

#endif
