/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rules for the tests of those: rules and steps as texts, outcomes as JSON. */
#ifndef SECANT_T_PROVE_H
#define SECANT_T_PROVE_H

#include "unit.h"

#include <jansson.h>
#include <unistd.h>

#include "cli/options.h"
#include "perl/interp.h"
#include "prove/prove.h"

static char prove_folder[] = "/tmp/check_prove.XXXXXX";
static json_t *outcomes; /* of the tests that ran last */
static struct prover prover;

__attribute__((constructor)) static void before_perl(void)
{
    prove_prepare();
}

static inline void write_text(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void keep_outcome(void *arg, struct bytes outcome)
{
    (void)arg;
    json_t *object = json_loadb(outcome.ptr, outcome.len, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(object != NULL, "no JSON: %.*s", (int)outcome.len, outcome.ptr);
    json_array_append_new(outcomes, object);
}

static void no_complaint(void *arg, struct test_place place, struct bytes line, struct bytes text,
                         struct bytes hint)
{
    (void)arg, (void)hint;
    ck_abort_msg("line %u: %.*s: %.*s", place.line, (int)text.len, text.ptr, (int)line.len,
                 line.ptr);
}

/* Another SEC plays the tests if PROVE_WITH has the words of its command. */
static char *const *other_sec(void)
{
    static char *words[8];
    static char text[200];
    const char *with = getenv("PROVE_WITH");
    size_t count = 0;
    if (!with)
        return NULL;
    snprintf(text, sizeof(text), "%s", with);
    for (char *word = strtok(text, " "); word && count < 7; word = strtok(NULL, " "))
        words[count++] = word;
    return words;
}

/* Before each test, in a folder of its own; and after it. */
static void enter_folder(void)
{
    strcpy(prove_folder + sizeof(prove_folder) - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(prove_folder));
    ck_assert_int_eq(chdir(prove_folder), 0);
    prover = (struct prover){
        .read_options = options_read, .free_options = options_free, .told = keep_outcome};
    prover.with = other_sec();
    outcomes = json_array();
}

static void leave_folder(void)
{
    json_decref(outcomes);
    ck_assert_int_eq(chdir("/"), 0);
    char command[80];
    snprintf(command, sizeof(command), "rm -rf %s", prove_folder);
    ck_assert_int_eq(system(command), 0);
}

/* The rules in r.sec, the tests in t.sectest; outcomes are theirs. */
static inline void prove(const char *rules, const char *tests)
{
    write_text("r.sec", rules);
    json_array_clear(outcomes);
    struct test_file *file = test_file_parse(B("t.sectest"), bytes_of(tests), no_complaint, NULL);
    prove_file(&prover, file);
    test_file_free(file);
}

static inline json_t *outcome(size_t i)
{
    json_t *object = json_array_get(outcomes, i);
    ck_assert_msg(object != NULL, "there are %zu outcomes", json_array_size(outcomes));
    return object;
}

static inline const char *text_in(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* For messages, which may not be long. */
static inline const char *dump(json_t *object)
{
    static char text[2000];
    size_t len = json_dumpb(object, text, sizeof(text) - 1, JSON_INDENT(1));
    text[len < sizeof(text) ? len : sizeof(text) - 1] = '\0';
    return text;
}

#define ck_status(i, want)                                                                         \
    ck_assert_msg(strcmp(text_in(outcome(i), "status"), want) == 0, "%s", dump(outcome(i)))
#define ck_passed(i) ck_status(i, "passed")

/* main: tests run inside Perl, and so do those that they run. */
#define RUN_PROVING_TESTS(name, ...)                                                               \
    static void run_in_perl(void *status)                                                          \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        *(int *)status =                                                                           \
            run_tests(name, enter_folder, leave_folder, tests, sizeof(tests) / sizeof(*tests));    \
    }                                                                                              \
    int main(int argc, char **argv, char **env)                                                    \
    {                                                                                              \
        (void)argc;                                                                                \
        int failed = EXIT_FAILURE;                                                                 \
        int status = perl_run_main(1, (char *[]){argv[0], NULL}, env, run_in_perl, &failed);       \
        prove_leave(status);                                                                       \
        return status == 0 ? failed : status;                                                      \
    }

#endif
