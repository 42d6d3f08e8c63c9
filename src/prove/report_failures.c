/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A failing test as people read it. */
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
    BEFORE_MARK = 60,   /* of these at least so many where the mark is further on */
    MOST_MESSAGES = 12,
    MOST_DIFF = 40,
    PLACE_COLUMN = 68, /* where "ssh.sectest:21" is */
};

struct writing {
    struct buf *out;
    const json_t *outcome;
    const char *indent;
    bool colour;
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
    else
        buf_add(out, letter);
}

/* Nothing in it moves the cursor or is longer than a line of sensible length. */
static struct shown make_shown(struct bytes text, size_t from, size_t to)
{
    struct shown shown = {.from = SIZE_MAX};
    size_t letter = 0, first = 0, all = utf8_count(text);
    size_t mark = utf8_count(bytes_slice(text, 0, from < text.len ? from : text.len));
    if (all > MOST_LETTERS && mark > MOST_LETTERS - BEFORE_MARK)
        first = mark - BEFORE_MARK;
    if (first > 0)
        buf_add(&shown.text, B("..."));
    for (size_t at = 0; at < text.len && letter < first + MOST_LETTERS; letter++) {
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
    struct shown shown = make_shown(text, 0, 0);
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
    struct shown shown = make_shown(json_text(nearest, "text"), from, to);
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

static void add_passage(const struct writing *w, const json_t *passage)
{
    struct bytes when = json_text(passage, "when");
    const json_t *said = json_object_get(passage, "said");
    size_t begin = w->out->len;
    begin_line(w, "  ");
    buf_add(w->out, when);
    for (size_t pad = when.len; pad < 6; pad++)
        buf_char(w->out, ' ');
    buf_char(w->out, ' ');
    add_cut(w, json_text(passage, "text"));
    add_place(w, begin, json_number(passage, "line"));
    for (size_t i = 0; i < json_array_size(said); i++) {
        const json_t *text = json_array_get(said, i);
        begin_line(w, "         ");
        add_cut(w, bytes_make(json_string_value(text), json_string_length(text)));
        buf_char(w->out, '\n');
    }
}

/* What the failure before it has shown is not shown again. */
static bool is_news(const json_t *failure, const json_t *before, const char *key)
{
    const json_t *list = json_object_get(failure, key);
    return json_array_size(list) > 0 && !json_equal(list, json_object_get(before, key));
}

static void add_trace(const struct writing *w, const json_t *failure)
{
    const json_t *trace = json_object_get(failure, "trace");
    add_title(w, "What the lines did");
    add_more(w, json_number(failure, "trace_before"), "earlier line");
    for (size_t i = 0; i < json_array_size(trace); i++)
        add_passage(w, json_array_get(trace, i));
}

static void add_done(const struct writing *w, const json_t *failure)
{
    const json_t *done = json_object_get(failure, "done");
    add_title(w, "What else was done");
    for (size_t i = 0; i < json_array_size(done); i++) {
        const json_t *text = json_array_get(done, i);
        begin_line(w, "  ");
        add_cut(w, bytes_make(json_string_value(text), json_string_length(text)));
        buf_char(w->out, '\n');
    }
    add_more(w, json_number(failure, "done_more"), "effect");
}

static void add_failure(const struct writing *w, const json_t *failure, const json_t *before)
{
    const json_t *nearest = json_object_get(failure, "nearest");
    struct bytes reason = json_text(failure, "reason");
    bool snapshot = bytes_starts(json_text(failure, "step"), B("snapshot"));
    size_t begin = w->out->len;
    begin_line(w, "");
    add_cut(w, json_text(failure, "step"));
    add_place(w, begin, json_number(failure, "line"));
    if (reason.len > 0) {
        begin_line(w, "");
        add_cut(w, reason);
        buf_char(w->out, '\n');
    }
    if (snapshot) {
        struct diff_looks looks = {w->indent, w->colour, MOST_DIFF};
        diff_add(w->out, json_text(failure, "expected"), json_text(nearest, "text"), &looks);
    } else if (nearest) {
        add_nearest(w, nearest);
    }
    if (is_news(failure, before, "trace"))
        add_trace(w, failure);
    if (is_news(failure, before, "done"))
        add_done(w, failure);
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
    struct writing w = {out, outcome, indent, colour};
    const json_t *failures = json_object_get(outcome, "failures");
    size_t count = json_array_size(failures);
    add_messages(&w, json_object_get(outcome, "messages"));
    for (size_t i = 0; i < count && i < MOST_FAILURES; i++)
        add_failure(&w, json_array_get(failures, i),
                    i > 0 ? json_array_get(failures, i - 1) : NULL);
    if (count > MOST_FAILURES)
        add_more(&w, (int64_t)(count - MOST_FAILURES), "failure");
}
