/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts and operations of an earlier run, and their timers: those that are due together fire in
 * the order in which they were armed then. */
#include "base/mem.h"
#include "correlate/resume.h"
#include "store/loading.h"
#include "state/event_lines.h"

/* -- Timers -- */

static void note_timer(struct loaded_timers *timers, uint64_t armed, int64_t due, void *of)
{
    MEM_GROW(timers->items, timers->count, timers->room, 1024);
    if (timers->count > 0 && timers->items[timers->count - 1].armed > armed)
        timers->unsorted = true;
    timers->items[timers->count++] = (struct loaded_timer){armed, due, of};
}

static int compare_timers(const void *a, const void *b)
{
    const struct loaded_timer *left = a, *right = b;
    return left->armed < right->armed ? -1 : left->armed > right->armed;
}

static void sort_timers(struct loaded_timers *timers)
{
    if (timers->unsorted)
        qsort(timers->items, timers->count, sizeof(*timers->items), compare_timers);
}

void load_timers(struct state_loading *l)
{
    struct loaded_timers *contexts = &l->contexts, *operations = &l->operations;
    sort_timers(contexts);
    sort_timers(operations);
    for (size_t i = 0; i < contexts->count; i++) {
        struct context *context = contexts->items[i].of;
        if (context->live)
            contexts_set_due(l->engine, context, contexts->items[i].due);
        contexts_release(context);
    }
    for (size_t i = 0; i < operations->count && operations->unsorted; i++) {
        struct operation *o = operations->items[i].of;
        operation_set_time(l->engine, o, o->time);
    }
    free(contexts->items);
    free(operations->items);
}

/* -- Contexts -- */

/* The rules have made it at the start, or it is in the state twice. */
static void make_way(struct state_loading *l, struct bytes name)
{
    struct context *context = contexts_find(l->engine->state.contexts, name);
    if (context)
        contexts_remove_name(l->engine, context, name);
}

static struct context *create(struct state_loading *l, const struct saved_context *saved)
{
    const struct bytes *names = saved->names.items;
    struct context *context = NULL;
    for (size_t i = 0; i < saved->names.count; i++) {
        if (context && contexts_find(l->engine->state.contexts, names[i]) == context)
            continue;
        make_way(l, names[i]);
        if (context)
            contexts_add_name(l->engine, context, names[i]);
        else
            context = contexts_create(l->engine, names[i], saved->lifetime);
    }
    return context;
}

static bool set_actions(struct state_loading *l, struct context *context,
                        const struct saved_context *saved)
{
    struct binding *bound = NULL;
    if (saved->list > l->list_count)
        return false;
    const struct loaded_list *list = saved->list ? &l->lists[saved->list - 1] : NULL;
    if (list && list->list && !load_binding(l, &saved->bound, &list->map, &bound))
        return false;
    contexts_set_action(l->engine, context, list ? list->list : NULL, bound, saved->desc);
    if (list && !list->list)
        l->load->lost.actions++;
    return true;
}

static void push_entries(struct state_loading *l, const struct saved_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        context_push(l->engine, l->context, entries->items[i].text, entries->items[i].time);
}

bool load_context(struct state_loading *l, struct unpack *from)
{
    struct saved_context saved;
    context_unpack(from, &l->arena, l->head.second, &l->context_armed, &saved);
    entries_unpack(from, &l->arena, l->head.second, &saved.store);
    if (from->failed || saved.names.count == 0)
        return false;
    struct context *context = l->context = create(l, &saved);
    context->init_time = saved.first;
    contexts_set_time(l->engine, context, saved.since);
    context->ending = saved.ending;
    context->window_given = saved.window_given;
    context->window_compared = saved.window_compared;
    if (saved.aliased)
        contexts_set_aliases(context, saved.aliases.items, (uint32_t)saved.aliases.count);
    contexts_retain(context);
    note_timer(&l->contexts, saved.armed, saved.due, context);
    push_entries(l, &saved.store);
    l->load->contexts++;
    return set_actions(l, context, &saved);
}

bool load_store(struct state_loading *l, struct unpack *from)
{
    struct saved_entries entries;
    entries_unpack(from, &l->arena, l->head.second, &entries);
    if (from->failed || !l->context)
        return false;
    push_entries(l, &entries);
    return true;
}

/* -- Operations -- */

/* The token that an event of this rule has; ptr NULL: none. */
static struct bytes token_of(const struct rule *rule, struct bytes token)
{
    if (!rule->type->numbered || !rule->has_group_pattern)
        return (struct bytes){0};
    return token.ptr ? token : B("");
}

