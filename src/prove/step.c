/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of a test. */
#include <errno.h>

#include "base/slips.h"
#include "base/errors.h"
#include "prove/reading.h"

static struct test_step *add_step(struct scan *scan, enum test_step_kind kind)
{
    struct test_step *step = LIST_ADD(scan->reader->arena, scan->reader->steps);
    struct scan whole = {scan->reader, scan->line, scan->line->text};
    *step = (struct test_step){.kind = kind,
                               .place = place_of(scan->line, peek_word(&whole)),
                               .source = bytes_trim(scan->line->text),
                               .times = 1,
                               .input = B(""),
                               .text = B("")};
    scan->reader->head->begun = true;
    return step;
}

/* The step is told to be wrong and left out. */
static void drop_step(struct scan *scan)
{
    scan->reader->steps->count--;
}

/* -- Lines -- */

/* x4 [every 10s] */
static bool take_times(struct scan *scan, struct test_step *step)
{
    struct bytes word = peek_word(scan), span;
    if (word.len < 2 || *word.ptr != 'x' || !is_digit(word.ptr[1]) ||
        !read_number(bytes_from(word, 1), &step->times))
        return true;
    take_word(scan, &word);
    if (step->times < 1 || step->times > 1000000) {
        FAULT(scan->reader, scan->line, word, NO_HINT,
              B("a line can be repeated 1 to 1000000 times"));
        return false;
    }
    if (!take_this(scan, B("every")))
        return true;
    take_word(scan, &span);
    if (read_span(span, &step->every))
        return true;
    FAULT(scan->reader, scan->line, span, SPAN_FORM, B("a span is expected after 'every'"));
    return false;
}

static bool take_from(struct scan *scan, struct test_step *step)
{
    struct bytes from = peek_word(scan);
    const struct head *head = scan->reader->head;
    if (!take_this(scan, B("from")))
        return true;
    struct bytes place = peek_word(scan);
    if (take_name(scan, &step->input)) {
        for (size_t i = 0; i < head->inputs.count; i++)
            if (bytes_eq(head->inputs.items[i].name, step->input))
                return true;
        FAULT(scan->reader, scan->line, place,
              B("'input: NAME' declares one; a log line that begins with 'from' is written after "
                "'| '"),
              B("there is no input '"), step->input, B("'"));
    } else if (place.len == 0) {
        FAULT(scan->reader, scan->line, from, NO_HINT, B("the input's name is missing"));
    }
    return false;
}

/* > LINE: as it is after the sign and a blank. */
static void read_bare(struct scan *scan, struct test_step *step)
{
    skip_blanks(scan);
    struct bytes rest = bytes_from(scan->rest, 1);
    step->kind = TEST_STEP_LINE;
    step->bare = true;
    step->text = rest.len > 0 && is_blank(*rest.ptr) ? bytes_from(rest, 1) : rest;
    if (bytes_trim(rest).len > 0)
        return;
    FAULT(scan->reader, scan->line, scan->rest, NO_HINT, B("the log line is missing after '>'"));
    drop_step(scan);
}

static void read_own(struct scan *scan, struct test_step *step)
{
    step->own_time = true;
    read_bare(scan, step);
}

/* After TIME. */
static void read_line(struct scan *scan, struct test_time time)
{
    struct test_step *step = add_step(scan, TEST_STEP_WAIT);
    step->time = time;
    if (peek_word(scan).len == 0)
        return;
    step->kind = TEST_STEP_LINE;
    if (!take_times(scan, step) || !take_from(scan, step)) {
        drop_step(scan);
        return;
    }
    struct bytes next = peek_word(scan);
    if (next.len > 0 && *next.ptr == '>') {
        read_bare(scan, step);
        return;
    }
    if (next.len == 0) {
        FAULT(scan->reader, scan->line, bytes_from(scan->rest, scan->rest.len),
              B("for an empty line write |"), B("the log line is missing"));
        drop_step(scan);
        return;
    }
    step->text = take_rest(scan);
}

