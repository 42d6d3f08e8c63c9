/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole engine in the process, for one input after the other.
 *
 * There is one engine, as there is one Perl: between inputs it is restarted, as SIGHUP does, with
 * other options and rules, and what user code has made in its package is forgotten.  Its clock only
 * grows, so each input begins at the next midnight.  Rule files stand in memory.
 *
 * User code compiles and runs, but without what loops without end, takes all memory, ends the
 * process or reaches out of it: such operators are masked, as by Perl's module Safe; and the
 * sandbox refuses what gets around that. */
#ifndef SECANT_T_PROGRAM_H
#define SECANT_T_PROGRAM_H

#include <signal.h>
#include <sys/mman.h>

#include "cli/options.h"
#include "engine/engine.h"
#include "engine/clean_up.h"
#include "engine/process.h"
#include "fuzz.h"
#include "perl/inside.h"
#include "report/dump.h"
#include "sandbox.h"
#include "surface/surface.h"

enum {
    PROGRAM_FILES = 3,   /* rule files, at the most */
    PROGRAM_WORDS = 12,  /* options */
    PROGRAM_EVENTS = 8,  /* synthetic events that are processed after a line */
    PROGRAM_ROUNDS = 24, /* of all endless loops of an input */
    PROGRAM_DAY = 86400,
    PROGRAM_LEAP = 20 * PROGRAM_DAY, /* seconds that one input can pass, at the most */
};

static int fuzzed_argc;
static struct engine *engine;
static int rule_fds[PROGRAM_FILES];
static char rule_names[PROGRAM_FILES][40];
static char *program_words[PROGRAM_FILES + PROGRAM_WORDS + 8];
static int fixed_words; /* those that each input has */
static int64_t program_began;
static unsigned loop_rounds;
static struct sigaction driver_alarm; /* user code may take it away */

static const char program_perl[] =
    "require POSIX; require Socket; require Fcntl; require IO::Handle; require Carp;\n"
    "require Getopt::Long; require Sys::Syslog; require JSON::PP; require List::Util;\n"
    "require Opcode;\n"
    "Secant::prepare('package main;');\n"
    "$SIG{__WARN__} = sub { };\n"
    "{ package main::SEC; my %own = map { $_ => 1 } keys %main::SEC::;\n"
    "  my @signals = qw(HUP ABRT USR1 USR2 TERM INT PIPE __WARN__ __DIE__);\n"
    "  my @handlers = @main::SIG{@signals};\n"
    "  sub Secant::Fuzz::forget {\n"
    "      delete @main::SEC::{grep { !$own{$_} } keys %main::SEC::};\n"
    "      @main::SIG{@signals} = @handlers; $@ = ''; $, = $\\ = undef; $\" = ' '; $/ = \"\\n\"; "
    "$_ = undef; 1 } }\n"
    "Opcode::opmask_add(Opcode::invert_opset(Opcode::opset(qw(:base_core :base_mem :base_orig "
    "!repeat\n"
    "    !range !pipe_op !dbmopen !dbmclose !sselect !sockpair !setpgrp !setpriority !crypt\n"
    "    print say sort reset pack unpack entereval caller time tms rand srand\n"
    "    grepstart grepwhile mapstart mapwhile iter next last)))); 1";

static bool no_more_rounds(struct engine *of)
{
    return surface_terminate_requested(of) || ++loop_rounds > PROGRAM_ROUNDS;
}

static void run_perl(const char *code)
{
    struct buf error = {0};
    bool truth;
    if (!perl_eval_true(bytes_of(code), &truth, &error))
        fprintf(stderr, "%.*s\n", (int)error.len, error.ptr);
    buf_free(&error);
}

static void add_fixed(char *word)
{
    program_words[fixed_words++] = word;
}

static void make_words(void)
{
    static char name[] = "secant", input[] = "--input=/dev/null=IN", more[] = "--input=/dev/zero",
                notail[] = "--notail", log[40];
    add_fixed(name);
    for (int i = 0; i < PROGRAM_FILES; i++) {
        rule_fds[i] = memfd_create("rules", MFD_CLOEXEC);
        snprintf(rule_names[i], sizeof(rule_names[i]), "--conf=/proc/self/fd/%d", rule_fds[i]);
        add_fixed(rule_names[i]);
    }
    add_fixed(input);
    add_fixed(more);
    /* A duplicate of what is open: the log is opened again at each restart. */
    snprintf(log, sizeof(log), "--log=&%d", open("/dev/null", O_WRONLY)); /* as inherited */
    add_fixed(log);
    add_fixed(notail);
    fuzzed_argc = fixed_words;
}

static void read_options(void *arg)
{
    (void)arg;
    options_read_again(engine->options, fuzzed_argc, program_words);
}

static const struct host host = {.name = "secant", .read_options = read_options};

