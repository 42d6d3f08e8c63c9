/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts: a table finds them by name, a timer wheel finds those that have expired, and a list
 * keeps them in the order of creation.
 *
 * The table holds a small block for each name, with the name's text and its context.  A context
 * points to the texts of its names; most have only one, for which there is room in the struct.
 */
#include "state/contexts.h"

#include <assert.h>

#include "base/list.h"
#include "base/mem.h"
#include "state/engine.h"

#define NAME_THIS "_THIS"

/* The end of a context may end another, and so on.  Deeper than this the end is left to the next
 * clean-up, so that no rules can use up the stack. */
#define DEEPEST_END 500

struct context_name {
    struct context *context;
    uint32_t len;
    char text[];
};

struct contexts {
    const struct observers *observers;
    struct table names; /* struct context_name; owned */
    struct wheel *wheel;
    struct context *first, *last;
    struct context *internal; /* for all internal names; one count is ours */
    struct context *this;     /* whose actions are running */
    unsigned depth;           /* how many contexts are ending */
    contexts_note *note;
    void *note_arg;
};

static struct bytes name_text(const struct context_name *name)
{
    return bytes_make(name->text, name->len);
}

static struct bytes name_key(const void *entry)
{
    return name_text(entry);
}

static enum record_kind record_of(enum context_change change)
{
    return change == CONTEXT_NAMED     ? RECORD_CONTEXT_NAMED
           : change == CONTEXT_UNNAMED ? RECORD_CONTEXT_UNNAMED
           : change == CONTEXT_GONE    ? RECORD_CONTEXT_GONE
                                       : RECORD_CONTEXT_CHANGED;
}

static void tell_watcher(struct contexts *contexts, enum context_change change,
                         struct context *context, struct bytes name)
{
    observe(contexts->observers, .kind = record_of(change), .of = context, .text = name);
    if (contexts->note)
        contexts->note(contexts->note_arg, change, context, name);
}

void contexts_changed(struct contexts *contexts, enum context_change change,
                      struct context *context)
{
    tell_watcher(contexts, change, context, B(""));
}

void contexts_watch(struct contexts *contexts, contexts_note *note, void *arg)
{
    contexts->note = note;
    contexts->note_arg = arg;
}

static void set_desc(struct context *context, struct bytes desc)
{
    struct bytes old = context->desc;
    context->desc = desc.len ? bytes_dup(desc) : B("");
    if (old.len)
        bytes_free(old);
}

static struct context *context_new(int64_t now)
{
    struct context *context = mem_zalloc(sizeof(*context));
    context->init_time = context->time = now;
    context->desc = B("");
    return context;
}

struct contexts *contexts_new(int64_t now, const struct observers *observers)
{
    struct contexts *contexts = mem_zalloc(sizeof(*contexts));
    contexts->observers = observers;
    table_init(&contexts->names, name_key);
    contexts->wheel = wheel_new(now);
    contexts->internal = context_new(now);
    contexts->internal->internal = true;
    set_desc(contexts->internal, B("SEC internal"));
    contexts_retain(contexts->internal);
    return contexts;
}

void contexts_retain(struct context *context)
{
    context->refs++;
}

static void drop_action(struct context *context)
{
    if (context->action)
        rule_file_release(context->action->file);
    binding_release(context->bound);
    context->action = NULL;
    context->bound = NULL;
}

static void drop_aliases(struct context *context)
{
    for (uint32_t i = 0; context->aliases && i < context->aliases->count; i++)
        bytes_free(context->aliases->names[i]);
    free(context->aliases);
    context->aliases = NULL;
}

const struct bytes *contexts_aliases(const struct context *context, uint32_t *count)
{
    *count = context->aliases ? context->aliases->count : context->name_count;
    return context->aliases ? context->aliases->names : context->names;
}

void contexts_set_aliases(struct context *context, const struct bytes *names, uint32_t count)
{
    struct name_list *list = mem_alloc(sizeof(*list) + count * sizeof(struct bytes));
    list->count = count;
    for (uint32_t i = 0; i < count; i++)
        list->names[i] = bytes_dup(names[i]);
    drop_aliases(context);
    context->aliases = list;
}

