/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The differences on the page: both sides of each next to each other, and what of two texts is not
 * the same. */
#include <stdlib.h>

#include "base/mem.h"
#include "migrate/page.h"
#include "migrate/tell_html.h"
#include "replay/show.h"

enum { MOST_TEXTS = 50, UNFOLDED = 10 }; /* of a side; differences that are shown at once */

/* -- Texts of a side -- */

struct texts {
    struct bytes *items; /* owned, each of them too */
    size_t count, room;
    size_t all; /* with those that are too many */
};

static void keep(struct texts *texts, struct bytes text)
{
    if (texts->all++ >= MOST_TEXTS)
        return;
    MEM_GROW(texts->items, texts->count, texts->room, 8);
    texts->items[texts->count++] = bytes_dup(text);
}

static void collect(struct texts *texts, const struct difference *difference, int side)
{
    struct bytes rest = difference->only[side], line;
    struct words words = {0};
    struct buf text = {0};
    while (difference->class == HEARD_STATE && bytes_piece(&rest, '\n', &line))
        keep(texts, line);
    while (difference->class != HEARD_STATE && words_take(&words, &rest) == WORDS_TAKEN) {
        buf_clear(&text);
        tell_words(&text, difference->class, &words);
        keep(texts, buf_bytes(&text));
    }
    words_free(&words);
    buf_free(&text);
}

static void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        bytes_free(texts->items[i]);
    free(texts->items);
}

/* -- Side by side -- */

/* Of a state: what it is the value of. */
static struct bytes key_of(struct bytes text, bool state)
{
    ptrdiff_t end = state ? bytes_find(text, B(" = "), 0) : -1;
    return end < 0 ? text : bytes_slice(text, 0, (size_t)end);
}

static bool is_among(const struct texts *texts, size_t from, struct bytes text, bool state)
{
    for (size_t i = from; i < texts->count; i++)
        if (bytes_eq(key_of(texts->items[i], state), key_of(text, state)))
            return true;
    return false;
}

/* Both have a text that is next: does it take one of each, or is it that of one side alone? */
enum turn { TURN_BOTH, TURN_THEIRS, TURN_OURS };

static enum turn turn_of(const struct texts *sides, const size_t *at, bool state)
{
    struct bytes theirs = sides[THEIRS].items[at[THEIRS]], ours = sides[OURS].items[at[OURS]];
    if (bytes_eq(key_of(theirs, state), key_of(ours, state)))
        return TURN_BOTH;
    if (is_among(&sides[OURS], at[OURS] + 1, theirs, state))
        return TURN_OURS;
    if (is_among(&sides[THEIRS], at[THEIRS] + 1, ours, state))
        return TURN_THEIRS;
    return state ? TURN_THEIRS : TURN_BOTH;
}

/* Of the two, the part in the middle that is not the same; a text without another is all new. */
static void add_cell(struct buf *out, const char *name, const struct bytes *text,
                     const struct bytes *other)
{
    size_t from = 0, same = 0;
    buf_cat(out, B("<td data-side=\""), bytes_of(name), B("\">"));
    if (text && other) {
        while (from < text->len && from < other->len && text->ptr[from] == other->ptr[from])
            from++;
        while (same + from < text->len && same + from < other->len &&
               text->ptr[text->len - 1 - same] == other->ptr[other->len - 1 - same])
            same++;
    }
    if (text)
        page_marked(out, *text, from, text->len - same);
    buf_add(out, text ? B("</td>") : B("<span class=\"soft\">nothing</span></td>"));
}

static void add_row(struct buf *out, const struct bytes *theirs, const struct bytes *ours)
{
    buf_add(out, B("<tr>"));
    add_cell(out, "SEC", theirs, ours);
    add_cell(out, "Secant", ours, theirs);
    buf_add(out, B("</tr>\n"));
}

static void add_more(struct buf *out, const char *name, const struct texts *side)
{
    buf_cat(out, B("<td data-side=\""), bytes_of(name), B("\"><span class=\"soft\">"));
    if (side->all > side->count)
        buf_cat(out, B("and "), NUM(side->all - side->count), B(" more"));
    buf_add(out, B("</span></td>"));
}

