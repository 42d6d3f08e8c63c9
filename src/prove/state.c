/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each kind of thing is gone through: one that is as expected settles it, otherwise the nearest is
 * told: what is amiss with one of the right name, or one of another name. */
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

/* One of another name. */
static void consider(struct look *look, struct bytes text)
{
    struct nearness near = text_nearness(&look->expect->text, text);
    if (near.distance >= look->distance)
        return;
    look->distance = near.distance;
    look->finding->from = near.from;
    look->finding->to = near.to;
    buf_clear(&look->finding->near);
    buf_add(&look->finding->near, text);
}

/* One of the right name with something amiss: nothing is nearer. */
static void amiss(struct look *look, struct bytes near, struct bytes reason)
{
    struct state_finding *finding = look->finding;
    if (look->distance == 0)
        return;
    look->distance = 0;
    finding->from = finding->to = 0;
    buf_clear(&finding->near);
    buf_add(&finding->near, near);
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
    buf_add(reason, forever ? B("it has no end") : B("it lives until "));
    if (!forever)
        timeline_add_when(reason, end, look->view->start);
    if (told) {
        buf_add(reason, B(", not until "));
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

static bool holds_line(const struct look *look, const struct context *context, struct buf *reason)
{
    const struct test_text *wanted = &look->expect->holding;
    if (wanted->how == TEST_ANY)
        return true;
    struct nearness nearest = {.distance = SIZE_MAX};
    struct bytes near = B("");
    for (size_t i = 0; i < context->event_count; i++) {
        struct bytes text = context_event(context, i)->text;
        if (text_fits(wanted, text))
            return true;
        struct nearness nearness = text_nearness(wanted, text);
        if (nearness.distance < nearest.distance) {
            nearest = nearness;
            near = text;
        }
    }
    buf_add(reason,
            context->event_count == 0 ? B("it holds no lines") : B("it holds no such line"));
    if (near.len > 0)
        buf_cat(reason, B("; the nearest is: "), near);
    return false;
}

static bool context_right(const struct look *look, const struct context *context,
                          struct buf *reason)
{
    int64_t end = clock_later(context->time, context->window);
    return ends_right(look, end, context->window == 0, reason) &&
           count_right(look, context->event_count, B("line"), reason) &&
           holds_line(look, context, reason);
}

static void look_at_context(struct look *look, const struct context *context, struct bytes name)
{
    struct buf reason = {0};
    if (!text_fits(&look->expect->text, name))
        consider(look, name);
    else if (context_right(look, context, &reason))
        look->finding->holds = true;
    else
        amiss(look, name, buf_bytes(&reason));
    buf_free(&reason);
}

static void look_at_contexts(struct look *look)
{
    buf_add(&look->finding->reason, B("there is no such context"));
    const struct context *context = contexts_first(look->view->engine->state.contexts);
    for (; context; context = context->next)
        for (uint32_t i = 0; !context->internal && i < context->name_count; i++)
            look_at_context(look, context, context->names[i]);
}

/* -- Operations -- */

static void look_at_operations(struct look *look)
{
    buf_add(&look->finding->reason, B("there is no such operation"));
    const struct operation *o = operations_first(look->view->engine->state.operations);
    for (; o; o = o->next) {
        struct bytes desc = operation_desc(o);
        struct buf reason = {0};
        if (!text_fits(&look->expect->text, desc))
            consider(look, desc);
        else if (ends_right(look, clock_later(o->time, o->window), o->window == 0, &reason) &&
                 count_right(look, o->time_count, B("event"), &reason))
            look->finding->holds = true;
        else
            amiss(look, desc, buf_bytes(&reason));
        buf_free(&reason);
    }
}

/* -- Variables -- */

static struct bytes value_of(const struct variable *variable)
{
    return variable->kind == VARIABLE_ABSENT || variable->kind == VARIABLE_UNDEF
               ? B("")
               : buf_bytes(&variable->text);
}

static void look_at_variable(struct look *look)
{
    struct engine *engine = look->view->engine;
    struct bytes name = bytes_from(look->expect->name, 1);
    uint32_t id;
    const struct variable *variable = NULL;
    if (names_find(engine->rules.names, name, &id))
        variable = variables_get(engine->state.variables, id);
    if (!variable || variable->kind == VARIABLE_ABSENT)
        buf_cat(&look->finding->reason, B("there is no variable "), look->expect->name);
    else if (text_fits(&look->expect->text, value_of(variable)))
        look->finding->holds = true;
    else {
        buf_add(&look->finding->reason, B("it has another value"));
        consider(look, value_of(variable));
    }
}

/* -- Pending events -- */

static void look_at_event(struct look *look, const struct event *event)
{
    struct buf reason = {0};
    if (!text_fits(&look->expect->text, event->text)) {
        consider(look, event->text);
    } else if (look->ends == INT64_MIN || look->ends == event->due) {
        look->finding->holds = true;
    } else {
        buf_add(&reason, B("it comes at "));
        timeline_add_when(&reason, event->due, look->view->start);
        buf_add(&reason, B(", not at "));
        timeline_add_when(&reason, look->ends, look->view->start);
        amiss(look, event->text, buf_bytes(&reason));
    }
    buf_free(&reason);
}

static void look_at_pending(struct look *look)
{
    struct events *events = look->view->engine->state.events;
    buf_add(&look->finding->reason, B("no such event is pending"));
    for (size_t i = 0; i < events_pending_count(events); i++)
        look_at_event(look, events_pending_at(events, i));
}

/* -- Files -- */

/* The last line is as good as the file: what is expected is rarely all of it. */
static void look_at_lines(struct look *look, struct bytes text)
{
    while (text.len > 0) {
        ptrdiff_t end = bytes_chr(text, '\n', 0);
        size_t len = end < 0 ? text.len : (size_t)end;
        consider(look, bytes_slice(text, 0, len));
        text = bytes_from(text, end < 0 ? len : len + 1);
    }
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
        buf_add(&look->finding->reason, B("it has no such text"));
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
    if (expect->subject == TEST_CONTEXT)
        look_at_contexts(&look);
    else if (expect->subject == TEST_OPERATION)
        look_at_operations(&look);
    else if (expect->subject == TEST_VARIABLE)
        look_at_variable(&look);
    else if (expect->subject == TEST_PENDING)
        look_at_pending(&look);
    else
        look_at_file(&look);
}