static bool take_events(struct state_loading *l, const struct rule *rule,
                        const struct saved_times *times, struct earlier *earlier)
{
    struct group_event *events = arena_alloc(&l->arena, times->count * sizeof(*events));
    for (size_t i = 0; i < times->count; i++) {
        const struct saved_time *time = &times->items[i];
        if (time->part >= rule->part_count)
            return false;
        events[i] =
            (struct group_event){time->time, (uint32_t)time->part, token_of(rule, time->token)};
    }
    earlier->events = events;
    earlier->count = times->count;
    return true;
}

static void lose(struct state_loading *l, struct loaded_rule *rule, struct bytes desc,
                 struct bytes why)
{
    l->load->lost.operations++;
    if (rule->lost++ > 0)
        return;
    rule->desc = arena_bytes(&l->kept, desc);
    rule->why = arena_bytes(&l->kept, why);
}

/* The rule is there. */
static bool resume(struct state_loading *l, struct loaded_rule *rule,
                   const struct saved_operation *saved)
{
    struct earlier earlier = {.desc = saved->desc,
                              .start = saved->start,
                              .time = saved->since,
                              .window = saved->window,
                              .reached = saved->suppressing || saved->second_pass};
    struct buf error = {0};
    struct operation *o = NULL;
    if (!rule->state->rule->type->due)
        buf_add(&error, B("rules of this type have none"));
    else if (operations_find(rule->state, saved->desc))
        buf_add(&error, B("there is another one of this description"));
    else if (!take_events(l, rule->state->rule, &saved->times, &earlier))
        buf_add(&error, B("the rule has fewer patterns now"));
    else if (!load_binding(l, &saved->bound, &rule->map, &earlier.bound))
        return false;
    else
        o = operation_resume(l->engine, rule->state, &earlier, &error);
    l->taken = o;
    if (o) {
        note_timer(&l->operations, saved->armed, 0, o);
        rule->operations++;
        l->load->operations++;
    } else {
        lose(l, rule, saved->desc, buf_bytes(&error));
    }
    buf_free(&error);
    return true;
}

static bool take_operation(struct state_loading *l, const struct saved_operation *saved)
{
    if (saved->rule >= l->rule_count)
        return false;
    struct loaded_rule *rule = &l->rules[saved->rule];
    l->taken = NULL;
    if (!rule->state) {
        lose(l, rule, B(""), B(""));
        return true;
    }
    struct arena_mark mark = arena_mark(&l->engine->line.arena);
    bool sound = resume(l, rule, saved);
    arena_release(&l->engine->line.arena, mark);
    return sound;
}

static void hold_times(struct state_loading *l, const struct saved_times *more)
{
    struct saved_times *times = &l->operation.times;
    for (size_t i = 0; i < more->count; i++) {
        MEM_GROW(l->times, times->count, l->time_room, 1024);
        l->times[times->count] = more->items[i];
        if (more->items[i].token.ptr)
            l->times[times->count].token = arena_bytes(&l->held, more->items[i].token);
        times->count++;
    }
    times->items = l->times;
}

static void hold_operation(struct state_loading *l, const struct saved_operation *saved)
{
    struct saved_operation *held = &l->operation;
    struct saved_value *values = arena_alloc(&l->held, saved->bound.count * sizeof(*values));
    *held = *saved;
    held->desc = arena_bytes(&l->held, saved->desc);
    for (size_t i = 0; i < saved->bound.count; i++) {
        values[i] = saved->bound.values[i];
        values[i].text = arena_bytes(&l->held, values[i].text);
    }
    held->bound.values = values;
    held->times.count = 0;
    hold_times(l, &saved->times);
    l->holds = true;
}

bool load_operation(struct state_loading *l, struct unpack *from)
{
    struct saved_operation saved;
    operation_unpack(from, &l->arena, l->head.second, &l->operation_armed, &saved);
    times_unpack(from, &l->arena, l->head.second, &saved.times);
    if (from->failed || l->holds)
        return false;
    if (!saved.times.more)
        return take_operation(l, &saved);
    hold_operation(l, &saved);
    return true;
}

bool load_times(struct state_loading *l, struct unpack *from)
{
    struct saved_times times;
    times_unpack(from, &l->arena, l->head.second, &times);
    if (from->failed || !l->holds)
        return false;
    hold_times(l, &times);
    if (times.more)
        return true;
    l->holds = false;
    bool sound = take_operation(l, &l->operation);
    arena_reset(&l->held);
    return sound;
}

/* Lines that are more than the operation has events are none of its own. */
bool load_lines(struct state_loading *l, struct unpack *from)
{
    struct saved_entries lines;
    struct operation *o = l->taken;
    entries_unpack(from, &l->arena, l->head.second, &lines);
    if (from->failed || l->holds)
        return false;
    if (!o || !o->rule->events)
        return true;
    for (size_t i = 0; i < lines.count; i++) {
        if (o->lines && o->lines->count >= o->time_count)
            event_lines_shift(o->lines);
        if (o->time_count > 0)
            event_lines_push(o, lines.items[i].text, lines.items[i].time);
    }
    return true;
}
