/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that read test files: lines with their places, words, errors.
 *
 * A test is read from a cursor, which returns one line after another: without comments, with
 * continued lines joined, and with the names of columns replaced by the cells of a row.  Each line
 * knows where its letters are in the file, so that errors have the right place however the text was
 * changed.  A test with rows is read once for each of them.
 */
#ifndef SECANT_PROVE_READING_H
#define SECANT_PROVE_READING_H

#include "base/arena.h"
#include "base/table.h"
#include "prove/sectest.h"

/* -- Lines (lines.c) -- */

struct source {
    struct bytes path, folder;
    struct bytes *lines; /* without their ends */
    uint32_t count;
    const struct source *included_by; /* NULL: by none */
};

/* Text of a line from offset `at` on, and where it is. */
struct piece {
    uint32_t at;
    const struct source *source;
    uint32_t line, column; /* from 0 */
    uint32_t filled;       /* it replaces this many bytes there; 0: it is the text there */
};

struct line {
    struct bytes text; /* without blanks in front */
    struct piece *pieces;
    uint32_t count;
    uint32_t indent; /* in columns; a tab goes to the next multiple of eight */
};

/* A table's row: cells by the names of their columns. */
struct row {
    const struct bytes *names, *cells;
    bool *used; /* for each column, whether it was used; NULL: not wanted */
    size_t count;
};

struct cursor {
    const struct source *source;
    uint32_t at, end;      /* of its lines */
    const struct row *row; /* NULL: none */
};

/* -- What has been read -- */

/* An array in the arena that grows. */
#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, room;                                                                        \
    }
/* Makes room for one more item; the address of that. */
#define LIST_ADD(arena, list)                                                                      \
    (((list)->count < (list)->room                                                                 \
          ? (void)0                                                                                \
          : (void)((list)->items = list_grow((arena), (list)->items, (list)->count, &(list)->room, \
                                             sizeof(*(list)->items)))),                            \
     &(list)->items[(list)->count++])

struct define {
    struct bytes word, value; /* value: in the line's text */
    const struct line *line;
};

/* A key that has one value. */
struct setting {
    struct bytes text;
    struct test_place place;
    const struct source *source; /* NULL: it is not set */
    bool in_test;
};

/* The keys of a file, or of a test, which begins with a copy of those of the file. */
struct head {
    LIST(struct bytes) rules, options, tags, perl;
    LIST(struct test_input) inputs;
    LIST(struct test_pair) files, environment;
    LIST(struct define) defines;
    struct setting start, zone, header;
    int64_t start_second;
    const struct zone *clock;
    bool in_test;
    bool own_rules, own_options, own_inputs; /* the test has replaced those of the file */
    bool begun;                              /* there has been a step */
};

typedef LIST(struct test_step) step_list;

struct reader {
    struct test_file *file;
    struct arena *arena; /* the file's */
    test_complain *complain;
    void *arg;
    bool look;         /* check that files exist that are named */
    struct head *head; /* where keys are stored */
    step_list *steps;  /* where steps are stored */
    struct head of_file;
    step_list given, scratch;
    LIST(struct cursor) givens; /* their blocks, until the head is complete */
    LIST(struct test) tests;
    struct table names; /* of tests */
    LIST(const struct source *) sources;
    LIST(struct test_place) told; /* places of errors, as each row of a table repeats them */
    struct test_place unsaid;     /* the place of the first error that is only counted */
    size_t faults;
    bool head_wrong; /* the head has errors, so no test of the file runs */
    bool ruleless;   /* it has been reported that there are no rules */
};

void *list_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size);

/* The text is not copied. */
struct source *source_new(struct reader *reader, struct bytes path, struct bytes text,
                          const struct source *included_by);
/* Reads the file into the arena; returns false if that fails, and sets *why to errno. */
bool source_text(struct arena *arena, struct bytes path, struct bytes *text, int *why);
bool can_read(struct reader *reader, struct bytes name); /* if false, errno says why */
/* Turns a name relative to the folder of the source into one relative to the current folder. */
struct bytes source_name(struct arena *arena, const struct source *source, struct bytes name);

/* Reads the next line that is neither empty nor a comment; returns false if there is none. */
bool next_line(struct reader *reader, struct cursor *cursor, struct line *line);
/* Returns the lines after this one, which the cursor has just given, that are indented deeper,
 * without empty ones at the end; the cursor moves past them.  text: all lines are text; otherwise
 * comments may be indented less. */
struct cursor take_block(struct cursor *cursor, const struct line *line, bool text);
/* The text of such a block: without the blanks that all lines begin with, a newline after each. */
struct bytes block_text(struct reader *reader, struct cursor block);
/* Replaces the names of columns by the cells of the row, if there is one. */
struct bytes fill_text(struct arena *arena, struct bytes text, const struct row *row);

/* Makes one line of slices of two lines, with a blank between them. */
struct line *join_slices(struct arena *arena, const struct line *a, struct bytes slice_a,
                         const struct line *b, struct bytes slice_b);

