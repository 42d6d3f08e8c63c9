/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One context and the hash that user Perl sees for it, with SEC's keys. */
#include "surface/area.h"

static bool aliases_agree(pTHX_ const struct context *context, HV *aliases)
{
    uint32_t count;
    const struct bytes *names = contexts_aliases(context, &count);
    if (!aliases || HvTOTALKEYS(aliases) != count)
        return !aliases && count == 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!member_if(aTHX_ aliases, names[i]))
            return false;
    }
    return true;
}

static void show_aliases(pTHX_ const struct context *context, HV *hash)
{
    if (aliases_agree(aTHX_ context, hash_if(aTHX_ member_if(aTHX_ hash, B("Aliases")))))
        return;
    uint32_t count;
    const struct bytes *names = contexts_aliases(context, &count);
    HV *aliases = hash_in(aTHX_ member(aTHX_ hash, B("Aliases")));
    hv_clear(aliases);
    for (uint32_t i = 0; i < count; i++)
        show_int(aTHX_ member(aTHX_ aliases, names[i]), 1);
}

/* A text that has been compared is a number as well. */
static void show_window(pTHX_ struct engine *engine, const struct context *context, SV *sv)
{
    if (!context->window_given) {
        show_int(aTHX_ sv, context->window);
        return;
    }
    show_text(aTHX_ sv, NUM(context->window));
    if (!contexts_window_is_text(engine, context))
        (void)SvIV_nomg(sv);
}

void context_note_compared(pTHX_ struct engine *engine, const struct context *context, HV *hash)
{
    SV *sv = member_if(aTHX_ hash, B("Window"));
    if (context->window_given && sv && same_text(aTHX_ sv, NUM(context->window)) &&
        !contexts_window_is_text(engine, context))
        (void)SvIV_nomg(sv);
}

void context_show_fields(pTHX_ struct engine *engine, const struct context *context, HV *hash)
{
    show_int(aTHX_ member(aTHX_ hash, B("InitTime")), context->init_time);
    show_int(aTHX_ member(aTHX_ hash, B("Time")), context->time);
    show_window(aTHX_ engine, context, member(aTHX_ hash, B("Window")));
    show_text(aTHX_ member(aTHX_ hash, B("Desc")), context->desc);
    if (context->internal)
        show_int(aTHX_ member(aTHX_ hash, B("Internal")), 1);
    if (context->ending)
        show_int(aTHX_ member(aTHX_ hash, B("DeleteInProgress")), 1);
    show_aliases(aTHX_ context, hash);
}

static AV *actions_of(pTHX_ struct engine *engine, const struct context *context)
{
    AV *actions = newAV();
    if (context->action) {
        const struct scope scope = {
            .text = context->desc, .keys = context->action->keys, .bound = context->bound};
        actions_show(aTHX_ engine, context->action, &scope, actions);
    }
    return actions;
}

/* A new list is a new array, as in SEC: who holds the old one keeps it. */
void context_show_action(pTHX_ struct engine *engine, const struct context *context, HV *hash)
{
    sv_setrv_noinc(member(aTHX_ hash, B("Action")), (SV *)actions_of(aTHX_ engine, context));
}

void context_show_store(pTHX_ const struct context *context, HV *hash)
{
    AV *buffer = array_in(aTHX_ member(aTHX_ hash, B("Buffer")));
    AV *times = array_in(aTHX_ member(aTHX_ hash, B("Times")));
    array_resize(aTHX_ buffer, context->event_count);
    array_resize(aTHX_ times, context->event_count);
    for (uint32_t i = 0; i < context->event_count; i++) {
        const struct stored_event *event = context_event(context, i);
        show_text(aTHX_ element(aTHX_ buffer, i), event->text);
        show_int(aTHX_ element(aTHX_ times, i), event->time);
    }
}