static void read_lines(struct scan *scan)
{
    struct test_step *step = add_step(scan, TEST_STEP_LINES);
    const struct source *source = scan->line->pieces->source;
    struct reader *reader = scan->reader;
    struct bytes place = peek_word(scan);
    step->own_time = true;
    if (!take_name(scan, &step->text)) {
        if (place.len == 0)
            FAULT(reader, scan->line, place, NO_HINT, B("the file's name is missing"));
        drop_step(scan);
        return;
    }
    step->text = source_name(reader->arena, source, step->text);
    if (!take_from(scan, step) || !expect_end(scan, B("the step is: lines FILE [from INPUT]"))) {
        drop_step(scan);
    } else if (reader->look && !can_read(reader, step->text)) {
        FAULT(reader, scan->line, place, NO_HINT, B("cannot read "), step->text, B(": "),
              error_text(errno));
        drop_step(scan);
    }
}

static void read_from(struct scan *scan)
{
    struct test_step *step = add_step(scan, TEST_STEP_LINE);
    if (!take_from(scan, step)) {
        drop_step(scan);
        return;
    }
    struct bytes next = peek_word(scan);
    if (next.len > 0 && *next.ptr == '>') {
        read_own(scan, step);
        return;
    }
    FAULT(scan->reader, scan->line, next, NO_HINT,
          B("the step is 'from INPUT > LINE' for a line with its own time, else "
            "'+0s from INPUT LINE'"));
    drop_step(scan);
}

/* -- Answers -- */

static bool read_exit(struct scan *scan, struct test_answer *answer)
{
    struct bytes word = peek_word(scan);
    take_word(scan, &word);
    if (read_number(word, &answer->exit_code) && answer->exit_code < 256)
        return expect_end(scan, B("the answer is: exit N"));
    FAULT(scan->reader, scan->line, word, NO_HINT, B("'exit' takes a number from 0 to 255"));
    return false;
}

/* exit N, or say LINE */
static bool read_answer(struct scan *scan, struct test_answer *answer, struct buf *said)
{
    struct bytes word = peek_word(scan);
    if (take_this(scan, B("exit")))
        return read_exit(scan, answer);
    if (take_this(scan, B("say"))) {
        buf_cat(said, take_rest(scan), B("\n"));
        return true;
    }
    static const struct bytes known[] = {B("exit"), B("say")};
    struct bytes hint = did_you_mean(scan->reader, word, known, 2);
    FAULT(scan->reader, scan->line, word, hint.len ? hint : B("write 'say LINE' or 'exit N'"),
          B("a command answers with 'say' or 'exit'"));
    return false;
}

/* The colon after the command: the last one of the line, or one with an answer after it. */
static ptrdiff_t find_answer(struct bytes rest)
{
    struct bytes trimmed = bytes_trim(rest);
    if (trimmed.len > 0 && trimmed.ptr[trimmed.len - 1] == ':')
        return trimmed.ptr + trimmed.len - 1 - rest.ptr;
    for (ptrdiff_t at = 0; (at = bytes_chr(rest, ':', (size_t)at)) >= 0; at++) {
        struct bytes after = bytes_trim(bytes_from(rest, (size_t)at + 1));
        if (bytes_starts(after, B("say ")) || bytes_starts(after, B("exit ")))
            return at;
    }
    return -1;
}

static bool read_command(struct scan *scan, struct test_answer *answer)
{
    struct bytes word = peek_word(scan);
    take_word(scan, &word);
    if (is_subject(word, &answer->subject) &&
        (answer->subject == TEST_RUN || answer->subject == TEST_SPAWN ||
         answer->subject == TEST_PIPE || answer->subject == TEST_PERL))
        return true;
    static const struct bytes known[] = {B("run"), B("spawn"), B("pipe"), B("perl")};
    struct bytes hint = did_you_mean(scan->reader, word, known, 4);
    FAULT(scan->reader, scan->line, word, hint,
          B("'when' is followed by what starts the command: run, spawn, pipe or perl"));
    return false;
}

