/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds required literals by walking the tree from left to right.
 *
 * While walking, it keeps the run: all texts that can come just before the current place, as long
 * as they are few.  What cannot be enumerated ends the run; then the run itself, and the common
 * prefix and suffix of its texts, are candidates.  The best candidate has few and long texts. */
#include "match/literals.h"

#include <limits.h>

#define RUN_TEXTS 16   /* texts in a run */
#define RUN_LENGTH 64  /* bytes in one of them */
#define SET_TEXTS 4    /* bytes of a set that are written out */
#define UNION_TEXTS 64 /* texts of all alternatives together */
#define RARE_ENOUGH 64 /* half bits: beyond, rarer texts are hardly better */
#define TOO_COMMON                                                                                 \
    16 /* half bits, as of "]: ": looking for it costs more than trying the pattern */

struct text {
    size_t len;
    bool caseless;
    char bytes[RUN_LENGTH];
};

struct run {
    size_t count;
    struct text texts[RUN_TEXTS];
};

struct finder {
    struct arena *arena;
    struct run run;
    bool exact; /* the run began where the walk began */
    struct required *best;
    size_t best_count;
    int best_score;
};

static void find_in_node(struct finder *finder, const struct node *node);

static void run_empty(struct run *run)
{
    run->count = 1;
    run->texts[0].len = 0;
    run->texts[0].caseless = false;
}

static void finder_init(struct finder *finder, struct arena *arena)
{
    finder->arena = arena;
    finder->exact = true;
    finder->best = NULL;
    finder->best_count = 0;
    finder->best_score = TOO_COMMON;
    run_empty(&finder->run);
}

/* How seldom a byte is in log lines, in half bits: all of them hold blanks and digits, most of them
 * brackets and colons. */
static int rarity(char byte)
{
    if (byte == ' ')
        return 4;
    if (is_digit(byte) || byte == ':' || byte == '[' || byte == ']')
        return 6;
    if (byte >= 'a' && byte <= 'z')
        return 9;
    return 11;
}

/* The rarest texts are best, but where a text is rare enough, being rarer counts little.  Of a set
 * counts the least rare text, and each doubling of its size takes one bit off. */
static int score(const struct required *texts, size_t count)
{
    int least = INT_MAX;
    for (size_t i = 0; i < count; i++) {
        int sum = 0;
        for (size_t j = 0; j < texts[i].text.len; j++)
            sum += rarity(texts[i].text.ptr[j]);
        if (sum > RARE_ENOUGH)
            sum = RARE_ENOUGH + (sum - RARE_ENOUGH) / 8;
        least = sum < least ? sum : least;
    }
    for (size_t more = count; more > 1; more = (more + 1) / 2)
        least -= 2;
    return least;
}

static void offer(struct finder *finder, struct required *texts, size_t count)
{
    int points = score(texts, count);
    if (points <= finder->best_score)
        return;
    finder->best = texts;
    finder->best_count = count;
    finder->best_score = points;
}

static struct required required_text(struct finder *finder, const char *ptr, size_t len,
                                     bool caseless)
{
    return (struct required){arena_bytes(finder->arena, bytes_make(ptr, len)), caseless};
}

/* How many bytes all texts of the run have in common at their begin or end. */
static size_t common(const struct run *run, bool at_end)
{
    const struct text *model = &run->texts[0];
    size_t len = 0;
    for (;; len++) {
        for (size_t i = 0; i < run->count; i++) {
            const struct text *text = &run->texts[i];
            if (len >= text->len)
                return len;
            char c = at_end ? text->bytes[text->len - 1 - len] : text->bytes[len];
            if (c != (at_end ? model->bytes[model->len - 1 - len] : model->bytes[len]))
                return len;
        }
    }
}

