/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl's time under a clock of the engine's. Each test has an interpreter in which no module is
 * loaded yet. What is done without such a clock is in check_perl.c. */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "perl/interp.h"
#include "perl/time.h"
#include "unit.h"

enum { START = 1000000000 }; /* Sun Sep  9 01:46:40 2001 */

static int64_t second = START;
static struct buf heard; /* by the source */
static char *program;
static struct arena arena;
static struct buf error;

static int64_t now(void *arg)
{
    (void)arg;
    return second;
}

static void hear(const char *what, double seconds)
{
    char text[80];
    snprintf(text, sizeof text, "%s%s %g", heard.len > 0 ? ", " : "", what, seconds);
    buf_add(&heard, bytes_of(text));
}

static void hear_pause(void *arg, double seconds)
{
    hear(arg, seconds);
}

static void hear_alarm(void *arg, double seconds)
{
    (void)arg;
    hear("alarm", seconds);
}

static const struct perl_time source = {now, hear_pause, hear_alarm, (char[]){"pause"}};

static void fresh(void)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    arena_init(&arena);
}

static void done(void)
{
    arena_free(&arena);
    buf_free(&error);
    buf_free(&heard);
}

/* What the code gives, joined by blanks; undef: "undef".  false: the text of its error. */
static bool evaluate(const char *code, const char **result)
{
    struct buf text = {0};
    struct perl_list list = {0};
    buf_add(&text, B("map { $_ // 'undef' } do {"));
    buf_add(&text, bytes_of(code));
    buf_add(&text, B("}"));
    bool ok = perl_eval_list(buf_bytes(&text), &arena, &list, &error);
    buf_clear(&text);
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buf_add(&text, B(" "));
        buf_add(&text, list.items[i].text);
    }
    *result = arena_bytes(&arena, buf_bytes(ok ? &text : &error)).ptr;
    buf_free(&text);
    return ok;
}

static const char *result(const char *code)
{
    const char *text;
    ck_assert_msg(evaluate(code, &text), "%s: %s", code, text);
    return text;
}

static const char *what_was_heard(void)
{
    const char *text = arena_bytes(&arena, buf_bytes(&heard)).ptr;
    buf_clear(&heard);
    return text;
}

#define GIVES(code, want) ck_assert_str_eq(result(code), want)
#define HEARD(want) ck_assert_str_eq(what_was_heard(), want)

START_TEST(time_is_the_sources)
{
    GIVES("time", "1000000000");
    GIVES("my $t = time; my $u; $u = time() - 5; $u += time; ($t, $u)", "1000000000 1999999995");
    GIVES("&CORE::time()", "1000000000");
    struct perl_value *code;
    struct perl_list list;
    ck_assert(perl_compile(B("sub { time }"), &code, &error));
    second += 86400;
    ck_assert(perl_call(code, NULL, 0, PERL_SCALAR, &arena, &list, &error));
    ck_bytes_eq(list.items[0].text, B("1000086400"));
    second = -5;
    GIVES("time", "-5");
    perl_release(code);
}
END_TEST

START_TEST(dates_without_an_argument_are_the_sources)
{
    GIVES("scalar gmtime", "Sun Sep  9 01:46:40 2001");
    GIVES("scalar localtime", "Sun Sep  9 03:46:40 2001");
    GIVES("my @t = localtime; my ($s, $m) = gmtime; (@t, $s, $m)", "40 46 3 9 8 101 0 251 1 40 46");
    GIVES("(localtime())[5], (gmtime)[2]", "101 1");
    GIVES("scalar &CORE::gmtime()", "Sun Sep  9 01:46:40 2001");
    GIVES("scalar(gmtime 0), scalar(localtime(0)), scalar gmtime(time - 1)",
          "Thu Jan  1 00:00:00 1970 Thu Jan  1 01:00:00 1970 Sun Sep  9 01:46:39 2001");
    GIVES("my $d = sub { localtime }; scalar($d->()), scalar(my @l = $d->())",
          "Sun Sep  9 03:46:40 2001 9");
    GIVES("my $w; local $SIG{__WARN__} = sub { $w .= shift }; my $x = gmtime(1e30); "
          "$w =~ /too large/",
          "1");
}
END_TEST

