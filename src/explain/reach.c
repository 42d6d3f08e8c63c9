/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beginnings and ends of patterns are tried by PCRE2, which counts its steps.  What only Perl may
 * match is tried in a child process, whose processor time has a limit: there is no other way to end
 * a match of Perl's. */
#include "explain/reach.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/subprocess.h"
#include "explain/cuts.h"
#include "match/regex.h"

enum {
    STEPS = 200 * 1000, /* of one match */
    CHILD_MS = 1000,    /* of a child process */
    LEAST_REST = 4,     /* weight of an end that is worth a word */
};

/* What is tried, and with which means. */
struct trial {
    struct bytes pattern, text;
    bool with_perl; /* may take any time */
    bool unknown;   /* a match was not decided */
    bool for_perl;  /* because it is Perl's */
    struct buf piece;
};

/* Where the regex matches; a group's place is that of `group`. */
struct found {
    size_t from, to, group_from, group_to;
};

static bool try_regex(struct trial *trial, struct regex *regex, ptrdiff_t *offsets)
{
    enum regex_answer answer = regex_match_within(regex, trial->text, STEPS, offsets);
    bool perls = answer == REGEX_UNKNOWN && !regex_uses_pcre2(regex);
    if (answer == REGEX_UNKNOWN && trial->with_perl)
        return regex_match(regex, trial->text, offsets);
    trial->unknown |= answer == REGEX_UNKNOWN;
    trial->for_perl |= perls;
    return answer == REGEX_YES;
}

/* group: the number of one of its groups; 0: all of it. */
static bool matches(struct trial *trial, struct bytes pattern, size_t group, struct found *found)
{
    struct regex *regex = NULL;
    struct buf error = {0};
    bool compiled = regex_compile(pattern, &regex, &error);
    buf_free(&error);
    if (!compiled)
        return false;
    size_t spans = regex_spans(regex);
    ptrdiff_t *offsets = mem_array(NULL, 2 * spans, sizeof(*offsets));
    bool yes = try_regex(trial, regex, offsets) && group < spans && offsets[2 * group] >= 0;
    if (yes)
        *found = (struct found){(size_t)offsets[0], (size_t)offsets[1], (size_t)offsets[2 * group],
                                (size_t)offsets[2 * group + 1]};
    free(offsets);
    regex_free(regex);
    return yes;
}

static bool beginning_matches(struct trial *trial, const struct cuts *cuts, size_t count,
                              struct found *found)
{
    buf_clear(&trial->piece);
    cuts_beginning(trial->pattern, cuts, count, &trial->piece);
    return matches(trial, buf_bytes(&trial->piece), 0, found);
}

static size_t groups_of(struct bytes pattern)
{
    struct regex *regex = NULL;
    struct buf error = {0};
    size_t groups = regex_compile(pattern, &regex, &error) ? regex_groups(regex) : 0;
    buf_free(&error);
    regex_free(regex);
    return groups;
}

/* The first `count` pieces, anything, and the pieces from `first` on; the group is the anything. */
static bool both_match(struct trial *trial, const struct cuts *cuts, size_t count, size_t first,
                       struct found *found)
{
    buf_clear(&trial->piece);
    cuts_beginning(trial->pattern, cuts, count, &trial->piece);
    size_t group = groups_of(buf_bytes(&trial->piece)) + 1;
    buf_add(&trial->piece, B("([\\s\\S]*?)(?:"));
    cuts_end(trial->pattern, cuts, first, &trial->piece);
    buf_char(&trial->piece, ')');
    return matches(trial, buf_bytes(&trial->piece), group, found);
}

