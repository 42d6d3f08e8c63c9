/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options: what command lines mean, and what is said about those that mean nothing. */
#include "installed.h"
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"

#define ROOM 32

/* Reads a command line of blank-separated words and collects what comes on standard error. */
struct reading {
    struct options *options;
    struct buf complaints;
};

static void split(char *line, int *argc, char **argv)
{
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[(*argc)++] = strcmp(word, "''") == 0 ? word + 2 : word;
    argv[*argc] = NULL;
}

static void read_back(FILE *file, struct buf *text)
{
    rewind(file);
    for (int c; (c = getc(file)) != EOF;)
        buf_char(text, (char)c);
}

static struct reading read_line(const char *line)
{
    struct reading r = {0};
    char text[512], *argv[ROOM], program[] = "secant";
    int argc = 0;
    argv[argc++] = program;
    snprintf(text, sizeof(text), "%s", line);
    split(text, &argc, argv);
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    ck_assert_ptr_nonnull(file);
    dup2(fileno(file), STDERR_FILENO);
    r.options = options_read(argc, argv);
    dup2(kept, STDERR_FILENO);
    close(kept);
    read_back(file, &r.complaints);
    fclose(file);
    return r;
}

static void reading_free(struct reading *r)
{
    options_free(r->options);
    buf_free(&r->complaints);
}

static void forget_environment(void)
{
    unsetenv("SECRC");
    unsetenv("POSIXLY_CORRECT");
}

/* What is read. */

START_TEST(defaults_are_upstreams)
{
    forget_environment();
    struct reading r = read_line("");
    struct options *o = r.options;
    ck_assert(o->in.tail && o->in.rwfifo && o->keepopen && o->childterm);
    ck_assert(!o->jointbuf && !o->intevents && !o->detach && !o->testonly && !o->help);
    ck_assert_uint_eq(o->in.blocksize, 8192);
    ck_assert_int_eq(o->cleantime, 1);
    ck_assert_int_eq(o->socket_timeout, 60);
    ck_assert_int_eq(o->debug, 6);
    ck_assert_int_eq(o->umask, -1);
    ck_assert_str_eq(o->dump, "/tmp/sec.dump");
    ck_assert_ptr_null(o->log);
    ck_bytes_eq(o->rcfile_status, B("none"));
    ck_bytes_eq(o->all, B(""));
    ck_bytes_eq(buf_bytes(&r.complaints), B(""));
    reading_free(&r);
}
END_TEST

START_TEST(lists_grow_and_the_last_of_other_values_wins)
{
    forget_environment();
    struct reading r = read_line("--conf=a --log=x --conf b --debug=2 --log y --input=- --debug 3");
    ck_assert_uint_eq(r.options->conf.count, 2);
    ck_bytes_eq(r.options->conf.items[0], B("a"));
    ck_bytes_eq(r.options->conf.items[1], B("b"));
    ck_bytes_eq(r.options->input.items[0], B("-"));
    ck_assert_str_eq(r.options->log, "y");
    ck_assert_int_eq(r.options->debug, 3);
    ck_bytes_eq(buf_bytes(&r.complaints), B(""));
    reading_free(&r);
}
END_TEST

START_TEST(names_are_taken_in_any_case_and_shortened)
{
    forget_environment();
    struct reading r = read_line("-CONF=a --Input-T 5 --timeout_script=s -notai +dumpf --no-child");
    ck_assert_uint_eq(r.options->conf.count, 1);
    ck_assert_int_eq(r.options->in.input_timeout, 5);
    ck_assert_str_eq(r.options->timeout_script, "s");
    ck_assert(!r.options->in.tail && !r.options->childterm);
    ck_bytes_eq(buf_bytes(&r.complaints), B("Option dumpf is ambiguous (dumpfjson, dumpfts)\n"));
    reading_free(&r);
}
END_TEST

START_TEST(a_value_may_look_like_an_option)
{
    forget_environment();
    struct reading r = read_line("--log --tail --cleantime -- --bufsize -5");
    ck_assert_str_eq(r.options->log, "--tail");
    ck_bytes_eq(buf_bytes(&r.complaints),
                B("Value \"--\" invalid for option cleantime (number expected)\n"
                  "'--bufsize' option requires a non-negative value\n"));
    reading_free(&r);
}
END_TEST

