/* SPDX-License-Identifier: GPL-2.0-or-later */
/* @main::events (text, internal context, text, ...) and @main::pending_events ([time, text,
 * context], ...): synthetic events that wait.
 *
 * Thousands may wait while each of them has user code run, so both ways only what changed is
 * touched.  The engine takes events off the front of its queue and adds at the end; this is done
 * to the array, too.  That user code has changed something is noted by magic on the arrays and on
 * what is in them, which is invisible to it; then all is compared.
 */
#include "base/mem.h"
#include "surface/area.h"

/* An array and what it shows. */
struct mirror {
    AV *av;        /* counted; NULL: nothing is known of what the array holds */
    bool touched;  /* since it was shown */
    size_t count;  /* of events */
    uint64_t gone; /* how many had left the engine's list when it was shown */
};

/* For the whole process, as the arrays are: magic of scalars that user code keeps points here. */
static struct event_mirrors {
    struct mirror queue, pending;
} mirrors;

static AV *queue_array(pTHX)
{
    return get_av("main::events", GV_ADD);
}

static AV *pending_array(pTHX)
{
    return get_av("main::pending_events", GV_ADD);
}

/* Threads of user code have copies of the arrays, which are nobody's mirrors. */
static int touch(pTHX_ SV *sv, MAGIC *mg)
{
    PERL_UNUSED_ARG(sv);
    if (aTHX == perl_interpreter)
        *(bool *)mg->mg_ptr = true;
    return 0;
}

static const MGVTBL scalar_magic = {.svt_set = touch};
static const MGVTBL array_magic = {.svt_set = touch, .svt_clear = touch};

static void watch_scalar(pTHX_ struct mirror *mirror, SV *sv)
{
    const MGVTBL *magic = SvTYPE(sv) == SVt_PVAV ? &array_magic : &scalar_magic;
    MAGIC *mg = SvMAGICAL(sv) ? mg_findext(sv, PERL_MAGIC_ext, magic) : NULL;
    if (!mg)
        mg = sv_magicext(sv, NULL, PERL_MAGIC_ext, magic, NULL, 0);
    mg->mg_ptr = (char *)&mirror->touched;
}

/* Is the array as it was shown? */
static bool intact(pTHX_ const struct mirror *mirror, AV *av, size_t length)
{
    return mirror->av == av && !mirror->touched && array_count(aTHX_ av) == length &&
           !(SvRMAGICAL(av) && mg_find((SV *)av, PERL_MAGIC_tied));
}

static void remember(pTHX_ struct mirror *mirror, AV *av, size_t count, uint64_t gone)
{
    SvREFCNT_inc_simple_void_NN((SV *)av);
    SvREFCNT_dec((SV *)mirror->av);
    watch_scalar(aTHX_ mirror, (SV *)av);
    *mirror = (struct mirror){av, false, count, gone};
}

/* Takes what has left the queue off the array too; returns how many events it still shows. */
static size_t drop_taken(pTHX_ const struct mirror *mirror, AV *av, uint64_t gone)
{
    size_t left =
        gone - mirror->gone < mirror->count ? (size_t)(gone - mirror->gone) : mirror->count;
    for (size_t i = 0; i < 2 * left; i++)
        SvREFCNT_dec(av_shift(av));
    return mirror->count - left;
}

static void show_text_at(pTHX_ struct mirror *mirror, AV *av, size_t index, struct bytes text)
{
    SV *sv = element(aTHX_ av, index);
    show_text(aTHX_ sv, text);
    watch_scalar(aTHX_ mirror, sv);
}

static void show_queue(pTHX_ const struct events *events)
{
    struct mirror *mirror = &mirrors.queue;
    AV *av = queue_array(aTHX);
    uint64_t gone = events_taken(events);
    size_t count = events_count(events), shown = 0;
    if (intact(aTHX_ mirror, av, 2 * mirror->count))
        shown = drop_taken(aTHX_ mirror, av, gone);
    array_resize(aTHX_ av, 2 * count);
    for (size_t i = shown; i < count; i++) {
        const struct event *event = events_at(events, i);
        show_text_at(aTHX_ mirror, av, 2 * i, event->text);
        show_text_at(aTHX_ mirror, av, 2 * i + 1, event->context);
    }
    remember(aTHX_ mirror, av, count, gone);
}

static void show_entry(pTHX_ struct mirror *mirror, SV *sv, const struct event *event)
{
    AV *entry = array_in(aTHX_ sv);
    SV *due = element(aTHX_ entry, 0);
    show_int(aTHX_ due, event->due);
    watch_scalar(aTHX_ mirror, due);
    show_text_at(aTHX_ mirror, entry, 1, event->text);
    show_text_at(aTHX_ mirror, entry, 2, event->context);
    watch_scalar(aTHX_ mirror, (SV *)entry);
    watch_scalar(aTHX_ mirror, sv);
}

/* Pending events go from anywhere, but only once a second: then all are shown again. */
static void show_pending(pTHX_ struct events *events)
{
    struct mirror *mirror = &mirrors.pending;
    AV *av = pending_array(aTHX);
    uint64_t gone = events_pending_removed(events);
    size_t count = events_pending_count(events), shown = 0;
    if (mirror->gone == gone && intact(aTHX_ mirror, av, mirror->count))
        shown = mirror->count;
    array_resize(aTHX_ av, count);
    for (size_t i = shown; i < count; i++)
        show_entry(aTHX_ mirror, element(aTHX_ av, i), events_pending_at(events, i));
    remember(aTHX_ mirror, av, count, gone);
}

static void show(pTHX_ struct surface *surface)
{
    show_queue(aTHX_ surface->engine->state.events);
    show_pending(aTHX_ surface->engine->state.events);
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

/* Events that were added at the end are added; after any other change all is taken again. */
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
    struct events *events = surface->engine->state.events;
    struct mirror *queue = &mirrors.queue, *pending = &mirrors.pending;
    AV *queue_av = queue_array(aTHX), *pending_av = pending_array(aTHX);
    if (!intact(aTHX_ queue, queue_av, 2 * queue->count)) {
        take_queue(aTHX_ events, queue_av);
        queue->touched = true; /* to be shown again: what was added may be no plain texts */
    }
    if (!intact(aTHX_ pending, pending_av, pending->count)) {
        take_pending(aTHX_ events, pending_av);
        pending->touched = true;
    }
}

static const char *const names[] = {"@events", "@pending_events", NULL};

/* What stood there before we looked was pushed by user code: taken as pushes. */
static void wake(pTHX_ struct surface *surface)
{
    struct events *events = surface->engine->state.events;
    AV *queue = queue_array(aTHX), *pending = pending_array(aTHX);
    for (size_t i = 0; i < queue_count(aTHX_ queue); i++)
        push_entry(aTHX_ events, queue, i);
    for (size_t i = 0; i < array_count(aTHX_ pending); i++)
        schedule_entry(aTHX_ events, pending, i);
}

static void forget(pTHX_ struct mirror *mirror)
{
    PERL_UNUSED_CONTEXT;
    SvREFCNT_dec((SV *)mirror->av);
    *mirror = (struct mirror){0};
}

static void stop(pTHX_ struct surface *surface)
{
    struct mirror *queue = &mirrors.queue, *pending = &mirrors.pending;
    (void)surface;
    forget(aTHX_ queue);
    forget(aTHX_ pending);
}

const struct area area_events = {names, wake, show, take, stop};
