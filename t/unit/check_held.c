/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User code that is held at times and let at others (perl_hold_let).  What it does while it is held
 * is in check_effects.c. */
#include <fcntl.h>
#include <unistd.h>

#include "perl/held.h"
#include "perl_bridge.h"

static struct buf told; /* of each deed: its function and target, and what was to be written */
static char folder[] = "/tmp/check_held.XXXXXX";

static void listen(void *arg, const struct perl_deed *deed, struct perl_answer *answer)
{
    (void)arg;
    (void)answer;
    buf_cat(&told, bytes_of(deed->function), B(" "), deed->target, deed->text.len ? B(" ") : B(""),
            deed->text, B("\n"));
}

/* Each test begins while user code is let, as it does where it is held for a time only. */
static void begin(void)
{
    fresh();
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    perl_hold_for(listen, NULL);
}

static void end(void)
{
    perl_hold_let(true);
    value("unlink(glob '*')");
    ck_assert_int_eq(rmdir(folder), 0);
    buf_free(&told);
    done();
}

static void ck_told(const char *text)
{
    ck_bytes_eq(buf_bytes(&told), bytes_of(text));
    buf_clear(&told);
}

#define GIVES(code, want) ck_assert_str_eq(value(code), want)

/* What is in the file; no file: "none". */
static const char *file(const char *name)
{
    char code[200];
    snprintf(code, sizeof(code), "open(READ, '<', '%s') ? join('', <READ>) : 'none'", name);
    return value(code);
}

START_TEST(code_that_is_let_is_not_touched)
{
    ck_assert(!perl_holds_outside());
    GIVES("open(my $f, '>', 'a'); print $f 'one'; printf $f '%s', ' two'; syswrite($f, ''); "
          "close($f)",
          "1");
    ck_assert_str_eq(file("a"), "one two");
    GIVES("rename('a', 'b') && -e 'b' && !-e 'a'", "1");
    GIVES("system('exit 3;') >> 8", "3");
    GIVES("`echo out`", "out\n");
    GIVES("my $p = fork() // die; POSIX::_exit(5) if !$p; waitpid($p, 0) == $p ? $? >> 8 : 'lost'",
          "5");
    GIVES("open(my $f, '|-', 'cat >c') or die; print $f 'text'; close($f); $?", "0");
    ck_assert_str_eq(file("c"), "text");
    GIVES("fileno(STDOUT) . fileno(STDERR)", "12");
    ck_told("");
}
END_TEST

START_TEST(the_same_code_is_held_and_let_in_turn)
{
    struct perl_value *code_value =
        code("sub { open(my $f, '>>', 'a') or die; print $f shift; close($f); mkdir('d') }");
    call(code_value, "1", PERL_SCALAR);
    for (int i = 0; i < 2; i++) {
        perl_hold_let(false);
        ck_assert(perl_holds_outside());
        call(code_value, "2", PERL_SCALAR);
        ck_told("open a\nprint a 2\nmkdir d\n");
        perl_hold_let(true);
        call(code_value, "3", PERL_SCALAR);
        ck_told("");
    }
    ck_assert_str_eq(file("a"), "133");
    GIVES("rmdir('d')", "1");
    perl_release(code_value);
}
END_TEST

START_TEST(a_handle_of_before_leads_where_it_did)
{
    GIVES("open(F, '>', 'a'); open(G, '+>', 'b'); open(H, '|-', 'cat >c'); print F 'one '; "
          "print G 'one '; print H 'one '",
          "1");
    perl_hold_let(false);
    GIVES("print F 'two '; syswrite(F, 'two '); print G 'two '; print H 'two '", "1");
    ck_told("print F two \nsyswrite F two \nprint G two \nprint H two \n");
    perl_hold_let(true);
    GIVES("print F 'three'; print G 'three'; print H 'three'", "1");
    GIVES("close(F) && close(G) && close(H)", "1");
    ck_assert_str_eq(file("a"), "one three");
    ck_assert_str_eq(file("b"), "one three");
    ck_assert_str_eq(file("c"), "one three");
    ck_told("");
}
END_TEST

START_TEST(handles_come_and_go_while_they_are_held)
{
    GIVES("open(F, '>', 'a'); open(G, '>', 'b'); our $h; open($h, '>', 'c'); print F 1", "1");
    perl_hold_let(false);
    GIVES("print F 2; print G 2; print $h 2; close(F); undef $h; 1", "1");
    perl_hold_let(true);
    GIVES("print G 3; (close(G) ? 1 : 0) . (defined fileno(F) ? 1 : 0)", "10");
    ck_assert_str_eq(file("a"), "1");
    ck_assert_str_eq(file("b"), "3");
    ck_assert_str_eq(file("c"), "");
}
END_TEST

