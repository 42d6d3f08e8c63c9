/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of systemd, their commands, and files of variables. */
#include "unit.h"

#include "site/unit_file.h"
#include "site/unit_words.h"

static struct arena arena;
static struct environment environment;

static void begin(void)
{
    arena_init(&arena);
    environment = (struct environment){.arena = &arena};
}

static void end(void)
{
    environment_free(&environment);
    arena_free(&arena);
}

/* Words with "|" between them, or what is wrong. */
static struct bytes command(struct bytes text)
{
    struct word_list words = {0};
    struct buf why = {0}, out = {0};
    if (unit_command(&arena, text, B("sec@a-b.service"), &environment, &words, &why))
        for (size_t i = 0; i < words.count; i++)
            buf_cat(&out, i ? B("|") : B(""), words.items[i]);
    else
        buf_cat(&out, B("! "), buf_bytes(&why));
    struct bytes result = arena_bytes(&arena, buf_bytes(&out));
    word_list_free(&words);
    buf_free(&why);
    buf_free(&out);
    return result;
}

START_TEST(settings)
{
    struct unit unit = {.arena = &arena};
    const struct unit_line *line;
    unit_read(&unit, B("a.service"),
              B("# c\n[Service]\nType = forking \nExecStart=/bin/a \\\n  # comment\\\n; another\n"
                "  b\\\n\nExecStart=\nExecStart=c\nPIDFile=x\n what\n[Install]\nType=none\r\n"));
    unit_read(&unit, B("b.conf"), B("\xef\xbb\xbf[Service]\nExecStart=d\\"));
    ck_bytes_eq(unit_setting(&unit, "Service", "Type")->value, B("forking"));
    ck_bytes_eq(unit_setting(&unit, "Install", "Type")->value, B("none"));
    ck_assert_ptr_null(unit_setting(&unit, "Service", "User"));
    ck_bytes_eq(unit.lines[1].value, B("/bin/a    b"));
    ck_assert_uint_eq(unit.lines[1].line, 4);
    line = unit_next(&unit, "Service", "ExecStart", NULL);
    ck_bytes_eq(line->value, B("c"));
    line = unit_next(&unit, "Service", "ExecStart", line);
    ck_bytes_eq(line->value, B("d"));
    ck_bytes_eq(line->file, B("b.conf"));
    ck_assert_ptr_null(unit_next(&unit, "Service", "ExecStart", line));
    ck_bytes_eq(buf_bytes(&unit.errors), B("a.service:12: neither a section nor KEY=VALUE\n"));
    unit_free(&unit);
}
END_TEST

START_TEST(an_empty_value_is_none)
{
    struct unit unit = {.arena = &arena};
    unit_read(&unit, B("a"), B("[Service]\nPIDFile=a\nExecStart=b\nPIDFile=\nExecStart=\n"));
    ck_assert_ptr_null(unit_setting(&unit, "Service", "PIDFile"));
    ck_assert_ptr_null(unit_next(&unit, "Service", "ExecStart", NULL));
    unit_free(&unit);
}
END_TEST

START_TEST(words)
{
    ck_bytes_eq(command(B("/usr/bin/sec  --a='b c' \"d \\\"e\\x41\\102\" f\\sg\\q 'i''j'")),
                B("/usr/bin/sec|--a=b c|d \"eAB|f g\\q|ij"));
    ck_bytes_eq(command(B("-@!!/usr/bin/sec name --a")), B("/usr/bin/sec|--a"));
    ck_bytes_eq(command(B("sec %n %N %p %i %I 100%% %L/x %")),
                B("sec|sec@a-b.service|sec@a-b|sec|a-b|a/b|100%|/var/log/x|%"));
    ck_bytes_eq(command(B("sec %H")), B("! what %H stands for only systemd can tell, in: %H"));
    ck_bytes_eq(command(B("sec 'a")), B("! a quote is not closed"));
    ck_bytes_eq(command(B("sec ; sec")), B("! more than one command"));
    ck_bytes_eq(command(B("- ")), B("! no command"));
    ck_bytes_eq(command(B("sec \\x0 \\9 \\400")), B("sec|\\x0|\\9|\\400"));
}
END_TEST

START_TEST(variables)
{
    environment_set(&environment, B("A"), B("x 'y z'  \"$B\" \\q"));
    environment_set(&environment, B("B"), B("%n"));
    ck_bytes_eq(command(B("sec $A -${A}- ${B}")), B("sec|x|y z|$B|q|-x 'y z'  \"$B\" \\q-|%n"));
    ck_bytes_eq(command(B("sec $NONE ${NONE} $$A a$A ${A:-b} $1")), B("sec||$A|a$A|${A:-b}|$1"));
    ck_bytes_eq(command(B(":sec $A $$")), B("sec|$A|$$"));
    environment_set(&environment, B("A"), B("'x"));
    ck_bytes_eq(command(B("sec $A")), B("! a quote is not closed in a variable"));
}
END_TEST

START_TEST(a_file_of_systemd)
{
    environment_read(&environment, B("# c\n; d\nA=b  c \nexport X=1\nB='d\ne' f\nC=\"g\\\n h\"\n"
                                     "D=$A `x`\nE='open\n"));
    ck_bytes_eq(environment_get(&environment, B("A")), B("b  c"));
    ck_bytes_eq(environment_get(&environment, B("B")), B("d\ne f"));
    ck_bytes_eq(environment_get(&environment, B("C")), B("g h"));
    ck_bytes_eq(environment_get(&environment, B("D")), B("$A `x`"));
    ck_assert_uint_eq(environment.count, 4);
}
END_TEST

START_TEST(a_file_of_a_shell)
{
    struct buf why = {0};
    ck_assert(environment_read_shell(
        &environment, B("f"),
        B("#c\nA=b; export B='c \"d' # e\nC=\"$A-${B} \\\"\\$x\\q\"\\ z\n\nD=\n"), &why));
    ck_bytes_eq(environment_get(&environment, B("A")), B("b"));
    ck_bytes_eq(environment_get(&environment, B("B")), B("c \"d"));
    ck_bytes_eq(environment_get(&environment, B("C")), B("b-c \"d \"$x\\q z"));
    ck_bytes_eq(environment_get(&environment, B("D")), B(""));
    static const struct {
        struct bytes text, why;
    } wrong[] = {
        {B("A=1\nif x\n"), B("f:2: not an assignment, but something for a shell to run\n")},
        {B("A=b c\n"), B("f:1: a command after the assignment\n")},
        {B("A=`id`"), B("f:1: the value depends on what a shell makes of it\n")},
        {B("A=\"`id`\""), B("f:1: the value is what a command says\n")},
        {B("A=\"$(id)\""), B("f:1: the value depends on what a shell makes of it\n")},
        {B("A=$PATH"), B("f:1: $PATH is not set in this file\n")},
        {B("\nA='x\n"), B("f:3: a quote is not closed\n")},
        {B("A=\0"), B("f:1: not a text\n")},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        buf_clear(&why);
        ck_assert(!environment_read_shell(&environment, B("f"), wrong[i].text, &why));
        ck_bytes_eq(buf_bytes(&why), wrong[i].why);
    }
    buf_free(&why);
}
END_TEST

RUN_TESTS_AROUND("unit_file", begin, end, settings, an_empty_value_is_none, words, variables,
                 a_file_of_systemd, a_file_of_a_shell)
