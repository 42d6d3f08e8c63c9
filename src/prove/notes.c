/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/notes.h"

#include "base/json_values.h"
#include "clock/timestamp.h"

enum { MOST_NOTES = 5, WORDS = 3 };

struct notes {
    const struct test *test;
    json_t *outcome, *list; /* list: owned; NULL: none yet */
};

#define NOTE(notes, place, ...)                                                                    \
    add_note(notes, place, (const struct bytes[]){__VA_ARGS__},                                    \
             sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

static void add_note(struct notes *notes, struct test_place place, const struct bytes *parts,
                     size_t count)
{
    struct buf text = {0};
    if (!notes->list)
        notes->list = json_array();
    buf_cat_parts(&text, parts, count);
    json_t *note = json_object();
    json_put_text(note, "file", place.file);
    json_put_number(note, "line", place.line);
    json_put_text(note, "text", buf_bytes(&text));
    if (json_array_size(notes->list) < MOST_NOTES)
        json_array_append_new(notes->list, note);
    else
        json_decref(note);
    buf_free(&text);
}

/* -- Lines -- */

/* x10, 10x: the number; "": it is neither. */
static struct bytes times_in(struct bytes word)
{
    int64_t number;
    bool before = word.len > 1 && *word.ptr == 'x';
    bool after = word.len > 1 && word.ptr[word.len - 1] == 'x';
    struct bytes digits = bytes_slice(word, before, word.len - (!before && after));
    return (before || after) && digits.len < 8 && bytes_uint(digits, false, &number) ? digits
                                                                                     : B("");
}

/* The last words of a text, the last one first; "" where there are no more. */
static void last_words(struct bytes text, struct bytes words[WORDS])
{
    struct bytes word;
    for (size_t i = 0; i < WORDS; i++)
        words[i] = B("");
    while (bytes_word(&text, &word)) {
        words[2] = words[1];
        words[1] = words[0];
        words[0] = word;
    }
}

static void note_times(struct notes *notes, const struct test_step *step)
{
    struct bytes words[WORDS], rest = step->text, word = B("");
    last_words(step->text, words);
    bytes_word(&rest, &word);
    if (times_in(word).len == 0)
        word = bytes_eq(words[1], B("every")) ? words[2] : words[0];
    struct bytes number = times_in(word);
    if (number.len > 0 && step->times == 1)
        NOTE(notes, step->place, B("'"), word, B("' is part of the line: did you mean +0s x"),
             number, B(" LINE?"));
}

/* first: it begins with it. */
static bool has_time(struct bytes line, bool first)
{
    struct timestamp stamp;
    struct time_options *options = time_options_new();
    struct buf why = {0};
    time_options_year(options, B("2024"), &why); /* any; lines may have none */
    buf_free(&why);
    struct time_reader *reader = time_reader_new(options);
    time_reader_read(reader, line, &stamp);
    bool told = (stamp.flags & TIMESTAMP_OWN) && !(stamp.flags & TIMESTAMP_REFUSED) &&
                (!first || stamp.text.ptr == line.ptr);
    time_reader_free(reader);
    time_options_free(options);
    return told;
}

static void note_line(struct notes *notes, const struct test_step *step)
{
    note_times(notes, step);
    if (step->own_time && !has_time(step->text, false))
        NOTE(notes, step->place,
             B("no time was found in this line, so it came at the time of the step before"));
    else if (!step->bare && !step->own_time && notes->test->header.len > 0 &&
             has_time(step->text, true))
        NOTE(notes, step->place,
             B("'header:' adds a time before the line's own; to keep only its own, write "
               "> LINE, without +0s"));
}

/* -- Expectations -- */

/* "mail twice" */
static void note_text(struct notes *notes, const struct test_step *step,
                      const struct test_text *text)
{
    struct bytes words[WORDS], number = B("");
    int64_t count;
    if (text->how != TEST_CONTAINS || text->as_is)
        return;
    last_words(text->text, words);
    if (bytes_eq(words[0], B("once")) || bytes_eq(words[0], B("twice")))
        number = words[0];
    else if (bytes_eq(words[0], B("times")) && bytes_uint(words[1], false, &count))
        number = bytes_make(words[1].ptr, (size_t)(words[0].ptr + words[0].len - words[1].ptr));
    else if (times_in(words[0]).len > 0)
        NOTE(notes, step->place, B("'"), words[0],
             B("' is part of the text: did you mean 'expect "), times_in(words[0]), B(" times'?"));
    if (number.len > 0)
        NOTE(notes, step->place, B("'"), number, B("' is part of the text: did you mean 'expect "),
             number, B(" ...'?"));
}

static bool has_failed(const struct notes *notes, const struct test_step *step)
{
    const json_t *failures = json_object_get(notes->outcome, "failures");
    for (size_t i = 0; i < json_array_size(failures); i++)
        if (json_number(json_array_get(failures, i), "line") == step->place.line)
            return true;
    return false;
}

static void note_step(struct notes *notes, const struct test_step *step)
{
    if (step->kind == TEST_STEP_LINE)
        note_line(notes, step);
    if (!has_failed(notes, step))
        return;
    if (step->kind == TEST_STEP_EXPECT) {
        note_text(notes, step, &step->expect.text);
        note_text(notes, step, &step->expect.fed);
    } else if (step->kind == TEST_STEP_SNAPSHOT && step->text.len == 0) {
        NOTE(notes, step->place, B("the snapshot is empty; secant test --update writes it"));
    }
}

/* -- All -- */

/* Nothing but expectations. */
static bool has_nothing(const struct test *test)
{
    for (size_t i = 0; i < test->step_count; i++) {
        enum test_step_kind kind = test->steps[i].kind;
        if (kind != TEST_STEP_EXPECT && kind != TEST_STEP_NOTHING && kind != TEST_STEP_SNAPSHOT &&
            kind != TEST_STEP_WHEN && kind != TEST_STEP_WAIT)
            return false;
    }
    return true;
}

void notes_add(json_t *outcome, const struct test *test)
{
    struct notes notes = {.test = test, .outcome = outcome};
    if (!json_is(outcome, "status", "failed"))
        return;
    notes.list = json_incref(json_object_get(outcome, "notes"));
    if (has_nothing(test))
        NOTE(&notes, test->place, B("the test has no log line; +0s LINE is one"));
    for (size_t i = 0; i < test->step_count; i++)
        note_step(&notes, &test->steps[i]);
    if (notes.list)
        json_object_set_new(outcome, "notes", notes.list);
}
