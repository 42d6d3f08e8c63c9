/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A variable that was kept, as JSON. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "perl/keep_form.h"

#define SCALAR B("$scalar")

/* Where a value is: below another one. */
struct step {
    size_t above;     /* NO_STEP: it is the variable */
    bool keyed;       /* by its key, or by its index */
    struct bytes key; /* as JSON has it, without quotes; owned */
    size_t index;
};

enum { MOST_STEPS = 100 };
static const size_t NO_STEP = SIZE_MAX;

struct teller {
    struct buf *out;
    bool target;    /* a reference was seen, and what it refers to comes next */
    size_t at;      /* the step of that reference */
    size_t closing; /* braces to be closed after the scalar that comes */
    size_t depth, room;
    struct level {
        size_t step, count, closing;
        bool hash;
    } * levels;
    size_t step_count, step_room;
    struct step *steps; /* of arrays, hashes, references and what is marked */
    size_t marked_count, marked_room;
    size_t *marked; /* their steps */
};

/* -- Texts and numbers -- */

static bool is_utf8(struct bytes text)
{
    while (text.len > 0) {
        size_t len = utf8_length(text);
        if (len == 0)
            return false;
        text = bytes_from(text, len);
    }
    return true;
}

static void add_escaped(struct buf *out, struct bytes utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        char c = utf8.ptr[i];
        if ((unsigned char)c < ' ')
            buf_printf(out, "\\u%04x", (unsigned)c);
        else if (c == '"' || c == '\\')
            buf_cat(out, B("\\"), bytes_make(&c, 1));
        else
            buf_char(out, c);
    }
}

static void add_inner(struct buf *out, const struct keep_text *text)
{
    struct arena arena;
    arena_init(&arena);
    if (text->wide || is_utf8(text->text)) {
        struct buf utf8 = {0};
        utf8_add(&utf8, text->text);
        add_escaped(out, buf_bytes(&utf8));
        buf_free(&utf8);
    } else {
        add_escaped(out, utf8_of_bytes(&arena, text->text));
    }
    arena_free(&arena);
}

static void add_text(struct buf *out, const struct keep_text *text)
{
    buf_char(out, '"');
    add_inner(out, text);
    buf_char(out, '"');
}

/* In so many digits that it is the same number again. */
static void add_number(struct buf *out, const struct keep_number *number)
{
    if (number->kind == KEEP_INTEGER)
        buf_num(out, number->integer);
    else if (number->kind == KEEP_UNSIGNED)
        buf_printf(out, "%llu", (unsigned long long)number->whole);
    else if (isfinite(number->real))
        buf_printf(out, "%.17g", number->real);
    else
        buf_add(out, isnan(number->real) ? B("\"nan\"")
                     : number->real > 0  ? B("\"inf\"")
                                         : B("\"-inf\""));
}

/* -- Where a value is -- */

static size_t add_step(struct teller *teller, struct step step)
{
    MEM_GROW(teller->steps, teller->step_count, teller->step_room, 16);
    teller->steps[teller->step_count] = step;
    return teller->step_count++;
}

/* Of this value, which is scalar if a "$scalar" is around it. */
static size_t step_of(struct teller *teller, const struct keep_value *value, bool wrapped)
{
    struct step step = {.above = NO_STEP};
    const struct level *level = teller->depth > 0 ? &teller->levels[teller->depth - 1] : NULL;
    if (teller->target && !wrapped)
        return teller->at;
    if (teller->target) {
        step = (struct step){teller->at, true, bytes_dup(SCALAR), 0};
    } else if (level) {
        step = (struct step){level->step, value->keyed, {0}, level->count - 1};
        if (value->keyed) {
            struct buf key = {0};
            add_inner(&key, &value->key);
            step.key = bytes_dup(buf_bytes(&key));
            buf_free(&key);
        }
    }
    return add_step(teller, step);
}

static void add_pointed(struct buf *out, struct bytes key)
{
    for (size_t i = 0; i < key.len; i++)
        buf_add(out, key.ptr[i] == '~'   ? B("~0")
                     : key.ptr[i] == '/' ? B("~1")
                                         : bytes_slice(key, i, i + 1));
}