START_TEST(the_start_and_ages_of_files_are_the_sources)
{
    GIVES("$^T", "1000000000");
    GIVES("my $f = \"/tmp/check_time.$$\"; open my $h, '>', $f; utime(1000000000 - 43200, "
          "1000000000 - 86400, $f); my @age = (-M $f, -A $f, -C $f < -3650); unlink $f; @age",
          "1 0.5 1");
    second += 10;
    GIVES("$^T", "1000000000");
    perl_on_time(&source); /* a new start */
    GIVES("$^T", "1000000010");
    GIVES("$^T = 7; $^T", "7");
}
END_TEST

START_TEST(a_sleep_is_over_at_once)
{
    GIVES("sleep 3600", "3600");
    HEARD("pause 3600");
    GIVES("$_ = 7; my $s = sleep(2.9); my $n = &CORE::sleep(5); ($s, $n)", "2 5");
    HEARD("pause 2, pause 5");
    GIVES("sleep 0", "0");
    HEARD("pause 0");
    GIVES("sleep", "0");
    HEARD("pause inf");
    GIVES("my $w = ''; local $SIG{__WARN__} = sub { $w = shift }; my $r = sleep(-1); ($r, $w =~ "
          "/^sleep\\(\\) with negative argument/)",
          "0 1");
    HEARD("");
    GIVES("time", "1000000000");
}
END_TEST

START_TEST(a_pause_in_select_is_over_at_once)
{
    GIVES("scalar select(undef, undef, undef, 3600.25)", "0");
    HEARD("pause 3600.25");
    GIVES("my ($n, $left) = select(undef, undef, undef, 60); ($n, $left)", "0 0");
    HEARD("pause 60");
    GIVES("my $none = ''; my $r = select($none, '', undef, '5'); $r", "0");
    HEARD("pause 5");
    GIVES("my $r = select(undef, undef, undef, -1); $r", "0");
    HEARD("pause 0");
    GIVES("$! = 0; my @r = select(undef, undef, undef, undef); (@r, $! + 0)", "-1 4");
    HEARD("pause inf");
    GIVES("'x60' =~ /(\\d+)/; scalar select(undef, undef, undef, $1)", "0");
    HEARD("pause 60");
}
END_TEST

START_TEST(select_with_handles_is_perls)
{
    GIVES("pipe my $r, my $w; syswrite $w, 'x'; my $in = ''; vec($in, fileno $r, 1) = 1;"
          "my $n = select(my $ready = $in, undef, undef, 30); ($n, $ready eq $in)",
          "1 1");
    GIVES("pipe my $r, my $w; my $in = ''; vec($in, fileno $r, 1) = 1;"
          "scalar select($in, undef, undef, 0)",
          "0");
    HEARD("");
    GIVES("my $old = select(STDERR); select($old); $old", "main::STDOUT");
}
END_TEST

START_TEST(an_alarm_goes_to_the_source)
{
    GIVES("local $SIG{ALRM} = sub { die }; my @r = (alarm 5); push @r, alarm 7; @r", "0 5");
    HEARD("alarm 5, alarm 7");
    second += 3;
    GIVES("$_ = 10; my $left = alarm; $left", "4");
    second += 11;
    GIVES("alarm 0", "0");
    HEARD("alarm 10, alarm 0");
    GIVES("alarm 0", "0");
    GIVES("my $w = ''; local $SIG{__WARN__} = sub { $w = shift }; my $r = alarm(-1); ($r, $w =~ "
          "/^alarm\\(\\) with negative argument/)",
          "undef 1");
    HEARD("alarm 0");
    ck_assert_uint_eq(alarm(0), 0); /* the system knows of none */
}
END_TEST

