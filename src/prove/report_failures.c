/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The failures of a test as text for people. */
#include "base/json_values.h"
#include "base/utf8.h"
#include "prove/diff.h"
#include "prove/report.h"

#define COLOUR_MARK "\033[1;31m"
#define COLOUR_FAINT "\033[2m"
#define COLOUR_TITLE "\033[1m"
#define COLOUR_END "\033[0m"

enum {
    MOST_FAILURES = 5,
    MOST_LETTERS = 160, /* of a line or a text */
    MOST_LONG = 400,    /* of what was done */
    BEFORE_MARK = 60,   /* of these at least so many where the mark is further on */
    MOST_MESSAGES = 12,
    MOST_DIFF = 40,
    MOST_DIFF_AGAIN = 8, /* where the cause has been told */
    PLACE_COLUMN = 68,   /* where "ssh.sectest:21" is */
};

struct writing {
    struct buf *out;
    const json_t *outcome;
    const char *indent;
    bool colour;
    bool explained;  /* one command is enough to see how it is done */
    struct bytes as; /* the place that a failure of this test has named */
};

static void paint(const struct writing *w, const char *colour)
{
    if (w->colour)
        buf_add(w->out, bytes_of(colour));
}

static void begin_line(const struct writing *w, const char *more)
{
    buf_cat(w->out, bytes_of(w->indent), bytes_of(more));
}

/* -- One line of text -- */

/* Of a text the part that is shown, and in it a part that is marked. */
struct shown {
    struct buf text; /* owned */
    size_t from, to; /* bytes in it */
};

static void add_letter(struct buf *out, struct bytes letter)
{
    unsigned char c = (unsigned char)*letter.ptr;
    if (c == '\n')
        buf_add(out, B("\\n"));
    else if (c == '\t')
        buf_add(out, B("\\t"));
    else if (c < ' ' || c == 0x7f)
        buf_printf(out, "\\x%02x", (unsigned)c);
    else if (utf8_is_control(letter))
        buf_printf(out, "\\u%04x", (unsigned char)letter.ptr[1]);
    else
        buf_add(out, letter);
}

/* Nothing in it moves the cursor, and it has no more than `most` letters, but for a marked part
 * that has more. */
static struct shown make_shown(struct bytes text, size_t from, size_t to, size_t most)
{
    struct shown shown = {.from = SIZE_MAX};
    size_t letter = 0, first = 0, all = utf8_count(text);
    size_t mark = utf8_count(bytes_slice(text, 0, from < text.len ? from : text.len));
    size_t end = utf8_count(bytes_slice(text, 0, to < text.len ? to : text.len));
    if (all > most && mark > most - BEFORE_MARK)
        first = mark - BEFORE_MARK;
    if (first + most < end)
        most = end - first;
    if (first > 0)
        buf_add(&shown.text, B("..."));
    for (size_t at = 0; at < text.len && letter < first + most; letter++) {
        size_t len = utf8_length(bytes_from(text, at));
        len = len > 0 ? len : 1;
        if (letter >= first) {
            if (at >= from && shown.from == SIZE_MAX)
                shown.from = shown.text.len;
            add_letter(&shown.text, bytes_slice(text, at, at + len));
            if (at < to)
                shown.to = shown.text.len;
        }
        at += len;
    }
    if (shown.from == SIZE_MAX)
        shown.from = shown.text.len;
    if (shown.to < shown.from)
        shown.to = shown.from;
    if (letter < all)
        buf_printf(&shown.text, "... (%zu more)", all - letter);
    return shown;
}

static void add_cut(const struct writing *w, struct bytes text)
{
    struct shown shown = make_shown(text, 0, 0, MOST_LETTERS);
    buf_add(w->out, buf_bytes(&shown.text));
    buf_free(&shown.text);
}

/* FILE:LINE at the right, after what the line has since `begin`. */
static void add_place(const struct writing *w, size_t begin, int64_t line)
{
    size_t letters = utf8_count(bytes_from(buf_bytes(w->out), begin));
    buf_add(w->out, B("  "));
    for (; letters < PLACE_COLUMN; letters++)
        buf_char(w->out, ' ');
    paint(w, COLOUR_FAINT);
    buf_cat(w->out, json_text(w->outcome, "file"), B(":"), NUM(line));
    paint(w, COLOUR_END);
    buf_char(w->out, '\n');
}

/* -- A failure -- */