static bool read_when(struct scan *scan, struct cursor *cursor, struct test_answer *answer,
                      struct buf *said)
{
    bool fine = true;
    if (!read_command(scan, answer))
        return false;
    ptrdiff_t colon = find_answer(scan->rest);
    if (colon < 0) {
        FAULT(scan->reader, scan->line, bytes_from(scan->rest, scan->rest.len),
              B("write: when run COMMAND: exit 1"), B("the answer is missing"));
        return false;
    }
    struct bytes command = bytes_slice(scan->rest, 0, (size_t)colon);
    scan->rest = bytes_from(scan->rest, (size_t)colon + 1);
    if (!text_read(scan, command, &answer->command))
        return false;
    if (peek_word(scan).len > 0)
        return read_answer(scan, answer, said);
    struct cursor block = take_block(cursor, scan->line, false);
    for (struct line line; next_line(scan->reader, &block, &line);) {
        struct scan inner = {scan->reader, &line, line.text};
        fine &= read_answer(&inner, answer, said);
    }
    return fine;
}

static void step_when(struct scan *scan, struct cursor *cursor)
{
    struct buf said = {0};
    struct test_step *step = add_step(scan, TEST_STEP_WHEN);
    if (!read_when(scan, cursor, &step->answer, &said)) {
        take_block(cursor, scan->line, false);
        drop_step(scan);
    }
    step->answer.output = arena_bytes(scan->reader->arena, buf_bytes(&said));
    buf_free(&said);
}

/* -- The others -- */

static void step_expect(struct scan *scan, bool never)
{
    struct test_step *step = add_step(scan, TEST_STEP_EXPECT);
    if (!expectation_read(scan, never, &step->expect))
        drop_step(scan);
}

static void step_nothing(struct scan *scan)
{
    struct bytes word = peek_word(scan);
    add_step(scan, TEST_STEP_NOTHING);
    if (take_this(scan, B("else")) && expect_end(scan, B("the step is: nothing else")))
        return;
    if (!bytes_eq(word, B("else")))
        FAULT(scan->reader, scan->line, word, NO_HINT, B("the step is: nothing else"));
    drop_step(scan);
}

static void step_perl(struct scan *scan)
{
    struct test_step *step = add_step(scan, TEST_STEP_PERL);
    step->text = bytes_trim(scan->rest);
    if (step->text.len > 0)
        return;
    FAULT(scan->reader, scan->line, scan->rest, NO_HINT, B("the code is missing after 'perl'"));
    drop_step(scan);
}

static void step_signal(struct scan *scan)
{
    static const struct bytes known[] = {B("HUP"), B("ABRT"), B("USR1"), B("USR2"), B("INT")};
    struct test_step *step = add_step(scan, TEST_STEP_SIGNAL);
    struct bytes word = peek_word(scan);
    step->text = bytes_starts(word, B("SIG")) ? bytes_from(word, 3) : word;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (bytes_eq(step->text, known[i]) && take_word(scan, &word)) {
            if (!expect_end(scan, B("the step is: signal NAME")))
                drop_step(scan);
            return;
        }
    bool end = bytes_eq(step->text, B("TERM"));
    FAULT(scan->reader, scan->line, word, end ? B("to end the program write 'stop'") : NO_HINT,
          B("a signal is one of HUP, ABRT, USR1, USR2, INT"));
    drop_step(scan);
}

static void step_stop(struct scan *scan)
{
    add_step(scan, TEST_STEP_STOP);
    if (!expect_end(scan, B("the step is: stop")))
        drop_step(scan);
}

static void step_snapshot(struct scan *scan, struct cursor *cursor)
{
    struct test_step *step = add_step(scan, TEST_STEP_SNAPSHOT);
    uint32_t next = cursor->at;
    struct cursor block = take_block(cursor, scan->line, true);
    step->text = block_text(scan->reader, block);
    step->block = step->place;
    step->block.line = (block.end > block.at ? block.at : next) + 1;
    step->block.column = 1;
    step->block.length = block.end - block.at;
    if (!expect_end(scan, B("the lines of a snapshot go below it, indented")))
        drop_step(scan);
}