/* Names that user code wrote into {Aliases} or took out of it; the list of contexts is another. */
static void take_aliases(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    HV *aliases = hash_if(aTHX_ member_if(aTHX_ hash, B("Aliases")));
    if (context->internal || aliases_agree(aTHX_ context, aliases))
        return;
    uint32_t count = 0;
    struct bytes *names =
        arena_alloc(&engine->line.arena, (aliases ? HvTOTALKEYS(aliases) : 0) * sizeof(*names));
    if (aliases)
        hv_iterinit(aliases);
    for (HE *he; aliases && (he = hv_iternext(aliases));)
        names[count++] = arena_bytes(&engine->line.arena, taken_text(aTHX_ hv_iterkeysv(he)));
    contexts_set_aliases(context, names, count);
}

static void take_window(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    SV *sv = member_if(aTHX_ hash, B("Window"));
    int64_t window = taken_int(aTHX_ sv);
    if (window != context->window)
        contexts_set_window(engine, context, window);
    else if (sv && SvPOK(sv) == context->window_given)
        return;
    context->window_given = sv && SvPOK(sv);
    context->window_compared = sv && SvIOK(sv);
}

static void take_fields(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    int64_t time = taken_int(aTHX_ member_if(aTHX_ hash, B("Time")));
    context->init_time = taken_int(aTHX_ member_if(aTHX_ hash, B("InitTime")));
    if (hv_exists(hash, "Internal", 8))
        context->internal = true;
    if (hv_exists(hash, "DeleteInProgress", 16))
        context->ending = true;
    if (time != context->time)
        contexts_set_time(engine, context, time);
    take_window(aTHX_ engine, context, hash);
    take_aliases(aTHX_ engine, context, hash);
}

static bool same_actions(pTHX_ struct engine *engine, const struct context *context, AV *taken)
{
    size_t count = taken ? array_count(aTHX_ taken) : 0;
    if (!context->action || count == 0)
        return !context->action && count == 0;
    AV *shown = actions_of(aTHX_ engine, context);
    bool same = actions_same(aTHX_ shown, taken);
    SvREFCNT_dec_NN((SV *)shown);
    return same;
}

/* Actions and their %s. */
static void take_action(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    AV *taken = array_if(aTHX_ member_if(aTHX_ hash, B("Action")));
    struct bytes desc = taken_text(aTHX_ member_if(aTHX_ hash, B("Desc")));
    if (!same_actions(aTHX_ engine, context, taken)) {
        const struct action_list *list = taken ? actions_take(aTHX_ engine, taken) : NULL;
        contexts_set_action(engine, context, list, NULL, desc);
        if (list)
            rule_file_release(list->file); /* the context holds it now */
    } else if (!bytes_eq(desc, context->desc)) {
        binding_retain(context->bound);
        contexts_set_action(engine, context, context->action, context->bound, desc);
    }
}

/* Is the event at this place what the arrays say? */
static bool same_event(pTHX_ const struct context *context, uint32_t index, AV *buffer, AV *times)
{
    const struct stored_event *event = context_event(context, index);
    SV *text = element_if(aTHX_ buffer, index);
    if (!text ||
        !(same_text(aTHX_ text, event->text) || bytes_eq(taken_text(aTHX_ text), event->text)))
        return false;
    return taken_int(aTHX_ times ? element_if(aTHX_ times, index) : NULL) == event->time;
}

/* Events that were added at the end are added; after any other change the store is filled again. */
static void take_store(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    AV *buffer = array_if(aTHX_ member_if(aTHX_ hash, B("Buffer")));
    AV *times = array_if(aTHX_ member_if(aTHX_ hash, B("Times")));
    size_t count = buffer ? array_count(aTHX_ buffer) : 0;
    uint32_t same = 0;
    while (same < context->event_count && same < count &&
           same_event(aTHX_ context, same, buffer, times))
        same++;
    if (same < context->event_count) {
        context_empty(engine, context);
        same = 0;
    }
    for (size_t i = same; i < count; i++)
        context_push(engine, context, taken_text(aTHX_ element_if(aTHX_ buffer, i)),
                     taken_int(aTHX_ times ? element_if(aTHX_ times, i) : NULL));
}

void context_take(pTHX_ struct engine *engine, struct context *context, HV *hash)
{
    take_fields(aTHX_ engine, context, hash);
    take_action(aTHX_ engine, context, hash);
    take_store(aTHX_ engine, context, hash);
}
