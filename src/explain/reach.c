/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the pieces of a pattern together as beginnings and ends, and finds the longest ones that
 * match by binary search. */
#include "explain/reach.h"

#include "explain/cuts.h"
#include "explain/trial.h"

enum {
    LEAST_REST = 4,  /* weight of an end that is worth a word */
    MOST_NAME = 8,   /* weight of a name that is missing */
    FEW_LETTERS = 2, /* of a word that begins as it should, which are no accident */
};

#define SHARE_END 0.9 /* of a match of the end alone */

static bool beginning_matches(struct trial *trial, const struct cuts *cuts, size_t count,
                              struct trial_place *found)
{
    buf_clear(&trial->piece);
    cuts_beginning(trial->pattern, cuts, count, &trial->piece);
    return trial_run(trial, buf_bytes(&trial->piece), 0, found);
}

static const struct node *last_child(const struct node *node)
{
    const struct node *last = node->first;
    while (last && last->next)
        last = last->next;
    return last;
}

/* May what matches it end with a letter or digit? */
static bool may_end_word(const struct node *node)
{
    while (node && (node->kind == NODE_GROUP || node->kind == NODE_CONCAT ||
                    (node->kind == NODE_REPEAT && node->repeat.min > 0)))
        node = last_child(node);
    if (!node || (node->kind != NODE_BYTE && node->kind != NODE_SET))
        return !node || node->kind != NODE_ASSERT;
    if (node->kind == NODE_BYTE)
        return is_word((char)node->byte);
    for (unsigned c = 0; c < 0x80; c++)
        if (is_word((char)c) && set_has(node->set, c))
            return true;
    return false;
}

/* Does all that matches it begin with a letter or digit? */
static bool begins_word(const struct node *node)
{
    while (node && (node->kind == NODE_GROUP || node->kind == NODE_CONCAT ||
                    (node->kind == NODE_REPEAT && node->repeat.min > 0)))
        node = node->first;
    if (!node || (node->kind != NODE_BYTE && node->kind != NODE_SET))
        return false;
    for (unsigned c = 0; node->kind == NODE_SET && c < 256; c++)
        if (set_has(node->set, c) && !(c < 0x80 && is_word((char)c)))
            return false;
    return node->kind == NODE_SET || is_word((char)node->byte);
}

/* The first `count` pieces, anything, and the pieces from `first` on; the group is the anything.
 * After it a word is not begun in its midst, where the pattern has it whole: 22 is not in 4722. */
static bool both_match(struct trial *trial, const struct cuts *cuts, size_t count, size_t first,
                       struct trial_place *found)
{
    bool whole = first > 0 && first < cuts->count && !may_end_word(cuts->items[first - 1].node) &&
                 begins_word(cuts->items[first].node);
    buf_clear(&trial->piece);
    cuts_beginning(trial->pattern, cuts, count, &trial->piece);
    size_t group = trial_groups(buf_bytes(&trial->piece)) + 1;
    buf_add(&trial->piece, whole ? B("(|[\\s\\S]*?(?<!\\w))(?:") : B("([\\s\\S]*?)(?:"));
    cuts_end(trial->pattern, cuts, first, &trial->piece);
    buf_char(&trial->piece, ')');
    return trial_run(trial, buf_bytes(&trial->piece), group, found);
}

/* How many pieces of the beginning match; *found is where. */
static size_t longest_beginning(struct trial *trial, const struct cuts *cuts,
                                struct trial_place *found)
{
    size_t least = 0, most = cuts->count;
    struct trial_place at;
    *found = (struct trial_place){0};
    while (least < most && !trial->unknown) {
        size_t middle = least + (most - least + 1) / 2;
        if (beginning_matches(trial, cuts, middle, &at)) {
            least = middle;
            *found = at;
        } else {
            most = middle - 1;
        }
    }
    return least;
}

/* From which piece on the end matches further on; the count: none does.  All of it is tried first:
 * an end that begins inside of (...){3} may not match where all of that does. */
static size_t longest_end(struct trial *trial, const struct cuts *cuts, size_t count,
                          struct trial_place *found)
{
    size_t least = count + 1, most = cuts->count;
    struct trial_place at;
    if (!cuts->ends)
        return cuts->count;
    if (both_match(trial, cuts, count, count, found))
        return count;
    while (least < most && !trial->unknown) {
        size_t middle = least + (most - least) / 2;
        if (both_match(trial, cuts, count, middle, &at)) {
            most = middle;
            *found = at;
        } else {
            least = middle + 1;
        }
    }
    return most;
}

