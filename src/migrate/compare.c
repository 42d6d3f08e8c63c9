/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/compare.h"

#include <stdlib.h>

#include "base/mem.h"
#include "report/dump_compare.h"

void comparison_start(struct comparison *comparison, struct side *theirs, struct side *ours)
{
    *comparison = (struct comparison){0};
    comparison->readers[THEIRS].side = theirs;
    comparison->readers[OURS].side = ours;
}

/* The items of a class in a step. */
struct column {
    const struct step *step; /* NULL: there is none */
    size_t *items;           /* owned; numbers in the step */
    size_t count;
};

static struct column column_of(const struct step *step, enum heard_class class)
{
    struct column column = {step, NULL, 0};
    if (!step)
        return column;
    column.items = mem_array(NULL, step->count + 1, sizeof(*column.items));
    for (size_t i = 0; i < step->count; i++)
        if (step->items[i].class == class)
            column.items[column.count++] = i;
    return column;
}

static const struct heard *heard_at(const struct column *column, size_t at)
{
    return &column->step->items[column->items[at]];
}

static struct bytes words_in(const struct column *column, size_t at)
{
    return heard_words(column->step, heard_at(column, at));
}

static struct difference *add_difference(struct comparison *c, const struct place *place,
                                         enum heard_class class)
{
    c->found++;
    if (c->count == MOST_DIFFERENCES)
        return NULL;
    MEM_GROW(c->items, c->count, c->room, 8);
    struct difference *difference = &c->items[c->count++];
    *difference = (struct difference){.place = *place, .class = class};
    return difference;
}

/* -- States -- */

static struct bytes dump_of(const struct column *column, size_t at, struct words *words)
{
    struct bytes rest = words_in(column, at);
    return words_take(words, &rest) == WORDS_TAKEN ? words_at(words, 1) : B("");
}

static void compare_dumps(struct comparison *c, const struct place *place,
                          const struct column *columns, size_t at)
{
    struct words words[2] = {{0}};
    struct buf only[2] = {{0}};
    struct bytes theirs = dump_of(&columns[THEIRS], at, &words[THEIRS]);
    struct bytes ours = dump_of(&columns[OURS], at, &words[OURS]);
    enum dump_result result = dump_compare(theirs, ours, only, &c->lacks);
    c->compared_states += result != DUMPS_MISSING;
    if (result == DUMPS_MISSING)
        c->missing_states[theirs.len == 0 ? THEIRS : OURS]++;
    struct difference *difference =
        result == DUMPS_DIFFERS ? add_difference(c, place, HEARD_STATE) : NULL;
    for (int side = 0; side < 2; side++) {
        if (difference)
            difference->only[side] = bytes_dup(buf_bytes(&only[side]));
        buf_free(&only[side]);
        words_free(&words[side]);
    }
}

/* A side that has ended early has none, which is a difference of its own. */
static void compare_states(struct comparison *c, const struct place *place,
                           const struct column *columns)
{
    for (size_t i = 0; i < columns[THEIRS].count && i < columns[OURS].count; i++)
        compare_dumps(c, place, columns, i);
}

/* -- Columns -- */

static struct bytes join(const struct column *column, size_t from, size_t to)
{
    struct buf joined = {0};
    for (size_t i = from; i < to; i++)
        buf_add(&joined, words_in(column, i));
    struct bytes copy = bytes_dup(buf_bytes(&joined));
    buf_free(&joined);
    return copy;
}

static int compare_words(const void *a, const void *b)
{
    return bytes_cmp(*(const struct bytes *)a, *(const struct bytes *)b);
}

static struct bytes *sorted(const struct column *column, size_t from, size_t to)
{
    struct bytes *words = mem_array(NULL, to - from, sizeof(*words));
    for (size_t i = from; i < to; i++)
        words[i - from] = words_in(column, i);
    qsort(words, to - from, sizeof(*words), compare_words);
    return words;
}

/* Are the two the same but for their order? */
static bool is_order(const struct column *columns, size_t from, const size_t *to)
{
    size_t count = to[THEIRS] - from;
    if (count == 0 || to[OURS] - from != count)
        return false;
    struct bytes *theirs = sorted(&columns[THEIRS], from, to[THEIRS]);
    struct bytes *ours = sorted(&columns[OURS], from, to[OURS]);
    bool same = true;
    for (size_t i = 0; i < count && same; i++)
        same = bytes_eq(theirs[i], ours[i]);
    free(theirs);
    free(ours);
    return same;
}

