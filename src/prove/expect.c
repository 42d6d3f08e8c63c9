/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expectations: how often and how soon, then the subject and what is said of it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/slips.h"
#include "base/mem.h"
#include "prove/reading.h"

/* -- Subjects -- */

static const struct {
    struct bytes word;
    enum test_subject subject;
} subjects[] = {
    {B("output"), TEST_OUTPUT},
    {B("write"), TEST_WRITE},
    {B("run"), TEST_RUN},
    {B("spawn"), TEST_SPAWN},
    {B("pipe"), TEST_PIPE},
    {B("send"), TEST_SEND},
    {B("signal"), TEST_SIGNAL},
    {B("perl"), TEST_PERL},
    {B("event"), TEST_EVENT},
    {B("log"), TEST_LOG},
    {B("rule"), TEST_RULE},
    {B("context"), TEST_CONTEXT},
    {B("operation"), TEST_OPERATION},
    {B("variable"), TEST_VARIABLE},
    {B("pending"), TEST_PENDING},
    {B("file"), TEST_FILE},
    /* Actions that are plain. */
    {B("writen"), TEST_WRITE},
    {B("owritecl"), TEST_WRITE},
    {B("shellcmd"), TEST_RUN},
    {B("cmdexec"), TEST_RUN},
    {B("report"), TEST_PIPE},
    {B("udgram"), TEST_SEND},
    {B("ustream"), TEST_SEND},
    {B("udpsock"), TEST_SEND},
    {B("tcpsock"), TEST_SEND},
    {B("sigemul"), TEST_SIGNAL},
    {B("logonly"), TEST_LOG},
};

enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

bool is_subject(struct bytes word, enum test_subject *subject)
{
    for (size_t i = 0; i < SUBJECTS; i++) {
        if (!bytes_eq(subjects[i].word, word))
            continue;
        *subject = subjects[i].subject;
        return true;
    }
    return false;
}

static struct bytes foreign_hint(struct bytes word)
{
    static const struct foreign foreign[] = {
        {B("nothing"), B("write 'nothing else', or 'not' and a subject")},
        {B("not"), B("use 'not' instead of 'expect': not pipe mail")},
        {B("no"), B("write 'not' and a subject: not output")},
        {B("never"), B("write 'not' and a subject: not output")},
        {B("line"), B("did you mean 'output'?")},
        {B("print"), B("did you mean 'output'?")},
        {B("stdout"), B("did you mean 'output'?")},
        {B("command"), B("did you mean 'run'?")},
        {B("mail"), B("write 'pipe mail' or 'run mail'")},
    };
    return hint_for_foreign(word, foreign, sizeof(foreign) / sizeof(*foreign));
}

struct bytes subject_hint(struct reader *reader, struct bytes word)
{
    struct bytes foreign = foreign_hint(word);
    if (foreign.len > 0)
        return foreign;
    LIST(struct bytes) known = {0};
    for (size_t i = 0; i < SUBJECTS; i++)
        *LIST_ADD(reader->arena, &known) = subjects[i].word;
    for (size_t i = 0; i < reader->head->defines.count; i++)
        *LIST_ADD(reader->arena, &known) = reader->head->defines.items[i].word;
    struct bytes hint = did_you_mean(reader, word, known.items, known.count);
    return hint.len > 0
               ? hint
               : B("subjects are output, write, run, spawn, pipe, send, signal, perl, event, "
                   "log, rule, context, operation, variable, pending, file");
}

/* Before the boundary come effects, after it what else is heard; then states. */
static bool is_effect(enum test_subject subject)
{
    return subject < TEST_EVENT;
}

static bool is_state(enum test_subject subject)
{
    return subject >= TEST_CONTEXT;
}

/* -- Texts -- */