static unsigned weight_between(const struct cuts *cuts, size_t from, size_t to)
{
    unsigned weight = 0;
    for (size_t i = from; i < to; i++)
        weight += cuts->items[i].weight;
    return weight;
}

/* Where a literal ends that begins with this piece. */
static size_t run_end(const struct cuts *cuts, size_t at)
{
    size_t end = at + 1;
    while (cut_is_byte(&cuts->items[at]) && end < cuts->count && cut_is_byte(&cuts->items[end]))
        end++;
    return end;
}

/* Bytes as they are, and no blank? */
static bool is_name(const struct cuts *cuts, size_t from, size_t to)
{
    while (from < to && cut_is_byte(&cuts->items[from]) &&
           !is_space((char)cuts->items[from].node->byte))
        from++;
    return from == to;
}

/* Are this piece and the one before it letters of one word? */
static bool is_inside_word(const struct cuts *cuts, size_t at)
{
    if (at == 0 || at >= cuts->count || !cut_is_byte(&cuts->items[at - 1]) ||
        !cut_is_byte(&cuts->items[at]))
        return false;
    return is_word((char)cuts->items[at - 1].node->byte) &&
           is_word((char)cuts->items[at].node->byte);
}

static size_t word_begin(const struct cuts *cuts, size_t at)
{
    while (is_inside_word(cuts, at))
        at--;
    return at;
}

static size_t word_end(const struct cuts *cuts, size_t at)
{
    while (is_inside_word(cuts, at))
        at++;
    return at;
}

/* What is wanted, with all of each group that it has a part of. */
static void set_wants(const struct trial *trial, const struct cuts *cuts, size_t from, size_t to,
                      struct reach *reach)
{
    reach->wants_from = from < cuts->count ? cuts->items[from].from : cuts->to;
    reach->wants_to = from < to ? cuts->items[to - 1].to : reach->wants_from;
    unsigned least = from < to ? cut_depth(cuts->items[from].before) : 0;
    for (size_t i = from; i < to; i++) {
        const struct opening *open = cuts->items[i].before;
        if (cuts->items[i].node || !open || open->depth > least)
            continue;
        reach->wants_from = (size_t)(open->text.ptr - trial->pattern.ptr);
        least = open->depth - 1;
    }
    for (; from < to && to < cuts->count && cut_depth(cuts->items[to - 1].after) > least; to++)
        reach->wants_to = cuts->items[to].to;
}

/* The last piece of the first `count` that may be anything; `count`: none is. */
static size_t last_wide(const struct cuts *cuts, size_t count)
{
    for (size_t i = count; i > 0; i--)
        if (cut_is_wide(&cuts->items[i - 1]))
            return i - 1;
    return count;
}

/* Is this place in the midst of a word? */
static bool is_split(struct bytes text, size_t at)
{
    return at > 0 && at < text.len && is_word(text.ptr[at - 1]) && is_word(text.ptr[at]);
}

/* The place in the text that the first `count` pieces come to: where a word that is not there
 * begins.  If little comes after their last ".*", that is the place before it: the engine's choice
 * of what ".*" matches says nothing. */
static void find_place(struct trial *trial, const struct cuts *cuts, size_t count,
                       struct trial_place found, struct reach *reach)
{
    size_t wide = last_wide(cuts, count), next = count;
    reach->anywhere = wide < count && weight_between(cuts, wide, count) < LEAST_REST;
    if (reach->anywhere) {
        beginning_matches(trial, cuts, wide, &found);
        next = wide + 1;
    }
    while (next < count && !cuts->items[next].node)
        next++; /* the ends of groups say nothing */
    if (!reach->anywhere) {
        found.to -= next - word_begin(cuts, next);
        next = word_begin(cuts, next);
    }
    if (is_split(trial->text, found.to) && next > 1 && cuts->items[next - 1].node &&
        !cut_is_byte(&cuts->items[next - 1]) && beginning_matches(trial, cuts, next - 1, &found))
        next--;
    reach->from = found.from;
    reach->to = found.to;
    set_wants(trial, cuts, next, run_end(cuts, count), reach);
}

/* An end that begins with little and then ".*" says as much without that little. */
static size_t without_little(const struct cuts *cuts, size_t count, size_t first)
{
    for (size_t i = first; i < cuts->count; i++) {
        if (first == count && !cut_is_byte(&cuts->items[i]) && !cut_is_wide(&cuts->items[i]))
            return first;
        if (cut_is_wide(&cuts->items[i]))
            return weight_between(cuts, first, i) < LEAST_REST ? i : first;
    }
    return first;
}