static void tell_difference(struct comparison *c, const struct place *place, enum heard_class class,
                            const struct column *columns, size_t from, const size_t *to)
{
    struct difference *difference = add_difference(c, place, class);
    if (!difference)
        return;
    difference->from = from;
    for (int side = 0; side < 2; side++) {
        difference->only[side] = join(&columns[side], from, to[side]);
        difference->count[side] = to[side] - from;
    }
    difference->order = is_order(columns, from, to);
    if (from == to[OURS])
        return;
    const struct heard *heard = heard_at(&columns[OURS], from);
    const struct buf *text = &columns[OURS].step->text;
    difference->file =
        bytes_dup(bytes_slice(buf_bytes(text), heard->file, heard->file + heard->len));
    difference->rule_line = heard->line;
}

static void compare_columns(struct comparison *c, const struct place *place, enum heard_class class,
                            const struct column *columns)
{
    const struct column *theirs = &columns[THEIRS], *ours = &columns[OURS];
    size_t from = 0, to[] = {theirs->count, ours->count};
    while (from < to[THEIRS] && from < to[OURS] &&
           bytes_eq(words_in(theirs, from), words_in(ours, from)))
        from++;
    while (to[THEIRS] > from && to[OURS] > from &&
           bytes_eq(words_in(theirs, to[THEIRS] - 1), words_in(ours, to[OURS] - 1))) {
        to[THEIRS]--;
        to[OURS]--;
    }
    c->equal[class] += from + theirs->count - to[THEIRS];
    if (from < to[THEIRS] || from < to[OURS])
        tell_difference(c, place, class, columns, from, to);
}

/* spawn; script; command FUNCTION GIVES with output. */
static bool wants_answer(struct bytes message)
{
    struct words words = {0};
    bool wants = false;
    if (words_take(&words, &message) == WORDS_TAKEN) {
        struct bytes kind = words_at(&words, 0);
        wants = bytes_eq(kind, B("spawn")) || bytes_eq(kind, B("script")) ||
                (bytes_eq(kind, B("command")) && words_at(&words, 2).len > 0);
    }
    words_free(&words);
    return wants;
}

static void count_unanswered(struct comparison *c, const struct step *theirs)
{
    for (size_t i = 0; i < theirs->count; i++)
        c->unanswered += theirs->items[i].class == HEARD_EFFECT &&
                         wants_answer(heard_words(theirs, &theirs->items[i]));
}

static void keep_end(struct comparison *c, const struct step *theirs, const struct heard *heard)
{
    struct words words = {0};
    struct bytes rest = heard_words(theirs, heard);
    if (words_take(&words, &rest) == WORDS_TAKEN && bytes_eq(words_at(&words, 0), B("left"))) {
        buf_add(&c->left, words_at(&words, 1));
        c->left_at = theirs->place;
    }
    words_free(&words);
}

static void look_for_end(struct comparison *c, const struct step *theirs)
{
    for (size_t i = 0; i < theirs->count; i++)
        if (theirs->items[i].class == HEARD_END)
            keep_end(c, theirs, &theirs->items[i]);
}

/* One of them may have none. */
static void compare_steps(struct comparison *c, const struct place *place,
                          const struct step *theirs, const struct step *ours)
{
    for (enum heard_class class = 0; class < HEARD_CLASSES; class ++) {
        struct column columns[] = {column_of(theirs, class), column_of(ours, class)};
        if (class == HEARD_STATE)
            compare_states(c, place, columns);
        else
            compare_columns(c, place, class, columns);
        free(columns[THEIRS].items);
        free(columns[OURS].items);
    }
    if (theirs)
        count_unanswered(c, theirs);
    if (theirs)
        look_for_end(c, theirs);
}

/* Can nothing come any more from this side that belongs to the place, or one before it? */
static bool is_past(const struct reader *reader, const struct place *place)
{
    return (reader->side->silent && reader->step.count == 0) ||
           compare_places(&reader->step.place, place) > 0;
}