START_TEST(nothing_is_read_behind_two_dashes)
{
    forget_environment();
    struct reading r = read_line("--notail -- --tail word");
    ck_assert(!r.options->in.tail);
    ck_bytes_eq(buf_bytes(&r.complaints), B(""));
    ck_bytes_eq(r.options->all, B("--notail -- --tail word"));
    reading_free(&r);
}
END_TEST

START_TEST(posix_order_ends_at_the_first_word)
{
    forget_environment();
    setenv("POSIXLY_CORRECT", "1", 1);
    struct reading r = read_line("--notail --TES word --intevents");
    unsetenv("POSIXLY_CORRECT");
    ck_assert(!r.options->in.tail && !r.options->intevents);
    ck_bytes_eq(buf_bytes(&r.complaints), B("Unknown option: TES\n"));
    reading_free(&r);
}
END_TEST

START_TEST(one_line_windows_are_joint)
{
    forget_environment();
    struct reading r = read_line("--bufsize=1 --nojointbuf");
    ck_assert(r.options->jointbuf);
    reading_free(&r);
}
END_TEST

/* Numbers. */

static const struct {
    const char *text;
    int64_t umask; /* -1: refused */
} masks[] = {
    {"18", 18},      {"022", 18},
    {"0x12", 18},    {"0X12", 18},
    {"0b10010", 18}, {"0", 0},
    {"0_22", 18},    {"1_8", 18},
    {"_18", 18},     {"0x_1_2", 18},
    {"0777", 511},   {"01000", -1},
    {"512", -1},     {"-1", -1},
    {"08", -1},      {"0b12", -1},
    {"0x", -1},      {"+0", -1},
    {"0o22", -1},    {"1.5", -1},
    {"0x1g", -1},    {"99999999999999999999", -1},
    {"_0", -1},
};

START_TEST(masks_are_decimal_octal_hexadecimal_or_binary)
{
    forget_environment();
    for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++) {
        char line[64];
        snprintf(line, sizeof(line), "--umask=%s", masks[i].text);
        struct reading r = read_line(line);
        ck_assert_msg(r.options->umask == masks[i].umask, "%s gives %lld", line,
                      (long long)r.options->umask);
        ck_assert_msg((r.complaints.len > 0) == (masks[i].umask < 0), "%s", line);
        reading_free(&r);
    }
}
END_TEST

static const struct {
    const char *text;
    int64_t size; /* -1: refused */
} sizes[] = {
    {"7", 7},    {"+7", 7},   {"007", 7},    {"1_000", 1000}, {"+_5", 5}, {"_5_", 5},
    {"0x7", -1}, {"7.0", -1}, {"seven", -1}, {"_", -1},       {"+", -1},  {"1e3", -1},
};

START_TEST(integers_are_decimal)
{
    forget_environment();
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        char line[64];
        snprintf(line, sizeof(line), "--evstoresize=%s", sizes[i].text);
        struct reading r = read_line(line);
        ck_assert_msg(r.options->evstoresize == (sizes[i].size < 0 ? 0 : sizes[i].size), "%s",
                      line);
        ck_assert_msg((r.complaints.len > 0) == (sizes[i].size < 0), "%s", line);
        reading_free(&r);
    }
}
END_TEST

START_TEST(huge_integers_leave_room_for_sums)
{
    forget_environment();
    struct reading r = read_line("--cleantime=99999999999999999999999");
    ck_assert(r.options->cleantime > INT64_MAX / 5 && r.options->cleantime <= INT64_MAX / 4);
    reading_free(&r);
}
END_TEST

static const struct {
    const char *text;
    double value; /* -1: refused */
} reals[] = {
    {"1", 1},        {"1.5", 1.5}, {".5", 0.5},    {"+1.5", 1.5}, {"1e1", 10},  {"1E+1", 10},
    {"1_0.5", 10.5}, {".", -1},    {"1e", -1},     {"inf", -1},   {"-1.5", -1}, {"1.5.5", -1},
    {"e5", -1},      {"_1", -1},   {"1._5e1", 15},
#if GETOPT_ANY_POINT
    {"1x5", 1},      {"0x10", 0},  {"0b12", 0},    {"1.", -1},    {"1.e1", -1}, {"-x1", -1},
#else
    {"1x5", -1},     {"0x10", -1}, {"0b12", -1},   {"1.", 1},     {"1.e1", 10}, {".e1", -1},
#endif
};