/* Where the word before this place begins, with what it is joined to without a blank. */
static size_t last_word(struct bytes text, size_t end)
{
    while (end > 0 && is_space(text.ptr[end - 1]))
        end--;
    while (end > 0 && !is_space(text.ptr[end - 1]))
        end--;
    return end;
}

/* Where the word at this place ends. */
static size_t end_of_word(struct bytes text, size_t at)
{
    size_t end = at;
    while (end < text.len && is_word(text.ptr[end]))
        end++;
    return end;
}

/* What of the pattern is in the way, as whole words, and what there is in its place.  *next and
 * *first are the pieces where it begins and ends. */
static void find_gap(struct trial *trial, const struct cuts *cuts, size_t *next, size_t *first,
                     struct trial_place found, struct reach *reach)
{
    size_t count = *next, less = without_little(cuts, count, *first);
    if (less > *first && both_match(trial, cuts, count, less, &found))
        *first = less;
    found.group_to += word_end(cuts, *first) - *first;
    *first = word_end(cuts, *first);
    *next = word_begin(cuts, count);
    found.group_from -= count - *next;
    bool wide = *first < cuts->count && cut_is_wide(&cuts->items[*first]);
    if (wide && *first > *next && found.group_to <= found.group_from + (count - *next))
        found.group_to = end_of_word(trial->text, found.group_to);
    if (count == 0)
        found.group_from = last_word(trial->text, found.group_to);
    set_wants(trial, cuts, *next, *first, reach);
    reach->rest_from = *first < cuts->count ? cuts->items[*first].from : cuts->to;
    reach->from = found.from < found.group_from ? found.from : found.group_from;
    reach->to = reach->gap_from = found.group_from;
    reach->rest_at = found.group_to;
}

/* How much the beginning up to the word that is missing says, with the end after it; and all of
 * it.  A name that is not there is one thing, however long. */
static void weigh(const struct cuts *cuts, size_t next, size_t first, struct reach *reach)
{
    unsigned begin = weight_between(cuts, 0, next), end = weight_between(cuts, first, cuts->count),
             gap = cuts->weight - begin - end;
    if (end > 0 && begin > 0 && gap > MOST_NAME && is_name(cuts, next, first))
        gap = MOST_NAME;
    reach->share = begin + end > 0 ? (double)(begin + end) / (begin + end + gap) : 0;
    if (begin == 0)
        reach->share *= SHARE_END;
}

/* How much the longest text says that comes later in the pattern, and in the text. */
static unsigned weigh_island(struct trial *trial, const struct cuts *cuts, size_t count)
{
    size_t from = 0, to = 0;
    for (size_t i = count, end; i < cuts->count; i = end) {
        end = run_end(cuts, i);
        if (i > count && end - i > to - from) {
            from = i;
            to = end;
        }
    }
    unsigned weight = weight_between(cuts, from, to);
    if (weight < LEAST_REST || !cuts->ends)
        return 0;
    struct cuts part = *cuts;
    struct trial_place found;
    part.to = cuts->items[to - 1].to;
    part.count = to;
    buf_clear(&trial->piece);
    cuts_beginning(trial->pattern, cuts, count, &trial->piece);
    buf_add(&trial->piece, B("[\\s\\S]*?(?:"));
    cuts_end(trial->pattern, &part, from, &trial->piece);
    for (unsigned depth = cut_depth(cuts->items[to - 1].after); depth > 0; depth--)
        buf_char(&trial->piece, ')');
    buf_char(&trial->piece, ')');
    return trial_run(trial, buf_bytes(&trial->piece), 0, &found) ? weight : 0;
}

/* What the beginning of so many pieces and the end that goes with it make. */
static void reach_from(struct trial *trial, const struct cuts *cuts, size_t count,
                       struct trial_place found, struct reach *reach)
{
    *reach = (struct reach){.known = true, .part_from = cuts->from, .part_to = cuts->from};
    reach->whole = count == cuts->count;
    reach->from = found.from;
    reach->to = found.to;
    if (count > 0) {
        reach->part_to = cuts->items[count - 1].to;
        reach->open = cut_depth(cuts->items[count - 1].after);
    }
    reach->rest_from = reach->rest_to = cuts->to;
    if (reach->whole) {
        reach->share = 1;
        return;
    }
    size_t next = count, first = longest_end(trial, cuts, count, &found);
    struct reach gap = *reach;
    if (weight_between(cuts, first, cuts->count) >= LEAST_REST) {
        find_gap(trial, cuts, &next, &first, found, &gap);
        if (weight_between(cuts, first, cuts->count) >= LEAST_REST) {
            weigh(cuts, next, first, &gap);
            *reach = gap;
            return;
        }
    }
    find_place(trial, cuts, count, (struct trial_place){reach->from, reach->to, 0, 0}, reach);
    size_t word = word_begin(cuts, count);
    bool strong = weight_between(cuts, 0, word) >= LEAST_REST;
    weigh(cuts, strong && count - word >= FEW_LETTERS ? count : word, cuts->count, reach);
    if (strong)
        reach->share += (double)weigh_island(trial, cuts, count) / cuts->weight;
}

