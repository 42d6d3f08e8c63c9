/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A descriptor is enough: a rule type and an action that only this test knows are loaded, run,
 * dumped and seen by user code like the others.  Their names and numbers are such that no rule type
 * or action will ever have them. */
#include "in_perl.h"

#include <unistd.h>

#include "act/arguments.h"
#include "act/types.h"
#include "cli/options.h"
#include "correlate/correlate.h"
#include "correlate/shared.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "report/dump.h"
#include "surface/surface.h"

/* SingleInTest: each match runs the action list; an operation lasts from the first one on. */
static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    if (!operations_find(state, scope.text))
        operations_start(engine, state, scope.text, engine_now(engine), rule->window,
                         binding_take(engine, &scope, rule->action->uses, rule->action->use_count));
    actions_run(engine, rule->action, &scope);
    return VERDICT_ACTED;
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "time window"),
    {.kind = FIELD_END},
};

static const struct rule_type rule_in_test = {
    .keyword = "SINGLEINTEST",
    .name = "SingleInTest",
    .constant = {"SINGLE_IN_TEST", 1000000},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
    .due = operations_end,
};

/* upperintest %variable [text] */
static enum flow run_in_test(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes text = argument(engine, action, 1, scope);
    char *upper = arena_alloc(&engine->line.arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        upper[i] = (char)(text.ptr[i] & ~0x20);
    variables_set(engine->state.variables, action->args[0].variable, bytes_make(upper, text.len));
    return FLOW_NEXT;
}

static const struct action_type action_in_test = {.name = "upperintest",
                                                  .constant = {"UPPER_IN_TEST", 1000000},
                                                  .params = {VARIABLE, EVENT_TEXT},
                                                  .run = run_in_test};

static const char rules[] = "type=SingleInTest\n"
                            "ptype=RegExp\n"
                            "pattern=^login of (\\w+)$\n"
                            "desc=rest of $1\n"
                            "action=upperintest %who $1; create SEEN 60 (upperintest %last seen)\n"
                            "window=60\n";

static struct engine *engine;

static const char *perl(const char *code)
{
    struct perl_list list;
    struct buf error = {0};
    bool ok = perl_eval_list(bytes_of(code), &engine->line.arena, &list, &error);
    ck_assert_msg(ok, "%s: %.*s", code, (int)error.len, error.ptr);
    ck_assert_uint_eq(list.count, 1);
    return arena_bytes(&engine->line.arena, list.items[0].text).ptr;
}

/* The tables of the program, and one entry more. */
static void extend_tables(void)
{
    static const struct rule_type *more_rules[32];
    static const struct action_type *more_actions[128];
    size_t count = 0;
    for (; rule_types[count]; count++)
        more_rules[count] = rule_types[count];
    more_rules[count] = &rule_in_test;
    for (count = 0; action_types[count]; count++)
        more_actions[count] = action_types[count];
    more_actions[count] = &action_in_test;
    engine->rules.parse_env.rule_types = more_rules;
    engine->rules.parse_env.action_types = more_actions;
}

static void load(void)
{
    static char name[] = "secant";
    static char *arguments[] = {name, NULL};
    char path[] = "/tmp/check_types.XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, rules, sizeof(rules) - 1), sizeof(rules) - 1);
    close(fd);
    engine = engine_new(options_read(1, arguments), clock_wall(), NULL);
    log_set_level(engine->log, 0);
    surface_start(engine);
    extend_tables();
    struct bytes pattern = bytes_of(path);
    ck_assert(ruleset_load(engine->rules.set, &engine->rules.parse_env, &pattern, 1));
    engine_prepare(engine);
    engine_fit_windows(engine);
    unlink(path);
}

static void holds(struct bytes dump, const char *text)
{
    ck_assert_msg(bytes_find(dump, bytes_of(text), 0) >= 0, "no \"%s\" in the dump", text);
}

START_TEST(they_run)
{
    process_internal(engine, B("login of bob"));
    ck_assert_str_eq(perl("$main::variables{who}"), "BOB");
    ck_assert_uint_eq(operations_count(engine->state.operations), 1);
}
END_TEST

START_TEST(dumps_show_them)
{
    struct buf dump = {0}, error = {0};
    process_internal(engine, B("login of bob"));
    dump_text(engine, &dump, engine_now(engine));
    holds(buf_bytes(&dump), "Type: SingleInTest\n");
    holds(buf_bytes(&dump), "Description: rest of bob\n");
    holds(buf_bytes(&dump),
          "Action: upperintest %who bob; create SEEN 60 (upperintest %last seen; ); \n");
    holds(buf_bytes(&dump), "Window: 60 seconds\n");
    buf_clear(&dump);
    ck_assert(dump_json(engine, &dump, engine_now(engine), &error));
    holds(buf_bytes(&dump), "SingleInTest");
    holds(buf_bytes(&dump), "rest of bob");
    buf_free(&dump);
}
END_TEST

START_TEST(user_code_knows_them)
{
    process_internal(engine, B("login of bob"));
    ck_assert_str_eq(perl("main::SINGLE_IN_TEST() . ' ' . main::UPPER_IN_TEST()"),
                     "1000000 1000000");
    ck_assert_str_eq(perl("join ' ', map { \"$_->{Type} $_->{Desc}\" } values %main::corr_list"),
                     "1000000 rest of bob");
    ck_assert_str_eq(perl("join ' ', @{$main::context_list{SEEN}{Action}}"), "1000000 last seen");
}
END_TEST

/* What user code adds to a context's list of actions runs with the rest. */
START_TEST(lists_that_user_code_changed_run)
{
    process_internal(engine, B("login of bob"));
    perl("push @{$main::context_list{SEEN}{Action}}, main::UPPER_IN_TEST(), 'end', 'over'; 1");
    actions_run(engine, contexts_find(engine->state.contexts, B("SEEN"))->action,
                &(struct scope){.text = B("")});
    ck_assert_str_eq(perl("$main::variables{last} . $main::variables{end}"), "SEENOVER");
}
END_TEST

/* Those of our own have no constant. */
static void differ(struct constant a, struct constant b)
{
    if (a.name && b.name)
        ck_assert_str_ne(a.name, b.name);
    ck_assert_int_ne(a.number, b.number);
}

START_TEST(names_and_numbers_are_their_own)
{
    for (const struct action_type *const *a = action_types; *a; a++) {
        for (const struct action_type *const *b = action_types; b != a; b++) {
            ck_assert_str_ne((*a)->name, (*b)->name);
            differ((*a)->constant, (*b)->constant);
        }
    }
    for (const struct rule_type *const *a = rule_types; *a; a++) {
        for (const struct rule_type *const *b = rule_types; b != a; b++) {
            ck_assert_str_ne((*a)->keyword, (*b)->keyword);
            ck_assert_str_ne((*a)->name, (*b)->name);
            differ((*a)->constant, (*b)->constant);
        }
    }
}
END_TEST

RUN_TESTS_IN_PERL("types", load, NULL, they_run, dumps_show_them, user_code_knows_them,
                  lists_that_user_code_changed_run, names_and_numbers_are_their_own)
