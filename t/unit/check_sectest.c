/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test files as a whole: head, tests, rows, what is included. */
#include "sectest.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock/zone.h"

START_TEST(an_example_is_read)
{
    begin("# ssh.sectest: tests of ssh.sec\n"
          "rules: ssh.sec\n"
          "zone: CET-1CEST,M3.5.0,M10.5.0/3\n"
          "start: Mon 2024-01-01 08:00\n"
          "header: %b %e %H:%M:%S web1\n"
          "define alert: write /var/log/alerts\n"
          "\n"
          "given:\n"
          "  +0s  sshd[1]: Server listening on 0.0.0.0 port 22.\n"
          "\n"
          "test: five failures from one address alert once\n"
          "  +0s   x4 every 10s  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  not   alert\n"
          "  +10s  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  expect alert ~ brute force .* 10\\.0\\.0\\.9\n"
          "  expect context BLOCK_10.0.0.9 until +1h\n"
          "  +30m  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  nothing else\n"
          "\n"
          "test: <what> is a failed login\n"
          "  rows:\n"
          "    | what         | line                                                    |\n"
          "    | a password   | Failed password for root from 10.0.0.9 port 1 ssh2      |\n"
          "    | unknown user | Invalid user x from 10.0.0.9 port 1                     |\n"
          "  +0s  sshd[1]: <line>\n"
          "  expect rule ssh.sec:1\n");
    ck_assert_uint_eq(file->count, 3);
    ck_bytes_eq(file->folder, B("dir"));
    const struct test *test = &file->tests[0];
    ck_bytes_eq(test->name, B("five failures from one address alert once"));
    ck_assert_uint_eq(test->place.line, 11);
    ck_bytes_eq(test->rules[0], B("dir/ssh.sec"));
    ck_bytes_eq(test->header, B("%b %e %H:%M:%S web1"));
    ck_assert_int_eq(test->start, 1704096000);
    ck_assert_int_eq(test_start_second(test), 1704096000 - 3600);
    ck_assert_uint_eq(test->step_count, 8);
    ck_assert(test->steps[0].given && !test->steps[1].given);
    ck_assert_int_eq(test->steps[1].times, 4);
    ck_assert_int_eq(test->steps[1].every, 10);
    ck_assert(test->steps[2].expect.never);
    ck_bytes_eq(test->steps[2].expect.name, B("/var/log/alerts"));
    ck_text_eq(test->steps[4].expect.text, TEST_REGEX, "brute force .* 10\\.0\\.0\\.9");
    ck_assert_uint_eq(test->steps[4].expect.text.place.column, 18);
    ck_text_eq(test->steps[5].expect.text, TEST_EQUAL, "BLOCK_10.0.0.9");
    ck_assert_int_eq(test->steps[5].expect.ends.seconds, 3600);
    ck_bytes_eq(test[2].name, B("unknown user is a failed login"));
    ck_assert_uint_eq(test[2].row, 2);
    ck_bytes_eq(test[2].steps[1].text, B("sshd[1]: Invalid user x from 10.0.0.9 port 1"));
    ck_assert(test[0].sound && test[1].sound && test[2].sound);
    end();
}
END_TEST

START_TEST(quotes_of_a_header)
{
    begin("rules: a\nheader: \"%b %e web1\"\ntest: t\n  +0s x\n  not output\ntest: u\n"
          "  header: \"%e\" \"x\"\n  +0s x\n  not output\n");
    ck_bytes_eq(file->tests[0].header, B("%b %e web1"));
    ck_bytes_eq(file->tests[1].header, B("\"%e\" \"x\""));
    end();
}
END_TEST

