/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects that are recorded: every way out of the process, by an action and by an operator of Perl, is
 * told of and does not happen.  t/effects.t runs this under strace, which sees nothing between each
 * two marks. */
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "act/act.h"
#include "cli/options.h"
#include "correlate/correlate.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "lang/parser.h"
#include "perl/held.h"
#include "report/dump.h"
#include "surface/surface.h"

static struct engine *engine;
static struct rule_file file;
static struct rule rule;
static struct buf told;             /* of each effect a line: name, target, text */
static struct effect_answer answer; /* to all that is told */
static char folder[] = "/tmp/check_effects.XXXXXX";

static void listen(void *arg, const struct effect *effect, struct effect_answer *given)
{
    if (arg != &told || effect->second != 1000)
        buf_add(&told, B("astray: "));
    buf_cat(&told, bytes_of(effect_name(effect)), B("|"), effect->target, B("|"), effect->text,
            B("|"), effect->command ? effect->command->text : B(""), effect->rule ? B("|4") : B(""),
            B("\n"));
    *given = answer;
}

static void fresh(void)
{
    static char name[] = "secant";
    static char *arguments[] = {name, NULL};
    engine = engine_new(options_read(1, arguments), clock_event(1000), NULL);
    engine_record_effects(engine, listen, &told);
    log_set_level(engine->log, LOG_CRITICAL);
    surface_start(engine);
    engine_prepare(engine);
    engine_fit_windows(engine);
    arena_init(&file.arena);
    file.refs = 1;
    file.name = B("rules.sec");
    rule = (struct rule){.file = &file, .type = rule_types[0], .id = 4};
    answer = (struct effect_answer){0};
    if (strstr(folder, "XXXXXX"))
        ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void done(void)
{
    struct options *options = engine->options;
    engine_free(engine);
    options_free(options);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing was made in it */
    strcpy(folder, "/tmp/check_effects.XXXXXX");
}

/* Rules run between these, and nothing is to happen. */
static void begin(void)
{
    if (!answer.perform)
        access("/effects/begin", F_OK);
}

static void end(void)
{
    access("/effects/end", F_OK);
}

static void act(const char *text)
{
    struct parser parser = {.env = &engine->rules.parse_env,
                            .file = &file,
                            .diag = {.env = &engine->rules.parse_env, .file = &file, .line = 1},
                            .rule = &rule};
    struct action_list *list = parse_actions(&parser, bytes_of(text), 0);
    ck_assert_msg(list != NULL, "%s", text);
    struct scope scope = {.text = B("the event"), .keys = &rule.keys};
    begin();
    actions_run(engine, list, &scope);
    end();
}

/* The values of the code, joined by blanks. */
static const char *perl(const char *code)
{
    struct perl_list list;
    struct buf error = {0}, text = {0};
    begin();
    bool ok = perl_eval_list(bytes_of(code), &engine->line.arena, &list, &error);
    end();
    ck_assert_msg(ok, "%s: %.*s", code, (int)error.len, error.ptr);
    for (size_t i = 0; i < list.count; i++)
        buf_cat(&text, i ? B(" ") : B(""),
                list.items[i].kind == PERL_UNDEF ? B("undef") : list.items[i].text);
    const char *copy = arena_bytes(&engine->line.arena, buf_bytes(&text)).ptr;
    perl_list_release(&list);
    buf_free(&text);
    return copy ? copy : "";
}

/* NULL: something. */
static void ck_told(const char *text)
{
    if (!text)
        ck_assert_uint_gt(told.len, 0);
    else
        ck_bytes_eq(buf_bytes(&told), bytes_of(text));
    buf_clear(&told);
}

/* The code gives these values and tells of this. */
static void ck_perl(const char *code, const char *values, const char *text)
{
    const char *got = perl(code);
    ck_assert_msg(strcmp(got, values) == 0, "%s: got %s, want %s", code, got, values);
    ck_told(text);
}

/* --- actions -------------------------------------------------------------------------------- */

START_TEST(outputs)
{
    act("write out one; writen out two; owritecl out three; closef out; write - %s");
    ck_told("write|out|one||4\nwriten|out|two||4\nowritecl|out|three||4\nclosef|out|||4\n"
            "write|-|the event||4\n");
    act("pipe 'text'; add C line; report C");
    ck_told("print||text\n||4\nprint||line\n||4\n");
}
END_TEST

START_TEST(sockets)
{
    act("udgram s 1; ustream s 2; udpsock h:1 3; tcpsock h:2 4; "
        "closeudgr s; closeustr s; closeudp h:1; closetcp h:2");
    ck_told("udgram|s|1||4\nustream|s|2||4\nudpsock|h:1|3||4\ntcpsock|h:2|4||4\n"
            "closeudgr|s|||4\ncloseustr|s|||4\ncloseudp|h:1|||4\nclosetcp|h:2|||4\n");
    ck_assert(!sockets_any(engine->io.sockets));
}
END_TEST

START_TEST(commands)
{
    act("shellcmd touch a; cmdexec touch b; pipe 'in' cat >c; pipeexec 'in' tee d; "
        "add C x; report C cat >e; reportexec C tee f");
    ck_told("run|||touch a|4\nrun|||touch b|4\npipe||in\n|cat >c|4\npipe||in\n|tee d|4\n"
            "pipe||x\n|cat >e|4\npipe||x\n|tee f|4\n");
    act("spawn echo g; spawnexec echo h; cspawn CTX echo i; cspawnexec CTX echo j");
    ck_told("spawn|_INTERNAL_EVENT||echo g|4\nspawn|_INTERNAL_EVENT||echo h|4\n"
            "spawn|CTX||echo i|4\nspawn|CTX||echo j|4\n");
    ck_assert(children_any(engine->io.children));
    children_check(engine->io.children, true);
    ck_assert(!children_any(engine->io.children));
    ck_assert(!events_any(engine->state.events));
}
END_TEST

START_TEST(a_command_writes_what_the_listener_says)
{
    struct bytes text, context;
    answer.output = B("one\ntwo");
    act("cspawn CTX echo; shellcmd echo");
    ck_assert(children_check(engine->io.children, true));
    ck_assert(!children_any(engine->io.children));
    ck_assert(events_pop(engine->state.events, &engine->line.arena, &text, &context));
    ck_bytes_eq(text, B("one"));
    ck_bytes_eq(context, B("CTX"));
    ck_assert(events_pop(engine->state.events, &engine->line.arena, &text, &context));
    ck_bytes_eq(text, B("two"));
    ck_assert(!events_any(engine->state.events));
    buf_clear(&told);
}
END_TEST

START_TEST(children_that_are_told_of_can_be_terminated)
{
    act("spawn echo");
    children_terminate(engine->io.children);
    ck_assert(!children_any(engine->io.children));
    buf_clear(&told);
}
END_TEST

START_TEST(signals_dumps_and_process_ids)
{
    act("sigemul TERM");
    ck_told("signal|TERM|||4\n");
    ck_assert(!engine->run.signals.received && !engine->run.signals.terminate);
    answer.perform = true;
    act("sigemul TERM");
    ck_assert(engine->run.signals.received && engine->run.signals.terminate);
    buf_clear(&told);
    answer.perform = false;
    static char name[] = "dump";
    engine->options->dump = name;
    dump_state(engine);
    ck_assert_int_eq(strncmp(told.ptr, "dump|dump|", 10), 0);
    buf_clear(&told);
    ck_assert(
        effects_take(engine->effects, &(struct effect){EFFECT_PIDFILE, .target = B("secant.pid")}));
    ck_told("pidfile|secant.pid||\n");
}
END_TEST

START_TEST(code_of_an_action_is_its_rules)
{
    act("eval %r ( unlink 'a' ); lcall %r -> ( sub { unlink 'b' } ); "
        "eval %c ( sub { unlink 'c' } ); call %r %c");
    ck_told("unlink|a|||4\nunlink|b|||4\nunlink|c|||4\n");
    perl("unlink 'd'");
    ck_told("unlink|d||\n");
}
END_TEST

/* They have copies of the handles; what goes there is not reported and does not get out. */
START_TEST(threads_print_and_warn)
{
    answer.perform = true; /* no marks: strace sees the thread itself */
    ck_assert_str_eq(perl("require Config; !$Config::Config{useithreads} || eval 'use threads; "
                          "threads->create(sub { warn \"w\\n\"; print STDERR \"e\"; "
                          "print \"o\"; 1 })->join'"),
                     "1");
    ck_told("");
}
END_TEST

/* Of each action one that has all that it may have. */
static const char *const every_action[] = {"none",
                                           "logonly x",
                                           "write f x",
                                           "writen f x",
                                           "closef f",
                                           "owritecl f x",
                                           "udgram f x",
                                           "closeudgr f",
                                           "ustream f x",
                                           "closeustr f",
                                           "udpsock h:1 x",
                                           "closeudp h:1",
                                           "tcpsock h:1 x",
                                           "closetcp h:1",
                                           "shellcmd x",
                                           "cmdexec x",
                                           "spawn x",
                                           "spawnexec x",
                                           "cspawn C x",
                                           "cspawnexec C x",
                                           "pipe 'x' x",
                                           "pipeexec 'x' x",
                                           "create C 10 (shellcmd x)",
                                           "delete C",
                                           "obsolete C",
                                           "set C 5 (shellcmd x)",
                                           "alias C D",
                                           "unalias D",
                                           "add C x",
                                           "prepend C x",
                                           "fill C x",
                                           "report C x",
                                           "reportexec C x",
                                           "copy C %x",
                                           "empty C %x",
                                           "pop C %x",
                                           "shift C %x",
                                           "trim C 1",
                                           "exists %x C",
                                           "getsize %x C",
                                           "getaliases %x C",
                                           "getltime %x C",
                                           "setltime C 5",
                                           "getctime %x C",
                                           "setctime C 5",
                                           "event x",
                                           "tevent 1 x",
                                           "cevent C 1 x",
                                           "reset 0 x",
                                           "getwpos %x 0 x",
                                           "setwpos 5 0 x",
                                           "assign %x x",
                                           "assignsq %x x",
                                           "free %x",
                                           "eval %x ( unlink 'x' )",
                                           "call %x %x x",
                                           "lcall %x x -> ( sub { system 'x' } )",
                                           "rewrite 1 x",
                                           "addinput /dev/null",
                                           "dropinput /dev/null",
                                           "sigemul HUP",
                                           "varset %x x",
                                           "if %x ( shellcmd x )",
                                           "while %x ( break )",
                                           "break",
                                           "continue"};

START_TEST(no_action_reaches_out)
{
    size_t count = sizeof(every_action) / sizeof(*every_action);
    for (const struct action_type *const *type = action_types; *type; type++) {
        size_t len = strlen((*type)->name), i = 0;
        while (i < count && (strncmp(every_action[i], (*type)->name, len) != 0 ||
                             !strchr(" ", every_action[i][len])))
            i++;
        ck_assert_msg(i < count, "%s is not tried here", (*type)->name);
        act("create C");
        act("fill C one%{.nl}two");
        act(every_action[i]);
    }
    children_check(engine->io.children, true);
    ck_assert(!children_any(engine->io.children));
    buf_clear(&told);
}
END_TEST

/* A rule whose script ends as it is told. */
static void load(const char *text)
{
    char name[] = "/tmp/check_effects_rules.XXXXXX";
    int fd = mkstemp(name);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct bytes pattern = bytes_of(name);
    ck_assert(ruleset_load(engine->rules.set, &engine->rules.parse_env, &pattern, 1));
    unlink(name);
    process_prepare(engine);
}

static void line(const char *text)
{
    begin();
    events_push(engine->state.events, bytes_of(text), B("CTX"));
    process_event(engine);
    children_check(engine->io.children, true);
    end();
}

START_TEST(a_script_ends_as_the_listener_says)
{
    load("type=SingleWithScript\nptype=SubStr\npattern=x\n"
         "script=/bin/check now\ndesc=d\n"
         "action=write yes %s\naction2=write no %s\n");
    act("create CTX");
    line("x");
    answer.exit_code = 2;
    line("x");
    const char *want = "pipe||CTX\n|/bin/check now|4\nwrite|yes|d||4\n"
                       "pipe||CTX\n|/bin/check now|4\nwrite|no|d||4\n";
    ck_told(want);
}
END_TEST

START_TEST(code_of_patterns_and_contexts_is_caught)
{
    load("type=Single\nptype=PerlFunc\npattern=sub { unlink 'pattern'; 1 }\n"
         "context= =(unlink 'context')\ndesc=d\naction=none\n");
    line("x");
    ck_told("unlink|pattern||\nunlink|context||\n");
}
END_TEST

/* --- Perl ----------------------------------------------------------------------------------- */

START_TEST(names)
{
    ck_perl("unlink('a', 'b')", "2", "unlink|a||\n");
    ck_perl("$_ = 'c'; unlink", "1", "unlink|c||\n");
    ck_perl("chmod(0644, 'a', 'b')", "2", "chmod|a||\n");
    ck_perl("chown(1, 2, 'a')", "1", "chown|a||\n");
    ck_perl("utime(1, 2, 'a')", "1", "utime|a||\n");
    ck_perl("rename('a', 'b'), link('a', 'b'), symlink('a', 'b')", "1 1 1",
            "rename|a||\nlink|a||\nsymlink|a||\n");
    ck_perl("mkdir('a'), mkdir('b', 0700), rmdir('a')", "1 1 1",
            "mkdir|a||\nmkdir|b||\nrmdir|a||\n");
    ck_perl("$_ = 'd'; mkdir, rmdir", "1 1", "mkdir|d||\nrmdir|d||\n");
    ck_perl("truncate('a', 0), chroot('/')", "1 1", "truncate|a||\nchroot|/||\n");
    ck_perl("my @n = map { unlink($_) ? 'gone' : 'there' } 'x', 'y'; @n", "gone gone",
            "unlink|x||\nunlink|y||\n");
    ck_perl("use POSIX; POSIX::mkfifo('p', 0600), POSIX::remove('q')", "0 but true 1",
            "POSIX::mkfifo|p||\nunlink|q||\n");
    /* Threads have copies of the functions; a perl without threads has nothing to copy. */
    ck_perl(
        "use POSIX; eval { require threads; 1 } ? threads->create(sub { POSIX::mkfifo('t', 0600)"
        " })->join : '0 but true'",
        "0 but true", "");
    ck_perl("use File::Path (); scalar(File::Path::make_path('x/y'))", "2",
            "mkdir|x||\nmkdir|x/y||\n");
}
END_TEST

START_TEST(files_to_write)
{
    ck_perl("open(my $fh, '>', 'a') or die; print $fh 'x', 'y'; printf $fh '%02d', 7; "
            "use feature 'say'; say $fh 'z'; close($fh)",
            "1", "open|a||\nprint|a|xy|\nprintf|a|07|\nsay|a|z\n|\n");
    ck_perl("open(FH, '>>b') or die; { local $\\ = '!'; local $, = '-'; print FH 1, 2 } close(FH)",
            "1", "open|b||\nprint|b|1-2!|\n");
    ck_perl("open(my $fh, '>:encoding(UTF-8)', 'c') or die; print $fh chr(0x263a); 1", "1",
            "open|c||\nprint|c|\xe2\x98\xba|\n");
    ck_perl("open(my $fh, '+>', 'd') or die; print $fh 'x'; seek($fh, 0, 0); scalar(<$fh>)",
            "undef", "open|d||\nprint|d|x|\n");
    ck_perl("open(my $fh, '+<', '/etc/passwd') or die; my $l = <$fh>; print $fh 'x'; close($fh); "
            "$l =~ /:/ ? 'read' : $l",
            "read", "open|/etc/passwd||\nprint|/etc/passwd|x|\n");
    ck_perl("open(my $fh, '+<', 'not there') ? 1 : 0", "0", "open|not there||\n");
    ck_perl("use Fcntl; sysopen(my $fh, 'e', O_WRONLY|O_CREAT|O_EXCL, 0600) or die; "
            "syswrite($fh, 'abcdef'), syswrite($fh, 'abcdef', 2), syswrite($fh, 'abcdef', 9, -2)",
            "6 2 2", "sysopen|e||\nsyswrite|e|abcdef|\nsyswrite|e|ab|\nsyswrite|e|ef|\n");
    ck_perl("open(my $fh, '>', 'f'); flock($fh, 2), truncate($fh, 0), close($fh)", "1 1 1",
            "open|f||\nflock|f||\ntruncate|f||\n");
    ck_perl("open(my $fh, '>', undef) or die; print $fh 'kept'; 1", "1", "");
    ck_perl("open(my $fh, '>', 'g'); open(my $copy, '>&', $fh) or die; print $copy 'x'; 1", "1",
            "open|g||\nprint|g|x|\n");
    ck_perl("our ($name, $value) = ('n', 'v'); format REPORT =\n@<<@<<\n$name,$value\n.\n"
            "open(REPORT, '>h'); write(REPORT); close(REPORT)",
            "1", "open|h||\nwrite|h|n  v\n|\n");
    ck_perl("use File::Copy (); File::Copy::copy('/etc/hostname', 'i') ? 1 : 0", "1", NULL);
}
END_TEST

START_TEST(reading_and_memory_are_not_outside)
{
    ck_perl("open(my $fh, '<', '/etc/passwd') or die; my @l = <$fh>; @l > 0 ? 1 : 0", "1", "");
    ck_perl("open(FH, '/etc/passwd') or die; my $l = <FH>; close(FH)", "1", "");
    ck_perl(
        "my $t = ''; open(my $fh, '>', \\$t) or die; print $fh 'x'; printf $fh 7; close($fh); $t",
        "x7", "");
    ck_perl("my $t = ''; open(my $fh, '>>', \\$t); select($fh); print 'y'; select(STDOUT); $t", "y",
            "");
    ck_perl("package Tied { sub TIEHANDLE { bless [] } sub PRINT { push @{$_[0]}, $_[1] } "
            "sub WRITE { 5 } sub CLOSE { 6 } } "
            "tie(*T, 'Tied'); print T 'z'; (tied(*T)->[0], syswrite(T, 'x'), close(T))",
            "z 5 6", "");
    ck_perl("(-e '/etc/passwd' ? 1 : 0), (stat('/'))[2] > 0 ? 1 : 0, kill(0, $$)", "1 1 1", "");
}
END_TEST

START_TEST(standard_handles)
{
    ck_perl("print 'a'; print STDOUT 'b'; print STDERR 'c'; warn \"d\\n\"; 1", "1",
            "print|STDOUT|a|\nprint|STDOUT|b|\nprint|STDERR|c|\nprint|STDERR|d\n|\n");
    ck_perl("my $x; my $y = \"$x\"; 1", "1", NULL);
    ck_perl("open(my $old, '>&', \\*STDOUT) or die; close(STDOUT); my $t = ''; "
            "open(STDOUT, '>', \\$t) or die; print 'caught'; close(STDOUT); "
            "open(STDOUT, '>&', $old) or die; print 'back'; $t",
            "caught", "print|STDOUT|back|\n");
    ck_perl("open(STDERR, '>', '/dev/null') or die; print STDERR 'x'; 1", "1",
            "open|/dev/null||\nprint|/dev/null|x|\n");
    ck_perl("use POSIX; (POSIX::close(1), POSIX::dup2(0, 2), POSIX::write(1, 'abc', 2))",
            "0 but true 0 but true 2", "POSIX::close|1||\nPOSIX::dup2|2||\nPOSIX::write|1|abc|\n");
    ck_assert_int_ge(fcntl(STDOUT_FILENO, F_GETFD), 0);
}
END_TEST

START_TEST(processes)
{
    ck_perl("system('touch a'), $?, system('touch', 'b c')", "0 0 0",
            "system|touch a||touch a\nsystem|touch b c||touch b c\n");
    ck_perl("my $t = `touch c`; $t . '.'", ".", "qx|touch c||touch c\n");
    ck_perl("exec('touch', 'd') ? 1 : 0", "0", "exec|touch d||touch d\n");
    ck_perl("my $p = fork(); defined $p && $p > 0 or die; "
            "my $w = waitpid($p, 0) == $p ? 1 : 0; my $s = $?; ($w, $s, waitpid($p, 0), wait())",
            "1 0 -1 -1", "fork|||\n");
    ck_perl("my $p = fork(); wait() == $p ? 1 : 0", "1", "fork|||\n");
    ck_perl("open(my $m, '|-', 'mail', '-s', 'x') or die; print $m 'body'; close($m), $?", "1 0",
            "open|mail -s x||mail -s x\nprint|mail -s x|body|\n");
    ck_perl("open(M, '| mail me') or die; print M 'x'; close(M)", "1",
            "open|mail me||mail me\nprint|mail me|x|\n");
    ck_perl("open(my $c, 'ls|') or die; my @l = <$c>; (scalar(@l), close($c))", "0 1",
            "open|ls||ls\n");
    ck_perl("pipe(my $r, my $w) or die; print $w 'x'; close($w); scalar(<$r>)", "undef",
            "print|$w|x|\n");
    ck_perl("kill('TERM', 1, $$)", "2", "kill|1||\n");
    ck_perl("'7' =~ /(.)/; kill(-9, $1)", "1", "kill|7||\n");
}
END_TEST

START_TEST(commands_write_and_end_as_the_listener_says)
{
    answer = (struct effect_answer){.exit_code = 3, .output = B("one\ntwo\n")};
    ck_perl("system('x'), $? >> 8", "768 3", "system|x||x\n");
    ck_perl("my @l = `x`; (scalar(@l), $l[1], $? >> 8)", "2 two\n 3", "qx|x||x\n");
    ck_perl("my $t = qx(x); length($t)", "8", "qx|x||x\n");
    ck_perl("open(my $c, '-|', 'x', 'y') or die; my @l = <$c>; my $ok = close($c) ? 1 : 0; "
            "(scalar(@l), $ok, $? >> 8)",
            "2 0 3", "open|x y||x y\n");
}
END_TEST

START_TEST(network)
{
    ck_perl("use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0) or die; "
            "connect($s, pack_sockaddr_in(25, inet_aton('127.0.0.1'))) or die; print $s 'HELO'; "
            "send($s, 'x', 0), scalar(<$s>), (unpack_sockaddr_in(getpeername($s)))[0], "
            "shutdown($s, 2), close($s)",
            "1 undef 25 1 1",
            "connect|127.0.0.1:25||\nprint|127.0.0.1:25|HELO|\nsend|127.0.0.1:25|x|\n"
            "shutdown|127.0.0.1:25||\n");
    ck_perl("socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; "
            "send($s, 'x', 0, pack_sockaddr_in(514, inet_aton('10.0.0.1')))",
            "1", "send|10.0.0.1:514|x|\n");
    ck_perl(
        "socket(my $s, PF_INET, SOCK_STREAM, 0) or die; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, "
        "1), bind($s, pack_sockaddr_in(1, INADDR_ANY)), listen($s, 5), accept(my $c, $s) ? 1 : 0",
        "1 1 1 0", "setsockopt|socket||\nbind|0.0.0.0:1||\nlisten|socket||\naccept|socket||\n");
    ck_perl(
        "inet_ntoa(inet_aton('mail.example.com')), inet_ntoa(scalar(gethostbyname('a.example')))",
        "192.0.2.1 192.0.2.1", "Socket::inet_aton|mail.example.com||\ngethostbyname|a.example||\n");
    ck_perl(
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => 'a.example', PeerPort => 25, "
        "Proto => 'tcp', Timeout => 1) or die $@; $s->print('x'); $s->peerport",
        "25", "Socket::inet_aton|a.example||\nconnect|192.0.2.1:25||\nprint|192.0.2.1:25|x|\n");
    ck_perl(
        "use Sys::Syslog; openlog('x', 'ndelay', 'user'); syslog('info', 'hello %d', 1); closelog(); 1",
        "1", NULL);
}
END_TEST

START_TEST(what_is_performed_all_the_same)
{
    answer.perform = true;
    ck_perl("rename('not there', 'x') ? 1 : 0", "0", "rename|not there||\n");
    ck_perl("unlink('not there')", "0", "unlink|not there||\n");
    ck_perl("my $t = `echo done`; $t", "done\n", "qx|echo done||echo done\n");
}
END_TEST

static void run_all(void *status)
{
    const TTest *const tests[] = {outputs,
                                  sockets,
                                  commands,
                                  a_command_writes_what_the_listener_says,
                                  children_that_are_told_of_can_be_terminated,
                                  signals_dumps_and_process_ids,
                                  code_of_an_action_is_its_rules,
                                  threads_print_and_warn,
                                  no_action_reaches_out,
                                  a_script_ends_as_the_listener_says,
                                  code_of_patterns_and_contexts_is_caught,
                                  names,
                                  files_to_write,
                                  reading_and_memory_are_not_outside,
                                  standard_handles,
                                  processes,
                                  commands_write_and_end_as_the_listener_says,
                                  network,
                                  what_is_performed_all_the_same};
    *(int *)status = run_tests("effects", fresh, done, tests, sizeof(tests) / sizeof(*tests));
}

int main(int argc, char **argv, char **env)
{
    (void)argc;
    int failed = EXIT_FAILURE;
    perl_hold_outside();
    int status = perl_run_main(1, (char *[]){argv[0], NULL}, env, run_all, &failed);
    return status == 0 ? failed : status;
}
