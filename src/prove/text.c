/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The edit distance of two texts, where one of them may be anywhere inside the other.
 *
 * Of a regular expression, literal letters are compared, and everything else may be any letter:
 * that is good enough to find what a text was meant to be. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "prove/text.h"

#include <pcre2.h>

#include "base/slips.h"

enum { MOST = 400 }; /* bytes of a text that are compared */

static bool regex_fits(pcre2_code *regex, struct bytes text)
{
    assert(regex);
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    int found =
        pcre2_match(regex, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0, match, NULL);
    pcre2_match_data_free(match);
    return found >= 0;
}

bool text_fits(const struct test_text *wanted, struct bytes text)
{
    switch (wanted->how) {
    case TEST_ANY:
        return true;
    case TEST_CONTAINS:
        return bytes_find(text, wanted->text, 0) >= 0;
    case TEST_EQUAL:
        return bytes_eq(text, wanted->text);
    case TEST_REGEX:
        return regex_fits(wanted->regex, text);
    }
    return false;
}

void text_add(struct buf *out, const struct test_text *wanted)
{
    static const struct bytes signs[] = {B(""), B(" "), B(" = "), B(" ~ ")};
    if (wanted->how != TEST_ANY)
        buf_cat(out, signs[wanted->how], wanted->text);
}

/* -- Patterns as rows -- */

/* A pattern is a row of these: a letter, any one letter, or any number of them. */
enum { ANY = 256, GAP = 257 };

struct pattern_text {
    uint16_t items[MOST];
    size_t count;
};

static void add_item(struct pattern_text *pattern, uint16_t item)
{
    if (pattern->count < MOST)
        pattern->items[pattern->count++] = item;
}

static void take_letters(struct pattern_text *pattern, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        add_item(pattern, (unsigned char)text.ptr[i]);
}

/* What is after the class that begins at `at`. */
static size_t after_class(struct bytes regex, size_t at)
{
    size_t i = at + 1;
    i += i < regex.len && regex.ptr[i] == '^';
    i += i < regex.len && regex.ptr[i] == ']';
    while (i < regex.len && regex.ptr[i] != ']')
        i += regex.ptr[i] == '\\' ? 2 : 1;
    return i + 1;
}

/* What is after the alternatives from `at` on, of which the first one is enough. */
static size_t after_alternatives(struct bytes regex, size_t at)
{
    size_t depth = 0, i = at;
    while (i < regex.len && !(regex.ptr[i] == ')' && depth == 0)) {
        char c = regex.ptr[i];
        if (c == '[') {
            i = after_class(regex, i);
            continue;
        }
        depth += c == '(';
        depth -= c == ')';
        i += c == '\\' ? 2 : 1;
    }
    return i;
}

/* What is after "(?:" and its like, which begin at `at`. */
static size_t after_group_sign(struct bytes regex, size_t at)
{
    size_t i = at + 2;
    while (i < regex.len && bytes_chr(B(":=!>)'"), regex.ptr[i], 0) < 0)
        i++;
    return i + 1;
}

static size_t take_escape(struct pattern_text *pattern, struct bytes regex, size_t at)
{
    char c = at + 1 < regex.len ? regex.ptr[at + 1] : '\\';
    if (!is_word(c))
        add_item(pattern, (unsigned char)c);
    else if (bytes_chr(B("bBAzZGQE"), c, 0) < 0)
        add_item(pattern, ANY);
    return at + 2;
}

/* How often: of one letter it is taken as once, of any letter as any number of them. */
static size_t take_count(struct pattern_text *pattern, struct bytes regex, size_t at)
{
    if (pattern->count > 0 && pattern->items[pattern->count - 1] == ANY && regex.ptr[at] != '?')
        pattern->items[pattern->count - 1] = GAP;
    ptrdiff_t end = regex.ptr[at] == '{' ? bytes_chr(regex, '}', at) : (ptrdiff_t)at;
    return end < 0 ? regex.len : (size_t)end + 1;
}

/* Near enough: groups are what is in them. */
static void take_regex(struct pattern_text *pattern, struct bytes regex)
{
    for (size_t i = 0; i < regex.len;) {
        char c = regex.ptr[i];
        if (c == '\\') {
            i = take_escape(pattern, regex, i);
        } else if (c == '[') {
            add_item(pattern, ANY);
            i = after_class(regex, i);
        } else if (c == '|') {
            i = after_alternatives(regex, i);
        } else if (c == '(' && i + 1 < regex.len && regex.ptr[i + 1] == '?') {
            i = after_group_sign(regex, i);
        } else if (bytes_chr(B("*+?{"), c, 0) >= 0) {
            i = take_count(pattern, regex, i);
        } else {
            if (c == '.')
                add_item(pattern, ANY);
            else if (bytes_chr(B("^$()"), c, 0) < 0)
                add_item(pattern, (unsigned char)c);
            i++;
        }
    }
}

/* -- Distance -- */