/* {"$ref": "#/a/3"} */
static void add_pointer(const struct teller *teller, size_t at)
{
    size_t path[MOST_STEPS], count = 0;
    for (; teller->steps[at].above != NO_STEP && count < MOST_STEPS; at = teller->steps[at].above)
        path[count++] = at;
    if (teller->steps[at].above != NO_STEP) {
        buf_add(teller->out, B("{\"$ref\":null}"));
        return;
    }
    buf_add(teller->out, B("{\"$ref\":\"#"));
    while (count > 0) {
        const struct step *step = &teller->steps[path[--count]];
        buf_char(teller->out, '/');
        if (step->keyed)
            add_pointed(teller->out, step->key);
        else
            buf_num(teller->out, (int64_t)step->index);
    }
    buf_add(teller->out, B("\"}"));
}

/* -- Values -- */

static bool holds_others(enum keep_kind kind)
{
    return kind == KEEP_ARRAY || kind == KEEP_HASH;
}

static void close_scalar(const struct teller *teller, size_t closing)
{
    while (closing-- > 0)
        buf_char(teller->out, '}');
}

static void add_scalar(const struct teller *teller, const struct keep_value *value)
{
    switch (value->kind) {
    case KEEP_FALSE:
        buf_add(teller->out, B("false"));
        break;
    case KEEP_TRUE:
        buf_add(teller->out, B("true"));
        break;
    case KEEP_BYTES:
    case KEEP_WIDE:
    case KEEP_DUAL:
        add_text(teller->out, &value->text);
        break;
    case KEEP_SAME:
        add_pointer(teller, teller->marked[value->number.whole]);
        break;
    case KEEP_INTEGER:
    case KEEP_UNSIGNED:
    case KEEP_REAL:
        add_number(teller->out, &value->number);
        break;
    default:
        buf_add(teller->out, B("null"));
    }
}

/* A comma, a key. */
static void begin_element(struct teller *teller, const struct keep_value *value)
{
    struct level *level = &teller->levels[teller->depth - 1];
    buf_add(teller->out, level->count++ > 0 ? B(",") : B(""));
    if (value->keyed) {
        add_text(teller->out, &value->key);
        buf_char(teller->out, ':');
    }
}

static void open_level(struct teller *teller, const struct keep_value *value, size_t step)
{
    bool hash = value->kind == KEEP_HASH;
    MEM_GROW(teller->levels, teller->depth, teller->room, 16);
    teller->levels[teller->depth++] = (struct level){step, 0, teller->closing, hash};
    teller->closing = 0;
    buf_char(teller->out, hash ? '{' : '[');
}

static void close_level(struct teller *teller)
{
    const struct level *level = &teller->levels[--teller->depth];
    buf_char(teller->out, level->hash ? '}' : ']');
    close_scalar(teller, level->closing);
}

static void tell_value(struct teller *teller, const struct keep_value *value)
{
    bool refers = value->kind == KEEP_REFERENCE || value->kind == KEEP_WEAK;
    /* What is the same says by itself whether it is a scalar. */
    bool wrapped = teller->target && !holds_others(value->kind) && value->kind != KEEP_SAME;
    if (teller->depth > 0 && !teller->target)
        begin_element(teller, value);
    if (wrapped) {
        buf_add(teller->out, B("{\"$scalar\":"));
        teller->closing++;
    }
    size_t step = NO_STEP;
    if (refers || value->marked || holds_others(value->kind))
        step = step_of(teller, value, wrapped);
    if (value->marked) {
        MEM_GROW(teller->marked, teller->marked_count, teller->marked_room, 16);
        teller->marked[teller->marked_count++] = step;
    }
    teller->target = refers;
    teller->at = step;
    if (refers)
        return;
    if (holds_others(value->kind)) {
        open_level(teller, value, step);
        return;
    }
    add_scalar(teller, value);
    close_scalar(teller, teller->closing);
    teller->closing = 0;
}

static void tell(void *arg, const struct keep_value *value)
{
    struct teller *teller = arg;
    if (value->kind == KEEP_END)
        close_level(teller);
    else
        tell_value(teller, value);
}

bool perl_keep_json(struct bytes name, struct bytes value, struct buf *json)
{
    struct teller teller = {.out = json};
    if (!keep_walk(value, name.ptr[0], NULL, NULL))
        return false;
    keep_walk(value, name.ptr[0], tell, &teller);
    for (size_t i = 0; i < teller.step_count; i++)
        bytes_free(teller.steps[i].key);
    free(teller.levels);
    free(teller.steps);
    free(teller.marked);
    return true;
}
