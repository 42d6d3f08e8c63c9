/* @main::events (text, internal context, text, ...) and @main::pending_events ([time, text,
 * context], ...): synthetic events that wait. */
#include "surface/area.h"

static AV *queue_array(pTHX)
{
    return get_av("main::events", GV_ADD);
}

static AV *pending_array(pTHX)
{
    return get_av("main::pending_events", GV_ADD);
}

static void show_queue(pTHX_ struct events *events, AV *av)
{
    size_t count = events_count(events);
    array_resize(aTHX_ av, 2 * count);
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events_at(events, i);
        show_text(aTHX_ element(aTHX_ av, 2 * i), event->text);
        show_text(aTHX_ element(aTHX_ av, 2 * i + 1), event->context);
    }
}

static void show_pending(pTHX_ struct events *events, AV *av)
{
    size_t count = events_pending_count(events);
    array_resize(aTHX_ av, count);
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events_pending_at(events, i);
        AV *entry = array_in(aTHX_ element(aTHX_ av, i));
        show_int(aTHX_ element(aTHX_ entry, 0), event->due);
        show_text(aTHX_ element(aTHX_ entry, 1), event->text);
        show_text(aTHX_ element(aTHX_ entry, 2), event->context);
    }
}

static void show(pTHX_ struct surface *surface)
{
    show_queue(aTHX_ surface->engine->events, queue_array(aTHX));
    show_pending(aTHX_ surface->engine->events, pending_array(aTHX));
}

static bool same(pTHX_ AV *av, size_t index, struct bytes text)
{
    SV *sv = element_if(aTHX_ av, index);
    return sv && (same_text(aTHX_ sv, text) || bytes_eq(taken_text(aTHX_ sv), text));
}

static void push_entry(pTHX_ struct events *events, AV *av, size_t i)
{
    events_push(events, taken_text(aTHX_ element_if(aTHX_ av, 2 * i)),
                taken_text(aTHX_ element_if(aTHX_ av, 2 * i + 1)));
}

static void schedule_entry(pTHX_ struct events *events, AV *av, size_t i)
{
    AV *entry = array_if(aTHX_ element_if(aTHX_ av, i));
    if (entry)
        events_schedule(events, taken_int(aTHX_ element_if(aTHX_ entry, 0)),
                        taken_text(aTHX_ element_if(aTHX_ entry, 1)),
                        taken_text(aTHX_ element_if(aTHX_ entry, 2)));
}

/* How many events the queue's array holds. */
static size_t queue_count(pTHX_ AV *av)
{
    return (array_count(aTHX_ av) + 1) / 2;
}

/* Events that were added behind are added; after any other change all is taken anew. */
static void take_queue(pTHX_ struct events *events, AV *av)
{
    size_t count = queue_count(aTHX_ av), known = events_count(events), i = 0;
    while (i < known && i < count && same(aTHX_ av, 2 * i, events_at(events, i)->text) &&
           same(aTHX_ av, 2 * i + 1, events_at(events, i)->context))
        i++;
    if (i < known) {
        events_clear(events);
        i = 0;
    }
    for (; i < count; i++)
        push_entry(aTHX_ events, av, i);
}

static bool same_pending(pTHX_ struct events *events, size_t index, AV *entry)
{
    const struct event *event = events_pending_at(events, index);
    return entry && taken_int(aTHX_ element_if(aTHX_ entry, 0)) == event->due &&
           same(aTHX_ entry, 1, event->text) && same(aTHX_ entry, 2, event->context);
}

static void take_pending(pTHX_ struct events *events, AV *av)
{
    size_t count = array_count(aTHX_ av), known = events_pending_count(events), i = 0;
    while (i < known && i < count &&
           same_pending(aTHX_ events, i, array_if(aTHX_ element_if(aTHX_ av, i))))
        i++;
    if (i < known) {
        events_clear_pending(events);
        i = 0;
    }
    for (; i < count; i++)
        schedule_entry(aTHX_ events, av, i);
}

static void take(pTHX_ struct surface *surface)
{
    take_queue(aTHX_ surface->engine->events, queue_array(aTHX));
    take_pending(aTHX_ surface->engine->events, pending_array(aTHX));
}

static const char *const names[] = {"@events", "@pending_events", NULL};

/* What stood there before we looked was pushed by user code: taken as pushes. */
static void wake(pTHX_ struct surface *surface)
{
    struct events *events = surface->engine->events;
    AV *queue = queue_array(aTHX), *pending = pending_array(aTHX);
    for (size_t i = 0; i < queue_count(aTHX_ queue); i++)
        push_entry(aTHX_ events, queue, i);
    for (size_t i = 0; i < array_count(aTHX_ pending); i++)
        schedule_entry(aTHX_ events, pending, i);
}

const struct area area_events = {names, wake, show, take};