START_TEST(a_test_has_the_head_and_its_own)
{
    begin("rules: a.sec \"b c.sec\" /x/*.sec\n"
          "options: --quoting\n"
          "tags: slow, net\n"
          "env: A=1\nenv: B = two words \n"
          "perl: $x = 1;\n"
          "input : /var/log/a=A\n"
          "file: hosts\n    one\n      two\n\n    # three\n\n"
          "test: first\n"
          "  nothing else\n"
          "test: second\n"
          "  rules: d.sec\n"
          "  rules: e.sec\n"
          "  options: --jointbuf --nojointbuf\n"
          "  tags: late\n"
          "  env: A=3\n"
          "  perl:\n"
          "    sub f {\n"
          "        1\n"
          "    }\n"
          "  input: b\n"
          "  start: 2024-02-29\n"
          "  zone: +01:00\n"
          "  header: %s\n"
          "  file: hosts\n"
          "  nothing else\n");
    const struct test *first = &file->tests[0], *second = &file->tests[1];
    ck_assert_uint_eq(first->rule_count, 3);
    ck_bytes_eq(first->rules[1], B("dir/\"b c.sec\""));
    ck_bytes_eq(first->rules[2], B("/x/*.sec"));
    ck_assert_int_eq(first->start, 1704067200);
    ck_bytes_eq(first->zone, B("UTC"));
    ck_bytes_eq(first->header, B(""));
    ck_assert_uint_eq(first->tag_count, 2);
    ck_bytes_eq(first->inputs[0].name, B("/var/log/a"));
    ck_bytes_eq(first->inputs[0].context, B("A"));
    ck_bytes_eq(first->files[0].text, B("one\n  two\n\n# three\n"));
    ck_bytes_eq(first->environment[0].text, B("1"));
    ck_bytes_eq(first->environment[1].name, B("B"));
    ck_bytes_eq(first->environment[1].text, B("two words"));
    ck_assert_uint_eq(second->rule_count, 2);
    ck_bytes_eq(second->rules[0], B("dir/d.sec"));
    ck_assert_uint_eq(second->option_count, 2);
    ck_bytes_eq(second->tags[2], B("late"));
    ck_assert_uint_eq(second->environment_count, 2);
    ck_bytes_eq(second->environment[0].text, B("3"));
    ck_bytes_eq(second->perl[0], B("$x = 1;\n"));
    ck_bytes_eq(second->perl[1], B("sub f {\n    1\n}\n"));
    ck_assert_uint_eq(second->input_count, 1);
    ck_bytes_eq(second->inputs[0].name, B("b"));
    ck_assert_int_eq(second->start, 1709164800);
    ck_assert_int_eq(test_start_second(second), 1709164800 - 3600);
    ck_bytes_eq(second->header, B("%s"));
    ck_assert_uint_eq(second->file_count, 1);
    ck_bytes_eq(second->files[0].text, B(""));
    end();
}
END_TEST

START_TEST(without_any_the_input_is_standard_input)
{
    begin("rules: a\ntest: t\n  nothing else\n");
    ck_assert_uint_eq(file->tests->input_count, 1);
    ck_bytes_eq(file->tests->inputs[0].name, B("-"));
    end();
}
END_TEST

START_TEST(ends_of_lines_and_marks_of_order)
{
    begin("\xef\xbb\xbfrules: a\r\ntest: t\r\n  snapshot:\r\n    a\r\n  +0s | b \r\n");
    ck_bytes_eq(file->tests->rules[0], B("dir/a"));
    ck_bytes_eq(file->tests->steps[0].text, B("a\n"));
    ck_bytes_eq(file->tests->steps[1].text, B("b "));
    end();
}
END_TEST

START_TEST(lines_need_not_be_indented)
{
    begin("rules: a\n"
          "test: one\n"
          "start: 2024-01-01\n"
          "+0s a\n"
          "  when run a:\n"
          "\tsay b\n"
          "+1s c\n"
          "nothing else\n"
          "test: two\n"
          "nothing else\n");
    ck_assert_uint_eq(file->count, 2);
    ck_assert_uint_eq(file->tests->step_count, 4);
    ck_bytes_eq(file->tests->steps[1].answer.output, B("b\n"));
    end();
}
END_TEST

