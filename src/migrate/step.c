/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/step.h"

#include <stdlib.h>

#include "base/mem.h"

/* -- What differs from run to run -- */

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* The text without the digits after each mark. */
static void add_without(struct buf *out, struct bytes text, struct bytes mark)
{
    ptrdiff_t at;
    while ((at = bytes_find(text, mark, 0)) >= 0) {
        size_t from = (size_t)at + mark.len, to = from;
        while (to < text.len && is_hex(text.ptr[to]))
            to++;
        buf_add(out, bytes_slice(text, 0, from));
        text = bytes_from(text, to);
    }
    buf_add(out, text);
}

/* Perl names handles as they happen to be called: "<GEN1> line ", "<$fh> line "; rule files are
 * read from CONFFILE before 2.9. */
static bool is_handle(struct bytes text)
{
    return bytes_starts(text, B("$")) || bytes_starts(text, B("GEN")) ||
           bytes_starts(text, B("CONFFILE>"));
}

/* The length of the name of a handle, or of " at PROGRAM line 12", at the front; 0: it is not
 * there. */
static size_t happenstance(struct bytes text)
{
    ptrdiff_t end = *text.ptr == '<' ? bytes_find(text, B("> line "), 1) : -1;
    if (end > 0 && end < 40 && is_handle(bytes_from(text, 1)))
        return (size_t)end + 1;
    if (!bytes_starts(text, B(" at secant line ")) && !bytes_starts(text, B(" at SEC line ")))
        return 0;
    size_t at = (size_t)bytes_find(text, B(" line "), 0) + 6;
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at;
}

static void add_without_happenstance(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        size_t skip = *text.ptr == '<' || *text.ptr == ' ' ? happenstance(text) : 0;
        if (skip > 0)
            buf_add(out, *text.ptr == '<' ? B("<>") : B(" at SEC line"));
        else
            buf_char(out, *text.ptr);
        text = bytes_from(text, skip > 0 ? skip : 1);
    }
}

/* "CODE(0x55d0c8a3e2b8)" becomes "CODE(0x)", "at (eval 12) line 1" becomes "at (eval ) line 1". */
static void add_without_addresses(struct buf *out, struct bytes text)
{
    struct buf some = {0}, more = {0};
    if (bytes_find(text, B("(0x"), 0) < 0 && bytes_find(text, B(" line "), 0) < 0) {
        buf_add(out, text);
        return;
    }
    add_without(&some, text, B("(0x"));
    add_without(&more, buf_bytes(&some), B("(eval "));
    add_without_happenstance(out, buf_bytes(&more));
    buf_free(&some);
    buf_free(&more);
}

/* "Child 1234 created" becomes "Child N created". */
static void add_without_process(struct buf *out, struct bytes text)
{
    ptrdiff_t at = bytes_find(text, B("hild "), 0);
    size_t from = at < 0 ? 0 : (size_t)at + 5, to = from;
    while (at >= 0 && to < text.len && is_digit(text.ptr[to]))
        to++;
    if (to > from) {
        buf_cat(out, bytes_slice(text, 0, from), B("N"));
        text = bytes_from(text, to);
    }
    add_without_addresses(out, text);
}

/* -- Items -- */

static struct heard *add_item(struct step *step, enum heard_class class, const struct bytes *words,
                              size_t count)
{
    MEM_GROW(step->items, step->count, step->room, 8);
    struct heard *heard = &step->items[step->count++];
    *heard = (struct heard){.class = class, .from = step->text.len};
    struct bytes *plain = mem_array(NULL, count, sizeof(*plain));
    struct buf *texts = mem_zarray(count, sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        if (class == HEARD_MESSAGE)
            add_without_process(&texts[i], words[i]);
        else if (class == HEARD_STATE)
            buf_add(&texts[i], words[i]);
        else
            add_without_addresses(&texts[i], words[i]);
        plain[i] = buf_bytes(&texts[i]);
    }
    words_add(&step->text, plain, count);
    heard->to = step->text.len;
    for (size_t i = 0; i < count; i++)
        buf_free(&texts[i]);
    free(texts);
    free(plain);
    return heard;
}

static bool is_print(struct bytes function)
{
    return bytes_eq(function, B("print")) || bytes_eq(function, B("say")) ||
           bytes_eq(function, B("printf")) || bytes_eq(function, B("write")) ||
           bytes_eq(function, B("syswrite"));
}

