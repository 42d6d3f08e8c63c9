/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test file (NAME.sectest) as read: which rules, and tests that are steps in order.
 *
 * The format is this project's own; doc/secant-test.1 describes it for users.  Everything here
 * belongs to the struct test_file and lasts as long; texts are slices of the files' texts or lie
 * in its arena.  Placeholders of rows are filled in: a test with rows is read as so many tests.
 *
 * Lines.  They end with "\n" or "\r\n"; a byte order mark before the first one does not count.
 * Blanks are blank and tab; those around a line or a word do not count, nor do lines of blanks and
 * lines that begin with "#" (elsewhere "#" is text).  A line goes on with the next one if it ends
 * with an odd number of backslashes: the last of them and the blanks around become one blank.  An
 * even number is text as it is.  Bytes are bytes: only a regular expression that is not all ASCII
 * takes what it is matched with for UTF-8.
 *
 * Blocks are the lines that are indented deeper than their head, a tab to the next eighth column.
 * In blocks of text (file:, perl:, snapshot:) every line is text, comments and backslashes too;
 * blanks that all its lines begin with are taken off, as are empty lines at the end.  A test goes
 * to the next "test:", however its lines are indented; but after lines that are indented, a key
 * that is not was meant for all tests, and is an error.
 *
 * Head.  "key: value", blanks before the colon allowed, in any order before the first test.  In a
 * test before its first step: rules, options, input there take the place of the file's; so do
 * start, zone, header; env and file that of the same name; tags, perl, define are added.  Of
 * start, zone and header a file says each once; what it says counts more than what it includes,
 * wherever that is.  Of an included file its head and its given count, up to its first test; names
 * in it are relative to its own folder.  `given` knows what the whole head says.
 *   rules    words, patterns as --conf's; "..." around one with blanks
 *   options  words, each begins with "-"
 *   start    [Mon[day]] 2024-01-31 [Mon[day]] [08:00[:00]]; from 1970 to 2199; a time that the
 *            zone's clocks skip is an error, of one that comes twice it is the first
 *   input    NAME [= CONTEXT]; without any, the input is called "-"
 *   env      NAME=VALUE, VALUE as it is but for blanks around it
 *   perl     code, a block, or both
 *   file     NAME, and a block (none: an empty file); a relative NAME must not lead out by ".."
 *   tags     words, or with commas between
 *   define   WORD: SUBJECT ...; in place of a subject the word is what was defined, then the line
 *            goes on.  Subjects and words that begin steps cannot be defined.
 *
 * Rows.  `rows:` and a block: a line with the names of columns, then one for each test; "|" begins
 * each and comes between cells, the last one may be left out; "\|" is a bar.  A line |---|---|
 * below the names does not count.  Each row has as many cells as there are names; a cell may be
 * empty.  <NAME> is replaced in the test's name, its lines, its blocks.  <OTHER> is text, unless
 * it looks like a slip of a column's name; a column that nothing uses is an error.  Errors are
 * told once for all rows.
 *
 * Names (of files, inputs, peers, contexts) are a word, or what is between double quotes; there is
 * no escape in them.
 *
 * Times.  A span is 1w2d3h4m5s, the larger units first, at most a hundred years.  "+" and a span
 * counts from now: from the last line, after its last repetition, or the last TIME.  08:00 is the
 * next such time, which may be now; one that was less than six hours ago is an error (it is rather
 * a slip than nearly a day).  A date needs a time, after a blank or "T"; it must not be past, nor
 * skipped by the zone's clocks.  After lines with times of their own nobody knows the time before
 * the test runs: only then is it found that time goes back.
 *
 * Steps.  TIME [xN [every SPAN]] [from INPUT] LINE; "x4" and "from" at the start of LINE would be
 * taken for these: such a LINE is written after "| ", which also keeps blanks around it, and alone
 * is the empty line.  "|" without a blank is text.  TIME ... > LINE is without the header, as it is
 * after one blank; [from INPUT] > LINE has its own time, too.  lines FILE [from INPUT].
 *
 * Texts are taken without the blanks around them.  "=" and "~" count with or without a blank after
 * them.  After "| " (or "= | ") a text is as it is: blanks, a sign, nothing at all.  Quotes are
 * text.  "contains" may come before a text.  A text that ends like "within 5m" or "until +5m" is
 * an error, for that belongs before the subject.
 *
 * Expectations.  Before the subject, in any order: only; once, twice, N times, exactly, at least,
 * at most; within SPAN, or after `not`: until TIME.  `not` has no number and no `only`; `only` is
 * for effects; a number is not for states.  A state is as it is at this moment; within SPAN: it is
 * so at some moment until then; not within SPAN, not until TIME, not context NAME until TIME: at
 * none until then.  The name of a context is a word (or = NAME, or ~ REGEX), equal; an operation's
 * is a text, up to "until TIME", "forever" or "with N events".  "until forever" is "forever",
 * "with no lines" is "with 0 lines".  `write -` is `output`.
 *
 * when SUBJECT TEXT: exit N, or: say LINE, or a block of these; the colon is the line's last
 * letter, or the first one before say or exit.
 */