START_TEST(reals_are_what_getopt_long_takes_for_them)
{
    forget_environment();
    for (size_t i = 0; i < sizeof(reals) / sizeof(*reals); i++) {
        char line[64];
        snprintf(line, sizeof(line), "--poll-timeout=%s", reals[i].text);
        struct reading r = read_line(line);
        double want = reals[i].value < 0 ? 0.1 : reals[i].value;
        ck_assert_msg(r.options->poll_timeout == want, "%s gives %g", line,
                      r.options->poll_timeout);
        ck_assert_msg((r.complaints.len > 0) == (reals[i].value < 0), "%s", line);
        reading_free(&r);
    }
}
END_TEST

/* Complaints. */

static const struct {
    const char *line, *complaints;
} wrong[] = {
    {"--foo", "Unknown option: foo\n"},
    {"--FOO=1", "Unknown option: foo\n"},
    {"---conf=x", "Unknown option: -conf\n(did you mean --conf?)\n"},
    {"--initevents", "Unknown option: initevents\n(did you mean --intevents?)\n"},
    {"--=x", "Unknown option: =x\n"},
    {"--no-conf", "Unknown option: no-conf\n"},
    {"word - +", "Unknown argument: word\nUnknown argument: -\nMissing option after +\n"},
    {"--in=x", "Option in is ambiguous (input, input-timeout, input_timeout, intcontexts, "
               "intevents)\n"},
    {"--not", "Option not is ambiguous (notail, notestonly)\n"},
    {"--help=1", "Option help does not take an argument\n"},
    {"--notail=", "Option notail does not take an argument\n"},
    {"--conf", "Option conf requires an argument\n"},
    {"--conf=", "Option conf requires an argument\n"},
    {"--input_t=x", "Value \"x\" invalid for option input_timeout (number expected)\n"},
    {"--reopen=x", "Value \"x\" invalid for option reopen-timeout (number expected)\n"},
    {"--umask=x", "Value \"x\" invalid for option umask (extended number expected)\n"},
    {"--poll=x", "Value \"x\" invalid for option poll-timeout (real number expected)\n"},
    {"--conf '' --input ''", "'--conf' option requires a non-empty value\n"
                             "'--input' option requires a non-empty value\n"},
    {"--log '' --syslog '' --pid '' --user ''", "'--log' option requires a non-empty value\n"
                                                "'--syslog' option requires a non-empty value\n"
                                                "'--pid' option requires a non-empty value\n"
                                                "'--user' option requires a non-empty value\n"},
    {"--dump ''", "'--dump' option requires a non-empty value\n"},
    {"--input-timeout=5", "'--input-timeout' option requires the '--timeout-script' option\n"},
    {"--group=g", "'--group' option requires the '--user' option\n"},
    {"--journal=line", "'--journal' option requires the '--state' option\n"},
    {"--downtime=skip", "'--downtime' option requires the '--state' option\n"},
    {"--snapshot=9", "'--snapshot' option requires the '--state' option\n"},
    {"--state ''", "'--state' option requires a non-empty value\n"},
    {"--state= --confirm", "Option state requires an argument\n"},
    {"--state=s --snapshot=0",
     "'--snapshot' option requires a number of seconds from range 1..86400\n"},
    {"--at-most-once", "'--at-most-once' option requires the '--state' option\n"},
    {"--confirm", "'--confirm' option requires the '--state' option\n"},
    {"--socket-timeout=0", "'--socket-timeout' option requires a positive value\n"},
    {"--blocksize=-1", "'--blocksize' option requires a positive value\n"},
    {"--debug=7", "'--debug' option requires a value from range 1..6\n"},
    {"--umask=-1", "'--umask' option requires a value from range 0..0777\n"},
};

START_TEST(faults_are_reported_in_upstreams_words)
{
    forget_environment();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct reading r = read_line(wrong[i].line);
        ck_bytes_eq(buf_bytes(&r.complaints), bytes_of(wrong[i].complaints));
        reading_free(&r);
    }
}
END_TEST

