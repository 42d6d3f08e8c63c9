/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stage: rules in a time that is told, whose effects, decisions and messages are heard. */
#include "in_perl.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/options.h"
#include "lang/ruleset.h"
#include "stage/determinism.h"
#include "stage/stage.h"

static char rules_path[] = "/tmp/check_stage.XXXXXX", conf[60];
static struct options *options;
static struct stage *stage;
static struct line_source source = {.name = B("a.log"), .context = B("_FILE_EVENT_a.log")};
static struct buf did, logged, decided, loadings;
static struct effect_answer given;

__attribute__((constructor)) static void before_perl(void)
{
    stage_expect(1000);
}

static void hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    ck_assert_ptr_eq(arg, &did);
    buf_cat(&did, NUM(effect->second), B(" "), bytes_of(effect_name(effect)), B(" "),
            effect->command ? effect->command->text : effect->target, B(" "), effect->text,
            B("\n"));
    answer->exit_code = given.exit_code;
    answer->output = given.output;
}

static void hear_message(void *arg, int level, struct bytes text)
{
    (void)arg;
    buf_cat(&logged, NUM(level), B(" "), text, B("\n"));
}

static void hear_loading(void *arg, bool begins)
{
    (void)arg;
    buf_char(&loadings, begins ? '<' : '>');
}

static void hear_decision(struct observer *observer, const struct record *record)
{
    (void)observer;
    if (record->kind == RECORD_RULE)
        buf_cat(&decided, bytes_of(verdict_text(record->verdict)), B("\n"));
}

static struct observer observer = {.hear = hear_decision};
static const struct stage_ears ears = {.effect = hear_effect,
                                       .message = hear_message,
                                       .loading = hear_loading,
                                       .arg = &did,
                                       .observer = &observer};