static bool compile(struct scan *scan, struct test_text *text)
{
    int error;
    PCRE2_SIZE at;
    struct test_file *file = scan->reader->file;
    uint32_t utf = bytes_are_ascii(text->text) ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    PCRE2_SPTR pattern = (PCRE2_SPTR)text->text.ptr;
    pcre2_code *code = pcre2_compile(pattern, text->text.len, utf, &error, &at, NULL);
    if (!code && utf && error < 0) /* bytes that are no UTF-8 */
        code = pcre2_compile(pattern, text->text.len, 0, &error, &at, NULL);
    if (!code) {
        PCRE2_UCHAR why[256] = "";
        pcre2_get_error_message(error, why, sizeof(why));
        at = at < text->text.len ? at : text->text.len;
        FAULT(scan->reader, scan->line, bytes_from(text->text, at), NO_HINT,
              B("the regular expression is wrong: "), bytes_of((const char *)why));
        return false;
    }
    MEM_GROW(file->regexes, file->regex_count, file->regex_room, 16);
    file->regexes[file->regex_count++] = code;
    text->regex = code;
    return true;
}

static bool is_sign(char c)
{
    return c == '=' || c == '~';
}

bool text_read(struct scan *scan, struct bytes rest, struct test_text *text)
{
    struct scan inner = {scan->reader, scan->line, rest};
    take_this(&inner, B("contains"));
    skip_blanks(&inner);
    bool any = inner.rest.len == 0, equal = !any && *inner.rest.ptr == '=';
    bool regex = !any && *inner.rest.ptr == '~';
    struct bytes sign = bytes_slice(inner.rest, 0, equal || regex);
    inner.rest = bytes_from(inner.rest, sign.len);
    text->how = any ? TEST_ANY : equal ? TEST_EQUAL : regex ? TEST_REGEX : TEST_CONTAINS;
    text->as_is = !regex && bytes_eq(peek_word(&inner), B("|"));
    text->text = regex ? bytes_trim(inner.rest) : take_rest(&inner);
    text->place = place_of(scan->line, text->text);
    if (!regex)
        return true;
    if (text->text.len == 0) {
        FAULT(scan->reader, scan->line, sign, NO_HINT,
              B("a regular expression is missing after '~'"));
        return false;
    }
    return compile(scan, text);
}

/* -- What follows a state's name -- */

/* After "until" there is none; a span alone lacks its sign. */
static void no_time(struct scan *scan, struct bytes until)
{
    struct bytes next = peek_word(scan);
    int64_t seconds;
    if (next.len == 0)
        FAULT(scan->reader, scan->line, until, TIME_FORM, B("a time is missing after 'until'"));
    else if (read_span(next, &seconds))
        FAULT(scan->reader, scan->line, next,
              arena_cat(scan->reader->arena, SLIPS_ASK(B("+"), next)), B("'"), next,
              B("' is not a time"));
    else
        FAULT(scan->reader, scan->line, next, TIME_FORM, B("'"), next, B("' is not a time"));
}

/* until TIME | forever, with N lines, holding TEXT: taken if it is there. */
static enum taken take_until(struct scan *scan, struct test_expectation *expect)
{
    struct test_time *time = expect->never ? &expect->until : &expect->ends;
    struct bytes word = peek_word(scan);
    bool until = take_this(scan, B("until"));
    if (take_this(scan, B("forever"))) {
        expect->forever = true;
        return TAKEN;
    }
    if (!until)
        return TAKEN_NONE;
    enum taken taken = take_time(scan, time);
    if (taken == TAKEN_NONE) {
        no_time(scan, word);
        return TAKEN_BAD;
    }
    return taken;
}

static enum taken take_with(struct scan *scan, struct test_expectation *expect)
{
    bool events = expect->subject == TEST_OPERATION;
    struct scan ahead = *scan;
    struct bytes with = peek_word(scan), number, word;
    if (!take_this(&ahead, B("with")))
        return TAKEN_NONE;
    bool counted =
        take_word(&ahead, &number) && (read_number(number, &expect->lines) ||
                                       (bytes_eq(number, B("no")) && (expect->lines = 0, true)));
    bool named = take_word(&ahead, &word) &&
                 (events ? bytes_eq(word, B("events")) || bytes_eq(word, B("event"))
                         : bytes_eq(word, B("lines")) || bytes_eq(word, B("line")));
    if (!counted || !named) {
        expect->lines = -1;
        FAULT(scan->reader, scan->line, with, NO_HINT, B("'with' takes a number, as in: with "),
              events ? B("3 events") : B("3 lines"));
        return TAKEN_BAD;
    }
    *scan = ahead;
    return TAKEN;
}

