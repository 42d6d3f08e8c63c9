/* SPDX-License-Identifier: GPL-2.0-or-later */
/* %main::corr_list: event correlation operations by "FILE | ID | DESCRIPTION".  Their times and
 * windows may be changed; deleting an entry ends its operation; creating an entry does not start
 * one. */
#include "surface/area.h"

static HV *operations_hash(pTHX)
{
    return get_hv("main::corr_list", GV_ADD);
}

static struct bytes dump_key(struct engine *engine, const struct operation *operation)
{
    return operation_key(&engine->line.arena, operation->rule->file->name, operation->rule->id,
                         operation_desc(operation));
}

/* The window is a text, as it stood in the rule, until clean-up compares it with the time or user
 * code assigns another. */
static void show_window(pTHX_ const struct engine *engine, const struct operation *o, SV *sv)
{
    if (!SvOK(sv) || taken_int(aTHX_ sv) != o->window)
        show_text(aTHX_ sv, NUM(o->window));
    if (engine_now(engine) - o->start >= engine->options->cleantime)
        (void)SvIV_nomg(sv);
}

static void show_times(pTHX_ const struct operation *o, HV *hash)
{
    AV *times = array_in(aTHX_ member(aTHX_ hash, B("Times")));
    array_resize(aTHX_ times, o->time_count);
    for (uint32_t i = 0; i < o->time_count; i++)
        show_int(aTHX_ element(aTHX_ times, i), operation_time_at(o, i));
}

/* EventGroup: [time, which pattern, token], and the times of each pattern. */
static void show_group_times(pTHX_ const struct operation *o, HV *hash)
{
    AV *all = array_in(aTHX_ member(aTHX_ hash, B("AllTimes")));
    AV *by_part = array_in(aTHX_ member(aTHX_ hash, B("TimesList")));
    av_clear(all);
    av_clear(by_part);
    for (size_t part = 0; part < o->rule->part_count; part++)
        (void)array_in(aTHX_ element(aTHX_ by_part, part));
    for (uint32_t i = 0; i < o->time_count; i++) {
        const struct group_event *event = operation_event_at(o, i);
        AV *entry = array_in(aTHX_ element(aTHX_ all, i));
        show_int(aTHX_ element(aTHX_ entry, 0), event->time);
        show_int(aTHX_ element(aTHX_ entry, 1), event->part);
        if (event->token.ptr)
            show_text(aTHX_ element(aTHX_ entry, 2), event->token);
        av_push(array_in(aTHX_ element(aTHX_ by_part, event->part)), newSViv((IV)event->time));
    }
}

static void show_list(pTHX_ struct engine *engine, const struct operation *o, HV *hash,
                      struct bytes key, const struct action_list *list)
{
    const struct scope scope = {
        .text = operation_desc(o), .keys = &o->rule->keys, .bound = o->bound};
    if (list)
        actions_show(aTHX_ engine, list, &scope, array_in(aTHX_ member(aTHX_ hash, key)));
}

/* What does not change while the operation lives. */
static void show_texts(pTHX_ struct engine *engine, const struct operation *o, HV *hash)
{
    const struct rule *rule = o->rule;
    const struct scope scope = {.text = operation_desc(o), .keys = &rule->keys, .bound = o->bound};
    show_int(aTHX_ member(aTHX_ hash, B("Type")), rule->type->constant.number);
    show_int(aTHX_ member(aTHX_ hash, B("ID")), rule->id);
    show_text(aTHX_ member(aTHX_ hash, B("File")), rule->file->name);
    show_text(aTHX_ member(aTHX_ hash, B("Desc")), operation_desc(o));
    if (rule->desc2)
        show_text(aTHX_ member(aTHX_ hash, B("Desc2")), expand_kept(engine, rule->desc2, &scope));
    show_list(aTHX_ engine, o, hash, B("Action"), rule->action);
    show_list(aTHX_ engine, o, hash, B("Action2"), rule->action2);
    show_list(aTHX_ engine, o, hash, B("InitAction"), rule->init);
    show_list(aTHX_ engine, o, hash, B("SlideAction"), rule->slide);
    show_list(aTHX_ engine, o, hash, B("EndAction"), rule->end);
}

/* Marks the hash of an operation: mg_len is the operation's number (the mark has no text that could
 * have a length), mg_private says in which round it was shown last. */
static const MGVTBL operation_magic = {0};

static U16 *round_of(const struct engine *engine)
{
    return &((struct surface *)engine->hooks.surface)->operations_round;
}

static MAGIC *mark_of(pTHX_ HV *hash)
{
    return hash ? mg_findext((SV *)hash, PERL_MAGIC_ext, &operation_magic) : NULL;
}