/* The differing part in colour, or with a mark below it. */
static void add_nearest(const struct writing *w, const json_t *nearest)
{
    const json_t *mark = json_object_get(nearest, "mark");
    size_t from = (size_t)json_integer_value(json_array_get(mark, 0));
    size_t to = (size_t)json_integer_value(json_array_get(mark, 1));
    struct shown shown = make_shown(json_text(nearest, "text"), from, to, MOST_LETTERS);
    struct bytes text = buf_bytes(&shown.text);
    bool marked = from > 0 || to > 0;
    size_t begin = w->out->len;
    begin_line(w, "nearest at ");
    buf_cat(w->out, json_text(nearest, "when"), B(": "));
    size_t before = utf8_count(bytes_from(buf_bytes(w->out), begin));
    buf_add(w->out, bytes_slice(text, 0, shown.from));
    if (marked)
        paint(w, COLOUR_MARK);
    buf_add(w->out, bytes_slice(text, shown.from, shown.to));
    if (marked)
        paint(w, COLOUR_END);
    buf_cat(w->out, bytes_from(text, shown.to), B("\n"));
    /* A colour does not show where nothing is: something is missing there. */
    if (marked && (!w->colour || shown.from == shown.to)) {
        size_t marks = utf8_count(bytes_slice(text, shown.from, shown.to));
        for (before += utf8_count(bytes_slice(text, 0, shown.from)); before > 0; before--)
            buf_char(w->out, ' ');
        do
            buf_char(w->out, '^');
        while (marks-- > 1);
        buf_char(w->out, '\n');
    }
    buf_free(&shown.text);
}

static void add_title(const struct writing *w, const char *title)
{
    begin_line(w, "");
    paint(w, COLOUR_TITLE);
    buf_add(w->out, bytes_of(title));
    paint(w, COLOUR_END);
    buf_char(w->out, '\n');
}

static void add_more(const struct writing *w, int64_t more, const char *what)
{
    if (more <= 0)
        return;
    begin_line(w, "  ");
    buf_printf(w->out, "... and %lld more %s%s\n", (long long)more, what, more == 1 ? "" : "s");
}

/* As much of a text as there is room for two or three lines. */
static void add_long(const struct writing *w, struct bytes text)
{
    struct shown shown = make_shown(text, 0, 0, MOST_LONG);
    buf_add(w->out, buf_bytes(&shown.text));
    buf_free(&shown.text);
}

static void add_sentence(const struct writing *w, struct bytes text)
{
    begin_line(w, "         ");
    add_long(w, text);
    buf_char(w->out, '\n');
}

/* "+10s", or "5 times, +0s to +40s". */
static void add_times(const struct writing *w, const json_t *passage)
{
    struct buf when = {0};
    int64_t times = json_number(passage, "times");
    if (times > 0)
        buf_cat(&when, NUM(times), B(" times, "));
    buf_add(&when, json_text(passage, "when"));
    if (times > 0 && !bytes_eq(json_text(passage, "when"), json_text(passage, "until")))
        buf_cat(&when, B(" to "), json_text(passage, "until"));
    buf_add(w->out, buf_bytes(&when));
    for (size_t pad = when.len; pad < 6; pad++)
        buf_char(w->out, ' ');
    buf_add(w->out, times > 0 ? B("  ") : B(" "));
    buf_free(&when);
}

static void add_passage(struct writing *w, const json_t *passage)
{
    const json_t *said = json_object_get(passage, "said"), *near = json_object_get(passage, "near");
    struct bytes text = json_text(passage, "text");
    size_t begin = w->out->len;
    begin_line(w, "  ");
    add_times(w, passage);
    add_cut(w, text.len > 0 ? text : B("(no line)"));
    if (text.len > 0 && json_number(passage, "line") > 0)
        add_place(w, begin, json_number(passage, "line"));
    else
        buf_char(w->out, '\n');
    for (size_t i = 0; i < json_array_size(said); i++)
        add_sentence(w, json_bytes(json_array_get(said, i)));
    for (size_t i = 0; i < json_array_size(near); i++)
        add_sentence(w, json_bytes(json_array_get(near, i)));
    if (json_object_get(passage, "explain") && !w->explained) {
        w->explained = true;
        begin_line(w, "         ");
        buf_cat(w->out, json_text(passage, "explain"), B("\n"));
    }
}

/* What the failure before it has shown is not shown again. */
static bool is_news(const json_t *failure, const json_t *before, const char *key)
{
    const json_t *list = json_object_get(failure, key);
    return json_array_size(list) > 0 && !json_equal(list, json_object_get(before, key));
}

/* Is all that is said here said there as well? */
static bool says_all(const json_t *there, const json_t *here, const char *key)
{
    const json_t *more = json_object_get(there, key), *list = json_object_get(here, key);
    size_t found = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = 0; k < json_array_size(more); k++)
            if (json_equal(json_array_get(list, i), json_array_get(more, k))) {
                found++;
                break;
            }
    return found == json_array_size(list);
}

static bool same_member(const json_t *a, const json_t *b, const char *key)
{
    const json_t *value = json_object_get(a, key), *other = json_object_get(b, key);
    return value == other || (value && other && json_equal(value, other));
}