static bool take_clauses(struct scan *scan, struct test_expectation *expect)
{
    bool context = expect->subject == TEST_CONTEXT;
    for (enum taken taken; peek_word(scan).len > 0;) {
        if (context && take_this(scan, B("holding")))
            return text_read(scan, scan->rest, &expect->holding);
        taken = take_until(scan, expect);
        if (taken == TAKEN_NONE)
            taken = take_with(scan, expect);
        if (taken == TAKEN_BAD)
            return false;
        struct bytes word = peek_word(scan);
        if (taken == TAKEN)
            continue;
        FAULT(scan->reader, scan->line, word, NO_HINT,
              B("unexpected text: the name may be followed by until TIME, forever, "),
              context ? B("with N lines, holding TEXT") : B("with N events"));
        return false;
    }
    return true;
}

/* Where the first clause of an operation begins: its name may have blanks. */
static size_t find_clause(struct scan *scan)
{
    struct bytes all = scan->rest, word;
    for (struct scan at = *scan; take_word(&at, &word);) {
        struct scan ahead = at;
        struct bytes first = peek_word(&ahead), second;
        take_word(&ahead, &first);
        take_word(&ahead, &second);
        int64_t number;
        bool until = bytes_eq(word, B("until")) && first.len > 0 &&
                     (is_digit(*first.ptr) || *first.ptr == '+' || bytes_eq(first, B("forever")));
        bool with = bytes_eq(word, B("with")) && read_number(first, &number) &&
                    bytes_starts(second, B("event"));
        if (until || with || (bytes_eq(word, B("forever")) && first.len == 0))
            return (size_t)(word.ptr - all.ptr);
    }
    return all.len;
}

static bool read_operation(struct scan *scan, struct test_expectation *expect)
{
    skip_blanks(scan);
    size_t end = find_clause(scan);
    struct bytes name = bytes_slice(scan->rest, 0, end);
    scan->rest = bytes_from(scan->rest, end);
    if (!text_read(scan, name, &expect->text))
        return false;
    return take_clauses(scan, expect);
}

static bool read_context(struct scan *scan, struct test_expectation *expect)
{
    struct test_text *text = &expect->text;
    skip_blanks(scan);
    char first = scan->rest.len > 0 ? *scan->rest.ptr : '\0';
    if (is_sign(first))
        scan->rest = bytes_from(scan->rest, 1);
    struct bytes before = peek_word(scan);
    if (!take_name(scan, &text->text)) {
        if (before.len == 0)
            FAULT(scan->reader, scan->line, before, NO_HINT, B("the context's name is missing"));
        return false;
    }
    text->how = first == '~' ? TEST_REGEX : TEST_EQUAL;
    text->place = place_of(scan->line, text->text);
    if (first == '~' && !compile(scan, text))
        return false;
    return take_clauses(scan, expect);
}

/* pending TEXT [at TIME] */
static bool read_pending(struct scan *scan, struct test_expectation *expect)
{
    struct bytes all = scan->rest, word;
    for (struct scan at = *scan; take_word(&at, &word);) {
        struct scan ahead = at;
        if (!bytes_eq(word, B("at")) || take_time(&ahead, &expect->ends) != TAKEN ||
            peek_word(&ahead).len > 0)
            continue;
        all = bytes_slice(all, 0, (size_t)(word.ptr - all.ptr));
        break;
    }
    return text_read(scan, all, &expect->text);
}

/* -- The others -- */

static bool missing(struct scan *scan, struct bytes what)
{
    FAULT(scan->reader, scan->line, peek_word(scan), NO_HINT, what, B(" is missing"));
    return false;
}

/* A name, which a sign in its place leaves out, then a text. */
static bool read_named(struct scan *scan, struct test_expectation *expect)
{
    struct bytes next = peek_word(scan);
    bool any = next.len == 0 || is_sign(*next.ptr) || bytes_eq(next, B("|"));
    if (any && (expect->subject == TEST_VARIABLE || expect->subject == TEST_FILE))
        return missing(scan, B("the name"));
    if (!any && !take_name(scan, &expect->name))
        return false;
    if (expect->subject == TEST_VARIABLE && (expect->name.len < 2 || *expect->name.ptr != '%')) {
        FAULT(scan->reader, scan->line, expect->name, NO_HINT, B("a variable is written like %x"));
        return false;
    }
    if (expect->subject == TEST_WRITE && bytes_eq(expect->name, B("-"))) {
        expect->subject = TEST_OUTPUT;
        expect->name = B("");
    }
    return text_read(scan, scan->rest, &expect->text);
}