/* A warning of the compiler's at exec, which is no operator where it is replaced (LockstepHeld). */
static bool is_of_exec(const struct words *words)
{
    struct bytes text = words_at(words, 3);
    return bytes_eq(words_at(words, 2), B("STDERR")) &&
           (bytes_starts(text, B("Statement unlikely to be reached at ")) ||
            bytes_starts(text, B("\t(Maybe you meant system() when you said exec()?)")));
}

static void add_owner(struct step *step, struct bytes file, uint64_t line)
{
    struct heard *heard = &step->items[step->count - 1];
    heard->file = step->text.len;
    heard->len = file.len;
    heard->line = line;
    buf_add(&step->text, file);
}

static void end_print(struct reader *reader)
{
    if (!reader->printing)
        return;
    struct bytes print[] = {B("print"), buf_bytes(&reader->print_target),
                            buf_bytes(&reader->print)};
    add_item(&reader->step, HEARD_EFFECT, print, 3);
    add_owner(&reader->step, reader->print_by, reader->print_line);
    reader->printing = false;
}

/* One text may be printed in pieces: it becomes one again. */
static void add_print(struct reader *reader, const struct words *words)
{
    struct bytes target = words_at(words, 2);
    if (!reader->printing || !bytes_eq(target, buf_bytes(&reader->print_target))) {
        end_print(reader);
        buf_clear(&reader->print_target);
        buf_add(&reader->print_target, target);
        buf_clear(&reader->print);
        bytes_free(reader->print_by);
        reader->print_by = bytes_dup(reader->by);
        reader->print_line = reader->by_line;
        reader->printing = true;
    }
    buf_add(&reader->print, words_at(words, 3));
}

