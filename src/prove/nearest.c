/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/nearest.h"

#include "prove/text.h"

enum {
    MOST_COMPARED = 500,
    MOST_LETTERS = 400,
    FAR = 5,        /* one letter of so many may be another one, */
    FAR_OF_ALL = 3, /* where all of the text is told */
};

/* -- What fits -- */

/* "ssh.sec:3", wherever the file is. */
static bool is_named(struct bytes rule, struct bytes name)
{
    return bytes_eq(rule, name) ||
           (rule.len > name.len && rule.ptr[rule.len - name.len - 1] == '/' &&
            bytes_eq(bytes_from(rule, rule.len - name.len), name));
}

/* How much of the text comes before the last c; all, if there is none. */
static size_t length_before(struct bytes text, char c)
{
    for (size_t i = text.len; i-- > 0;)
        if (text.ptr[i] == c)
            return i;
    return text.len;
}

/* By its name, that of its file, or its desc. */
static bool fits_rule(const struct test_text *wanted, const struct happening *happening)
{
    struct bytes name = happening->name, file = bytes_slice(name, 0, length_before(name, ':'));
    size_t folder = length_before(file, '/');
    if (text_fits(wanted, happening->text))
        return true;
    if (wanted->how != TEST_REGEX)
        return is_named(name, wanted->text) || is_named(file, wanted->text);
    return text_fits(wanted, name) ||
           (folder < file.len && text_fits(wanted, bytes_from(name, folder + 1)));
}

/* As a line: a newline at the end does not matter. */
static bool fits_text(const struct test_text *wanted, struct bytes text)
{
    if (text_fits(wanted, text))
        return true;
    if (text.len == 0 || text.ptr[text.len - 1] != '\n')
        return false;
    return text_fits(wanted, bytes_slice(text, 0, text.len - 1));
}

bool nearest_fits(const struct test_expectation *expect, const struct happening *happening)
{
    if (happening->subject != expect->subject)
        return false;
    if (expect->subject == TEST_RULE)
        return fits_rule(&expect->text, happening);
    if (expect->name.len > 0 && !bytes_eq(expect->name, happening->name))
        return false;
    return fits_text(&expect->text, happening->text) && fits_text(&expect->fed, happening->fed);
}

/* -- The nearest -- */

/* What of a happening is shown and compared: its text, with its name where that is another one. */
static void add_shown(struct buf *out, const struct test_expectation *expect,
                      const struct happening *happening, size_t *text_at)
{
    bool named = happening->subject != TEST_PIPE && happening->name.len > 0 &&
                 !bytes_eq(happening->name, expect->name);
    if (named)
        buf_cat(out, happening->name, happening->text.len > 0 ? B(": ") : B(""));
    *text_at = out->len;
    struct bytes text = happening->text;
    while (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    buf_add(out, text);
    if (happening->fed.len > 0)
        buf_cat(out, B(" <<< "), bytes_trim(happening->fed));
}

/* "ssh.sec:3", not a description. */
static bool names_rule(const struct test_expectation *expect)
{
    struct bytes text = expect->text.text;
    size_t digits = 0;
    while (digits < text.len && is_digit(text.ptr[text.len - 1 - digits]))
        digits++;
    return expect->subject == TEST_RULE && expect->text.how != TEST_REGEX && digits > 0 &&
           digits < text.len && text.ptr[text.len - 1 - digits] == ':';
}

/* By its desc or its name, whichever is nearer. */
static struct nearness rule_nearness(const struct test_expectation *expect,
                                     const struct happening *happening, size_t text_at)
{
    struct nearness of_name = text_nearness(&expect->text, happening->name);
    if (names_rule(expect))
        return of_name;
    struct nearness near = text_nearness(&expect->text, happening->text);
    near.from += text_at;
    near.to += text_at;
    return of_name.distance < near.distance ? of_name : near;
}

/* The name counts as a text that has to be equal. */
static struct nearness nearness_of(const struct test_expectation *expect,
                                   const struct happening *happening, size_t text_at)
{
    const struct test_text name = {.how = TEST_EQUAL, .text = expect->name};
    if (expect->subject == TEST_RULE)
        return rule_nearness(expect, happening, text_at);
    struct nearness near = text_nearness(&expect->text, happening->text);
    near.from += text_at;
    near.to += text_at;
    if (expect->name.len > 0 && !bytes_eq(expect->name, happening->name)) {
        struct nearness of_name = text_nearness(&name, happening->name);
        if (near.distance == 0)
            near = (struct nearness){0, of_name.from, of_name.to};
        near.distance += of_name.distance;
    }
    if (!fits_text(&expect->fed, happening->fed)) {
        struct nearness of_fed = text_nearness(&expect->fed, happening->fed);
        size_t fed_at = text_at + happening->text.len + 5;
        if (near.distance == 0)
            near = (struct nearness){0, of_fed.from + fed_at, of_fed.to + fed_at};
        near.distance += of_fed.distance;
    }
    return near;
}

/* How long the longest piece is that both have. */
static size_t common_piece(struct bytes a, struct bytes b)
{
    size_t longest = 0;
    for (size_t i = 0; i + longest < a.len; i++)
        while (i + longest < a.len && bytes_find(b, bytes_slice(a, i, i + longest + 1), 0) >= 0)
            longest++;
    return longest;
}

/* Much of it is as it was wanted: else it has nothing to do with it. */
static bool is_close(const struct test_expectation *expect, const struct happening *happening,
                     size_t distance)
{
    size_t wanted = expect->name.len + expect->text.text.len + expect->fed.text.len;
    size_t far = expect->text.how == TEST_EQUAL ? FAR_OF_ALL : FAR;
    if (distance <= 1 || distance * far <= wanted)
        return true;
    return expect->subject != TEST_RULE && expect->text.text.len <= MOST_LETTERS &&
           common_piece(expect->text.text, happening->text) * 2 >= wanted;
}

const struct happening *nearest_find(const struct timeline *timeline,
                                     const struct test_expectation *expect, size_t first,
                                     size_t end)
{
    const struct happening *nearest = NULL;
    size_t distance = SIZE_MAX, compared = 0;
    for (size_t i = timeline->count; i-- > 0 && compared < MOST_COMPARED;) {
        const struct happening *happening = &timeline->items[i];
        if (happening->subject != expect->subject || happening->taken != TAKEN_BY_NONE)
            continue;
        compared++;
        struct nearness near = nearness_of(expect, happening, 0);
        if (!is_close(expect, happening, near.distance))
            continue;
        if (near.distance < distance || (near.distance == distance && i >= first && i < end)) {
            distance = near.distance;
            nearest = happening;
        }
    }
    return nearest;
}

void nearest_show(const struct test_expectation *expect, const struct happening *happening,
                  struct buf *out, size_t *from, size_t *to)
{
    size_t text_at;
    assert(out->len == 0);
    add_shown(out, expect, happening, &text_at);
    struct nearness near = nearness_of(expect, happening, text_at);
    bool whole = near.from == text_at && near.to >= out->len;
    if (near.distance == 0 || whole)
        near.from = near.to = 0; /* nothing differs, or all of it, more or less */
    nearness_in_words(buf_bytes(out), &near);
    *from = near.from;
    *to = near.to;
}