void contexts_release(struct context *context)
{
    assert(context->refs > 0);
    if (--context->refs)
        return;
    drop_action(context);
    set_desc(context, B(""));
    drop_aliases(context);
    context_store_free(context);
    if (context->names != &context->name)
        free(context->names);
    free(context);
}

/* Into the list; the list holds one count. */
static void enlist(struct contexts *contexts, struct context *context)
{
    assert(!context->live);
    LIST_APPEND(contexts, context);
    context->live = true;
    contexts_retain(context);
}

/* Its last name has gone. */
static void end_context(struct contexts *contexts, struct context *context)
{
    wheel_disarm(contexts->wheel, &context->timer);
    LIST_REMOVE(contexts, context);
    context->live = false;
    contexts_changed(contexts, CONTEXT_GONE, context);
    contexts_release(context);
}

/* The array of names doubles where their number is a power of two, so its room needs no field. */
static void make_room_for_name(struct context *context)
{
    uint32_t count = context->name_count;
    if (!context->names) {
        context->names = &context->name;
    } else if (context->names == &context->name && count == 1) {
        context->names = mem_array(NULL, 2, sizeof(*context->names));
        context->names[0] = context->name;
    } else if (count && (count & (count - 1)) == 0) {
        context->names = mem_array(context->names, 2 * (size_t)count, sizeof(*context->names));
    }
}

static void add_name(struct contexts *contexts, struct context *context, struct bytes name)
{
    struct context_name *entry = mem_alloc(sizeof(*entry) + name.len);
    entry->context = context;
    entry->len = (uint32_t)name.len;
    if (name.len)
        memcpy(entry->text, name.ptr, name.len);
    table_insert(&contexts->names, entry);
    if (!context->live)
        enlist(contexts, context);
    make_room_for_name(context);
    context->names[context->name_count++] = name_text(entry);
    tell_watcher(contexts, CONTEXT_NAMED, context, name_text(entry));
}

/* Takes the name out of the table; the context's array is the caller's. */
static void forget_name(struct contexts *contexts, struct context *context, struct bytes name)
{
    void *entry = table_remove(&contexts->names, name);
    tell_watcher(contexts, CONTEXT_UNNAMED, context, name);
    free(entry);
}

/* One alias comes or goes where user code has made a list of them. */
static void change_aliases(struct context *context, struct bytes name, bool there)
{
    if (!context->aliases)
        return;
    const struct name_list *old = context->aliases;
    struct bytes *names = mem_array(NULL, (size_t)old->count + 1, sizeof(*names));
    uint32_t count = 0;
    for (uint32_t i = 0; i < old->count; i++) {
        if (!bytes_eq(old->names[i], name))
            names[count++] = old->names[i];
    }
    if (there)
        names[count++] = name;
    contexts_set_aliases(context, names, count);
    free(names);
}

void contexts_add_name(struct engine *engine, struct context *context, struct bytes name)
{
    add_name(engine->state.contexts, context, name);
    change_aliases(context, name, true);
}

static uint32_t name_index(const struct context *context, struct bytes name)
{
    uint32_t index = 0;
    while (!bytes_eq(context->names[index], name))
        index++;
    assert(index < context->name_count);
    return index;
}

static void remove_name(struct contexts *contexts, struct context *context, struct bytes name)
{
    const struct context_name *entry = table_find(&contexts->names, name);
    if (!entry || entry->context != context)
        return;
    struct bytes *at = &context->names[name_index(context, name)];
    struct bytes own = *at;
    memmove(at, at + 1, (size_t)(context->names + context->name_count - (at + 1)) * sizeof(*at));
    context->name_count--;
    forget_name(contexts, context, own);
    if (context->name_count == 0)
        end_context(contexts, context);
}

void contexts_remove_name(struct engine *engine, struct context *context, struct bytes name)
{
    contexts_retain(context);
    change_aliases(context, name, false);
    remove_name(engine->state.contexts, context, name);
    contexts_release(context);
}

/* All names go; log may be NULL. */
static void end_names(struct contexts *contexts, struct context *context, struct log *log,
                      struct bytes message)
{
    if (!context->live)
        return;
    for (uint32_t i = 0; i < context->name_count; i++) {
        if (log)
            log_msg(log, LOG_DETAIL, message, context->names[i], B("' deleted"));
        forget_name(contexts, context, context->names[i]);
    }
    context->name_count = 0;
    end_context(contexts, context);
}

