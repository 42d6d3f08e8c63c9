/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "perl/keep_form.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/pack.h"
#include "perl/inside.h"

struct walk {
    struct unpack from;
    bool sound;
    bool target; /* a reference is waiting for what it refers to */
    char sigil;
    size_t depth, room;
    struct level {
        uint64_t left;
        bool hash;
    } * levels;
    struct buf marked; /* the kinds of those that are marked, a byte each */
};

static struct keep_text take_text(struct walk *walk, enum keep_kind kind)
{
    struct keep_text text = {unpack_text(&walk->from), kind == KEEP_WIDE};
    if (kind != KEEP_BYTES && kind != KEEP_WIDE)
        walk->sound = false;
    /* Of no bytes, that one would look for a NUL. */
    if (text.wide && text.text.len > 0 && !is_utf8_string((const U8 *)text.text.ptr, text.text.len))
        walk->sound = false;
    return text;
}

static unsigned take_byte(struct walk *walk)
{
    if (walk->from.at == walk->from.end) {
        walk->sound = false;
        return KEEP_UNDEF;
    }
    return (unsigned char)*walk->from.at++;
}

static struct keep_number take_number(struct walk *walk, enum keep_kind kind)
{
    struct keep_number number = {.kind = kind};
    uint64_t bits;
    switch (kind) {
    case KEEP_INTEGER:
        number.integer = unpack_signed(&walk->from);
        break;
    case KEEP_UNSIGNED:
    case KEEP_SAME:
        number.whole = unpack_number(&walk->from);
        break;
    case KEEP_ARRAY:
    case KEEP_HASH:
        number.whole = unpack_count(&walk->from);
        break;
    case KEEP_REAL:
        bits = unpack_number(&walk->from);
        memcpy(&number.real, &bits, sizeof(number.real));
        break;
    default:
        walk->sound = false;
    }
    return number;
}

static void take_contents(struct walk *walk, struct keep_value *value)
{
    switch (value->kind) {
    case KEEP_UNDEF:
    case KEEP_FALSE:
    case KEEP_TRUE:
    case KEEP_HOLE:
    case KEEP_REFERENCE:
    case KEEP_WEAK:
        break;
    case KEEP_BYTES:
    case KEEP_WIDE:
        value->text = take_text(walk, value->kind);
        break;
    case KEEP_DUAL:
        value->number = take_number(walk, take_byte(walk));
        walk->sound &= value->number.kind <= KEEP_REAL;
        value->text = take_text(walk, take_byte(walk));
        break;
    default:
        value->number = take_number(walk, value->kind);
    }
}

static bool holds_others(enum keep_kind kind)
{
    return kind == KEEP_ARRAY || kind == KEEP_HASH;
}

/* May such a value be in this place? */
static bool fits(const struct walk *walk, const struct keep_value *value)
{
    bool first = walk->depth == 0 && !walk->target, element = walk->depth > 0 && !walk->target;
    switch (value->kind) {
    case KEEP_HOLE:
        return element && !walk->levels[walk->depth - 1].hash && !value->marked;
    case KEEP_SAME:
        if (first || value->marked || value->number.whole >= walk->marked.len)
            return false;
        return !element || !holds_others((enum keep_kind)walk->marked.ptr[value->number.whole]);
    case KEEP_ARRAY:
        return first ? walk->sigil == '@' : !element;
    case KEEP_HASH:
        return first ? walk->sigil == '%' : !element;
    default:
        return value->kind < KEEP_END && (!first || walk->sigil == '$');
    }
}

static void open_level(struct walk *walk, const struct keep_value *value)
{
    MEM_GROW(walk->levels, walk->depth, walk->room, 16);
    walk->levels[walk->depth++] = (struct level){value->number.whole, value->kind == KEEP_HASH};
}

static struct keep_value take_value(struct walk *walk)
{
    struct keep_value value = {0};
    struct level *level = walk->depth > 0 ? &walk->levels[walk->depth - 1] : NULL;
    if (level && !walk->target) {
        level->left--;
        value.keyed = level->hash;
    }
    if (value.keyed)
        value.key = take_text(walk, take_byte(walk));
    unsigned kind = take_byte(walk);
    value.marked = kind & KEEP_MARK;
    value.kind = (enum keep_kind)(kind & ~(unsigned)KEEP_MARK);
    take_contents(walk, &value);
    walk->sound = walk->sound && !walk->from.failed && fits(walk, &value);
    return value;
}

/* The next value, or the end of an array or hash. */
static void step(struct walk *walk, keep_visit *visit, void *arg)
{
    struct keep_value value = {.kind = KEEP_END};
    if (walk->depth > 0 && !walk->target && walk->levels[walk->depth - 1].left == 0) {
        walk->depth--;
    } else {
        value = take_value(walk);
        if (!walk->sound)
            return;
        walk->target = value.kind == KEEP_REFERENCE || value.kind == KEEP_WEAK;
        if (value.marked)
            buf_char(&walk->marked, (char)value.kind);
        if (holds_others(value.kind))
            open_level(walk, &value);
    }
    if (visit)
        visit(arg, &value);
}

bool keep_walk(struct bytes packed, char sigil, keep_visit *visit, void *arg)
{
    struct walk walk = {.from = unpack_of(packed), .sound = true, .sigil = sigil};
    do
        step(&walk, visit, arg);
    while (walk.sound && (walk.depth > 0 || walk.target));
    free(walk.levels);
    buf_free(&walk.marked);
    return walk.sound && unpack_ended(&walk.from);
}