static int compare_lines(const void *a, const void *b)
{
    return bytes_cmp(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* The lines that a script is fed are names of contexts, in no order. */
static void sort_lines(struct buf *out, struct bytes text)
{
    struct bytes *lines = NULL;
    size_t count = 0, room = 0;
    for (struct bytes line; bytes_piece(&text, '\n', &line);) {
        MEM_GROW(lines, count, room, 8);
        lines[count++] = line;
    }
    if (count > 0)
        qsort(lines, count, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < count; i++)
        buf_cat(out, lines[i], B("\n"));
    free(lines);
}

/* "$file", "GEN3": what Perl calls a handle that has no name. */
static bool is_nameless(struct bytes text)
{
    bool variable = bytes_starts(text, B("$"));
    if (bytes_starts(text, B("_")))
        text = bytes_from(text, 1);
    if (!variable && !bytes_starts(text, B("GEN")))
        return false;
    for (size_t i = variable ? 1 : 3; i < text.len; i++)
        if (!(variable ? is_word(text.ptr[i]) : is_digit(text.ptr[i]) || text.ptr[i] == '_'))
            return false;
    return true;
}

/* perl FUNCTION TARGET TEXT WORD ... */
static void drop_nameless(struct words *words)
{
    for (size_t i = 2; i < words->count; i++)
        if (i != 3 && is_nameless(words->items[i]))
            words->items[i] = B("(handle)");
}

static void add_effect(struct reader *reader, struct words *words)
{
    struct bytes kind = words_at(words, 0);
    struct buf sorted = {0};
    if (bytes_eq(kind, B("perl")))
        drop_nameless(words);
    if (bytes_eq(kind, B("perl")) && is_print(words_at(words, 1))) {
        add_print(reader, words);
        return;
    }
    end_print(reader);
    if (bytes_eq(kind, B("script")) && words->count > 2) {
        sort_lines(&sorted, words->items[2]);
        words->items[2] = buf_bytes(&sorted);
    }
    add_item(&reader->step, HEARD_EFFECT, words->items, words->count);
    add_owner(&reader->step, reader->by, reader->by_line);
    buf_free(&sorted);
}

/* -- Messages -- */

static uint64_t number(struct bytes text)
{
    int64_t value = 0;
    bytes_uint(text, false, &value);
    return (uint64_t)value;
}

static void keep_rule(struct reader *reader, const struct words *words)
{
    MEM_GROW(reader->rules, reader->rule_count, reader->rule_room, 16);
    reader->rules[reader->rule_count++] =
        (struct rule_count){bytes_dup(words_at(words, 1)), bytes_dup(words_at(words, 4)),
                            number(words_at(words, 2)), number(words_at(words, 3))};
}

enum { MOST_REFUSALS = 100, MOST_NOTES = 16 * 1024 /* bytes */ };

static void keep_refusal(struct reader *reader, struct bytes function, struct bytes target)
{
    struct buf what = {0};
    size_t at = 0;
    buf_cat(&what, function, target.len > 0 ? B(" ") : B(""), target);
    while (at < reader->refusal_count && !bytes_eq(reader->refusals[at].what, buf_bytes(&what)))
        at++;
    if (at >= MOST_REFUSALS) {
        at = MOST_REFUSALS;
        what.len = 0;
        buf_add(&what, B("others"));
    }
    if (at == reader->refusal_count) {
        MEM_GROW(reader->refusals, reader->refusal_count, reader->refusal_room, 8);
        reader->refusals[reader->refusal_count++] =
            (struct refusal){bytes_dup(buf_bytes(&what)), 0};
    }
    reader->refusals[at].count++;
    buf_free(&what);
}

/* Each once, and not without end. */
static void keep_line(struct buf *lines, struct bytes text)
{
    struct bytes rest = buf_bytes(lines), line;
    while (bytes_piece(&rest, '\n', &line))
        if (bytes_eq(line, text))
            return;
    if (lines->len < MOST_NOTES)
        buf_cat(lines, text, B("\n"));
}

/* false: it is an item of the step. */
static bool is_note(struct reader *reader, const struct words *words)
{
    struct bytes kind = words_at(words, 0);
    if (bytes_eq(kind, B("by"))) {
        bytes_free(reader->by);
        reader->by = bytes_dup(words_at(words, 1));
        reader->by_line = number(words_at(words, 2));
    } else if (bytes_eq(kind, B("rule"))) {
        keep_rule(reader, words);
    } else if (bytes_eq(kind, B("note"))) {
        keep_line(&reader->notes, words_at(words, 1));
    } else if (bytes_eq(kind, B("lacks"))) {
        keep_line(&reader->lacks, words_at(words, 1));
    } else if (bytes_eq(kind, B("stranger"))) {
        reader->stranger = true;
    } else if (bytes_eq(kind, B("escaped"))) {
        keep_refusal(reader, words_at(words, 1), words_at(words, 2));
    } else {
        return bytes_eq(kind, B("loading")) || (bytes_eq(kind, B("perl")) && is_of_exec(words));
    }
    return true;
}

static void take(struct reader *reader, struct words *words)
{
    static const struct {
        const char *word;
        enum heard_class class;
    } classes[] = {{"log", HEARD_MESSAGE}, {"event", HEARD_EVENT}, {"loaded", HEARD_LOAD},
                   {"state", HEARD_STATE}, {"over", HEARD_END},    {"left", HEARD_END}};
    if (is_note(reader, words))
        return;
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        if (bytes_eq(words_at(words, 0), bytes_of(classes[i].word))) {
            end_print(reader);
            add_item(&reader->step, classes[i].class, words->items, words->count);
            reader->ended |= classes[i].class == HEARD_END;
            return;
        }
    }
    add_effect(reader, words);
    bytes_free(reader->by);
    reader->by = (struct bytes){0};
}

int compare_places(const struct place *a, const struct place *b)
{
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

bool reader_look(struct reader *reader)
{
    struct side *side = reader->side;
    while (!reader->whole && side_hear(side)) {
        if (!bytes_eq(words_at(&side->words, 0), B("at"))) {
            take(reader, &side->words);
            continue;
        }
        reader->next = (struct place){number(words_at(&side->words, 1)),
                                      (int64_t)number(words_at(&side->words, 2))};
        if (reader->step.count == 0 && !reader->printing)
            reader->step.place = reader->next;
        reader->whole = compare_places(&reader->step.place, &reader->next) != 0;
    }
    if (reader->whole || side->silent)
        end_print(reader);
    reader->whole |= side->silent && reader->step.count > 0;
    return reader->whole;
}

void reader_drop(struct reader *reader)
{
    buf_clear(&reader->step.text);
    reader->step.count = 0;
    reader->step.place = reader->next;
    reader->whole = false;
}

void reader_free(struct reader *reader)
{
    buf_free(&reader->step.text);
    free(reader->step.items);
    bytes_free(reader->by);
    buf_free(&reader->print_target);
    buf_free(&reader->print);
    bytes_free(reader->print_by);
    buf_free(&reader->notes);
    buf_free(&reader->lacks);
    for (size_t i = 0; i < reader->rule_count; i++) {
        bytes_free(reader->rules[i].file);
        bytes_free(reader->rules[i].desc);
    }
    free(reader->rules);
    for (size_t i = 0; i < reader->refusal_count; i++)
        bytes_free(reader->refusals[i].what);
    free(reader->refusals);
}