START_TEST(what_was_opened_while_it_was_held_stays_so)
{
    perl_hold_let(false);
    GIVES("open(F, '>', 'a') && open(G, '+<', '/dev/null') && print(F 1) && print(G 1)", "1");
    perl_hold_let(true);
    buf_clear(&told);
    GIVES("no warnings; print(F 2) . close(F) . (print(G 2) ? 'taken' : 'refused')", "11refused");
    ck_assert_str_eq(file("a"), "none");
    GIVES("open(F, '>', 'a') && print(F 3) && close(F)", "1");
    ck_assert_str_eq(file("a"), "3");
    ck_told("");
}
END_TEST

START_TEST(children_that_were_held_are_waited_for)
{
    perl_hold_let(false);
    GIVES("our $p = fork(); open(P, '|-', 'cat'); $p > 1000", "1");
    perl_hold_let(true);
    GIVES("waitpid($p, 0) == $p ? 1 : 0", "1");
    GIVES("close(P) && $? == 0 && wait() == -1", "1");
}
END_TEST

/* Standard output becomes a file: the runner's own is not to see this. */
static void redirect(void)
{
    fflush(stdout);
    int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_eq(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    close(fd);
}

START_TEST(standard_output_is_its_own_again)
{
    redirect();
    GIVES("$| = 1; print 'one '; fileno(STDOUT)", "1");
    perl_hold_let(false);
    GIVES("print 'two '; binmode(STDOUT, ':utf8'); fileno(STDOUT) == 1 ? 1 : 0", "0");
    ck_told("print STDOUT two \n");
    perl_hold_let(true);
    GIVES("print chr(0xe9); binmode(STDOUT); print ' three'; fileno(STDOUT)", "1");
    GIVES("open(my $copy, '>&', STDOUT); print $copy ' four'; close($copy); system('echo five')",
          "0");
    ck_assert_str_eq(file("out"), "one \303\251 three fourfive\n");
    ck_told("");
}
END_TEST

START_TEST(standard_output_that_is_closed_stays_closed)
{
    redirect();
    perl_hold_let(false);
    GIVES("close(STDOUT); open(STDERR, '>', 'err'); 1", "1");
    perl_hold_let(true);
    GIVES("defined fileno(STDOUT) ? 1 : 0", "0");
    perl_hold_let(false);
    GIVES("defined fileno(STDOUT) ? 1 : 0", "0");
    ck_assert_str_eq(file("err"), "none");
}
END_TEST

START_TEST(functions_of_modules)
{
    GIVES("require POSIX; POSIX::mkfifo('a', 0600) && -p 'a'", "1");
    perl_hold_let(false);
    GIVES("POSIX::mkfifo('b', 0600); require Time::HiRes; -e 'b' ? 1 : 0", "0");
    GIVES("0 + Time::HiRes::utime(1, 1, 'a')", "1");
    ck_told("POSIX::mkfifo b\nTime::HiRes::utime a\n");
    perl_hold_let(true);
    GIVES("Time::HiRes::utime(1, 1, 'a'); POSIX::mkfifo('c', 0600); (-p 'c') . (stat('a'))[9]",
          "11");
    ck_told("");
}
END_TEST

START_TEST(a_thread_leaves_handles_alone)
{
    perl_hold_let(false);
    GIVES("require Config; open(F, '>', 'a'); print F 1; !$Config::Config{useithreads} || "
          "eval q{use threads; threads->create(sub { print F 2; open(G, q(>), q(b)); 1 })->join} "
          "|| $@",
          "1");
    perl_hold_let(true);
    GIVES("close(F)", "1");
    ck_assert_str_eq(file("b"), "none");
}
END_TEST

static void run_all(void *status)
{
    const TTest *const tests[] = {code_that_is_let_is_not_touched,
                                  the_same_code_is_held_and_let_in_turn,
                                  a_handle_of_before_leads_where_it_did,
                                  handles_come_and_go_while_they_are_held,
                                  what_was_opened_while_it_was_held_stays_so,
                                  children_that_were_held_are_waited_for,
                                  standard_output_is_its_own_again,
                                  standard_output_that_is_closed_stays_closed,
                                  functions_of_modules,
                                  a_thread_leaves_handles_alone};
    *(int *)status = run_tests("held", begin, end, tests, sizeof(tests) / sizeof(*tests));
}

int main(int argc, char **argv, char **env)
{
    (void)argc;
    int failed = EXIT_FAILURE;
    perl_hold_let(true);
    perl_hold_outside();
    int status = perl_run_main(1, (char *[]){argv[0], NULL}, env, run_all, &failed);
    return status == 0 ? failed : status;
}
