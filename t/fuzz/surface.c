/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What user code puts into the variables that it shares with the engine: each two or three bytes of
 * an input are a statement that stores some odd value somewhere, and now and then the engine goes
 * on, so that it has to do with the value.
 *
 * What makes the engine's own use of a value die is left out (a read-only scalar, an object
 * whose text is an error): it ends the program, as it does SEC. */
#include "limits.h"
#include "no_compares.h"
#include "program.h"

static const char rules[] =
    "type=Single\nptype=RegExp\npattern=^mk (\\w+)\ndesc=d $1\n"
    "action=create $1 60 ( logonly over %s; event 2 end $1 ); add $1 first; add $1 second; "
    "alias $1 $1x; assign %a $1; event 3 later $1\n\n"
    "type=Single\nptype=RegExp\npattern=^get (\\w+)\nvarmap=entry; word=1\n"
    "context=$1 || !B\ndesc=s\n"
    "action=exists %e $1; getsize %s $1; copy $1 %c; getltime %l $1; getctime %k $1; "
    "getaliases $1 %n; pop $1 %p; shift $1 %q; trim 1 $1 %r; obsolete $1\n\n"
    "type=SingleWithThreshold\nptype=RegExp\npattern=^t (\\w)\ndesc=t $1\n"
    "action=logonly t %s\nwindow=50\nthresh=3\n\n"
    "type=EventGroup2\nptype=SubStr\npattern=g\nthresh=2\nptype2=SubStr\npattern2=h\ndesc=g\n"
    "action=logonly g\ninit=logonly i\nslide=logonly s\nend=logonly e\nwindow=50\n"
    "egptype=RegExp\negpattern=g.*h\n\n"
    "type=Pair\nptype=RegExp\npattern=^p (\\w)\ndesc=p $1\naction=none\nptype2=RegExp\n"
    "pattern2=^q %1 (.*)\ndesc2=q $1\naction2=logonly %s\nwindow=30\n";

static const char *const places[] = {
    "$main::context_list{A}",
    "$main::context_list{Ax}",
    "$main::context_list{new}",
    "$main::context_list{\"\\0\\x{100}\"}",
    "$main::context_list{A}{Window}",
    "$main::context_list{A}{Time}",
    "$main::context_list{A}{InitTime}",
    "$main::context_list{A}{Buffer}",
    "$main::context_list{A}{Buffer}[1]",
    "$main::context_list{A}{Times}",
    "$main::context_list{A}{Times}[0]",
    "$main::context_list{A}{Action}",
    "$main::context_list{A}{Action}[2]",
    "$main::context_list{A}{Desc}",
    "$main::context_list{A}{Aliases}",
    "$main::context_list{A}{Aliases}{other}",
    "$main::context_list{A}{DeleteInProgress}",
    "$main::context_list{A}{Internal}",
    "$main::variables{a}",
    "$main::variables{new}",
    "$main::variables{'+s'}",
    "$main::events[0]",
    "$main::events[3]",
    "$main::pending_events[0]",
    "$main::pending_events[0][0]",
    "$main::pending_events[0][1]",
    "$main::pmatch_cache{entry}",
    "$main::pmatch_cache{entry}{word}",
    "$main::corr_list{(keys %main::corr_list)[0]}",
    "$main::corr_list{(keys %main::corr_list)[0]}{Operations}",
    "$main::corr_list{(keys %main::corr_list)[0]}{StartTime}",
    "$main::corr_list{(keys %main::corr_list)[0]}{Window}",
    "$main::corr_list{(keys %main::corr_list)[0]}{Times}",
    "$main::corr_list{(keys %main::corr_list)[0]}{Desc}",
    "$main::input_buffer[0]",
    "$main::input_sources[1]",
    "$main::bufpos",
    "$main::bufsize",
    "$main::event_buffer{(keys %main::event_buffer)[0]}",
    "$main::input_buffers{IN}",
    "$main::cleantime",
    "$main::evstoresize",
    "$main::intcontextname",
    "$main::debuglevel",
    "$main::startuptime",
    "$main::processedlines",
    "$main::quoting",
    "$main::umask",
    "$main::conffiles[0]",
    "$main::ruleperf",
    "$main::sec_options",
    "$main::softrefresh",
    "$main::debuglevelinc",
    "$keep",
};

static const char *const values[] = {
    "undef",
    "''",
    "'0'",
    "1",
    "-1",
    "1e300",
    "9**9**9",
    "-sin(9**9**9)",
    "'7 seconds'",
    "18446744073709551615",
    "time + 5",
    "\"a\\0b\"",
    "\"\\x{e9}\"",
    "\"\\x{263a}\"",
    "\"\\x{110000}\"",
    "\"a\\nb\"",
    "'%s $1 %a'",
    "[]",
    "{}",
    "[1, [2, '%s'], undef]",
    "{ Window => 5, Time => time, Buffer => ['x'], Times => [time], Action => [] }",
    "{ Window => 5, Aliases => { A => 1 } }",
    "[1, 'logged', 45, 0, 'event']",
    "[100, 'a', [1, 'x'], [1, 'y']]",
    "[101, 'a', [102]]",
    "[54, 'v', '1']",
    "[2, '-', 'text', 99, -1]",
    "sub { 1 }",
    "\\'scalar'",
    "\\my $new",
    "qr/x(y)?/",
    "*STDOUT",
    "\\*STDERR",
    "bless({}, 'Odd')",
    "v1.2",
    "!!0",
    "$main::context_list{A}",
    "$main::context_list{A}{Buffer}",
    "\\%main::context_list",
    "\\@main::events",
    "\\$main::variables{a}",
    "$keep",
    "[$keep, $keep]",
    "substr('text', 1, 2)",
    "\\substr('text', 1, 2)",
    "\\pos($keep)",
    "-5 & 3",
    "'1' | '2'",
};