START_TEST(cells_of_rows)
{
    begin("rules: a\n"
          "test: <a> and <b c>\n"
          "  rows:\n"
          "    | a  | b c | file |\n"
          "    |:---|-----|------|\n"
          "    # no row\n"
          "    | 1  | x\\|y | f\n"
          "    |    | \\    | g |\n"
          "  file: <file>\n"
          "    # <a>\n"
          "  +0s | <a><b c><d>\n"
          "  not run <b c>\n");
    ck_assert_uint_eq(file->count, 2);
    const struct test *test = &file->tests[0];
    ck_bytes_eq(test[0].name, B("1 and x|y"));
    ck_bytes_eq(test[0].steps[0].text, B("1x|y<d>"));
    ck_bytes_eq(test[0].files[0].name, B("f"));
    ck_bytes_eq(test[0].files[0].text, B("# 1\n"));
    ck_bytes_eq(test[1].name, B("and \\"));
    ck_bytes_eq(test[1].steps[0].text, B("\\<d>"));
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.line, 12);
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.column, 11);
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.length, 5);
    end();
}
END_TEST

/* -- Files -- */

static char folder[] = "/tmp/check_sectest.XXXXXX";

static void write_file(const char *name, const char *text)
{
    FILE *out = fopen(name, "we");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    ck_assert_int_eq(fclose(out), 0);
}

static void enter_folder(void)
{
    strcpy(folder + sizeof(folder) - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("t", 0700), 0);
}

static void leave_folder(void)
{
    static const char *const names[] = {"t/a.sectest", "t/common", "a.sec",
                                        "b c.sec",     "t/log",    "t"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        ck_assert(remove(names[i]) == 0 || errno == ENOENT);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void read_text(const char *text)
{
    end();
    write_file("t/a.sectest", text);
    file = test_file_read(B("t/a.sectest"), note, NULL);
}

START_TEST(what_is_included_is_the_head)
{
    enter_folder();
    write_file("a.sec", "");
    write_file("t/common", "start: 2024-01-02\nzone: +02:00\nrules: ../a.sec\ngiven:\n  +0s a\n"
                           "test: none of ours\n  rubbish\n");
    read_text("start: 2024-01-01\ninclude: common\ngiven:\n  +1s b\ntest: t\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B(""));
    ck_assert_uint_eq(file->count, 1);
    ck_assert_int_eq(file->tests->start, 1704067200);
    ck_bytes_eq(file->tests->zone, B("+02:00"));
    ck_bytes_eq(file->tests->rules[0], B("t/../a.sec"));
    ck_assert_uint_eq(file->tests->step_count, 3);
    ck_bytes_eq(file->tests->steps[0].place.file, B("t/common"));
    write_file("t/common", "rulse: a\n");
    read_text("include: common\ntest: t\n  nothing else\n");
    ck_assert_ptr_nonnull(memmem(said.ptr, said.len, "1:1+5 'rulse:' is not a key", 27));
    ck_assert(!file->tests->sound);
    write_file("t/common", "include: ./common\n");
    read_text("rules: ../a.sec\ninclude: common\ntest: t\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B("1:10+8 this file includes itself\n"));
    leave_folder();
    end();
}
END_TEST

START_TEST(files_that_are_not_there)
{
    enter_folder();
    write_file("a.sec", "");
    write_file("b c.sec", "");
    write_file("t/log", "");
    read_text("rules: ../a.sec \"../b c.sec\" ../*.sec\ntest: t\n  lines log\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B(""));
    read_text("rules: ../a.sce ../x*\ntest: t\n  lines lgo\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B("1:8+8 no such rule file: ../a.sce\n"
                                    "1:17+5 no such rule file: ../x*\n"
                                    "3:9+3 cannot read t/lgo: No such file or directory\n"));
    test_file_free(file);
    buf_clear(&said);
    file = test_file_read(B("t/b.sectest"), note, NULL);
    ck_bytes_eq(buf_bytes(&said), B("1:1+0 cannot read the file: No such file or directory\n"));
    ck_assert_uint_eq(file->count, 0);
    ck_assert_uint_eq(file->error_count, 1);
    leave_folder();
    end();
}
END_TEST

RUN_TESTS("sectest", an_example_is_read, a_test_has_the_head_and_its_own,
          without_any_the_input_is_standard_input, ends_of_lines_and_marks_of_order,
          lines_need_not_be_indented, cells_of_rows, what_is_included_is_the_head,
          files_that_are_not_there, quotes_of_a_header)