void comparison_go(struct comparison *c)
{
    struct reader *theirs = &c->readers[THEIRS], *ours = &c->readers[OURS];
    for (;;) {
        bool have_theirs = reader_look(theirs), have_ours = reader_look(ours);
        int order = compare_places(&theirs->step.place, &ours->step.place);
        if (have_theirs && have_ours && order == 0) {
            c->place = theirs->step.place;
            compare_steps(c, &c->place, &theirs->step, &ours->step);
            reader_drop(theirs);
            reader_drop(ours);
        } else if (have_theirs && is_past(ours, &theirs->step.place)) {
            c->place = theirs->step.place;
            compare_steps(c, &c->place, &theirs->step, NULL);
            reader_drop(theirs);
        } else if (have_ours && is_past(theirs, &ours->step.place)) {
            c->place = ours->step.place;
            compare_steps(c, &c->place, NULL, &ours->step);
            reader_drop(ours);
        } else {
            break;
        }
    }
    const struct place *least = compare_places(&theirs->step.place, &ours->step.place) < 0
                                    ? &theirs->step.place
                                    : &ours->step.place;
    if (compare_places(least, &c->place) > 0)
        c->place = *least;
}

/* -- What is chance -- */

/* The next message of these, as it is. */
static struct bytes next_message(struct bytes *rest)
{
    struct bytes begin = *rest;
    struct words words = {0};
    if (words_take(&words, rest) != WORDS_TAKEN)
        *rest = B("");
    words_free(&words);
    return bytes_slice(begin, 0, begin.len - rest->len);
}

/* Does SEC say one thing there in one run, and another in the other? */
static bool varies_at(const struct difference *runs, size_t at)
{
    struct bytes rest[] = {runs->only[THEIRS], runs->only[OURS]}, message[2] = {B(""), B("")};
    if (at < runs->from || at - runs->from >= runs->count[THEIRS])
        return false;
    for (size_t i = runs->from; i <= at; i++)
        for (int side = 0; side < 2; side++)
            message[side] = next_message(&rest[side]);
    return !bytes_eq(message[THEIRS], message[OURS]);
}

static bool explains_messages(const struct difference *runs, const struct difference *difference)
{
    struct bytes rest[] = {difference->only[THEIRS], difference->only[OURS]};
    if (runs->count[THEIRS] != runs->count[OURS])
        return true;
    if (runs->order || difference->count[THEIRS] != difference->count[OURS])
        return difference->order;
    for (size_t i = 0; i < difference->count[THEIRS]; i++) {
        struct bytes theirs = next_message(&rest[THEIRS]), ours = next_message(&rest[OURS]);
        if (!bytes_eq(theirs, ours) && !varies_at(runs, difference->from + i))
            return false;
    }
    return true;
}

/* Of a line "variables.x = 1" what it is about. */
static bool varies_of(const struct difference *runs, struct bytes path)
{
    for (int side = 0; side < 2; side++) {
        struct bytes rest = runs->only[side], line;
        while (bytes_piece(&rest, '\n', &line))
            if (bytes_starts(line, path))
                return true;
    }
    return false;
}

static bool explains_state(const struct difference *runs, const struct difference *difference)
{
    for (int side = 0; side < 2; side++) {
        struct bytes rest = difference->only[side], line;
        while (bytes_piece(&rest, '\n', &line)) {
            ptrdiff_t end = bytes_find(line, B(" = "), 0);
            if (end >= 0 && !varies_of(runs, bytes_slice(line, 0, (size_t)end + 3)))
                return false;
        }
    }
    return true;
}

bool comparison_explains(const struct comparison *c, const struct difference *difference)
{
    bool state = difference->class == HEARD_STATE;
    for (size_t i = 0; i < c->count; i++) {
        const struct difference *runs = &c->items[i];
        if (runs->class == difference->class &&
            compare_places(&runs->place, &difference->place) == 0 &&
            (state ? explains_state(runs, difference) : explains_messages(runs, difference)))
            return true;
    }
    return false;
}

void comparison_free(struct comparison *c)
{
    for (size_t i = 0; i < c->count; i++) {
        bytes_free(c->items[i].only[THEIRS]);
        bytes_free(c->items[i].only[OURS]);
        bytes_free(c->items[i].file);
    }
    free(c->items);
    buf_free(&c->lacks);
    buf_free(&c->left);
    reader_free(&c->readers[THEIRS]);
    reader_free(&c->readers[OURS]);
}
