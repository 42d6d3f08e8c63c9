/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Equal patterns, and patterns that are the beginning of one, are found in a table; texts that a
 * pattern contains are found by one scan for the texts of all rules.  For the few others that may
 * be wider a proof is tried. */
#include "lint/takers.h"

#include <stdio.h>

#include "base/mem.h"
#include "lang/rule_text.h"
#include "match/prefilter.h"
#include "witness/inclusion.h"

enum {
    TRIES_MAX = 8,    /* rules with a text of a pattern that are looked at */
    BETWEEN_MAX = 50, /* rules between two with the same context */
    PROOFS_MAX = 4000,
    COST_MAX = 300 * 1000, /* of all proofs: pairs of states */
    LOOKS_MAX = 1000 * 1000,
};

static struct bytes key_of(const void *entry)
{
    return ((const struct rule_pattern *)entry)->key;
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

static bool takes_from(const struct takers *takers, const struct rule_pattern *entry,
                       const struct rule *later)
{
    return entry->rule->id < later->id && leads_past(entry->rule, later) &&
           !is_passed(takers, entry->rule, later);
}

static bool may_take(const struct rule_pattern *entry)
{
    return entry->part == 0 || entry->rule->type->numbered;
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
        struct rule_pattern *entry = &takers->patterns[takers->count++];
        *entry = (struct rule_pattern){.rule = rule, .part = i};
        entry->context = context_key(rule, i);
        entry->key = make_key(takers, pattern, pattern->text, entry->context);
        line_set_read(pattern, &takers->arena, &entry->lines);
        for (size_t k = 0; k < entry->lines.text_count; k++)
            if (may_take(entry) && !rule->parts[i].context && entry->lines.texts[k].len > 0)
                prefilter_add(takers->texts, entry->lines.texts[k], false,
                              (uint32_t)(takers->count - 1));
    }
}

/* -- What takes the lines of a pattern -- */

static const struct rule_pattern *taker_of(const struct takers *takers,
                                           const struct rule_pattern *entry, struct bytes key)
{
    const struct rule_pattern *taker = key.len > 0 ? table_find(&takers->takers, key) : NULL;
    return taker && takes_from(takers, taker, entry->rule) ? taker : NULL;
}

static const struct rule_pattern *equal_taker(struct takers *takers,
                                              const struct rule_pattern *entry)
{
    const struct pattern *pattern = entry->lines.pattern;
    const struct rule_pattern *taker =
        taker_of(takers, entry, make_key(takers, pattern, pattern->text, B("")));
    if (taker)
        return taker;
    taker = taker_of(takers, entry, entry->key);
    return taker && !is_between(takers, taker->rule, entry->rule) ? taker : NULL;
}

/* A pattern that is the beginning of this one. */
static const struct rule_pattern *beginning_taker(struct takers *takers,
                                                  const struct rule_pattern *entry)
{
    const struct pattern *pattern = entry->lines.pattern;
    for (size_t i = 0; i < entry->lines.cut_count; i++) {
        struct bytes text = bytes_slice(pattern->text, 0, entry->lines.cuts[i]);
        const struct rule_pattern *taker =
            taker_of(takers, entry, make_key(takers, pattern, text, B("")));
        if (taker)
            return taker;
    }
    return NULL;
}

/* A text that each match holds. */
static const struct rule_pattern *text_taker(struct takers *takers,
                                             const struct rule_pattern *entry)
{
    const struct rule_pattern *taker = NULL;
    uint32_t end = (uint32_t)takers->first[entry->rule->id], at = 0;
    if (entry->lines.row_count == 0)
        return NULL;
    prefilter_scan(takers->texts, entry->lines.rows[0], takers->hits);
    for (size_t i = 0; i < TRIES_MAX && !taker; i++, at++) {
        at = hits_next(takers->hits, at, end);
        if (at == end)
            break;
        if (line_set_subsumes(&takers->patterns[at].lines, &entry->lines) &&
            takes_from(takers, &takers->patterns[at], entry->rule))
            taker = &takers->patterns[at];
    }
    hits_clear(takers->hits);
    return taker;
}

/* A context without variables that both have, and that nothing between can change. */
static bool context_holds(const struct takers *takers, const struct rule_pattern *taker,
                          const struct rule_pattern *entry)
{
    if (!taker->rule->parts[taker->part].context)
        return true;
    return taker->context.len > 0 && bytes_eq(taker->context, entry->context) &&
           bytes_chr(taker->context, '$', 0) < 0 && !is_between(takers, taker->rule, entry->rule);
}

/* A pattern that is wider, however it is written. */
static const struct rule_pattern *wider_taker(struct takers *takers,
                                              const struct rule_pattern *entry)
{
    size_t found[WIDER_MAX], end = takers->first[entry->rule->id];
    size_t count = wider_find(&takers->wider, takers->sets, &entry->lines, end, found);
    for (size_t i = 0; i < count && takers->proofs < PROOFS_MAX && takers->cost < COST_MAX; i++) {
        const struct rule_pattern *taker = &takers->patterns[found[i]];
        if (!takes_from(takers, taker, entry->rule) || !context_holds(takers, taker, entry))
            continue;
        takers->proofs++;
        if (inclusion_holds(&taker->lines, &entry->lines, &takers->arena, &takers->cost))
            return taker;
    }
    return NULL;
}