START_TEST(overrides_of_user_code_go_first)
{
    GIVES("BEGIN { *CORE::GLOBAL::time = sub () { 42 }; *CORE::GLOBAL::sleep = sub { \"s@_\" } }"
          "(time, CORE::time, sleep(3))",
          "42 1000000000 s3");
    HEARD("");
    GIVES("package Own; use subs 'localtime'; sub localtime { 'mine' } localtime()", "mine");
}
END_TEST

START_TEST(hires_tells_the_second)
{
    GIVES("require Time::HiRes; (Time::HiRes::time(), Time::HiRes::gettimeofday())",
          "1000000000 1000000000 0");
    GIVES("my $t = Time::HiRes::gettimeofday(); sprintf '%.3f', $t", "1000000000.000");
    GIVES("use Time::HiRes qw(tv_interval gettimeofday); tv_interval([gettimeofday()])", "0");
    GIVES("use Time::HiRes qw(:DEFAULT clock_gettime CLOCK_REALTIME CLOCK_MONOTONIC);"
          "(clock_gettime(), clock_gettime(CLOCK_REALTIME), clock_gettime(CLOCK_MONOTONIC))",
          "1000000000 1000000000 1000000000");
    GIVES("use Time::HiRes 'CLOCK_PROCESS_CPUTIME_ID'; my $cpu = clock_gettime("
          "CLOCK_PROCESS_CPUTIME_ID); ($cpu > 0 && $cpu < 1000, clock_gettime(-99))",
          "1 -1");
    GIVES("eval { &Time::HiRes::time(1) }; $@ =~ /^Usage: Time::HiRes::time\\(\\)/ ? 1 : $@", "1");
}
END_TEST

START_TEST(hires_in_place_of_the_operators)
{
    second += 7;
    GIVES("use Time::HiRes qw(time sleep alarm); my @r = (time, sleep(0.25), sleep(3), alarm(1.5), "
          "alarm 0); (@r, CORE::time)",
          "1000000007 0.25 3 0 1.5 1000000007");
    HEARD("pause 0.25, pause 3, alarm 1.5, alarm 0");
    GIVES("package Later; my $early = \\&Time::HiRes::time; eval 'use Time::HiRes \"time\"; "
          "(time(), $early->(), &$early(), (map { &{$_}() } $early), "
          "Time::HiRes->can(\"time\")->())'",
          "1000000007 1000000007 1000000007 1000000007 1000000007");
    GIVES("sub go { goto &Time::HiRes::time } go()", "1000000007");
}
END_TEST

START_TEST(hires_pauses)
{
    GIVES(
        "require Time::HiRes; Time::HiRes->import(qw(usleep nanosleep clock_nanosleep TIMER_ABSTIME"
        " CLOCK_REALTIME)); (usleep(2_500_000), nanosleep(1e9), Time::HiRes::sleep())",
        "2500000 1000000000 0");
    HEARD("pause 2.5, pause 1, pause inf");
    GIVES("(clock_nanosleep(CLOCK_REALTIME(), 5e8),"
          "clock_nanosleep(CLOCK_REALTIME(), 1000000003e9, TIMER_ABSTIME()))",
          "500000000 1.000000003e+18");
    HEARD("pause 0.5, pause 3");
    GIVES(
        "map { my $f = \"Time::HiRes::$_\"; eval { $f->(-1) }; $@ =~ /: negative time not invented "
        "yet/ ? 1 : $@ } qw(sleep usleep nanosleep ualarm alarm)",
        "1 1 1 1 1");
    HEARD("");
}
END_TEST