#ifndef SECANT_PROVE_SECTEST_H
#define SECANT_PROVE_SECTEST_H

#include <stdint.h>

#include "base/bytes.h"

/* Where something is, for messages: lines and columns count from 1, columns in bytes. */
struct test_place {
    struct bytes file; /* as given or found: what a message begins with */
    uint32_t line, column, length;
};

/* A time as a step has it. */
enum test_time_kind {
    TEST_TIME_NONE,
    TEST_TIME_AFTER, /* +5s: after the time of the last step with one */
    TEST_TIME_CLOCK, /* 08:00[:00]: the next such time of the zone, which may be now */
    TEST_TIME_DATE,  /* 2026-03-01 08:00[:00] */
};

struct test_time {
    enum test_time_kind kind;
    int64_t seconds; /* AFTER: so many; CLOCK: of the day; DATE: since 1970, as if in UTC */
};

/* A text that is looked for in what happened. */
enum test_how {
    TEST_ANY,      /* none is given: whatever it is */
    TEST_CONTAINS, /* TEXT */
    TEST_EQUAL,    /* = TEXT */
    TEST_REGEX,    /* ~ REGEX; PCRE2's */
};

struct test_text {
    enum test_how how;
    struct bytes text;
    bool as_is;  /* it was written after | */
    void *regex; /* REGEX: a pcre2_code, the file's; matches UTF-8 if the pattern has any */
    struct test_place place; /* of the text, without the sign */
};

/* What a step expects to happen, or to be there. */
enum test_subject {
    /* Effects. */
    TEST_OUTPUT, /* output TEXT: a line on standard output, whoever wrote it */
    TEST_WRITE,  /* write FILE TEXT: write, writen, owritecl, and print in Perl */
    TEST_RUN,    /* run COMMAND: shellcmd, cmdexec, a script, system in Perl */
    TEST_SPAWN,  /* spawn COMMAND */
    TEST_PIPE,   /* pipe COMMAND <<< TEXT: pipe, report */
    TEST_SEND,   /* send PEER TEXT: udgram, ustream, udpsock, tcpsock */
    TEST_SIGNAL, /* signal NAME: sigemul */
    TEST_PERL,   /* perl FUNCTION TEXT: an operator of Perl that reaches out */
    /* What else is heard. */
    TEST_EVENT, /* event TEXT: an event that an action or a command made */
    TEST_LOG,   /* log TEXT: a message in the log */
    /* rule TEXT: a rule matched.  It is called so, as `secant replay` shows it (or without its
     * folder), or its file is, all of it; or its desc, as it is written in the file, fits. */
    TEST_RULE,
    /* State, at the step's time. */
    TEST_CONTEXT,   /* context NAME [until TIME] [with N lines] [holding TEXT] */
    TEST_OPERATION, /* operation DESC [until TIME] [with N events] */
    TEST_VARIABLE,  /* variable %NAME TEXT */
    TEST_PENDING,   /* pending TEXT [at TIME]: a delayed event */
    TEST_FILE,      /* file NAME TEXT: what rules wrote into it, after what it held at first */
    TEST_SUBJECTS,
};

struct test_expectation {
    enum test_subject subject;
    bool never;             /* not ... */
    bool only;              /* nothing else since the last line */
    int64_t least, most;    /* how often; most INT64_MAX: no limit */
    bool counted;           /* a number was given: exactly this often within the span */
    struct test_time until; /* within SPAN, not ... until TIME: how long it may take; NONE: now */
    struct bytes name;      /* FILE, PEER, FUNCTION, NAME (variables with %); "" if there is none */
    struct test_text text;  /* or COMMAND, NAME of a rule or context, DESC */
    struct test_text fed;   /* PIPE: after <<< */
    struct test_time ends;  /* CONTEXT, OPERATION, PENDING: until, at; NONE: not told */
    bool forever;           /* it never ends */
    int64_t lines;          /* CONTEXT, OPERATION: with N; -1: not told */
    struct test_text holding; /* CONTEXT */
};