/* A beginning of a few letters is found in any line: perhaps the end alone says more. */
static void reach_alternative(struct trial *trial, const struct cuts *cuts, struct reach *reach)
{
    struct trial_place found, nowhere = {0};
    struct reach end;
    size_t count = longest_beginning(trial, cuts, &found);
    if (count < cuts->count && word_begin(cuts, count) == 0)
        count = 0;
    reach_from(trial, cuts, count, count > 0 ? found : nowhere, reach);
    if (count == 0 || reach->share > 0.5)
        return;
    reach_from(trial, cuts, 0, nowhere, &end);
    if (end.share > reach->share)
        *reach = end;
}

static void reach_all(struct trial *trial, struct reach *reach)
{
    struct arena arena;
    struct cuts *cuts;
    struct reach one;
    struct trial_place all;
    *reach = (struct reach){.known = true};
    arena_init(&arena);
    size_t count = cuts_read(trial->pattern, &arena, &cuts);
    /* First, since an odd quantifier may take back a piece that is told as one. */
    if (trial_run(trial, trial->pattern, 0, &all))
        *reach = (struct reach){.whole = true,
                                .part_to = trial->pattern.len,
                                .from = all.from,
                                .to = all.to,
                                .share = 1};
    for (size_t i = 0; i < count && !reach->whole; i++) {
        reach_alternative(trial, &cuts[i], &one);
        one.whole = false;
        if (i == 0 || one.share > reach->share)
            *reach = one;
    }
    reach->known = !trial->unknown;
    arena_free(&arena);
    buf_free(&trial->piece);
}

static void reach_again(void *trial, void *reach)
{
    reach_all(trial, reach);
}

void reach_regexp(struct bytes pattern, struct bytes text, struct reach *reach)
{
    struct trial trial = {.pattern = pattern, .text = text};
    reach_all(&trial, reach);
    trial_with_perl(&trial, reach_again, reach, sizeof(*reach));
}

void reach_part(struct bytes pattern, const struct reach *reach, struct buf *out)
{
    buf_add(out, bytes_slice(pattern, reach->part_from, reach->part_to));
    for (unsigned i = 0; i < reach->open; i++)
        buf_char(out, ')');
}

/* Substrings. */

static size_t longest_found(struct bytes substring, struct bytes text, size_t *at)
{
    size_t least = 0, most = substring.len;
    while (least < most) {
        size_t middle = least + (most - least + 1) / 2;
        ptrdiff_t found = bytes_find(text, bytes_slice(substring, 0, middle), 0);
        if (found >= 0) {
            least = middle;
            *at = (size_t)found;
        } else {
            most = middle - 1;
        }
    }
    return least;
}

/* Where the longest end of `rest` is, of so many bytes at least, at or after `from`. */
static size_t longest_left(struct bytes rest, struct bytes text, size_t from, size_t *at)
{
    for (size_t first = 0; first + LEAST_REST <= rest.len; first++) {
        ptrdiff_t found = bytes_find(text, bytes_from(rest, first), from);
        if (found < 0)
            continue;
        *at = (size_t)found;
        return first;
    }
    return rest.len;
}

void reach_substring(struct bytes substring, struct bytes text, struct reach *reach)
{
    *reach = (struct reach){.known = true, .rest_to = substring.len};
    size_t count = longest_found(substring, text, &reach->from);
    if (count < LEAST_REST && count < substring.len)
        reach->from = count = 0; /* so few letters are found in any line */
    reach->to = reach->rest_at = reach->from + count;
    reach->part_to = count;
    reach->whole = count == substring.len;
    size_t first =
        count + longest_left(bytes_from(substring, count), text, reach->to, &reach->rest_at);
    size_t found = count + substring.len - first, next = count;
    reach->gap_from = reach->to;
    reach->share = substring.len > 0 ? (double)found / (double)substring.len : 1;
    for (; first < substring.len && is_split(substring, first); first++)
        reach->rest_at++;
    for (; is_split(substring, next); next--)
        reach->to = --reach->gap_from;
    reach->rest_from = first;
    reach->wants_from = next;
    reach->wants_to = first;
}