START_TEST(hires_alarms)
{
    GIVES("use Time::HiRes qw(alarm ualarm setitimer getitimer ITIMER_REAL ITIMER_VIRTUAL);"
          "(ualarm(250_000), alarm(0.5, 2))",
          "0 0.25");
    HEARD("alarm 0.25, alarm 0.5");
    GIVES("(getitimer(ITIMER_REAL), scalar getitimer(ITIMER_REAL))", "0.5 2 0.5");
    GIVES("CORE::alarm 10", "1");
    second += 4;
    GIVES("(setitimer(ITIMER_REAL, 3), setitimer(ITIMER_REAL, 3, 2))", "6 0 3 0");
    second += 4;
    GIVES("(getitimer(ITIMER_REAL), scalar setitimer(ITIMER_REAL, 0), ualarm(0))", "1 2 1 0");
    GIVES("(setitimer(ITIMER_VIRTUAL, 5), (getitimer(ITIMER_VIRTUAL))[0] > 1,"
          " setitimer(ITIMER_VIRTUAL, 0) > 1)",
          "0 0 1 1");
    ck_assert_uint_eq(alarm(0), 0);
}
END_TEST

START_TEST(posix_pauses_and_tells)
{
    GIVES("POSIX::sleep(5), POSIX::alarm(3), POSIX::alarm(0), POSIX::time(), "
          "POSIX::pause(), $!{EINTR} + 0",
          "0 0 3 1000000000 undef 4");
    HEARD("pause 5, alarm 3, alarm 0, pause inf");
    GIVES("my @t = POSIX::times(); (scalar(@t), $t[0] / POSIX::sysconf(&POSIX::_SC_CLK_TCK))",
          "5 1000000000");
}
END_TEST

START_TEST(posix_counts_dates_as_called)
{
    GIVES("POSIX::strftime('%F %T', gmtime), POSIX::strftime('%F %T %Z', localtime)",
          "2001-09-09 01:46:40 2001-09-09 03:46:40 CEST");
    GIVES("POSIX::mktime(localtime), POSIX::ctime(time), POSIX::difftime(time, $^T),"
          "POSIX::asctime(gmtime), POSIX::strftime('%Z', localtime(86400))",
          "1000000000 Sun Sep  9 03:46:40 2001\n 0 Sun Sep  9 01:46:40 2001\n CET");
    GIVES("(join(' ', POSIX::gmtime(0)), scalar POSIX::localtime(time))",
          "0 0 0 1 0 70 4 0 0 Sun Sep  9 03:46:40 2001");
    GIVES("package main; strftime('%s', localtime)", "1000000000");
}
END_TEST

START_TEST(modules_of_dates_follow)
{
    GIVES("use Time::Piece; my $t = localtime; ($t->epoch, $t->datetime, gmtime->datetime,"
          " $t->strftime('%F'), scalar Time::Piece->new->cdate, CORE::time)",
          "1000000000 2001-09-09T03:46:40 2001-09-09T01:46:40 2001-09-09 Sun Sep  9 03:46:40 2001 "
          "1000000000");
    GIVES("Time::Piece->strptime('2001-09-10 01:46:40', '%F %T') - gmtime", "86400");
    GIVES("use Time::Local; (timelocal(CORE::localtime()), timegm(CORE::gmtime()),"
          " (CORE::gmtime(timegm(0, 0, 0, 1, 0, 52)))[5])", /* two digits: near to the present */
          "1000000000 1000000000 52");
    GIVES("use Time::localtime (); Time::localtime::localtime()->year", "101");
}
END_TEST

START_TEST(code_of_files_follows)
{
    GIVES("my $f = \"/tmp/check_time.$$.pl\"; open my $h, '>', $f; print $h "
          "'use Time::HiRes (); [time, sleep(9), Time::HiRes::time()]'; close $h;"
          "my $r = do $f; unlink $f; @$r",
          "1000000000 9 1000000000");
    HEARD("pause 9");
}
END_TEST