static void write_rules(const char *rules)
{
    FILE *file = fopen(rules_path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(rules, file);
    fclose(file);
}

static void before(void)
{
    strcpy(rules_path + sizeof(rules_path) - 7, "XXXXXX");
    close(mkstemp(rules_path));
    snprintf(conf, sizeof(conf), "--conf=%s", rules_path);
    given = (struct effect_answer){0};
}

static void make(const char *rules, const char *option)
{
    char *words[] = {"secant", conf, (char *)option, NULL};
    write_rules(rules);
    options = options_read(option ? 3 : 2, words);
    stage = stage_new(options, 1000, &ears);
}

/* With rules that are in order. */
static void begin(const char *rules, const char *option)
{
    make(rules, option);
    ck_assert(stage_load(stage));
    stage_begin(stage);
}

static void end(void)
{
    stage_free(stage);
    options_free(options);
    stage = NULL;
    buf_clear(&did);
    buf_clear(&logged);
    buf_clear(&decided);
    buf_clear(&loadings);
}

static void after(void)
{
    if (stage)
        end();
    unlink(rules_path);
    buf_free(&did);
    buf_free(&logged);
    buf_free(&decided);
    buf_free(&loadings);
    window_free(source.window);
    source.window = NULL;
}

static void line(int64_t second, const char *text)
{
    char *copy = strdup(text); /* which need not last */
    ck_assert(stage_line(stage, second, bytes_of(copy), &source));
    free(copy);
}

#define ck_did(text)                                                                               \
    do {                                                                                           \
        ck_bytes_eq(buf_bytes(&did), bytes_of(text));                                              \
        buf_clear(&did);                                                                           \
    } while (0)
#define ck_logged(text)                                                                            \
    ck_assert_msg(bytes_find(buf_bytes(&logged), bytes_of(text), 0) >= 0, "\"%s\" not in: %.*s",   \
                  text, (int)logged.len, logged.ptr)

START_TEST(lines_come_at_their_second)
{
    begin("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
          "action=write /tmp/never %s at %u\nwindow=60\nthresh=2\n",
          NULL);
    line(1010, "fail x");
    line(1071, "fail x");
    ck_did("");
    line(1131, "fail x");
    ck_did("1131 write /tmp/never f x at 1131\n");
    ck_assert_int_ne(access("/tmp/never", F_OK), 0);
    ck_bytes_eq(buf_bytes(&decided), B("matches, counted\nmatches, counted\n"
                                       "matches, the actions ran\n"));
    ck_logged("6 Writing event 'f x at 1131' to file '/tmp/never'");
    ck_assert_uint_eq(source.lines, 3);
    source.lines = 0;
}
END_TEST

START_TEST(what_is_due_comes_on_the_way)
{
    begin("type=Single\nptype=SubStr\npattern=go\ndesc=d\n"
          "action=create C 50 (write - over at %u); tevent 20 later\n\n"
          "type=Single\nptype=SubStr\npattern=later\ndesc=l\naction=shellcmd mail %u\n",
          NULL);
    line(1000, "go");
    ck_assert_int_eq(engine_next_end(stage_engine(stage)), 1020);
    ck_assert(stage_advance(stage, 5000));
    ck_did("1020 run mail 1020 \n1051 write - over at 1051\n");
    ck_assert_int_eq(engine_next_end(stage_engine(stage)), INT64_MAX);
}
END_TEST

START_TEST(commands_answer)
{
    given = (struct effect_answer){.exit_code = 3, .output = B("one\ntwo\n")};
    begin("type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=spawn who\n\n"
          "type=Single\nptype=SubStr\npattern=two\ndesc=l\naction=write - %s\n\n"
          "type=Single\nptype=SubStr\npattern=perl\ndesc=l\n"
          "action=eval %o (my $t = `x`; \"$t$?\"); write - %o\n",
          NULL);
    line(1000, "go");
    ck_did("1000 spawn who \n1000 write - l\n");
    ck_logged("terminated with non-zero exitcode 3");
    given.output = B("one,");
    line(1001, "perl");
    ck_did("1001 qx x \n1001 write - one,768\n");
}
END_TEST

START_TEST(signals_happen)
{
    begin("type=Single\nptype=RegExp\npattern=^SEC_\\w+\ndesc=$0\naction=write - $0\n\n"
          "type=Single\nptype=SubStr\npattern=end\ndesc=e\naction=sigemul TERM\n",
          "--intevents");
    ck_did("1000 write - SEC_STARTUP\n");
    ck_assert(stage_signal(stage, B("ABRT")));
    ck_did("1000 write - SEC_PRE_SOFTRESTART\n1000 write - SEC_SOFTRESTART\n");
    write_rules("type=Single\nptype=SubStr\npattern=new\ndesc=n\naction=write - new\n\n"
                "type=Single\nptype=SubStr\npattern=end\ndesc=e\naction=sigemul TERM\n");
    ck_assert(stage_signal(stage, B("HUP")));
    line(1005, "new");
    ck_did("1000 write - SEC_PRE_RESTART\n1005 write - new\n");
    ck_bytes_eq(buf_bytes(&loadings), B("<><><>"));
    ck_assert(!stage_line(stage, 1006, B("end"), &source));
    ck_assert(!stage_line(stage, 1007, B("new"), &source));
    ck_did("1006 signal TERM \n");
}
END_TEST

START_TEST(it_ends_as_by_sigterm)
{
    begin("type=Single\nptype=SubStr\npattern=SEC_SHUTDOWN\ndesc=e\naction=write - bye\n",
          "--intevents");
    ck_assert(!stage_signal(stage, B("TERM")));
    ck_did("1000 write - bye\n");
    ck_assert(!stage_advance(stage, 2000));
    ck_assert(!stage_signal(stage, B("TERM")));
    ck_did("");
}
END_TEST

START_TEST(rules_with_errors_are_told)
{
    make("type=Single\nptype=RegExp\npattern=(\ndesc=d\naction=none\n", NULL);
    ck_assert(!stage_load(stage));
    ck_logged("2 Rule in /tmp/check_stage.");
}
END_TEST

/* What the options would open stays closed. */
START_TEST(options_reach_nothing)
{
    begin("type=Single\nptype=SubStr\npattern=go\ndesc=e\naction=none\n", "--log=/tmp/never");
    ck_assert_int_ne(access("/tmp/never", F_OK), 0);
    end();
    begin("type=Single\nptype=SubStr\npattern=go\ndesc=e\naction=none\n", "--input=/etc/passwd");
    ck_assert_uint_eq(inputs_count(stage_engine(stage)->io.inputs), 0);
    ck_assert(stage_signal(stage, B("HUP")));
    ck_assert_uint_eq(inputs_count(stage_engine(stage)->io.inputs), 0);
}
END_TEST

START_TEST(stages_come_one_after_another)
{
    struct buf first = {0};
    for (int i = 0; i < 3; i++) {
        begin("type=SingleWithSuppress\nptype=SubStr\npattern=go\ndesc=e\n"
              "action=eval %r (int(rand(1000000))); write - %r %u; assign %x %u\nwindow=100\n",
              NULL);
        line(1001, "go");
        if (i == 0)
            buf_add(&first, buf_bytes(&did));
        else
            ck_bytes_eq(buf_bytes(&did), buf_bytes(&first));
        ck_assert_uint_gt(did.len, 0);
        end();
    }
    buf_free(&first);
}
END_TEST

/* The log has what user code logs, and what it puts in the place of the log's function. */
START_TEST(user_code_logs)
{
    begin("type=Single\nptype=SubStr\npattern=go\ndesc=e\n"
          "action=eval %r (main::log_msg(4, 'from', 'code'); 1)\n",
          NULL);
    line(1001, "go");
    ck_logged("4 from code");
}
END_TEST

START_TEST(compiled_code_is_noticed)
{
    begin("type=Single\nptype=SubStr\npattern=plain\ndesc=e\naction=write - x; if %s (none)\n\n"
          "type=Single\nptype=SubStr\npattern=code\ndesc=e\naction=eval %r (1)\n",
          NULL);
    uint64_t compiled = perl_compiled();
    line(1001, "plain");
    ck_assert_uint_eq(perl_compiled(), compiled);
    line(1001, "code");
    ck_assert_uint_ne(perl_compiled(), compiled);
}
END_TEST

/* Its source is no input of the engine's, but has a window all the same. */
START_TEST(windows_are_rewritten)
{
    begin("type=Single\nptype=SubStr\npattern=old\ncontinue=TakeNext\ndesc=e\n"
          "action=rewrite 1 new\n\n"
          "type=Single\nptype=RegExp2\npattern=new\ndesc=e\naction=none\n",
          "--nojointbuf");
    line(1001, "old");
    ck_logged("Input buffer of ");
    ck_logged(" rewritten with 'new'");
}
END_TEST

RUN_TESTS_IN_PERL("stage", before, after, lines_come_at_their_second, what_is_due_comes_on_the_way,
                  commands_answer, signals_happen, it_ends_as_by_sigterm,
                  rules_with_errors_are_told, options_reach_nothing, stages_come_one_after_another,
                  user_code_logs, compiled_code_is_noticed, windows_are_rewritten)