/* Without the state that was meant, nothing is to run. */
START_TEST(what_is_wrong_of_the_state_is_no_default)
{
    static const char *const lines[] = {"--state ''",
                                        "--state=",
                                        "--state",
                                        "--state=s --journal",
                                        "--state=s --journal=0",
                                        "--state=s --journal=lines",
                                        "--state=s --snapshot=0",
                                        "--state=s --snapshot=x",
                                        "--state=s --downtime=",
                                        "--state=s --downtime=ran",
                                        "--state=s --confirm=1",
                                        "--snapshot=9",
                                        "--confirm"};
    forget_environment();
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct reading r = read_line(lines[i]);
        ck_assert_msg(r.options->keep.wrong, "%s", lines[i]);
        reading_free(&r);
    }
    struct reading r = read_line("--state=s --journal=line --snapshot=9 --downtime=run --confirm");
    ck_assert(!r.options->keep.wrong);
    ck_assert_int_eq(r.options->keep.snapshot, 9);
    reading_free(&r);
}
END_TEST

START_TEST(bad_values_give_way_to_defaults)
{
    forget_environment();
    struct reading r = read_line("--dump '' --blocksize=0 --debug=0 --group=g --cleantime=-1 "
                                 "--socket-timeout=-1 --input-timeout=3 --conf '' --conf=a");
    ck_assert_str_eq(r.options->dump, "/tmp/sec.dump");
    ck_assert_uint_eq(r.options->in.blocksize, 8192);
    ck_assert_int_eq(r.options->debug, 6);
    ck_assert_uint_eq(r.options->group.count, 0);
    ck_assert_int_eq(r.options->cleantime, 1);
    ck_assert_int_eq(r.options->socket_timeout, 60);
    ck_assert_int_eq(r.options->in.input_timeout, 0);
    ck_assert_uint_eq(r.options->conf.count, 1);
    ck_bytes_eq(r.options->conf.items[0], B("a"));
    reading_free(&r);
}
END_TEST

/* The resource file. */

START_TEST(the_resource_file_follows_the_command_line)
{
    char path[] = "/tmp/check_options.XXXXXX";
    static const char text[] = "# comment\n\n  --debug=2 \t\n--conf=a b\n\t#--help\n--notail";
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
    close(fd);
    forget_environment();
    setenv("SECRC", path, 1);
    struct reading r = read_line("--debug=5 --intevents");
    unsetenv("SECRC");
    unlink(path);
    ck_assert_int_eq(r.options->debug, 2);
    ck_assert(!r.options->in.tail && r.options->intevents && !r.options->help);
    ck_bytes_eq(r.options->conf.items[0], B("a b"));
    ck_bytes_eq(r.options->all, B("--debug=5 --intevents --debug=2 --conf=a b --notail"));
    ck_bytes_eq(r.options->rcfile_status, bytes_of(path));
    reading_free(&r);
}
END_TEST

START_TEST(a_missing_resource_file_is_reported)
{
    forget_environment();
    setenv("SECRC", "no/such/rc", 1);
    struct reading r = read_line("--notail");
    unsetenv("SECRC");
    ck_bytes_eq(buf_bytes(&r.complaints),
                B("Can't open resource file no/such/rc (No such file or directory)\n"));
    ck_bytes_eq(r.options->rcfile_status,
                B("no/such/rc - open failed (No such file or directory)"));
    ck_assert(!r.options->in.tail);
    reading_free(&r);
}
END_TEST

RUN_TESTS("options", defaults_are_upstreams, lists_grow_and_the_last_of_other_values_wins,
          names_are_taken_in_any_case_and_shortened, a_value_may_look_like_an_option,
          nothing_is_read_behind_two_dashes, posix_order_ends_at_the_first_word,
          one_line_windows_are_joint, masks_are_decimal_octal_hexadecimal_or_binary,
          integers_are_decimal, huge_integers_leave_room_for_sums,
          reals_are_what_getopt_long_takes_for_them, faults_are_reported_in_upstreams_words,
          bad_values_give_way_to_defaults, what_is_wrong_of_the_state_is_no_default,
          the_resource_file_follows_the_command_line, a_missing_resource_file_is_reported)