/* The operation's hash; an operation that has its key from one before it gets a new hash. */
static HV *hash_of(pTHX_ struct engine *engine, const struct operation *o, SV *entry)
{
    HV *hash = hash_if(aTHX_ entry);
    SSize_t number = (SSize_t)o->serial;
    MAGIC *mark = mark_of(aTHX_ hash);
    if (!mark || mark->mg_len != number) {
        hash = newHV();
        sv_setrv_noinc(entry, (SV *)hash);
        mark = sv_magicext((SV *)hash, NULL, PERL_MAGIC_ext, &operation_magic, NULL, 0);
        mark->mg_len = number;
        show_texts(aTHX_ engine, o, hash);
    }
    mark->mg_private = *round_of(engine);
    return hash;
}

static void show_operation(pTHX_ struct engine *engine, const struct operation *o, HV *list)
{
    const struct rule *rule = o->rule;
    HV *hash = hash_of(aTHX_ engine, o, member(aTHX_ list, dump_key(engine, o)));
    show_int(aTHX_ member(aTHX_ hash, B("StartTime")), o->start);
    show_int(aTHX_ member(aTHX_ hash, B("Time")), o->time);
    show_window(aTHX_ engine, o, member(aTHX_ hash, B("Window")));
    if (o->suppressing)
        show_int(aTHX_ member(aTHX_ hash, B("SuppressMode")), 1);
    if (o->second_pass)
        show_int(aTHX_ member(aTHX_ hash, B("2ndPass")), 1);
    if (rule->type->numbered)
        show_group_times(aTHX_ o, hash);
    else if (rule->type->keeps_times)
        show_times(aTHX_ o, hash);
}

/* Entries whose operation has ended go. */
static void drop_ended(pTHX_ struct engine *engine, HV *list)
{
    if (HvTOTALKEYS(list) <= operations_count(engine->state.operations))
        return;
    hv_iterinit(list);
    for (HE *he; (he = hv_iternext(list));) {
        const MAGIC *mark = mark_of(aTHX_ hash_if(aTHX_ HeVAL(he)));
        if (!mark || mark->mg_private != *round_of(engine))
            (void)hv_delete_ent(list, hv_iterkeysv(he), G_DISCARD, 0);
    }
}

static void show(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    struct arena_mark mark = arena_mark(&engine->line.arena);
    HV *list = operations_hash(aTHX);
    ++*round_of(engine);
    for (struct operation *o = operations_first(engine->state.operations); o; o = o->next)
        show_operation(aTHX_ engine, o, list);
    drop_ended(aTHX_ engine, list);
    arena_release(&engine->line.arena, mark);
}

static bool same_times(pTHX_ const struct operation *o, AV *times)
{
    if (array_count(aTHX_ times) != o->time_count)
        return false;
    for (uint32_t i = 0; i < o->time_count; i++) {
        if (taken_int(aTHX_ element_if(aTHX_ times, i)) != operation_time_at(o, i))
            return false;
    }
    return true;
}

static void take_times(pTHX_ struct operation *o, AV *times)
{
    if (!times || same_times(aTHX_ o, times))
        return;
    operation_clear_times(o);
    for (size_t i = 0; i < array_count(aTHX_ times); i++)
        operation_push_time(o, taken_int(aTHX_ element_if(aTHX_ times, i)));
}

static void take_operation(pTHX_ struct engine *engine, struct operation *o, HV *hash)
{
    int64_t time = taken_int(aTHX_ member_if(aTHX_ hash, B("Time")));
    int64_t window = taken_int(aTHX_ member_if(aTHX_ hash, B("Window")));
    o->start = taken_int(aTHX_ member_if(aTHX_ hash, B("StartTime")));
    if (time != o->time)
        operation_set_time(engine, o, time);
    if (window != o->window)
        operation_set_window(engine, o, window);
    if (o->rule->type->keeps_times)
        take_times(aTHX_ o, array_if(aTHX_ member_if(aTHX_ hash, B("Times"))));
}

static void take(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    struct arena_mark mark = arena_mark(&engine->line.arena);
    HV *list = operations_hash(aTHX);
    struct operation *next;
    for (struct operation *o = operations_first(engine->state.operations); o; o = next) {
        next = o->next;
        SV *entry = HvTOTALKEYS(list) > 0 ? member_if(aTHX_ list, dump_key(engine, o)) : NULL;
        HV *hash = hash_if(aTHX_ entry);
        if (hash)
            take_operation(aTHX_ engine, o, hash);
        else
            operations_end(engine, o);
    }
    arena_release(&engine->line.arena, mark);
}

/* Found late, the hash is empty because nobody showed anything yet: show before the first take. */
static void wake(pTHX_ struct surface *surface)
{
    show(aTHX_ surface);
}

static const char *const names[] = {"%corr_list", NULL};

const struct area area_operations = {names, wake, show, take, NULL};