static void add_rows(struct buf *out, const struct texts *sides, bool state)
{
    const struct texts *theirs = &sides[THEIRS], *ours = &sides[OURS];
    size_t at[] = {0, 0};
    while (at[THEIRS] < theirs->count || at[OURS] < ours->count) {
        enum turn turn = at[THEIRS] == theirs->count ? TURN_OURS
                         : at[OURS] == ours->count   ? TURN_THEIRS
                                                     : turn_of(sides, at, state);
        add_row(out, turn == TURN_OURS ? NULL : &theirs->items[at[THEIRS]++],
                turn == TURN_THEIRS ? NULL : &ours->items[at[OURS]++]);
    }
    if (theirs->all == theirs->count && ours->all == ours->count)
        return;
    buf_add(out, B("<tr>"));
    add_more(out, "SEC", theirs);
    add_more(out, "Secant", ours);
    buf_add(out, B("</tr>\n"));
}

static void add_sides(struct buf *out, const struct difference *difference)
{
    struct texts sides[2] = {{0}};
    for (int i = 0; i < 2; i++)
        collect(&sides[i], difference, i);
    buf_add(out, B("<table class=\"sides\">\n<thead><tr><th>SEC</th><th>Secant</th></tr></thead>\n"
                   "<tbody>\n"));
    add_rows(out, sides, difference->class == HEARD_STATE);
    buf_add(out, B("</tbody>\n</table>\n"));
    for (int i = 0; i < 2; i++)
        texts_free(&sides[i]);
}

/* -- A difference -- */

static void add_place(struct buf *out, const struct course *course, size_t at)
{
    const struct difference *difference = &course->comparison.items[at];
    bool own = course->found[at].second == difference->place.second;
    char date[48];
    struct buf text = {0};
    if (difference->place.line == 0)
        buf_add(&text, B("At the start"));
    else
        buf_add(&text, own ? B("Line ") : B("After line "));
    if (difference->place.line > 0)
        buf_grouped(&text, lines_number(&course->lines, difference->place.line));
    page_element(out, B("b"), buf_bytes(&text));
    buf_clear(&text);
    buf_cat(&text, tell_class(difference->class),
            difference->order ? B(", in another order, ") : B(", "),
            show_date(date, difference->place.second, false));
    if (difference->file.len > 0)
        buf_cat(&text, B(", rule "), difference->file, B(":"), NUM(difference->rule_line));
    page_text(out, buf_bytes(&text));
    buf_free(&text);
}

/* The line itself, but for one that has just been shown. */
static void add_line(struct buf *out, const struct course *course, size_t at, size_t before)
{
    const struct difference *items = course->comparison.items;
    const struct found_line *line = &course->found[at];
    bool shown = before < at && compare_places(&items[before].place, &items[at].place) == 0;
    if (line->text.ptr && line->second == items[at].place.second && !shown)
        page_element(out, B("pre class=\"line\""), line->text);
}

/* before: the one that was shown before it; the same: none. */
static void add_difference(struct buf *out, const struct course *course, size_t at, size_t before,
                           bool open)
{
    buf_add(out, open ? B("<details open=\"open\"><summary>") : B("<details><summary>"));
    add_place(out, course, at);
    buf_add(out, B("</summary>\n"));
    add_line(out, course, at, before);
    add_sides(out, &course->comparison.items[at]);
    buf_add(out, B("</details>\n"));
}

static void add_kept(struct buf *out, const struct course *course, bool chance)
{
    const struct comparison *comparison = &course->comparison;
    size_t shown = 0, before = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        if (comparison->items[i].chance != chance)
            continue;
        add_difference(out, course, i, shown > 0 ? before : i, shown < UNFOLDED);
        before = i;
        shown++;
    }
    if (chance || comparison->found == comparison->count)
        return;
    buf_add(out, B("<p class=\"soft\">And "));
    tell_count(out, comparison->found - comparison->count, B("more difference"));
    buf_add(out, B(".</p>\n"));
}

void html_differences(const struct course *course, bool chance, struct buf *out)
{
    uint64_t real = tell_real(course), of_chance = course->comparison.found - real;
    if ((chance ? of_chance : real) == 0)
        return;
    if (chance)
        buf_add(out, B("<section id=\"chance\">\n<h2>Where SEC itself is not determined</h2>\n"
                       "<p>SEC goes by the order of a Perl hash here, which is another one in each "
                       "run: it does not do the same twice. These do not count as "
                       "differences.</p>\n"));
    else
        buf_add(out, B("<section id=\"differences\">\n<h2>Differences</h2>\n"));
    add_kept(out, course, chance);
    buf_add(out, B("</section>\n"));
}