const struct rule_pattern *takers_find(struct takers *takers, const struct rule_pattern *entry,
                                       enum likeness *likeness)
{
    const struct rule_pattern *taker = equal_taker(takers, entry);
    *likeness = taker ? TAKER_EQUAL : TAKER_WIDER;
    if (!taker)
        taker = beginning_taker(takers, entry);
    if (!taker)
        taker = text_taker(takers, entry);
    if (taker)
        return taker;
    taker = wider_taker(takers, entry);
    if (taker && inclusion_holds(&entry->lines, &taker->lines, &takers->arena, &takers->cost))
        *likeness = TAKER_OF_THE_SAME_LINES;
    return taker;
}

/* Without a context, or with the same one. */
static bool takes_too(struct takers *takers, const struct rule_pattern *one,
                      const struct rule_pattern *entry)
{
    if (!may_take(one) || !leads_past(one->rule, entry->rule) || !context_holds(takers, one, entry))
        return false;
    if (one->key.len > 0 && bytes_eq(one->key, entry->key))
        return true;
    if (line_set_subsumes(&one->lines, &entry->lines))
        return true;
    return one->lines.root && entry->lines.root && takers->proofs++ < PROOFS_MAX &&
           takers->cost < COST_MAX &&
           inclusion_holds(&one->lines, &entry->lines, &takers->arena, &takers->cost);
}

size_t takers_also(struct takers *takers, const struct rule_pattern *entry,
                   const struct rule *taker, const struct rule *also[ALSO_MAX])
{
    size_t count = 0, end = takers->first[entry->rule->id];
    for (size_t i = 0; i < end && count < ALSO_MAX && takers->looks++ < LOOKS_MAX; i++) {
        const struct rule_pattern *one = &takers->patterns[i];
        bool known = one->rule == taker || (count > 0 && also[count - 1] == one->rule);
        if (!known && takes_too(takers, one, entry))
            also[count++] = one->rule;
    }
    return count;
}

void takers_add(struct takers *takers, const struct rule *rule)
{
    for (size_t i = takers->first[rule->id]; i < takers->first[rule->id + 1]; i++) {
        struct rule_pattern *entry = &takers->patterns[i];
        if (entry->key.len > 0 && may_take(entry) && !table_find(&takers->takers, entry->key))
            table_insert(&takers->takers, entry);
    }
}

bool takers_end(const struct takers *takers, const struct rule_pattern *all,
                const struct rule *rule)
{
    if (rule->type->patterns == 0 || !takes_from(takers, all, rule))
        return false;
    for (size_t i = takers->first[rule->id]; i < takers->first[rule->id + 1]; i++)
        if (!line_set_is_all(&all->lines, &takers->patterns[i].lines))
            return false;
    return true;
}

const struct rule_pattern *takers_of_all(const struct takers *takers)
{
    for (size_t i = 0; i < takers->count; i++) {
        const struct rule_pattern *entry = &takers->patterns[i];
        if ((entry->lines.every_line || entry->lines.some_byte) && may_take(entry) &&
            !entry->rule->parts[entry->part].context)
            return entry;
    }
    return NULL;
}

/* Texts alone are found in another way. */
static void read_sets(struct takers *takers)
{
    takers->sets = arena_alloc(&takers->arena, (takers->count + 1) * sizeof(*takers->sets));
    for (size_t i = 0; i < takers->count; i++) {
        const struct rule_pattern *entry = &takers->patterns[i];
        bool may = may_take(entry) && entry->lines.root && entry->lines.text_count == 0;
        takers->sets[i] = may ? &entry->lines : NULL;
    }
    wider_read(&takers->wider, takers->sets, takers->count, &takers->arena);
}

void takers_read(struct takers *takers, const struct rule_file *file)
{
    size_t count = 0;
    *takers = (struct takers){.file = file};
    for (size_t i = 0; i < file->count; i++)
        count += file->rules[i]->part_count;
    arena_init(&takers->arena);
    takers->patterns = arena_alloc(&takers->arena, count * sizeof(*takers->patterns));
    takers->first = arena_alloc(&takers->arena, (file->count + 1) * sizeof(*takers->first));
    table_init(&takers->takers, key_of);
    takers->texts = prefilter_new();
    for (size_t i = 0; i < file->count; i++)
        read_rule(takers, file->rules[i]);
    takers->first[file->count] = takers->count;
    prefilter_build(takers->texts);
    takers->hits = mem_zalloc(sizeof(*takers->hits));
    hits_init(takers->hits, count + 1);
    read_sets(takers);
}

void takers_free(struct takers *takers)
{
    hits_free(takers->hits);
    free(takers->hits);
    wider_free(&takers->wider);
    prefilter_free(takers->texts);
    table_free(&takers->takers);
    arena_free(&takers->arena);
}