/* \1: the place, \2: the value */
static const char *const statements[] = {
    "\1 = \2",
    "\1 = \2",
    "\1 = \2",
    "delete \1",
    "undef \1",
    "push @{\1}, \2",
    "shift @{\1}",
    "push @{\1}, 1, 2, 3, 4, 5, 6, 7, 8",
    "$#{\1} = -1",
    "%{\1} = ()",
    "@{\1} = (\2) ",
    "$keep = \\\1",
    "$keep = \1",
    "$$keep = \2",
    "\1 .= \2",
    "\1 += 1",
    "utf8::upgrade(\1)",
    "bless(\1, 'Odd')",
    "tie(\1, 'Odd')",
    "local \1 = \2; main::log_msg(4, 'x')",
    "Scalar::Util::weaken(\1)",
    "(\1) = reverse(\1, \2)",
    "$_ = \2 for values %main::context_list",
    "keys(%main::context_list) = 200; each %main::context_list",
    "%main::context_list = (A => \2, B => \2)",
    "@main::events = (\2, 'x')",
    "@main::pending_events = ([time + 1, 'soon', ''], \2)",
    "%main::variables = (a => \2)",
    "%main::corr_list = ()",
    "*main::context_list = \2",
    "*main::events = \2",
};

static const char *const lines[] = {"mk A",  "get A", "t a",   "g",       "h",      "p a",
                                    "q a x", "mk B",  "get B", "nothing", "get Ax", "later"};

static const char classes[] =
    "package Odd; sub TIESCALAR { bless {} } sub FETCH { 'fetched' } sub STORE { }\n"
    "use overload '\"\"' => sub { 'odd' }, '0+' => sub { 7 }, 'bool' => sub { '' };\n"
    "package main::SEC; 1";

/* What is not the engine's stays from one input to the next: one that ties $softrefresh would make
 * each later one restart with every line.  @events is a new array: Perl 5.36 leaves places without
 * a value in one that has lost elements in front and is then made longer. */
static const char forget[] =
    "sub Secant::Fuzz::forget_places {\n"
    "    untie $$_ for \\($main::bufpos, $main::bufsize, $main::cleantime, $main::evstoresize,\n"
    "        $main::intcontextname, $main::debuglevel, $main::startuptime, $main::processedlines,\n"
    "        $main::quoting, $main::umask, $main::ruleperf, $main::sec_options,\n"
    "        $main::softrefresh, $main::debuglevelinc);\n"
    "    $main::softrefresh = $main::debuglevelinc = 0;\n"
    "    undef *main::context_list;\n"
    "    undef *main::events;\n"
    "    1 } 1";

#define PICK(list, byte) (list)[(byte) % (sizeof(list) / sizeof(*(list)))]

enum { STEPS = 10 }; /* of four bytes, at the most; t/fuzz/run.pl knows the length */

static bool show; /* with SECANT_FUZZ_SHOW set: what each byte means */

static void start(void)
{
    show = getenv("SECANT_FUZZ_SHOW") != NULL;
    run_perl("require overload; require Scalar::Util; 1");
    run_perl(classes);
    run_perl(forget);
    program_start();
}

static void run_statement(struct bytes *input)
{
    struct buf code = {0}, error = {0};
    bool truth;
    const char *form = PICK(statements, take_byte(input));
    const char *place = PICK(places, take_byte(input)), *value = PICK(values, take_byte(input));
    for (; *form; form++) {
        if (*form == '\1' || *form == '\2')
            buf_add(&code, bytes_of(*form == '\1' ? place : value));
        else
            buf_char(&code, *form);
    }
    buf_char(&code, '\0');
    if (show)
        fprintf(stderr, "%s\n", code.ptr);
    perl_eval_true(bytes_of(code.ptr), &truth, &error);
    buf_free(&code);
    buf_free(&error);
}

static bool go_on(unsigned step)
{
    if (show)
        fprintf(stderr, "# %s\n", step < 0xf0 ? PICK(lines, step) : "time");
    return step < 0xf0 ? program_line(step % 2, bytes_of(PICK(lines, step)))
                       : program_pass(1 << (step % 8));
}

/* The rules are the same for all inputs, and the options for most: the engine is not restarted for
 * them, which would take as long as all that an input does. */
static void begin(bool other)
{
    static int last = -1;
    struct bytes file = bytes_of(rules);
    if (other == last)
        program_next_day();
    else
        program_begin(other ? B("--bufsize=2 --intevents")
                            : B("--bufsize=3 --nojointbuf --intcontexts"),
                      &file, 1);
    last = other;
}

static void end(bool json)
{
    program_dump(json);
    program_renew();
    run_perl("Secant::Fuzz::forget_places()");
}

static void one(struct bytes input)
{
    unsigned first = take_byte(&input);
    begin(first % 16 == 0);
    bool goes_on =
        program_line(0, B("mk A")) && program_line(0, B("t a")) && program_line(0, B("p a"));
    for (int steps = 0; goes_on && input.len > 0 && steps < STEPS; steps++) {
        unsigned step = take_byte(&input);
        if (step < 0xc0)
            run_statement(&input);
        else
            goes_on = go_on(step);
    }
    end(first / 16 % 4 == 0);
}

FUZZ_TARGET(start, one)
