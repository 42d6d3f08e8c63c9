/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Equal patterns, and patterns that are the beginning of one, are found in a table; texts that a
 * pattern holds by one scan for those of all rules. */
#include "lint/takers.h"

#include <stdio.h>

#include "base/mem.h"
#include "lang/rule_text.h"
#include "match/prefilter.h"

enum {
    TRIES_MAX = 8,    /* rules with a text of a pattern that are looked at */
    BETWEEN_MAX = 50, /* rules between two with the same context */
};

static struct bytes key_of(const void *entry)
{
    return ((const struct side *)entry)->key;
}

/* -- What takes lines -- */

/* After this rule every line that one of its patterns matches is past the other one. */
static bool leads_past(const struct rule *rule, const struct rule *other)
{
    for (size_t i = 0; i < rule->part_count; i++) {
        bool counts = i == 0 || rule->type->numbered;
        if (counts && rule->parts[i].next != RULE_END && rule->parts[i].next <= other->id)
            return false;
    }
    return true;
}

/* Can a line come to the later rule without meeting the earlier one? */
static bool is_passed(const struct takers *takers, const struct rule *earlier,
                      const struct rule *later)
{
    for (int64_t i = 0; i < earlier->id; i++) {
        const struct rule *rule = takers->file->rules[i];
        for (size_t k = 0; k < rule->part_count; k++)
            if (rule->parts[k].what_next == NEXT_GOTO && rule->parts[k].next > earlier->id &&
                rule->parts[k].next <= later->id)
                return true;
    }
    return false;
}

static bool takes_from(const struct takers *takers, const struct side *side,
                       const struct rule *later)
{
    return side->rule->id < later->id && leads_past(side->rule, later) &&
           !is_passed(takers, side->rule, later);
}

static bool may_take(const struct side *side)
{
    return side->part == 0 || side->rule->type->numbered;
}

/* Is there a rule between that lines may come through?  What it does could change a context. */
static bool is_between(const struct takers *takers, const struct rule *earlier,
                       const struct rule *later)
{
    if (later->id - earlier->id > BETWEEN_MAX)
        return true;
    for (int64_t i = earlier->id + 1; i < later->id; i++) {
        const struct rule *rule = takers->file->rules[i];
        for (size_t k = 0; k < rule->part_count; k++)
            if (rule->parts[k].next != RULE_END && rule->parts[k].next <= later->id)
                return true;
    }
    return false;
}

/* -- Reading the patterns of a file -- */

/* ptr NULL: it runs Perl, or another rule's match is in it. */
static struct bytes context_key(const struct rule *rule, size_t part)
{
    const struct context_expr *context = rule->parts[part].context;
    char name[40] = "context";
    struct keyword keyword;
    if (!context)
        return B("");
    if (context->may_act || context->reads_cache)
        return (struct bytes){0};
    if (part > 0)
        snprintf(name, sizeof(name), "context%zu", part + 1);
    return rule_keyword(rule, bytes_of(name), &keyword) ? keyword.value : (struct bytes){0};
}

/* Patterns of one key match the same lines; those of functions and of the cache may not. */
static struct bytes make_key(struct takers *takers, const struct pattern *pattern,
                             struct bytes text, struct bytes context)
{
    switch (pattern->type) {
    case PATTERN_SUBSTR:
    case PATTERN_REGEXP:
    case PATTERN_NSUBSTR:
    case PATTERN_NREGEXP:
        return context.ptr ? arena_cat(&takers->arena, NUM(pattern->type), B(" "),
                                       NUM(pattern->lines), B(" "), context, B("\n"), text)
                           : B("");
    default:
        return B("");
    }
}

static void read_rule(struct takers *takers, const struct rule *rule)
{
    takers->first[rule->id] = takers->count;
    for (size_t i = 0; i < rule->part_count && rule->type->patterns > 0; i++) {
        const struct pattern *pattern = &rule->parts[i].pattern;
        struct side *side = &takers->sides[takers->count++];
        *side = (struct side){.rule = rule, .part = i};
        side->key = make_key(takers, pattern, pattern->text, context_key(rule, i));
        cover_read(pattern, &takers->arena, &side->cover);
        for (size_t k = 0; k < side->cover.text_count; k++)
            if (may_take(side) && !rule->parts[i].context && side->cover.texts[k].len > 0)
                prefilter_add(takers->texts, side->cover.texts[k], false,
                              (uint32_t)(takers->count - 1));
    }
}