/* Once, inside Perl. */
static void program_start(void)
{
    unsetenv("SECRC");
    setenv("TZ", "UTC", 1);
    make_words();
    engine = engine_new(options_read(fuzzed_argc, program_words), clock_event(PROGRAM_DAY), &host);
    surface_start(engine);
    engine->hooks.interrupted = no_more_rounds;
    engine_open_log(engine);
    surface_signals(false);
    run_perl(program_perl);
    engine_prepare(engine);
    engine_fit_windows(engine);
    sandbox_enter();
}

static void put_rules(int at, struct bytes text)
{
    if (ftruncate(rule_fds[at], 0) != 0 ||
        pwrite(rule_fds[at], text.ptr, text.len, 0) != (ssize_t)text.len)
        abort();
}

/* Only options that say how rules work, not where anything is. */
static bool is_harmless(struct bytes word)
{
    static const char *const names[] = {
        "--bufsize=1",  "--bufsize=3",   "--bufsize=10",  "--nojointbuf", "--jointbuf",
        "--quoting",    "--evstoresize", "--cleantime",   "--ruleperf",   "--intevents",
        "--dumpfjson",  "--intcontexts", "--nochildterm", "--debug",      "--keepopen",
        "--nokeepopen", "--childterm",   "--noquoting"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (bytes_starts(word, bytes_of(names[i])))
            return word.len < 20;
    }
    return false;
}

static void take_options(struct bytes line)
{
    struct bytes word;
    while (fuzzed_argc > fixed_words)
        free(program_words[--fuzzed_argc]);
    while (bytes_word(&line, &word) && fuzzed_argc < fixed_words + PROGRAM_WORDS) {
        if (is_harmless(word))
            program_words[fuzzed_argc++] = bytes_cstr(word);
    }
    program_words[fuzzed_argc] = NULL;
}

static void program_restart(void)
{
    engine->run.signals = (struct pending_signals){.received = true, .refresh = true};
    engine_handle_signals(engine);
    events_clear(engine->state.events);
}

/* Each input has days of its own. */
static void program_next_day(void)
{
    int64_t now = engine_now(engine);
    program_began = now + PROGRAM_DAY - now % PROGRAM_DAY;
    clock_set(engine->clock, program_began);
    engine->run.last_cleanup = program_began;
    loop_rounds = 0;
    sigaction(SIGALRM, NULL, &driver_alarm);
}

/* A new input: options on one line, and up to PROGRAM_FILES rule files. */
static void program_begin(struct bytes options, const struct bytes *files, int count)
{
    program_next_day();
    take_options(options);
    for (int i = 0; i < count && i < PROGRAM_FILES; i++)
        put_rules(i, files[i]);
    program_restart();
}

/* What the main loop does after each line; false: it has ended. */
static bool program_turn(void)
{
    for (int i = 0; i < PROGRAM_EVENTS && events_any(engine->state.events); i++)
        process_event(engine);
    events_clear(engine->state.events); /* those that make each other without end */
    clean_up_due(engine);
    return !surface_signals_pending(engine) || engine_handle_signals(engine);
}

/* Seconds go by; the engine looks when something is due, at most so often. */
__attribute__((unused)) static bool program_pass(int64_t seconds)
{
    int64_t end = engine_now(engine) + seconds;
    if (end - program_began > PROGRAM_LEAP)
        return true;
    for (int looks = 0; looks < 20; looks++) {
        int64_t due = clean_up_next(engine);
        clock_set(engine->clock, due < end ? due : end);
        if (!program_turn())
            return false;
        if (due >= end)
            break;
    }
    clock_set(engine->clock, end);
    return true;
}

__attribute__((unused)) static bool program_line(size_t from, struct bytes line)
{
    size_t inputs = inputs_count(engine->io.inputs);
    if (inputs == 0)
        events_push(engine->state.events, line, B("IN"));
    else
        process_line(engine, line, &inputs_at(engine->io.inputs, from % inputs)->source);
    process_settle(engine);
    return program_turn();
}

static void program_dump(bool json)
{
    struct buf out = {0}, error = {0};
    if (json)
        dump_json(engine, &out, engine_now(engine), &error);
    else
        dump_text(engine, &out, engine_now(engine));
    buf_free(&out);
    buf_free(&error);
}

/* Temporaries of Perl that nothing lets go any more: between inputs there are none. */
static void program_check_temporaries(void)
{
    static SSize_t before = -1;
    dPERL;
    if (before < 0)
        before = PL_tmps_ix;
    if (PL_tmps_ix > before) {
        fprintf(stderr, "%zd temporaries of Perl are left\n", PL_tmps_ix - before);
        abort();
    }
}

/* What the input has made is forgotten, and the rule files are read again. */
static void program_renew(void)
{
    program_restart();
    run_perl("Secant::Fuzz::forget()");
    program_check_temporaries();
    sigaction(SIGALRM, &driver_alarm, NULL);
}

/* The input is over: nothing of it is left. */
__attribute__((unused)) static void program_end(void)
{
    static const struct bytes none[PROGRAM_FILES] = {B(""), B(""), B("")};
    program_dump(engine->options->dumpfjson);
    take_options((struct bytes){0});
    for (int i = 0; i < PROGRAM_FILES; i++)
        put_rules(i, none[i]);
    program_renew();
}

#endif