/* costs[i][k]: of making the items from i on of the letters from k on. */
static uint16_t costs[MOST + 1][MOST + 1];

static uint16_t least(unsigned a, unsigned b)
{
    return (uint16_t)(a < b ? a : b);
}

static bool is_same(uint16_t item, char letter)
{
    return item >= ANY || item == (unsigned char)letter;
}

static uint16_t cost_at(const struct pattern_text *pattern, struct bytes text, size_t i, size_t k)
{
    uint16_t item = pattern->items[i];
    if (item == GAP)
        return least(costs[i + 1][k], costs[i][k + 1]);
    uint16_t cost = least(costs[i + 1][k] + 1u, costs[i][k + 1] + 1u);
    return least(cost, costs[i + 1][k + 1] + (is_same(item, text.ptr[k]) ? 0u : 1u));
}

/* inside: the pattern may be any part of the text, otherwise it is all of it. */
static void fill_costs(const struct pattern_text *pattern, struct bytes text, bool inside)
{
    size_t count = pattern->count;
    for (size_t k = 0; k <= text.len; k++)
        costs[count][k] = inside ? 0 : (uint16_t)(text.len - k);
    for (size_t i = count; i-- > 0;) {
        costs[i][text.len] =
            (uint16_t)(costs[i + 1][text.len] + (pattern->items[i] == GAP ? 0 : 1));
        for (size_t k = text.len; k-- > 0;)
            costs[i][k] = cost_at(pattern, text, i, k);
    }
}

static void mark(struct nearness *near, size_t from, size_t to)
{
    near->from = from < near->from ? from : near->from;
    near->to = to > near->to ? to : near->to;
}

/* -- What differs -- */

/* Letters beyond ASCII are of words. */
static bool in_word(struct bytes text, size_t at)
{
    return is_word(text.ptr[at]) || (unsigned char)text.ptr[at] >= 0x80;
}

static bool begins_word(struct bytes text, size_t at)
{
    return at > 0 && at < text.len && !in_word(text, at - 1) && in_word(text, at);
}

/* On from where the pattern begins in the text: what has to be changed on the way. */
static void mark_changes(const struct pattern_text *pattern, struct bytes text, bool inside,
                         size_t begin, struct nearness *near)
{
    size_t i = 0, k = begin;
    near->from = text.len;
    near->to = 0;
    while (i < pattern->count) {
        uint16_t item = pattern->items[i], cost = costs[i][k];
        bool same = k < text.len && is_same(item, text.ptr[k]);
        if (item == GAP) {
            if (cost == costs[i + 1][k])
                i++;
            else
                k++;
        } else if (same && begins_word(text, k) && cost == costs[i + 1][k] + 1) {
            mark(near, k, k); /* rather a word is missing than the middle of two */
            i++;
        } else if (k < text.len && cost == costs[i + 1][k + 1] + (same ? 0 : 1)) {
            if (!same)
                mark(near, k, k + 1);
            i++;
            k++;
        } else if (cost == costs[i + 1][k] + 1) {
            mark(near, k, k);
            i++;
        } else {
            mark(near, k, k + 1);
            k++;
        }
    }
    if (!inside && k < text.len)
        mark(near, k, text.len);
    if (near->from > near->to)
        near->from = near->to = 0;
}

struct nearness text_nearness(const struct test_text *wanted, struct bytes text)
{
    struct pattern_text pattern = {.count = 0};
    bool inside = wanted->how != TEST_EQUAL;
    size_t begin = 0;
    if (text.len > MOST)
        text = bytes_slice(text, 0, MOST);
    if (wanted->how == TEST_REGEX)
        take_regex(&pattern, wanted->text);
    else
        take_letters(&pattern, wanted->text);
    fill_costs(&pattern, text, inside);
    for (size_t k = 1; inside && k <= text.len; k++)
        if (costs[0][k] < costs[0][begin])
            begin = k;
    struct nearness near = {.distance = costs[0][begin]};
    mark_changes(&pattern, text, inside, begin, &near);
    return near;
}

/* -- What is made of it -- */

void nearness_in_words(struct bytes text, struct nearness *near)
{
    size_t from = near->from < text.len ? near->from : text.len;
    size_t to = near->to < text.len ? near->to : text.len;
    if (from == to &&
        (from == 0 || to == text.len || !in_word(text, from) || !in_word(text, from - 1))) {
        near->from = near->to = from; /* between two words */
        return;
    }
    while (from > 0 && in_word(text, from - 1) && from < text.len && in_word(text, from))
        from--;
    while (to < text.len && in_word(text, to - 1) && in_word(text, to))
        to++;
    bool all = from == 0 && to == text.len;
    near->from = all ? 0 : from;
    near->to = all ? 0 : to;
}

bool nearness_is_slip(const struct test_text *wanted, struct nearness near)
{
    return near.distance < slips_too_many(wanted->text) || near.distance * 3 <= wanted->text.len;
}