/* How many pieces of the beginning match; *found is where. */
static size_t longest_beginning(struct trial *trial, const struct cuts *cuts, struct found *found)
{
    size_t least = 0, most = cuts->count;
    struct found at;
    *found = (struct found){0};
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

/* From which piece on the end matches further on; the count: none does. */
static size_t longest_end(struct trial *trial, const struct cuts *cuts, size_t count,
                          struct found *found)
{
    size_t least = count, most = cuts->count;
    struct found at;
    while (cuts->ends && least < most && !trial->unknown) {
        size_t middle = least + (most - least) / 2;
        if (both_match(trial, cuts, count, middle, &at)) {
            most = middle;
            *found = at;
        } else {
            least = middle + 1;
        }
    }
    return cuts->ends ? most : cuts->count;
}

static unsigned weight_between(const struct cuts *cuts, size_t from, size_t to)
{
    unsigned weight = 0;
    for (size_t i = from; i < to; i++)
        weight += cuts->items[i].weight;
    return weight;
}

/* How far a literal goes that begins with this piece. */
static size_t run_end(const struct cuts *cuts, size_t at)
{
    size_t end = at + 1;
    while (cut_is_byte(&cuts->items[at]) && end < cuts->count && cut_is_byte(&cuts->items[end]))
        end++;
    return cuts->items[end - 1].to;
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

/* The place in the text that the first `count` pieces come to: where a word that is not there
 * begins.  If they have a ".*", that is the place before it: the engine's choice of what ".*"
 * matches says nothing. */
static void find_place(struct trial *trial, const struct cuts *cuts, size_t count,
                       struct found found, struct reach *reach)
{
    size_t wide = count, next = count;
    for (size_t i = 0; i < count; i++)
        if (cut_is_wide(&cuts->items[i]))
            wide = i;
    reach->anywhere = wide < count;
    if (reach->anywhere) {
        beginning_matches(trial, cuts, wide, &found);
        next = wide + 1;
    }
    while (next < count && !cuts->items[next].node)
        next++; /* the ends of groups say nothing */
    for (; !reach->anywhere && is_inside_word(cuts, next); next--)
        found.to--;
    reach->from = found.from;
    reach->to = found.to;
    reach->wants_from = cuts->items[next].from;
    reach->wants_to = run_end(cuts, count);
}

/* What of the pattern is in the way, as whole words, and what there is in its place. */
static void find_gap(const struct cuts *cuts, size_t count, size_t first, struct found found,
                     struct reach *reach)
{
    size_t next = count;
    for (; is_inside_word(cuts, first) && first > next; first++)
        found.group_to++;
    if (first == next && is_inside_word(cuts, next))
        for (; is_inside_word(cuts, first); first++)
            found.group_to++;
    for (; is_inside_word(cuts, next); next--)
        found.group_from--;
    reach->wants_from = next < cuts->count ? cuts->items[next].from : cuts->to;
    reach->wants_to = reach->rest_from = first < cuts->count ? cuts->items[first].from : cuts->to;
    reach->gap_from = found.group_from;
    reach->rest_at = found.group_to;
}

static unsigned find_rest(struct trial *trial, const struct cuts *cuts, size_t count,
                          struct reach *reach)
{
    struct found found = {0};
    size_t first = longest_end(trial, cuts, count, &found);
    unsigned weight = weight_between(cuts, first, cuts->count);
    reach->rest_from = reach->rest_to = cuts->to;
    if (weight < LEAST_REST)
        return 0;
    find_gap(cuts, count, first, found, reach);
    return weight;
}

/* What the beginning of so many pieces and the end that goes with it make. */
static void reach_from(struct trial *trial, const struct cuts *cuts, size_t count,
                       struct found found, struct reach *reach)
{
    *reach = (struct reach){.known = true, .part_from = cuts->from, .part_to = cuts->from};
    reach->whole = count == cuts->count;
    reach->from = found.from;
    reach->to = found.to;
    reach->share = (double)count / (double)(cuts->count + 1);
    if (count > 0) {
        reach->part_to = cuts->items[count - 1].to;
        reach->open = cuts->items[count - 1].after ? cuts->items[count - 1].after->depth : 0;
    }
    reach->rest_from = reach->rest_to = cuts->to;
    if (reach->whole) {
        reach->share = 1;
        return;
    }
    unsigned weight = weight_between(cuts, 0, count);
    find_place(trial, cuts, count, found, reach);
    weight += find_rest(trial, cuts, count, reach);
    if (cuts->weight > 0)
        reach->share = (double)weight / cuts->weight;
}

/* A beginning of a few letters is found in any line: perhaps the end alone says more. */
static void reach_alternative(struct trial *trial, const struct cuts *cuts, struct reach *reach)
{
    struct found found, nowhere = {0};
    struct reach end;
    size_t count = longest_beginning(trial, cuts, &found);
    reach_from(trial, cuts, count, found, reach);
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
    struct found all;
    *reach = (struct reach){.known = true};
    arena_init(&arena);
    size_t count = cuts_read(trial->pattern, &arena, &cuts);
    /* First, since an odd quantifier may take back a piece that is told as one. */
    if (matches(trial, trial->pattern, 0, &all))
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

/* In a child process. */

static void ask_reach(void *asked, void *result)
{
    const struct trial *first = asked;
    struct trial trial = {first->pattern, first->text, .with_perl = true};
    reach_all(&trial, result);
}

void reach_regexp(struct bytes pattern, struct bytes text, struct reach *reach)
{
    struct trial trial = {pattern, text, .with_perl = false};
    struct reach best;
    reach_all(&trial, reach);
    if (trial.for_perl && subprocess_ask(CHILD_MS, ask_reach, &trial, &best, sizeof(best)))
        *reach = best;
}

void reach_part(struct bytes pattern, const struct reach *reach, struct buf *out)
{
    buf_add(out, bytes_slice(pattern, reach->part_from, reach->part_to));
    for (unsigned i = 0; i < reach->open; i++)
        buf_char(out, ')');
}

struct match_answer {
    bool yes;
    struct found found;
};

static struct match_answer find_match(struct trial *trial)
{
    struct match_answer answer = {0};
    answer.yes = matches(trial, trial->pattern, 0, &answer.found);
    return answer;
}

static void ask_match(void *asked, void *result)
{
    const struct trial *first = asked;
    struct trial trial = {first->pattern, first->text, .with_perl = true};
    *(struct match_answer *)result = find_match(&trial);
}

bool reach_matches(struct bytes pattern, struct bytes text, size_t *from, size_t *to)
{
    struct trial trial = {pattern, text, .with_perl = false};
    struct match_answer answer = find_match(&trial), childs;
    if (trial.for_perl && subprocess_ask(CHILD_MS, ask_match, &trial, &childs, sizeof(childs)))
        answer = childs;
    if (answer.yes && from)
        *from = answer.found.from;
    if (answer.yes && to)
        *to = answer.found.to;
    return answer.yes;
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

static bool is_letter_at(struct bytes text, size_t at)
{
    return at > 0 && at < text.len && is_word(text.ptr[at - 1]) && is_word(text.ptr[at]);
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
    for (; first < substring.len && is_letter_at(substring, first); first++)
        reach->rest_at++;
    for (; is_letter_at(substring, next); next--)
        reach->to = --reach->gap_from;
    reach->rest_from = first;
    reach->wants_from = next;
    reach->wants_to = first;
}