static bool read_pipe(struct scan *scan, struct test_expectation *expect)
{
    struct bytes command = scan->rest, fed = bytes_from(scan->rest, scan->rest.len);
    ptrdiff_t at = bytes_find(command, B("<<<"), 0);
    if (at >= 0) {
        fed = bytes_from(command, (size_t)at + 3);
        command = bytes_slice(command, 0, (size_t)at);
    }
    return text_read(scan, command, &expect->text) && text_read(scan, fed, &expect->fed);
}

static bool read_signal(struct scan *scan, struct test_expectation *expect)
{
    struct bytes name = peek_word(scan);
    if (take_word(scan, &name))
        expect->name = bytes_starts(name, B("SIG")) ? bytes_from(name, 3) : name;
    return expect_end(scan, B("a signal is one word, like HUP"));
}

/* "... within 5m" at the end would be taken for text, which nobody has meant. */
static bool check_ending(struct scan *scan, const struct test_text *text)
{
    struct scan words = {scan->reader, scan->line, text->text};
    struct bytes last = B(""), before = B(""), word;
    int64_t seconds;
    while (text->how == TEST_CONTAINS && !text->as_is && take_word(&words, &word)) {
        before = last;
        last = word;
    }
    bool plus = last.len > 0 && *last.ptr == '+';
    bool within = bytes_eq(before, B("within")), until = bytes_eq(before, B("until"));
    if (!(within && read_span(last, &seconds)) &&
        !(until && plus && read_span(bytes_from(last, 1), &seconds)))
        return true;
    FAULT(scan->reader, scan->line, before, B("if the text ends like this, write it after '| '"),
          within ? B("'within' goes before the subject: expect within 5m ...")
                 : B("'until' goes before the subject: not until +5m ..."));
    return false;
}

static bool read_subject(struct scan *scan, struct test_expectation *expect)
{
    bool fine;
    switch (expect->subject) {
    case TEST_WRITE:
    case TEST_SEND:
    case TEST_PERL:
    case TEST_VARIABLE:
    case TEST_FILE:
        fine = read_named(scan, expect);
        break;
    case TEST_PIPE:
        fine = read_pipe(scan, expect);
        break;
    case TEST_SIGNAL:
        fine = read_signal(scan, expect);
        break;
    case TEST_CONTEXT:
        return read_context(scan, expect);
    case TEST_OPERATION:
        return read_operation(scan, expect);
    case TEST_PENDING:
        fine = read_pending(scan, expect);
        break;
    default:
        fine = text_read(scan, scan->rest, &expect->text);
    }
    return fine && check_ending(scan, &expect->text) && check_ending(scan, &expect->fed);
}

/* -- What comes before the subject -- */

/* Words of a number: once, 3 times, at least 3 times, at most once, exactly twice. */
static enum taken take_count(struct scan *scan, struct test_expectation *expect)
{
    struct scan ahead = *scan;
    struct bytes word = peek_word(scan), first = word;
    bool least = false, most = false, exactly = false;
    int64_t number;
    if (take_this(&ahead, B("at"))) {
        least = take_this(&ahead, B("least"));
        most = !least && take_this(&ahead, B("most"));
        if (!least && !most) {
            FAULT(scan->reader, scan->line, first, NO_HINT,
                  B("'at' is followed by 'least' or 'most', as in: at least 3 times"));
            return TAKEN_BAD;
        }
    } else {
        exactly = take_this(&ahead, B("exactly"));
    }
    take_word(&ahead, &word);
    if (bytes_eq(word, B("once")) || bytes_eq(word, B("twice"))) {
        number = bytes_eq(word, B("once")) ? 1 : 2;
    } else if (!read_number(word, &number)) {
        if (!least && !most && !exactly)
            return TAKEN_NONE;
        FAULT(scan->reader, scan->line, word, B("as in: at least 3 times"),
              B("a number is expected here"));
        return TAKEN_BAD;
    } else if (!take_this(&ahead, B("times")) && !take_this(&ahead, B("time"))) {
        FAULT(scan->reader, scan->line, word, NO_HINT,
              B("a number is followed by 'times', as in: expect 3 times output"));
        return TAKEN_BAD;
    }
    *scan = ahead;
    expect->counted = true;
    expect->least = most ? 0 : number;
    expect->most = least ? INT64_MAX : number;
    return TAKEN;
}