/* User code has changed {Aliases}: what is there goes, be it a name of this context or not;
 * other names stay, and the context with them. */
static void delete_aliases(struct engine *engine, const struct name_list *aliases,
                           struct bytes message)
{
    for (uint32_t i = 0; i < aliases->count; i++) {
        const struct context_name *entry =
            table_find(&engine->state.contexts->names, aliases->names[i]);
        if (entry)
            remove_name(engine->state.contexts, entry->context, aliases->names[i]);
        log_msg(engine->log, LOG_DETAIL, message, aliases->names[i], B("' deleted"));
    }
}

void contexts_delete(struct engine *engine, struct context *context, struct bytes message)
{
    if (!context->aliases) {
        end_names(engine->state.contexts, context, engine->log, message);
        return;
    }
    contexts_retain(context);
    delete_aliases(engine, context->aliases, message);
    contexts_release(context); /* NOLINT(clang-analyzer-unix.Malloc): counted above */
}

static void delete_all(struct contexts *contexts)
{
    while (contexts->first)
        end_names(contexts, contexts->first, NULL, B(""));
}

void contexts_clear(struct engine *engine)
{
    delete_all(engine->state.contexts);
}

void contexts_free(struct contexts *contexts)
{
    if (!contexts)
        return;
    delete_all(contexts);
    contexts_release(contexts->internal);
    table_free(&contexts->names);
    wheel_free(contexts->wheel);
    free(contexts);
}

struct context *contexts_this(const struct contexts *contexts)
{
    return contexts->this;
}

struct context *contexts_find(struct contexts *contexts, struct bytes name)
{
    if (contexts->this && bytes_eq(name, B(NAME_THIS)))
        return contexts->this;
    const struct context_name *entry = table_find(&contexts->names, name);
    return entry ? entry->context : NULL;
}

/* A lifetime has ended when now - time > window: one second later than its length. */
static void arm_context(struct contexts *contexts, struct context *context)
{
    if (context->live && context->window)
        wheel_arm(contexts->wheel, &context->timer,
                  clock_later(clock_later(context->time, context->window), 1));
    else
        wheel_disarm(contexts->wheel, &context->timer);
}

struct context *contexts_create(struct engine *engine, struct bytes name, int64_t window)
{
    struct context *context = context_new(engine_now(engine));
    context->window = window;
    add_name(engine->state.contexts, context, name);
    arm_context(engine->state.contexts, context);
    return context;
}

void contexts_set_time(struct engine *engine, struct context *context, int64_t time)
{
    context->time = time;
    arm_context(engine->state.contexts, context);
    contexts_changed(engine->state.contexts, CONTEXT_CHANGED, context);
}

void contexts_set_due(struct engine *engine, struct context *context, int64_t due)
{
    if (due == INT64_MAX)
        wheel_disarm(engine->state.contexts->wheel, &context->timer);
    else
        wheel_arm(engine->state.contexts->wheel, &context->timer, due);
}

void contexts_set_window(struct engine *engine, struct context *context, int64_t window)
{
    context->window = window;
    context->window_given = window >= 0; /* the -1 of what is obsolete is a number */
    context->window_compared = false;
    arm_context(engine->state.contexts, context);
    contexts_changed(engine->state.contexts, CONTEXT_CHANGED, context);
}

bool contexts_window_is_text(const struct engine *engine, const struct context *context)
{
    int64_t age = engine_now(engine) - context->time;
    bool cleaned_up = age > 0 && age >= engine->options->cleantime;
    return context->window_given && !(context->window && (context->window_compared || cleaned_up));
}

void contexts_set_action(struct engine *engine, struct context *context,
                         const struct action_list *action, struct binding *bound, struct bytes desc)
{
    if (action)
        rule_file_retain(action->file);
    drop_action(context);
    context->action = action;
    context->bound = bound;
    set_desc(context, desc);
    contexts_changed(engine->state.contexts, CONTEXT_CHANGED, context);
}