static void offer_common(struct finder *finder, bool at_end)
{
    const struct run *run = &finder->run;
    const struct text *model = &run->texts[0];
    size_t len = common(run, at_end);
    bool caseless = false;
    for (size_t i = 0; i < run->count; i++)
        caseless |= run->texts[i].caseless;
    struct required *text = arena_alloc(finder->arena, sizeof(*text));
    *text = required_text(finder, at_end ? model->bytes + model->len - len : model->bytes, len,
                          caseless);
    offer(finder, text, 1);
}

/* Ends the run. */
static void flush(struct finder *finder)
{
    const struct run *run = &finder->run;
    if (run->count > 1 || run->texts[0].len > 0) {
        struct required *texts = arena_alloc(finder->arena, run->count * sizeof(*texts));
        for (size_t i = 0; i < run->count; i++)
            texts[i] = required_text(finder, run->texts[i].bytes, run->texts[i].len,
                                     run->texts[i].caseless);
        offer(finder, texts, run->count);
    }
    if (run->count > 1) {
        offer_common(finder, false);
        offer_common(finder, true);
    }
    run_empty(&finder->run);
    finder->exact = false;
}

static bool fits(const struct run *run, const struct run *more)
{
    if (run->count * more->count > RUN_TEXTS)
        return false;
    for (size_t i = 0; i < run->count; i++) {
        for (size_t j = 0; j < more->count; j++) {
            if (run->texts[i].len + more->texts[j].len > RUN_LENGTH)
                return false;
        }
    }
    return true;
}

/* Each text of the run with each of the others after it.  They must fit. */
static void run_append(struct run *run, const struct run *more)
{
    struct run old = *run;
    run->count = 0;
    for (size_t i = 0; i < old.count; i++) {
        for (size_t j = 0; j < more->count; j++) {
            struct text *text = &run->texts[run->count++];
            const struct text *end = &more->texts[j];
            *text = old.texts[i];
            memcpy(text->bytes + text->len, end->bytes, end->len);
            text->len += end->len;
            text->caseless |= end->caseless;
        }
    }
}

/* What all texts of `more` follow: the run goes on with them, or a new one begins with them. */
static void go_on(struct finder *finder, const struct run *more)
{
    if (!fits(&finder->run, more))
        flush(finder);
    run_append(&finder->run, more);
}

static void go_on_byte(struct finder *finder, unsigned char byte, bool caseless)
{
    struct run *run = &finder->run;
    for (size_t i = 0; i < run->count; i++) {
        if (run->texts[i].len == RUN_LENGTH) {
            flush(finder);
            break;
        }
    }
    for (size_t i = 0; i < run->count; i++) {
        struct text *text = &run->texts[i];
        text->bytes[text->len++] = (char)byte;
        text->caseless |= caseless;
    }
}

/* The smallest byte of the set that is not below `byte`; there is one. */
static unsigned set_next(const struct byte_set *set, unsigned byte)
{
    while (!set_has(set, byte))
        byte++;
    return byte;
}

static void visit_set(struct finder *finder, const struct byte_set *set)
{
    unsigned count = set_count(set, SET_TEXTS + 1);
    if (count == 0 || count > SET_TEXTS) {
        flush(finder);
        return;
    }
    unsigned byte = set_next(set, 0);
    if (count == 1) {
        go_on_byte(finder, (unsigned char)byte, false);
        return;
    }
    unsigned other = set_next(set, byte + 1);
    if (count == 2 && is_alpha((char)byte) && other == byte + ('a' - 'A')) {
        go_on_byte(finder, (unsigned char)other, true);
        return;
    }
    struct run bytes;
    for (bytes.count = 0; bytes.count < count; byte++) {
        byte = set_next(set, byte);
        struct text *text = &bytes.texts[bytes.count++];
        text->bytes[0] = (char)byte;
        text->len = 1;
        text->caseless = false;
    }
    go_on(finder, &bytes);
}

/* What was found for each alternative, taken together. */
struct alternatives {
    struct run texts; /* all that they can match, when each is exact and they are few */
    bool exact;
    struct required *all; /* else one required set */
    size_t all_count;
    bool each; /* every alternative has one */
};