/* Has the trace of a failure before shown these lines, and all that is to be said of them? */
static bool was_shown(const struct writing *w, const json_t *passage, size_t failure)
{
    const json_t *failures = json_object_get(w->outcome, "failures");
    for (size_t i = 0; i < failure; i++) {
        const json_t *other = json_array_get(failures, i), *trace = json_object_get(other, "trace");
        for (size_t k = 0; !json_object_get(other, "as") && k < json_array_size(trace); k++) {
            const json_t *there = json_array_get(trace, k);
            if (same_member(there, passage, "when") && same_member(there, passage, "times") &&
                same_member(there, passage, "text") && says_all(there, passage, "said") &&
                says_all(there, passage, "near"))
                return true;
        }
    }
    return false;
}

static void add_trace(struct writing *w, const json_t *failure, size_t at)
{
    const json_t *trace = json_object_get(failure, "trace");
    size_t count = json_array_size(trace), from = 0;
    add_title(w, "What the lines did");
    add_more(w, json_number(failure, "trace_before"), "earlier line");
    while (from + 1 < count && was_shown(w, json_array_get(trace, from), at))
        from++;
    if (from > 0) {
        begin_line(w, "  ");
        buf_cat(w->out, B("("), NUM(from), B(" shown above)\n"));
    }
    for (size_t i = from; i < count; i++)
        add_passage(w, json_array_get(trace, i));
}

/* "08:00:10  ssh.sec:3  run mail root": does a line of a trace say the same? */
static bool done_in(const json_t *failure, struct bytes done)
{
    const json_t *trace = json_object_get(failure, "trace");
    for (int columns = 2; columns > 0; columns--) {
        ptrdiff_t gap = bytes_find(done, B("  "), 0);
        done = bytes_from(done, gap < 0 ? 0 : (size_t)gap + 2);
    }
    const struct bytes words[] = {B("output "), B("perl print: STDERR ")};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (bytes_starts(done, words[i]))
            done = bytes_from(done, words[i].len);
    ptrdiff_t times = bytes_find(done, B(" times)"), 0);
    if (times > 0 && done.len > 0 && done.ptr[done.len - 1] == ')')
        while (done.len > 0 && done.ptr[done.len - 1] != ' ')
            done.len--;
    for (size_t i = 0; i < json_array_size(trace); i++) {
        const json_t *said = json_object_get(json_array_get(trace, i), "said");
        for (size_t k = 0; k < json_array_size(said); k++)
            if (bytes_find(json_bytes(json_array_get(said, k)), bytes_trim(done), 0) >= 0)
                return true;
    }
    return false;
}

/* Has the trace shown all of it? */
static bool all_done_in(const json_t *failure)
{
    const json_t *done = json_object_get(failure, "done");
    bool all = json_number(failure, "done_more") == 0;
    for (size_t i = 0; i < json_array_size(done) && all; i++)
        all = done_in(failure, json_bytes(json_array_get(done, i)));
    return all;
}

static void add_done(const struct writing *w, const json_t *failure)
{
    const json_t *done = json_object_get(failure, "done");
    add_title(w, "What else was done");
    for (size_t i = 0; i < json_array_size(done); i++) {
        if (done_in(failure, json_bytes(json_array_get(done, i))))
            continue;
        begin_line(w, "  ");
        add_long(w, json_bytes(json_array_get(done, i)));
        buf_char(w->out, '\n');
    }
    add_more(w, json_number(failure, "done_more"), "effect");
}

static void add_notes(const struct writing *w, const json_t *failure)
{
    const json_t *notes = json_object_get(failure, "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        begin_line(w, "  ");
        add_long(w, json_bytes(json_array_get(notes, i)));
        buf_char(w->out, '\n');
    }
}

static void add_step(const struct writing *w, const json_t *failure)
{
    size_t begin = w->out->len;
    begin_line(w, "");
    add_cut(w, json_text(failure, "step"));
    add_place(w, begin, json_number(failure, "line"));
}

/* With the reason, in one line; an effect in it has been shown. */
static void add_briefly(const struct writing *w, const json_t *failure, const char *before)
{
    struct buf text = {0};
    size_t begin = w->out->len;
    struct bytes brief = json_text(failure, "brief");
    struct bytes reason = brief.len > 0 ? brief : json_text(failure, "reason");
    begin_line(w, before);
    buf_add(&text, json_text(failure, "step"));
    if (reason.len > 0)
        buf_cat(&text, B(": "), reason);
    add_long(w, buf_bytes(&text));
    add_place(w, begin, json_number(failure, "line"));
    buf_free(&text);
}