/* -- What takes the lines of a pattern -- */

static const struct side *taker_of(const struct takers *takers, const struct side *side,
                                   struct bytes key)
{
    const struct side *taker = key.len > 0 ? table_find(&takers->takers, key) : NULL;
    return taker && takes_from(takers, taker, side->rule) ? taker : NULL;
}

static const struct side *equal_taker(struct takers *takers, const struct side *side)
{
    const struct pattern *pattern = side->cover.pattern;
    const struct side *taker =
        taker_of(takers, side, make_key(takers, pattern, pattern->text, B("")));
    if (taker)
        return taker;
    taker = taker_of(takers, side, side->key);
    return taker && !is_between(takers, taker->rule, side->rule) ? taker : NULL;
}

/* A pattern that is the beginning of this one. */
static const struct side *beginning_taker(struct takers *takers, const struct side *side)
{
    const struct pattern *pattern = side->cover.pattern;
    for (size_t i = 0; i < side->cover.cut_count; i++) {
        struct bytes text = bytes_slice(pattern->text, 0, side->cover.cuts[i]);
        const struct side *taker = taker_of(takers, side, make_key(takers, pattern, text, B("")));
        if (taker)
            return taker;
    }
    return NULL;
}

/* A text that each match holds. */
static const struct side *text_taker(struct takers *takers, const struct side *side)
{
    const struct side *taker = NULL;
    uint32_t end = (uint32_t)takers->first[side->rule->id], at = 0;
    if (side->cover.row_count == 0)
        return NULL;
    prefilter_scan(takers->texts, side->cover.rows[0], takers->hits);
    for (size_t i = 0; i < TRIES_MAX && !taker; i++, at++) {
        at = hits_next(takers->hits, at, end);
        if (at == end)
            break;
        if (cover_holds(&takers->sides[at].cover, &side->cover) &&
            takes_from(takers, &takers->sides[at], side->rule))
            taker = &takers->sides[at];
    }
    hits_clear(takers->hits);
    return taker;
}

const struct side *takers_find(struct takers *takers, const struct side *side, bool *equal)
{
    const struct side *taker = equal_taker(takers, side);
    *equal = taker != NULL;
    if (!taker)
        taker = beginning_taker(takers, side);
    return taker ? taker : text_taker(takers, side);
}

void takers_add(struct takers *takers, const struct rule *rule)
{
    for (size_t i = takers->first[rule->id]; i < takers->first[rule->id + 1]; i++) {
        struct side *side = &takers->sides[i];
        if (side->key.len > 0 && may_take(side) && !table_find(&takers->takers, side->key))
            table_insert(&takers->takers, side);
    }
}

bool takers_end(const struct takers *takers, const struct side *all, const struct rule *rule)
{
    if (rule->type->patterns == 0 || !takes_from(takers, all, rule))
        return false;
    for (size_t i = takers->first[rule->id]; i < takers->first[rule->id + 1]; i++)
        if (!cover_every(&all->cover, &takers->sides[i].cover))
            return false;
    return true;
}

const struct side *takers_of_all(const struct takers *takers)
{
    for (size_t i = 0; i < takers->count; i++) {
        const struct side *side = &takers->sides[i];
        if ((side->cover.every_line || side->cover.some_byte) && may_take(side) &&
            !side->rule->parts[side->part].context)
            return side;
    }
    return NULL;
}

void takers_read(struct takers *takers, const struct rule_file *file)
{
    size_t count = 0;
    *takers = (struct takers){.file = file};
    for (size_t i = 0; i < file->count; i++)
        count += file->rules[i]->part_count;
    arena_init(&takers->arena);
    takers->sides = arena_alloc(&takers->arena, count * sizeof(*takers->sides));
    takers->first = arena_alloc(&takers->arena, (file->count + 1) * sizeof(*takers->first));
    table_init(&takers->takers, key_of);
    takers->texts = prefilter_new();
    for (size_t i = 0; i < file->count; i++)
        read_rule(takers, file->rules[i]);
    takers->first[file->count] = takers->count;
    prefilter_build(takers->texts);
    takers->hits = mem_zalloc(sizeof(*takers->hits));
    hits_init(takers->hits, count + 1);
}

void takers_free(struct takers *takers)
{
    hits_free(takers->hits);
    free(takers->hits);
    prefilter_free(takers->texts);
    table_free(&takers->takers);
    arena_free(&takers->arena);
}