static void alternative_exact(struct alternatives *found, const struct finder *part)
{
    size_t count = part->run.count;
    found->exact = found->exact && part->exact && found->texts.count + count <= RUN_TEXTS;
    if (!found->exact)
        return;
    memcpy(&found->texts.texts[found->texts.count], part->run.texts, count * sizeof(struct text));
    found->texts.count += count;
}

static void alternative_required(struct alternatives *found, struct finder *part)
{
    flush(part);
    found->each =
        found->each && part->best_count > 0 && found->all_count + part->best_count <= UNION_TEXTS;
    if (!found->each)
        return;
    memcpy(&found->all[found->all_count], part->best, part->best_count * sizeof(*part->best));
    found->all_count += part->best_count;
}

static void visit_alternate(struct finder *finder, const struct node *node)
{
    struct alternatives found;
    found.exact = found.each = true;
    found.texts.count = found.all_count = 0;
    found.all = arena_alloc(finder->arena, UNION_TEXTS * sizeof(*found.all));
    for (const struct node *child = node->first; child; child = child->next) {
        struct finder part;
        finder_init(&part, finder->arena);
        find_in_node(&part, child);
        alternative_exact(&found, &part);
        alternative_required(&found, &part);
    }
    if (found.exact) {
        go_on(finder, &found.texts);
        return;
    }
    flush(finder);
    if (found.each)
        offer(finder, found.all, found.all_count);
}

static void visit_optional(struct finder *finder, const struct node *body)
{
    struct run texts;
    texts.count = 2;
    texts.texts[0].len = 0;
    texts.texts[0].caseless = false;
    texts.texts[1].len = 1;
    texts.texts[1].caseless = body->caseless;
    texts.texts[1].bytes[0] = (char)body->byte;
    go_on(finder, &texts);
}

static void visit_repeat(struct finder *finder, const struct node *node)
{
    const struct node *body = node->first;
    uint32_t min = node->repeat.min, max = node->repeat.max;
    bool byte = body->kind == NODE_BYTE;
    if (byte && min == 0 && max == 1) {
        visit_optional(finder, body);
        return;
    }
    uint32_t rounds = byte && min <= RUN_LENGTH ? min : min > 0;
    for (uint32_t i = 0; i < rounds; i++)
        find_in_node(finder, body);
    if (rounds != max)
        flush(finder);
}

/* What a lookaround sees occurs in the line, too, but not in the run. */
static void visit_look(struct finder *finder, const struct node *node)
{
    if (node->look.negative)
        return;
    struct finder part;
    finder_init(&part, finder->arena);
    find_in_node(&part, node->first);
    flush(&part);
    if (part.best_count > 0)
        offer(finder, part.best, part.best_count);
}

static void find_in_node(struct finder *finder, const struct node *node)
{
    switch (node->kind) {
    case NODE_BYTE:
        go_on_byte(finder, node->byte, node->caseless);
        break;
    case NODE_SET:
        visit_set(finder, node->set);
        break;
    case NODE_GROUP:
    case NODE_CONCAT:
        for (const struct node *child = node->first; child; child = child->next)
            find_in_node(finder, child);
        break;
    case NODE_ALTERNATE:
        visit_alternate(finder, node);
        break;
    case NODE_REPEAT:
        visit_repeat(finder, node);
        break;
    case NODE_LOOK:
        visit_look(finder, node);
        break;
    case NODE_ASSERT:
        break;
    case NODE_BACKREF:
    case NODE_OPAQUE:
        flush(finder);
        break;
    }
}

size_t literals_find(const struct syntax *syntax, struct arena *arena,
                     const struct required **literals)
{
    struct finder finder;
    if (syntax->unicode && syntax->folds)
        return 0;
    finder_init(&finder, arena);
    find_in_node(&finder, syntax->root);
    flush(&finder);
    *literals = finder.best;
    return finder.best_count;
}
