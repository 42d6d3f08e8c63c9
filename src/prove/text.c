/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The edit distance of two texts, where one of them may be anywhere inside the other.
 *
 * Of a regular expression the letters that stand for themselves are compared: that is near enough
 * to find what a text was meant to be. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "prove/text.h"

#include <pcre2.h>

#include "base/mem.h"

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

/* -- The letters of a regular expression that stand for themselves -- */

/* What is after a class or a count that begins at `at`. */
static size_t skip_to(struct bytes regex, size_t at, char end)
{
    size_t i = at + 1;
    if (end == ']' && i < regex.len && (regex.ptr[i] == ']' || regex.ptr[i] == '^'))
        i++;
    while (i < regex.len && regex.ptr[i] != end)
        i += regex.ptr[i] == '\\' ? 2 : 1;
    return i + 1;
}

static void add_letters(struct bytes regex, struct buf *out)
{
    for (size_t i = 0; i < regex.len;) {
        char c = regex.ptr[i];
        if (c == '\\') {
            if (i + 1 < regex.len && !is_word(regex.ptr[i + 1]))
                buf_char(out, regex.ptr[i + 1]);
            i += 2;
        } else if (c == '[' || c == '{') {
            i = skip_to(regex, i, c == '[' ? ']' : '}');
        } else if (c == '(' && i + 1 < regex.len && regex.ptr[i + 1] == '?') {
            for (i += 2; i < regex.len && !memchr(":=!>)'", regex.ptr[i], 6); i++)
                ;
            i++;
        } else {
            if (!memchr("^$.|?*+()", c, 9))
                buf_char(out, c);
            i++;
        }
    }
}

/* -- Distance -- */

/* The cheapest way to the present letter of the text: how much it costs, and where in the text it
 * has begun. */
struct way {
    uint32_t cost, begin;
};

static struct way cheaper(struct way a, struct way b)
{
    return b.cost < a.cost ? b : a;
}

static struct way and (struct way way, uint32_t cost)
{
    return (struct way){way.cost + cost, way.begin};
}

/* The part of the text that is nearest to the pattern; inside: it may be any part of it, otherwise
 * it is all of it. */
static size_t nearest_part(struct bytes pattern, struct bytes text, bool inside, struct bytes *part)
{
    static struct way rows[2][MOST + 1]; /* by letters of the pattern */
    struct way *last = rows[0], *row = rows[1];
    for (uint32_t i = 0; i <= pattern.len; i++)
        last[i] = (struct way){i, 0};
    struct way best = last[pattern.len];
    size_t end = 0;
    for (uint32_t at = 1; at <= text.len; at++) {
        row[0] = inside ? (struct way){0, at} : (struct way){at, 0};
        for (size_t i = 1; i <= pattern.len; i++) {
            bool same = pattern.ptr[i - 1] == text.ptr[at - 1];
            row[i] = cheaper(and(last[i - 1], same ? 0 : 1), and(last[i], 1));
            row[i] = cheaper(row[i], and(row[i - 1], 1));
        }
        if (row[pattern.len].cost < best.cost || !inside) {
            best = row[pattern.len];
            end = at;
        }
        struct way *other = last;
        last = row;
        row = other;
    }
    *part = inside ? bytes_slice(text, best.begin, end > best.begin ? end : best.begin) : text;
    return best.cost;
}

static struct bytes shortened(struct bytes text)
{
    return text.len > MOST ? bytes_slice(text, 0, MOST) : text;
}

struct nearness text_nearness(const struct test_text *wanted, struct bytes text)
{
    struct buf letters = {0};
    struct bytes part;
    text = shortened(text);
    if (wanted->how == TEST_REGEX)
        add_letters(wanted->text, &letters);
    else
        buf_add(&letters, wanted->text);
    struct bytes pattern = shortened(buf_bytes(&letters));
    struct nearness near = {0};
    near.distance = nearest_part(pattern, text, wanted->how != TEST_EQUAL, &part);
    size_t begin = 0, end = 0;
    while (begin < part.len && begin < pattern.len && part.ptr[begin] == pattern.ptr[begin])
        begin++;
    while (end < part.len - begin && end < pattern.len - begin &&
           part.ptr[part.len - 1 - end] == pattern.ptr[pattern.len - 1 - end])
        end++;
    near.from = (size_t)(part.ptr - text.ptr) + begin;
    near.to = (size_t)(part.ptr - text.ptr) + part.len - end;
    buf_free(&letters);
    return near;
}