static const struct bytes step_words[] = {B("expect"), B("not"),       B("nothing"),  B("lines"),
                                          B("when"),   B("perl"),      B("signal"),   B("stop"),
                                          B("from"),   B("snapshot:"), B("snapshot"), B(">")};

enum { STEP_WORDS = sizeof(step_words) / sizeof(*step_words) };

bool is_step_word(struct bytes word)
{
    for (size_t i = 0; i < STEP_WORDS; i++)
        if (bytes_eq(step_words[i], word))
            return true;
    return false;
}

/* Words that other languages of tests begin a step with. */
static struct bytes foreign_hint(struct bytes word)
{
    static const struct foreign foreign[] = {
        {B("then"), B("did you mean 'expect'?")},
        {B("and"), B("each expectation begins with 'expect' or 'not'")},
        {B("but"), B("each expectation begins with 'expect' or 'not'")},
        {B("should"), B("did you mean 'expect'?")},
        {B("assert"), B("did you mean 'expect'?")},
        {B("check"), B("did you mean 'expect'?")},
        {B("never"), B("did you mean 'not'?")},
        {B("no"), B("did you mean 'not'?")},
        {B("wait"), B("a time alone lets time pass: +5m")},
        {B("sleep"), B("a time alone lets time pass: +5m")},
        {B("after"), B("a time alone lets time pass: +5m")},
    };
    return hint_for_foreign(word, foreign, sizeof(foreign) / sizeof(*foreign));
}

struct bytes step_hint(struct reader *reader, struct bytes word)
{
    bool text;
    struct bytes hint = foreign_hint(word);
    if (is_file_key(word) || key_has_block(word, &text))
        hint = arena_cat(reader->arena, SLIPS_ASK(B("'"), word, B(":'")));
    if (hint.len == 0)
        hint = did_you_mean(reader, word, step_words, STEP_WORDS - 2);
    return hint.len > 0 ? hint
                        : B("a log line has a time before it (+0s LINE), or its own (> LINE)");
}

static void no_step(struct scan *scan, struct cursor *cursor)
{
    struct bytes word = peek_word(scan);
    FAULT(scan->reader, scan->line, word, step_hint(scan->reader, word), B("'"), word,
          B("' is not a step"));
    take_block(cursor, scan->line, false);
}

void step_read(struct reader *reader, struct cursor *cursor, const struct line *line)
{
    struct scan scan = {reader, line, line->text};
    struct test_time time;
    struct bytes word = peek_word(&scan), text;
    struct bytes key;
    enum taken taken = take_time(&scan, &time);
    if (word.len == 0 || taken == TAKEN_BAD)
        return;
    if (taken == TAKEN)
        read_line(&scan, time);
    else if (*word.ptr == '>')
        read_own(&scan, add_step(&scan, TEST_STEP_LINE));
    else if (take_this(&scan, B("expect")))
        step_expect(&scan, false);
    else if (take_this(&scan, B("not")))
        step_expect(&scan, true);
    else if (take_this(&scan, B("nothing")))
        step_nothing(&scan);
    else if (take_this(&scan, B("lines")))
        read_lines(&scan);
    else if (take_this(&scan, B("when")))
        step_when(&scan, cursor);
    else if (take_this(&scan, B("perl")))
        step_perl(&scan);
    else if (take_this(&scan, B("signal")))
        step_signal(&scan);
    else if (take_this(&scan, B("stop")))
        step_stop(&scan);
    else if (bytes_eq(word, B("from")))
        read_from(&scan);
    else if (split_key(line, &key, &text) && bytes_eq(key, B("snapshot"))) {
        scan.rest = text;
        step_snapshot(&scan, cursor);
    } else
        no_step(&scan, cursor);
}