/* Runs the actions of the end.  They may give the context others, so theirs are held here. */
static void run_actions(struct engine *engine, struct context *context)
{
    struct contexts *contexts = engine->state.contexts;
    const struct action_list *list = context->action;
    struct binding *bound = context->bound;
    struct context *outer = contexts->this;
    const struct scope scope = {.text = arena_bytes(&engine->line.arena, context->desc),
                                .keys = list->keys,
                                .bound = bound};
    rule_file_retain(list->file);
    binding_retain(bound);
    context->ending = true;
    contexts->this = context;
    contexts->depth++;
    actions_run(engine, list, &scope);
    contexts->depth--;
    contexts->this = outer;
    binding_release(bound);
    rule_file_release(list->file);
}

/* After the actions what has the name now goes.  Where user code took the name away, there is an
 * empty hash under it in SEC from now on, a context without end. */
static void delete_ended(struct engine *engine, struct bytes name)
{
    const struct context_name *entry = table_find(&engine->state.contexts->names, name);
    if (!entry) {
        contexts_set_aliases(contexts_create(engine, name, 0), NULL, 0);
        return;
    }
    contexts_delete(engine, entry->context, B("Stale context '"));
}

/* It has expired and is still there, because user code changed names or {Aliases}: one without
 * actions ends once more at the next clean-up. */
static void outlive(struct engine *engine, struct context *context)
{
    if (context->ending)
        wheel_disarm(engine->state.contexts->wheel, &context->timer);
    else
        wheel_arm(engine->state.contexts->wheel, &context->timer, engine_now(engine) + 1);
}

/* The end of a context that has expired, looked up by this name. */
static void end(struct engine *engine, struct context *context, struct bytes name)
{
    log_msg(engine->log, LOG_DETAIL, B("Deleting stale context '"), name, B("'"));
    observe(&engine->observers, .kind = RECORD_CONTEXT_EXPIRED, .of = context, .text = name);
    contexts_retain(context);
    if (context->action) {
        name = arena_bytes(&engine->line.arena, name);
        run_actions(engine, context);
    }
    delete_ended(engine, name);
    if (context->live)
        outlive(engine, context);
    contexts_release(context); /* NOLINT(clang-analyzer-unix.Malloc): counted above */
}

bool contexts_valid(struct engine *engine, struct bytes name)
{
    struct context *context = contexts_find(engine->state.contexts, name);
    if (!context)
        return false;
    context->window_compared = true;
    if (!context->window || engine_now(engine) - context->time <= context->window)
        return true;
    if (!context->ending && engine->state.contexts->depth < DEEPEST_END)
        end(engine, context, name);
    return false;
}

/* Clean-up of a context whose names are not its aliases: SEC comes by each name. */
static void end_by_each_name(struct engine *engine, struct context *context)
{
    uint32_t count = context->name_count;
    struct bytes *names = arena_alloc(&engine->line.arena, count * sizeof(*names));
    for (uint32_t i = 0; i < count; i++)
        names[i] = arena_bytes(&engine->line.arena, context->names[i]);
    contexts_retain(context);
    for (uint32_t i = 0; i < count && !context->ending; i++) {
        const struct context_name *entry = table_find(&engine->state.contexts->names, names[i]);
        if (entry && entry->context == context)
            end(engine, context, names[i]);
    }
    contexts_release(context);
}

void contexts_expire(struct engine *engine, int64_t now)
{
    struct wheel *wheel = engine->state.contexts->wheel;
    struct timer *timer;
    wheel_turn(wheel, now);
    while ((timer = wheel_pop(wheel))) {
        struct context *context = (struct context *)timer;
        struct arena_mark mark = arena_mark(&engine->line.arena);
        if (context->aliases)
            end_by_each_name(engine, context);
        else
            end(engine, context, context->names[0]);
        arena_release(&engine->line.arena, mark);
    }
}

int64_t contexts_next_due(const struct contexts *contexts)
{
    return wheel_next(contexts->wheel);
}

void contexts_internal_add(struct engine *engine, struct bytes name)
{
    struct contexts *contexts = engine->state.contexts;
    const struct context_name *entry = table_find(&contexts->names, name);
    if (entry && entry->context == contexts->internal)
        return;
    if (entry)
        contexts_remove_name(engine, entry->context, name);
    add_name(contexts, contexts->internal, name);
}

void contexts_internal_remove(struct engine *engine, struct bytes name)
{
    contexts_remove_name(engine, engine->state.contexts->internal, name);
}

struct context *contexts_first(const struct contexts *contexts)
{
    return contexts->first;
}