static enum taken take_span(struct scan *scan, struct test_expectation *expect)
{
    struct bytes word = peek_word(scan), span;
    if (take_this(scan, B("within"))) {
        int64_t seconds = 0;
        if (!take_word(scan, &span) || !read_span(span, &seconds)) {
            FAULT(scan->reader, scan->line, span, SPAN_FORM,
                  B("a span is expected after 'within'"));
            return TAKEN_BAD;
        }
        expect->until = (struct test_time){TEST_TIME_AFTER, seconds};
        return TAKEN;
    }
    if (!bytes_eq(word, B("until")))
        return TAKEN_NONE;
    if (!expect->never) {
        FAULT(scan->reader, scan->line, word, NO_HINT,
              B("'until' goes with 'not'; to say how soon, write: expect within 5m ..."));
        return TAKEN_BAD;
    }
    take_word(scan, &word);
    enum taken taken = take_time(scan, &expect->until);
    if (taken == TAKEN_NONE)
        no_time(scan, word);
    return taken == TAKEN ? TAKEN : TAKEN_BAD;
}

static bool read_manner(struct scan *scan, struct test_expectation *expect)
{
    for (;;) {
        enum taken taken = take_span(scan, expect);
        if (taken == TAKEN_NONE && take_this(scan, B("only"))) {
            expect->only = true;
            taken = TAKEN;
        }
        if (taken == TAKEN_NONE)
            taken = take_count(scan, expect);
        if (taken != TAKEN)
            return taken == TAKEN_NONE;
    }
}

/* A word that was defined is replaced by what it stands for: a line that is in two places. */
static void replace_define(struct scan *scan, const struct define *define)
{
    skip_blanks(scan);
    scan->line =
        join_slices(scan->reader->arena, define->line, define->value, scan->line, scan->rest);
    scan->rest = scan->line->text;
}

static const struct define *find_define(const struct reader *reader, struct bytes word)
{
    for (size_t i = reader->head->defines.count; i > 0; i--)
        if (bytes_eq(reader->head->defines.items[i - 1].word, word))
            return &reader->head->defines.items[i - 1];
    return NULL;
}

static bool check_manner(struct scan *scan, struct bytes word,
                         const struct test_expectation *expect)
{
    struct bytes wrong =
        expect->never && (expect->counted || expect->only)
            ? B("'not' takes no number and no 'only'")
        : is_state(expect->subject) && expect->counted
            ? B("only what happens can be counted, not what is there")
        : !is_effect(expect->subject) && expect->only
            ? B("'only' goes with effects: output, write, run, spawn, pipe, send, signal, perl")
            : B("");
    if (wrong.len > 0)
        FAULT(scan->reader, scan->line, word, NO_HINT, wrong);
    return wrong.len == 0;
}

bool expectation_read(struct scan *scan, bool never, struct test_expectation *expect)
{
    struct bytes word;
    *expect = (struct test_expectation){
        .never = never, .least = 1, .most = INT64_MAX, .lines = -1, .name = B("")};
    if (!read_manner(scan, expect))
        return false;
    if (!take_word(scan, &word))
        return missing(scan, B("what to expect"));
    const struct define *define = find_define(scan->reader, word);
    if (define) {
        replace_define(scan, define);
        take_word(scan, &word);
    }
    if (!is_subject(word, &expect->subject)) {
        FAULT(scan->reader, scan->line, word, subject_hint(scan->reader, word), B("'"), word,
              B("' is not something you can expect"));
        return false;
    }
    return check_manner(scan, word, expect) && read_subject(scan, expect);
}
