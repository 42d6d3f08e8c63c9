/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns give what Perl's glob gives. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/glob.h"

static const char *const patterns[] = {
    "*",           "a b nope",  "\"sp ace\"",   "sp\\ ace",  "a{b",       "{a,b}",
    "{}",          "x{}",       "a{B,{b,A}}c",  "\"\"",      "'a'b",      "\"un",
    " \"un x ",    "a b \"un",  "a\"",          "\"a\" \"b", "~",         "~root/x",
    "~nosuchuser", "[!a]",      "[^a]",         "[ab",       "\\*",       ".*",
    "dir/*",       "*/*",       "//tmp",        "x\\[1\\]",  "x[1]",      "{",
    "z{",          "}",         "a}",           "q\"a b\"w", "\\\"a",     "a\\",
    "[a-b]*",      "[b-a]",     "[]a]",         "[]",        "[!]",       "{a,b",
    "x{[,],y}",    "{a,,b}",    "x{a,b}y{c,d}", "",          " ",         "nope*",
    "\\a",         "\"\\a\"",   "\"\\\"\"",     "it's",      "a\tb\n B",  "{a b,c}",
    "\"{a b,c}\"", "~/{a,b}",   "{~,a}",        "a[b/c]d",   "\\{a,b}",   "{a\\,b,c}",
    "d*/",         "a/",        "dir/",         "nope/",     "*/",        "?",
    "[A-Z]",       "[\\]]",     "[a\\-z]",      "*\\?",      "dir//*",    "./*",
    "../*/a*",     "*i*",       "**",           "*.*",       "[!.]*",     "sp*",
    "\xe9*",       "?t",        "{*,a}",        "{b,a}*",    "{a,b}{,x}", "d?r/[qR]",
    "s'p a'ce",    "'*'",       "\"[a]\"",      "~+x",       "\\~",       "x\\",
    "a\\ b",       "[a-]*",     "[-a]*",        "[!a-z]*",   "{[},a}",    "a,b",
    "{a}",         "{{a,b},B}", "dir\\/q",      "*{",        "\"\\'\"",   "'\\\"'",
    "'\\''",
};

enum { PATTERNS = sizeof(patterns) / sizeof(patterns[0]) };

static char directory[] = "/tmp/check_glob.XXXXXX";

static void make_file(const char *name)
{
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
}

static void set_up(void)
{
    static const char *const names[] = {"a",     "B",     "b",      "A",      "sp ace", ".hid",
                                        "x[1]",  "\xe9t", "z{",     "q?",     "a.b",    "-",
                                        "dir/q", "dir/R", "dir/.s", "dir/zz", "]"};
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    ck_assert_int_eq(system("mkdir -p beside in/dir && touch beside/ab beside/c"), 0);
    ck_assert_int_eq(chdir("in"), 0); /* so that what is in .. does not change */
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        make_file(names[i]);
}

static void tear_down(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

/* Perl's answers: for each pattern its names, each ended by \1, then a \2. */
static struct buf ask_perl(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        static const char program[] =
            "no warnings; for my $p (@ARGV) { print \"$_\\1\" for glob($p); print \"\\2\" }";
        const char *argv[PATTERNS + 5] = {"perl", "-e", program, "--"};
        for (size_t i = 0; i < PATTERNS; i++)
            argv[i + 4] = patterns[i];
        dup2(ends[1], 1);
        execvp("perl", (char *const *)argv);
        _exit(127);
    }
    close(ends[1]);
    struct buf answer = {0};
    for (ssize_t n; (n = read(ends[0], buf_room(&answer, 4096), 4096)) > 0;)
        answer.len += (size_t)n;
    close(ends[0]);
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    return answer;
}

START_TEST(patterns_give_what_perl_gives)
{
    struct buf answer = ask_perl();
    size_t at = 0;
    for (size_t i = 0; i < PATTERNS; i++) {
        struct file_names list = {0};
        struct buf ours = {0};
        glob_names(bytes_of(patterns[i]), &list);
        for (size_t j = 0; j < list.count; j++)
            buf_cat(&ours, list.names[j], B("\1"));
        ptrdiff_t end = bytes_chr(buf_bytes(&answer), '\2', at);
        ck_assert_int_ge(end, 0);
        struct bytes perls = bytes_slice(buf_bytes(&answer), at, (size_t)end);
        at = (size_t)end + 1;
        ck_assert_msg(bytes_eq(buf_bytes(&ours), perls), "pattern <%s>: ours <%.*s>, Perl's <%.*s>",
                      patterns[i], (int)ours.len, buf_bytes(&ours).ptr, (int)perls.len, perls.ptr);
        file_names_free(&list);
        buf_free(&ours);
    }
    buf_free(&answer);
}
END_TEST

START_TEST(names_are_appended_and_nul_terminated)
{
    struct file_names list = {0};
    glob_names(B("one"), &list);
    glob_names(B("two"), &list);
    ck_assert_uint_eq(list.count, 2);
    ck_assert_str_eq(list.names[0].ptr, "one");
    ck_assert_str_eq(list.names[1].ptr, "two");
    file_names_free(&list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(a_pattern_with_a_nul_byte_names_nothing)
{
    struct file_names list = {0};
    glob_names(B("a\0b"), &list);
    ck_assert_uint_eq(list.count, 0);
    file_names_free(&list);
}
END_TEST

START_TEST(many_stars_do_not_explode)
{
    make_file("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    struct file_names list = {0};
    glob_names(B("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"), &list);
    ck_assert_uint_eq(list.count, 0);
    file_names_free(&list);
}
END_TEST

/* One name of this length, as long as Perl gives. */
static void assert_length(const struct buf *pattern, size_t len)
{
    struct file_names list = {0};
    glob_names(buf_bytes(pattern), &list);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_uint_eq(list.names[0].len, len);
    file_names_free(&list);
}

static struct buf braces(size_t levels)
{
    struct buf pattern = {0};
    for (size_t i = 0; i < levels; i++)
        buf_char(&pattern, '{');
    buf_char(&pattern, 'a');
    for (size_t i = 0; i < levels; i++)
        buf_char(&pattern, '}');
    return pattern;
}

START_TEST(words_are_cut_off_where_perl_cuts_them)
{
    struct buf plain = {0}, quoted = {0}, home = {0};
    buf_add(&home, B("~"));
    buf_char(&home, '/');
    for (size_t i = 0; i < 5000; i++) {
        buf_char(&plain, 'a');
        buf_add(&quoted, B("\\a"));
        buf_char(&home, 'a');
    }
    assert_length(&plain, 4095);
    assert_length(&quoted, 4095);
    assert_length(&home, 4095);
    buf_free(&plain);
    buf_free(&quoted);
    buf_free(&home);
}
END_TEST

START_TEST(braces_may_be_nested_deeply)
{
    static const size_t levels[] = {900, 2047, 3000, 100000};
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
        struct buf pattern = braces(levels[i]);
        assert_length(&pattern, levels[i] <= 2047 ? 1 : 0);
        buf_free(&pattern);
    }
}
END_TEST

RUN_TESTS_AROUND("glob", set_up, tear_down, patterns_give_what_perl_gives,
                 names_are_appended_and_nul_terminated, a_pattern_with_a_nul_byte_names_nothing,
                 many_stars_do_not_explode, words_are_cut_off_where_perl_cuts_them,
                 braces_may_be_nested_deeply)