START_TEST(another_source_and_none)
{
    static char name[] = "other";
    static const struct perl_time other = {now, hear_pause, hear_alarm, name};
    GIVES("sub Mine::all { require Time::HiRes; (time, (gmtime)[5], Time::HiRes::time(), alarm 0) }"
          "(Mine::all(), alarm 50)",
          "1000000000 101 1000000000 0 0");
    buf_clear(&heard);
    second = 0;
    perl_on_time(&other);
    GIVES("(Mine::all(), $^T, sleep(1))", "0 70 0 0 0 1");
    HEARD("alarm 0, other 1");
    perl_on_time(NULL);
    GIVES("my @t = Mine::all(); ($t[0] > 1.7e9, $t[1] > 120, $t[2] > 1.7e9, $t[3], sleep(0))",
          "1 1 1 0 0");
    HEARD("");
    GIVES("($^T > 1.7e9, $^T <= time)", "1 1");
}
END_TEST

/* Code and names that were there before. */
START_TEST(nothing_stays_told)
{
    GIVES("use Time::HiRes qw(time sleep alarm clock_gettime getitimer ITIMER_REAL); "
          "our ($start, $hires) = ($^T, \\&time); $^T = 7; alarm(50); (time, $hires->())",
          "1000000000 1000000000");
    perl_on_time(NULL);
    buf_clear(&heard);
    GIVES("scalar grep { $_ < 1.7e9 } (time, $hires->(), POSIX::time(), CORE::time)", "0");
    GIVES("(getitimer(ITIMER_REAL) ? 1 : 0, CORE::alarm(90), alarm(0) > 80, "
          "select(undef, undef, undef, 0), sleep(0) < 1e9)",
          "0 0 1 0 0 1");
    GIVES("($start, $^T)", "1000000000 7");
    HEARD("");
}
END_TEST

START_TEST(a_thread_has_the_machines_time)
{
    GIVES(
        "require Config; !$Config::Config{useithreads} || eval 'use threads; require Time::HiRes;"
        "my ($t, $h) = threads->create({context => \"list\"}, sub { (time, Time::HiRes::time()) })"
        "->join; $t > 1.7e9 && $h > 1.7e9 && time == 1e9' || $@",
        "1");
}
END_TEST

/* Modules that the environment asks for are compiled before everything else. */
START_TEST(modules_from_the_environment_are_in_time)
{
    fflush(stdout);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        setenv("PERL5OPT", "-MTime::HiRes=time,sleep -MPOSIX -MTime::Piece", 1);
        execl(program, program, "early", (char *)NULL);
        _exit(99);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", (unsigned)status);
}
END_TEST

static void look_early(void *status)
{
    fresh();
    const char *got;
    evaluate("package main; (time, sleep(2.5), CORE::time, POSIX::sleep(3),"
             " localtime->epoch, $^T)",
             &got);
    *(int *)status = strcmp(got, "1000000000 2.5 1000000000 0 1000000000 1000000000") != 0;
    if (*(int *)status != 0)
        fprintf(stderr, "# got %s\n", got);
}

static void run_in_perl(void *status)
{
    const TTest *const tests[] = {
        time_is_the_sources,
        dates_without_an_argument_are_the_sources,
        the_start_and_ages_of_files_are_the_sources,
        a_sleep_is_over_at_once,
        a_pause_in_select_is_over_at_once,
        select_with_handles_is_perls,
        an_alarm_goes_to_the_source,
        overrides_of_user_code_go_first,
        hires_tells_the_second,
        hires_in_place_of_the_operators,
        hires_pauses,
        hires_alarms,
        posix_pauses_and_tells,
        posix_counts_dates_as_called,
        modules_of_dates_follow,
        code_of_files_follows,
        another_source_and_none,
        nothing_stays_told,
        a_thread_has_the_machines_time,
        modules_from_the_environment_are_in_time,
    };
    *(int *)status = run_tests("time", fresh, done, tests, sizeof(tests) / sizeof(*tests));
}

int main(int argc, char **argv, char **env)
{
    int failed = EXIT_FAILURE;
    program = argv[0];
    perl_on_time(&source);
    int status = perl_run_main(1, (char *[]){argv[0], NULL}, env,
                               argc > 1 ? look_early : run_in_perl, &failed);
    return status == 0 ? failed : status;
}