/* slice: of the line's text. */
struct test_place place_of(const struct line *line, struct bytes slice);
struct test_place place_of_source(const struct source *source, uint32_t line, struct bytes slice);

/* An error at a slice of the line's text: hint, then the parts of the message. */
#define FAULT(reader, line, slice, hint, ...)                                                      \
    FAULT_AT(reader, place_of(line, slice), hint, __VA_ARGS__)
#define FAULT_AT(reader, place, hint, ...)                                                         \
    fault_parts(reader, place, hint, (const struct bytes[]){__VA_ARGS__},                          \
                sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void fault_parts(struct reader *reader, struct test_place place, struct bytes hint,
                 const struct bytes *parts, size_t count);
/* To be called at the end: says how many errors were not reported. */
void faults_end(struct reader *reader);

/* -- Words (words.c) -- */

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct scan {
    struct reader *reader;
    const struct line *line;
    struct bytes rest; /* of its text */
};

#define NO_HINT B("")
#define SPAN_FORM B("a span is written like 30s, 5m, 1h30m or 2d; its units are w, d, h, m, s")
#define TIME_FORM B("a time is written like +30s, +1h30m, 08:00, 08:00:10 or 2024-01-31 08:00")

void skip_blanks(struct scan *scan);
/* The next word, without taking it; "" at the end. */
struct bytes peek_word(const struct scan *scan);
bool take_word(struct scan *scan, struct bytes *word);
/* Takes the next word if it is that one. */
bool take_this(struct scan *scan, struct bytes word);
/* Takes a word, or a text in double quotes; returns false if there is none, or an error was
 * reported. */
bool take_name(struct scan *scan, struct bytes *name);
/* Takes all that is left, without blanks around it; after "| " exactly as it is. */
struct bytes take_rest(struct scan *scan);
/* Reports an error if something is left; what: that which is expected instead. */
bool expect_end(struct scan *scan, struct bytes what);

/* Reads a span like 1h30m; returns false if it is none, or longer than a hundred years. */
bool read_span(struct bytes word, int64_t *seconds);
enum taken { TAKEN_NONE, TAKEN, TAKEN_BAD /* an error was reported */ };
/* Takes a time, if the rest begins with what is meant to be one. */
enum taken take_time(struct scan *scan, struct test_time *time);
/* Takes all that is left as "[Mon[day]] 2024-01-31 [Mon] [08:00[:00]]". */
bool take_start(struct scan *scan, int64_t *second);
/* Reads a whole number; returns false if the word is none. */
bool read_number(struct bytes word, int64_t *number);

/* "did you mean 'X'?" or "". */
struct bytes did_you_mean(struct reader *reader, struct bytes word, const struct bytes *known,
                          size_t count);

/* Words of other test languages, and what to write here instead. */
struct foreign {
    struct bytes word, hint;
};
struct bytes hint_for_foreign(struct bytes word, const struct foreign *known, size_t count);

/* -- What lines say -- */

/* head.c: splits "key: value" or "define WORD: value"; key "" if the line has another form. */
bool split_key(const struct line *line, struct bytes *key, struct bytes *value);
bool is_file_key(struct bytes key);
/* Does the key have a block instead of a value, or after it?  *text: the block is text, not
 * steps. */
bool key_has_block(struct bytes key, bool *text);
void head_read(struct reader *reader, struct cursor *cursor, const struct line *line);
/* Loads the zone and checks the start; to be called when both are final. */
void head_settle(struct reader *reader);

/* step.c: reads a step and adds it to the steps of the reader. */
void step_read(struct reader *reader, struct cursor *cursor, const struct line *line);
bool is_step_word(struct bytes word);
/* A hint for lines that are not understood: what they may have been meant to be. */
struct bytes step_hint(struct reader *reader, struct bytes word);

/* expect.c: reads what comes after "expect", or after "not" if `never`. */
bool expectation_read(struct scan *scan, bool never, struct test_expectation *expect);
bool is_subject(struct bytes word, enum test_subject *subject);
/* TEXT, = TEXT, ~ REGEX or nothing. */
bool text_read(struct scan *scan, struct bytes rest, struct test_text *text);
struct bytes subject_hint(struct reader *reader, struct bytes word);

/* rows.c: reads the block of `rows:` with all its rows; returns false if an error was reported. */
struct rows {
    struct bytes *names;
    LIST(struct bytes *) cells;
    size_t columns;
    bool *used;
    struct test_place *places; /* of the names */
};
bool rows_read(struct reader *reader, struct cursor block, const struct line *head,
               struct rows *rows);
/* Reports columns that are not used, and names of columns that do not exist. */
void rows_check(struct reader *reader, const struct rows *rows, struct cursor body);

/* schedule.c: reports steps whose time goes back or cannot come; whole: no step was left out. */
void schedule_check(struct reader *reader, const struct test *test, bool whole);

#endif
