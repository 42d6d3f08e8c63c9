/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read test files share: lines with their places, words, errors.
 *
 * A test is read from a cursor, which gives one line after another: without comments, with those
 * joined that a backslash continues, and with the cells of a row in place of their names.  Each
 * knows where its letters are in the file, so that an error names that place whatever the text has
 * become.  A test with rows is read once for each of them.
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
    uint32_t filled;       /* it is in place of so many bytes there; 0: it is what is there */
};

struct line {
    struct bytes text; /* without blanks in front */
    struct piece *pieces;
    uint32_t count;
    uint32_t indent; /* in columns; a tab goes to the next eighth */
};

/* A table's row: cells by the names of their columns. */
struct row {
    const struct bytes *names, *cells;
    bool *used; /* by column; NULL: nobody asks */
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
/* Room for one more: its address. */
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

/* What keys say: of a file, then of a test, which begins with a copy of it. */
struct head {
    LIST(struct bytes) rules, options, tags, perl;
    LIST(struct test_input) inputs;
    LIST(struct test_pair) files, environment;
    LIST(struct define) defines;
    struct setting start, zone, header;
    int64_t start_second;
    const struct zone *clock;
    bool in_test;
    bool own_rules, own_options, own_inputs; /* the test has said some in their place */
    bool begun;                              /* a step has come */
};

typedef LIST(struct test_step) step_list;

struct reader {
    struct test_file *file;
    struct arena *arena; /* the file's */
    test_complain *complain;
    void *arg;
    bool look;         /* whether files that are named exist */
    struct head *head; /* that is being read into */
    step_list *steps;  /* the same */
    struct head of_file;
    step_list given, scratch;
    LIST(struct cursor) givens; /* their blocks, until the head is complete */
    LIST(struct test) tests;
    struct table names; /* of tests */
    LIST(const struct source *) sources;
    LIST(struct test_place) told; /* errors; rows have the same ones */
    struct test_place unsaid;     /* of the first one that is only counted */
    size_t faults;
    bool head_wrong; /* no test of the file runs */
    bool ruleless;   /* it has been told that there are no rules */
};

void *list_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size);

/* The text is not copied. */
struct source *source_new(struct reader *reader, struct bytes path, struct bytes text,
                          const struct source *included_by);
/* The file as it is, in the arena; false: *why is errno. */
bool source_text(struct arena *arena, struct bytes path, struct bytes *text, int *why);
bool can_read(struct reader *reader, struct bytes name); /* false: errno */
/* A name relative to the source's folder, as it is called from here. */
struct bytes source_name(struct arena *arena, const struct source *source, struct bytes name);

/* The next line that is one; false: there is none. */
bool next_line(struct reader *reader, struct cursor *cursor, struct line *line);
/* The lines after that one, which cursor has just given, that are indented deeper, without empty
 * ones at the end; cursor moves past them.  text: they are taken as they are; otherwise comments
 * may begin further out. */
struct cursor take_block(struct cursor *cursor, const struct line *line, bool text);
/* The text of such a block: without the blanks that all lines begin with, a newline after each. */
struct bytes block_text(struct reader *reader, struct cursor block);
/* With the cells of the row, if there is one. */
struct bytes fill_text(struct arena *arena, struct bytes text, const struct row *row);

/* One line of slices of two, with a blank between. */
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
/* All has been read: says how many errors there are that were not told. */
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
/* A word, or what is between double quotes; false: there is none, or an error was told. */
bool take_name(struct scan *scan, struct bytes *name);
/* All that is left, without blanks around it; taken as it is after "| ". */
struct bytes take_rest(struct scan *scan);
/* An error if something is left: what is expected in place of it. */
bool expect_end(struct scan *scan, struct bytes what);

/* 1h30m; false: it is none, or longer than a hundred years. */
bool read_span(struct bytes word, int64_t *seconds);
enum taken { TAKEN_NONE, TAKEN, TAKEN_BAD /* an error was told */ };
/* A time, if the rest begins with what is meant to be one. */
enum taken take_time(struct scan *scan, struct test_time *time);
/* "[Mon[day]] 2024-01-31 [Mon] [08:00[:00]]", all that is left. */
bool take_start(struct scan *scan, int64_t *second);
/* The word is a whole number. */
bool read_number(struct bytes word, int64_t *number);

/* "did you mean 'X'?" or "". */
struct bytes did_you_mean(struct reader *reader, struct bytes word, const struct bytes *known,
                          size_t count);

/* Words of other languages, and what is written here in their place. */
struct foreign {
    struct bytes word, hint;
};
struct bytes hint_for_foreign(struct bytes word, const struct foreign *known, size_t count);

/* -- What lines say -- */

/* head.c: "key: value" or "define WORD: value"; key "" if the line is none. */
bool split_key(const struct line *line, struct bytes *key, struct bytes *value);
bool is_file_key(struct bytes key);
/* The key has a block in place of a value, or after it; *text: of lines that are no steps. */
bool key_has_block(struct bytes key, bool *text);
void head_read(struct reader *reader, struct cursor *cursor, const struct line *line);
/* start and zone are those of the last word on them. */
void head_settle(struct reader *reader);

/* step.c: a step, added to the reader's. */
void step_read(struct reader *reader, struct cursor *cursor, const struct line *line);
bool is_step_word(struct bytes word);
/* For messages on lines that are nothing: what they may have been meant to be. */
struct bytes step_hint(struct reader *reader, struct bytes word);

/* expect.c: after "expect" (never: "not"). */
bool expectation_read(struct scan *scan, bool never, struct test_expectation *expect);
bool is_subject(struct bytes word, enum test_subject *subject);
/* TEXT, = TEXT, ~ REGEX or nothing. */
bool text_read(struct scan *scan, struct bytes rest, struct test_text *text);
struct bytes subject_hint(struct reader *reader, struct bytes word);

/* rows.c: the block of `rows:`, all rows of it; false: an error was told. */
struct rows {
    struct bytes *names;
    LIST(struct bytes *) cells;
    size_t columns;
    bool *used;
    struct test_place *places; /* of the names */
};
bool rows_read(struct reader *reader, struct cursor block, const struct line *head,
               struct rows *rows);
/* Errors for columns that are not used, and for names of columns that there are none of. */
void rows_check(struct reader *reader, const struct rows *rows, struct cursor body);

/* schedule.c: errors for steps whose time goes back or that cannot come; whole: no step was left
 * out. */
void schedule_check(struct reader *reader, const struct test *test, bool whole);

#endif