/* An answer that a command gets. */
struct test_answer {
    enum test_subject subject; /* RUN, SPAWN, PIPE; PERL: what Perl starts */
    struct test_text command;
    int64_t exit_code;
    struct bytes output; /* lines, each with its newline */
};

enum test_step_kind {
    TEST_STEP_LINE,     /* TIME [xN [every SPAN]] [from INPUT] [>] LINE, or > LINE: its own */
    TEST_STEP_LINES,    /* lines FILE: of a log, each at its own time */
    TEST_STEP_WAIT,     /* TIME alone */
    TEST_STEP_EXPECT,   /* expect ..., not ... */
    TEST_STEP_NOTHING,  /* nothing else: no effect but those that were expected */
    TEST_STEP_SNAPSHOT, /* snapshot: all effects since the last line or snapshot are these lines */
    TEST_STEP_WHEN,     /* when COMMAND: what it answers from now on */
    TEST_STEP_PERL,     /* perl CODE */
    TEST_STEP_SIGNAL,   /* signal NAME: HUP, ABRT, USR1, USR2, INT */
    TEST_STEP_STOP,     /* stop: the program ends; nothing but expectations may follow */
};

struct test_step {
    enum test_step_kind kind;
    struct test_place place; /* of its first word */
    struct bytes source;     /* the step as it is in the file, for messages; one line of it */
    struct test_time time;
    bool own_time;        /* LINE, LINES: the lines tell it */
    bool bare;            /* LINE: without the header */
    int64_t times, every; /* LINE: how often, seconds between; 1, 0 */
    struct bytes input;   /* LINE, LINES: whose; "" is the first input */
    struct bytes text; /* LINE, PERL, SIGNAL; LINES: file, folder in front; SNAPSHOT: its block */
    struct test_place block; /* SNAPSHOT: where the block is, line to line + length lines */
    struct test_expectation expect;
    struct test_answer answer;
    bool given; /* comes from `given`, which tests share */
};

struct test_input {
    struct bytes name, context; /* "" if none */
};

struct test_pair { /* file: text; environment: value */
    struct bytes name, text;
    struct test_place place;
};

struct test {
    struct bytes name;
    struct test_place place; /* of the line `test:` */
    size_t row;              /* of its table, from 1; 0: it has none */
    struct bytes *tags;
    size_t tag_count;
    /* The head, or what the test says in its place. */
    struct bytes *rules; /* patterns as --conf's, with the folder in front */
    size_t rule_count;
    struct bytes *options; /* SEC's, words */
    size_t option_count;
    int64_t start;             /* since 1970, as if in UTC; in `zone` */
    struct bytes zone;         /* "UTC" if none is told */
    const struct zone *clock;  /* the same, loaded */
    struct bytes header;       /* strftime's; "": none */
    struct test_input *inputs; /* one at least */
    size_t input_count;
    struct test_pair *files, *environment; /* files: fixtures, in the test's own folder */
    size_t file_count, environment_count;
    struct bytes *perl; /* code that runs before the rules are loaded */
    size_t perl_count;
    struct test_step *steps;
    size_t step_count;
    bool sound; /* false: it has an error, and does not run */
};

struct test_file {
    struct bytes path, folder; /* as given; "." if there is none */
    struct test *tests;        /* in order */
    size_t count;
    uint32_t line_count;
    size_t error_count;    /* only the first ten errors are reported */
    struct bytes *sources; /* names of the files that were read: this one, and what it includes */
    size_t source_count;
    struct arena *arena;
    void **regexes; /* owned */
    size_t regex_count, regex_room;
};

/* An error: "FILE:LINE:COLUMN: error: TEXT", the line and a caret below; hint may be "". */
typedef void test_complain(void *arg, struct test_place place, struct bytes line, struct bytes text,
                           struct bytes hint);

/* Never returns NULL.  What has an error is reported and left out; a file that cannot be read has
 * one error and no tests.  The caller frees the file. */
struct test_file *test_file_read(struct bytes path, test_complain *complain, void *arg);
/* The same for a text that was read already; path is for messages and relative names. */
struct test_file *test_file_parse(struct bytes path, struct bytes text, test_complain *complain,
                                  void *arg);
void test_file_free(struct test_file *file);

/* The second that the time of a step means if it is `now`, both since the epoch; now for
 * TEST_TIME_NONE.  Only a date can be before now. */
int64_t test_time_second(const struct test *test, struct test_time time, int64_t now);
/* The second at which a test begins. */
int64_t test_start_second(const struct test *test);

#endif