/* What is said of which rule, but for its values: "ssh.sec:3 Single". */
static struct bytes subject_of(struct bytes text)
{
    ptrdiff_t end = bytes_find(text, B(": "), 0);
    return bytes_slice(text, 0, end < 0 ? text.len : (size_t)end);
}

/* What it comes to here; and what else says most, if that is of another rule. */
static void add_as_line(const struct writing *w, const json_t *failure)
{
    struct bytes because = json_text(failure, "because"), shared = json_text(failure, "shared");
    begin_line(w, "as in ");
    buf_cat(w->out, json_text(failure, "as"), B(": "));
    add_long(w, shared.len > 0 ? shared : because);
    if (shared.len > 0 && !bytes_eq(subject_of(shared), subject_of(because))) {
        buf_add(w->out, B("; here "));
        add_long(w, because);
    }
    buf_char(w->out, '\n');
}

/* Where a trace was shown that tells the same: once in a test. */
static void add_as(struct writing *w, const json_t *failure)
{
    bool again = bytes_eq(w->as, json_text(failure, "as"));
    add_briefly(w, failure, again ? "also " : "");
    if (!again)
        add_as_line(w, failure);
    w->as = json_text(failure, "as");
}

static void add_reason(const struct writing *w, const json_t *failure)
{
    if (json_text(failure, "reason").len == 0)
        return;
    begin_line(w, "");
    add_long(w, json_text(failure, "reason"));
    buf_char(w->out, '\n');
}

static void add_snapshot(const struct writing *w, const json_t *failure)
{
    const json_t *nearest = json_object_get(failure, "nearest");
    struct diff_looks looks = {w->indent, w->colour,
                               json_object_get(failure, "as") ? MOST_DIFF_AGAIN : MOST_DIFF};
    diff_add(w->out, json_text(failure, "expected"), json_text(nearest, "text"), &looks);
}

static bool is_snapshot(const json_t *failure)
{
    return bytes_starts(json_text(failure, "step"), B("snapshot"));
}

static void add_failure(struct writing *w, const json_t *failures, size_t at)
{
    const json_t *failure = json_array_get(failures, at);
    const json_t *before = at > 0 ? json_array_get(failures, at - 1) : NULL;
    const json_t *nearest = json_object_get(failure, "nearest");
    if (json_object_get(failure, "as") && !is_snapshot(failure)) {
        add_as(w, failure);
        return;
    }
    if (!before || json_number(before, "line") != json_number(failure, "line"))
        add_step(w, failure);
    add_reason(w, failure);
    if (is_snapshot(failure))
        add_snapshot(w, failure);
    else if (nearest)
        add_nearest(w, nearest);
    if (json_object_get(failure, "as")) {
        add_as_line(w, failure);
        return;
    }
    if (is_news(failure, before, "trace"))
        add_trace(w, failure, at);
    if (is_news(failure, before, "notes"))
        add_notes(w, failure);
    if (is_news(failure, before, "done") && !all_done_in(failure))
        add_done(w, failure);
}

static bool same_list(const json_t *a, const json_t *b, const char *key)
{
    const json_t *list = json_object_get(a, key);
    return json_array_size(list) > 0 && json_equal(list, json_object_get(b, key));
}

/* A failure before it has shown the same lines, or the same effects. */
static bool is_shown(const json_t *failures, size_t at)
{
    const json_t *failure = json_array_get(failures, at);
    bool shown = false;
    for (size_t i = 0; i < at && !is_snapshot(failure) && !shown; i++) {
        const json_t *other = json_array_get(failures, i);
        shown = same_list(failure, other, "trace") || same_list(failure, other, "done");
    }
    return shown;
}

static void add_messages(const struct writing *w, const json_t *messages)
{
    size_t count = json_array_size(messages);
    for (size_t i = 0; i < count && i < MOST_MESSAGES; i++) {
        const json_t *text = json_array_get(messages, i);
        begin_line(w, "");
        add_cut(w, bytes_make(json_string_value(text), json_string_length(text)));
        buf_char(w->out, '\n');
    }
    if (count > MOST_MESSAGES)
        add_more(w, (int64_t)(count - MOST_MESSAGES), "message");
}

void report_add_failures(struct buf *out, const json_t *outcome, const char *indent, bool colour)
{
    struct writing w = {out, outcome, indent, colour, false, B("")};
    const json_t *failures = json_object_get(outcome, "failures");
    size_t count = json_array_size(failures);
    add_messages(&w, json_object_get(outcome, "messages"));
    for (size_t i = 0; i < count && i < MOST_FAILURES; i++) {
        const json_t *failure = json_array_get(failures, i);
        if (i > 0 && is_shown(failures, i))
            add_briefly(&w, failure, "also ");
        else
            add_failure(&w, failures, i);
    }
    if (count > MOST_FAILURES)
        add_more(&w, (int64_t)(count - MOST_FAILURES), "failure");
}
