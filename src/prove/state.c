/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at all things of a kind.  If none is as expected, the nearest one is reported: what is
 * wrong with one of the right name, or one of another name. */
#include "prove/state.h"

#include "base/mem.h"
#include "prove/timeline.h"

struct look {
    const struct state_view *view;
    const struct test_expectation *expect;
    int64_t ends;
    struct state_finding *finding;
    size_t distance; /* of the nearest so far */
};

void state_finding_free(struct state_finding *finding)
{
    buf_free(&finding->reason);
    buf_free(&finding->near);
}

static void show(struct state_finding *finding, struct bytes near)
{
    finding->from = finding->to = 0;
    buf_clear(&finding->near);
    buf_add(&finding->near, near);
}

/* One of another name, or text.  A name counts if it is near enough to be meant. */
static void consider(struct look *look, struct bytes text)
{
    enum test_subject subject = look->expect->subject;
    struct nearness near = text_nearness(&look->expect->text, text);
    bool named = subject != TEST_VARIABLE && subject != TEST_FILE;
    if (near.distance >= look->distance || (named && !nearness_is_slip(&look->expect->text, near)))
        return;
    look->distance = near.distance;
    nearness_in_words(text, &near);
    show(look->finding, text);
    look->finding->from = near.from;
    look->finding->to = near.to;
}

/* This is it; `not` tells its name. */
static void holds(struct look *look, struct bytes name)
{
    if (!look->finding->holds)
        show(look->finding, name);
    look->finding->holds = true;
    look->distance = 0;
}

/* One of the right name with something amiss: nothing is nearer. */
static void amiss(struct look *look, struct bytes near, struct bytes reason)
{
    struct state_finding *finding = look->finding;
    if (look->distance == 0)
        return;
    look->distance = 0;
    show(finding, near);
    buf_clear(&finding->reason);
    buf_add(&finding->reason, reason);
}

static void add_count(struct buf *out, int64_t count, struct bytes noun)
{
    buf_cat(out, NUM(count), B(" "), noun, count == 1 ? B("") : B("s"));
}

/* Is the end as expected?  Otherwise the reason says what it is. */
static bool ends_right(const struct look *look, int64_t end, bool forever, struct buf *reason)
{
    const struct test_expectation *expect = look->expect;
    bool told = look->ends != INT64_MIN;
    if (expect->forever ? forever : !told || (!forever && end == look->ends))
        return true;
    buf_add(reason, forever ? B("it never ends") : B("it lives until "));
    if (!forever)
        timeline_add_when(reason, end, look->view->start);
    if (told) {
        buf_add(reason, forever ? B("; expected until ") : B(", not until "));
        timeline_add_when(reason, look->ends, look->view->start);
    }
    return false;
}

static bool count_right(const struct look *look, int64_t count, struct bytes noun,
                        struct buf *reason)
{
    if (look->expect->lines < 0 || look->expect->lines == count)
        return true;
    buf_add(reason, B("it has "));
    add_count(reason, count, noun);
    buf_add(reason, B(", not "));
    buf_num(reason, look->expect->lines);
    return false;
}

/* -- Contexts -- */

static bool holds_line(const struct look *look, const struct state_item *item, struct buf *reason)
{
    const struct test_text *wanted = &look->expect->holding;
    if (wanted->how == TEST_ANY)
        return true;
    struct nearness nearest = {.distance = SIZE_MAX};
    struct bytes near = B("");
    for (size_t i = 0; i < item->count; i++) {
        struct bytes text = item->line(item->from, i);
        if (text_fits(wanted, text))
            return true;
        struct nearness nearness = text_nearness(wanted, text);
        if (nearness.distance < nearest.distance) {
            nearest = nearness;
            near = text;
        }
    }
    buf_add(reason, item->count == 0 ? B("it holds no lines") : B("it holds no such line"));
    if (near.len > 0)
        buf_cat(reason, B("; the nearest is: "), near);
    return false;
}

static bool comes_right(const struct look *look, const struct state_item *item, struct buf *reason)
{
    if (look->ends == INT64_MIN || look->ends == item->end)
        return true;
    buf_add(reason, B("it is due at "));
    timeline_add_when(reason, item->end, look->view->start);
    buf_add(reason, B(", not at "));
    timeline_add_when(reason, look->ends, look->view->start);
    return false;
}

static bool item_right(const struct look *look, const struct state_item *item, struct buf *reason)
{
    enum test_subject subject = look->expect->subject;
    if (subject == TEST_PENDING)
        return comes_right(look, item, reason);
    struct bytes noun = subject == TEST_CONTEXT ? B("line") : B("event");
    return subject == TEST_VARIABLE || (ends_right(look, item->end, item->forever, reason) &&
                                        count_right(look, (int64_t)item->count, noun, reason) &&
                                        holds_line(look, item, reason));
}

static void look_at_item(void *arg, const struct state_item *item)
{
    struct look *look = arg;
    struct buf reason = {0};
    bool variable = look->expect->subject == TEST_VARIABLE;
    if (variable) {
        buf_clear(&look->finding->reason);
        buf_add(&look->finding->reason, B("it has another value"));
    }
    if (!text_fits(&look->expect->text, item->name))
        consider(look, item->name);
    else if (item_right(look, item, &reason))
        holds(look, item->name);
    else
        amiss(look, item->name, buf_bytes(&reason));
    buf_free(&reason);
}

static void look_at_items(struct look *look)
{
    struct player *player = look->view->player;
    enum test_subject subject = look->expect->subject;
    struct bytes name = look->expect->name; /* of a variable, with % */
    struct buf *reason = &look->finding->reason;
    if (subject == TEST_VARIABLE)
        buf_cat(reason, B("there is no variable "), name);
    else if (subject == TEST_PENDING)
        buf_add(reason, B("no such event is pending"));
    else
        buf_cat(reason, B("there is no such "), subject_word(subject));
    name = name.len > 0 ? bytes_from(name, 1) : name;
    player->form->state(player, subject, name, look_at_item, look);
}

/* -- Files -- */

/* The last line is as good as the file: what is expected is rarely all of it. */
static void look_at_lines(struct look *look, struct bytes text)
{
    for (struct bytes line; bytes_piece(&text, '\n', &line);)
        consider(look, line);
}

static void look_at_file(struct look *look)
{
    struct buf text = {0};
    struct bytes name = look->expect->name;
    if (!files_text(look->view->files, name, &text)) {
        buf_cat(&look->finding->reason, B("nothing was written to "), name);
        return;
    }
    struct bytes all = buf_bytes(&text), line = all;
    if (line.len > 0 && line.ptr[line.len - 1] == '\n')
        line.len--;
    if (text_fits(&look->expect->text, all) || text_fits(&look->expect->text, line))
        look->finding->holds = true;
    else {
        buf_add(&look->finding->reason, B("it does not have this text"));
        look_at_lines(look, all);
    }
    buf_free(&text);
}

void state_look(const struct state_view *view, const struct test_expectation *expect, int64_t ends,
                struct state_finding *finding)
{
    struct look look = {view, expect, ends, finding, SIZE_MAX};
    finding->holds = false;
    finding->from = finding->to = 0;
    buf_clear(&finding->reason);
    buf_clear(&finding->near);
    if (expect->subject == TEST_FILE)
        look_at_file(&look);
    else
        look_at_items(&look);
}
