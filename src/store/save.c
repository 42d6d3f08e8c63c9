/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/save.h"

#include "base/version.h"
#include "perl/keep.h"
#include "store/reference.h"
#include "state/event_lines.h"
#include "store/saving.h"

static void put_record(struct saving *s)
{
    if (s->out.len > 0)
        s->put(s->arg, buf_bytes(&s->out));
    buf_clear(&s->out);
}

struct buf *saving_room(struct saving *s, enum saved_kind kind)
{
    if (s->out.len >= SAVED_ROOM || (s->out.len > 0 && *s->out.ptr != (char)kind))
        put_record(s);
    if (s->out.len == 0)
        buf_char(&s->out, (char)kind);
    return &s->out;
}

static void save_head(struct saving *s)
{
    const struct engine *engine = s->engine;
    const struct engine_run *run = &engine->run;
    head_pack(saving_room(s, SAVED_HEAD),
              &(struct saved_head){.version = SAVED_VERSION,
                                   .program = bytes_of(VERSION_TEXT),
                                   .second = s->base,
                                   .rules = ruleset_hash(engine->rules.set),
                                   .cleaned = run->last_cleanup,
                                   .touched = variables_touched(engine->state.variables),
                                   .calendar = run->calendar_due,
                                   .calendar_waits = run->calendar_waits,
                                   .in_turn = run->in_turn,
                                   .lines = run->processed_lines,
                                   .matches = run->matches});
}

static struct saved_binding saved_binding(struct saving *s, const struct binding *bound)
{
    if (!bound)
        return (struct saved_binding){0};
    struct saved_value *values = arena_alloc(&s->arena, bound->count * sizeof(*values));
    for (uint32_t i = 0; i < bound->count; i++) {
        const struct bound_value *value = &bound->values[i];
        values[i] = (struct saved_value){value->key, (uint8_t)value->value.kind, value->value.text};
    }
    return (struct saved_binding){true,          bound->raw_first, bound->raw_second,
                                  bound->second, bound->count,     values};
}

/* -- Contexts -- */

/* From this event on, as many as a record has room for. */
static struct saved_entries some_entries(struct saving *s, const struct context *context,
                                         size_t from)
{
    size_t size = 0, count = 0;
    while (from + count < context->event_count && size < SAVED_ROOM) {
        size += context_event(context, from + count)->text.len + 1;
        count++;
    }
    struct saved_entry *items = arena_alloc(&s->arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        const struct stored_event *event = context_event(context, from + i);
        items[i] = (struct saved_entry){event->time, event->text};
    }
    return (struct saved_entries){count, items};
}

static void save_store(struct saving *s, struct buf *out, const struct context *context)
{
    struct saved_entries some = some_entries(s, context, 0);
    entries_pack(out, s->base, &some);
    for (size_t at = some.count; at < context->event_count; at += some.count) {
        struct arena_mark mark = arena_mark(&s->arena);
        some = some_entries(s, context, at);
        entries_pack(saving_room(s, SAVED_STORE), s->base, &some);
        arena_release(&s->arena, mark);
    }
}

static void save_context(struct saving *s, const struct context *context)
{
    const struct name_list *aliases = context->aliases;
    uint64_t list = context->action ? saved_list_number(s, context->action, context->names[0]) : 0;
    struct saved_context saved = {
        .ending = context->ending,
        .window_given = context->window_given,
        .window_compared = context->window_compared,
        .aliased = aliases != NULL,
        .names = {context->name_count, context->names},
        .first = context->init_time,
        .since = context->time,
        .lifetime = context->window,
        .due = timer_armed(&context->timer) ? context->timer.due : INT64_MAX,
        .armed = context->timer.armed,
        .list = list,
        .desc = context->desc,
        .bound = saved_binding(s, context->bound),
    };
    if (aliases)
        saved.aliases = (struct saved_names){aliases->count, aliases->names};
    struct buf *out = saving_room(s, SAVED_CONTEXT);
    context_pack(out, s->base, &s->armed, &saved);
    save_store(s, out, context);
    s->sum.contexts++;
}

static void save_contexts(struct saving *s)
{
    s->armed = 0;
    for (const struct context *c = contexts_first(s->engine->state.contexts); c; c = c->next) {
        struct arena_mark mark = arena_mark(&s->arena);
        if (!c->internal)
            save_context(s, c);
        arena_release(&s->arena, mark);
    }
}

/* -- Operations -- */

static struct saved_times some_times(struct saving *s, const struct operation *o, uint32_t from)
{
    bool parts = o->rule->type->numbered, tokens = parts && o->rule->has_group_pattern;
    size_t size = 0, count = 0;
    for (; from + count < o->time_count && size < SAVED_ROOM; count++)
        size += 1 + (tokens ? operation_event_at(o, from + (uint32_t)count)->token.len : 0);
    struct saved_time *items = arena_zalloc(&s->arena, count * sizeof(*items));
    for (uint32_t i = 0; i < count; i++) {
        if (parts) {
            const struct group_event *event = operation_event_at(o, from + i);
            items[i] = (struct saved_time){event->time, event->part, event->token};
        } else {
            items[i].time = operation_time_at(o, from + i);
        }
    }
    return (struct saved_times){parts, tokens, from + count < o->time_count, count, items};
}

static void save_times(struct saving *s, struct buf *out, const struct operation *o)
{
    struct saved_times some = some_times(s, o, 0);
    times_pack(out, s->base, &some);
    for (size_t at = some.count; at < o->time_count; at += some.count) {
        struct arena_mark mark = arena_mark(&s->arena);
        some = some_times(s, o, (uint32_t)at);
        times_pack(saving_room(s, SAVED_TIMES), s->base, &some);
        arena_release(&s->arena, mark);
    }
}

/* From this line on, as many as a record has room for. */
static struct saved_entries some_lines(struct saving *s, const struct event_lines *lines,
                                       uint32_t from)
{
    size_t size = 0, count = 0;
    for (; from + count < lines->count && size < SAVED_ROOM; count++)
        size += event_line_at(lines, from + (uint32_t)count)->text.len + 1;
    struct saved_entry *items = arena_alloc(&s->arena, count * sizeof(*items));
    for (uint32_t i = 0; i < count; i++) {
        const struct stored_event *line = event_line_at(lines, from + i);
        items[i] = (struct saved_entry){line->time, line->text};
    }
    return (struct saved_entries){count, items};
}

static void save_lines(struct saving *s, const struct event_lines *lines)
{
    struct saved_entries some;
    for (size_t at = 0; lines && at < lines->count; at += some.count) {
        struct arena_mark mark = arena_mark(&s->arena);
        some = some_lines(s, lines, (uint32_t)at);
        entries_pack(saving_room(s, SAVED_LINES), s->base, &some);
        arena_release(&s->arena, mark);
    }
}

static void save_operation(struct saving *s, const struct operation *o)
{
    struct saved_operation saved = {
        .rule = saved_rule_number(s, o->state),
        .suppressing = o->suppressing,
        .second_pass = o->second_pass,
        .armed = o->timer.armed,
        .start = o->start,
        .since = o->time,
        .window = o->window,
        .desc = operation_desc(o),
        .bound = saved_binding(s, o->bound),
    };
    struct buf *out = saving_room(s, SAVED_OPERATION);
    operation_pack(out, s->base, &s->armed, &saved);
    save_times(s, out, o);
    save_lines(s, o->lines);
    s->sum.operations++;
}

static void save_operations(struct saving *s)
{
    s->armed = 0;
    for (const struct operation *o = operations_first(s->engine->state.operations); o;
         o = o->next) {
        struct arena_mark mark = arena_mark(&s->arena);
        save_operation(s, o);
        arena_release(&s->arena, mark);
    }
}

/* -- All else -- */

static void save_event(struct saving *s, enum saved_kind kind, const struct event *event)
{
    event_pack(saving_room(s, kind), s->base,
               &(struct saved_event){event->due, event->text, event->context});
}

static void save_events(struct saving *s)
{
    struct events *events = s->engine->state.events;
    for (size_t i = 0; i < events_count(events); i++, s->sum.queued++)
        save_event(s, SAVED_QUEUED, events_at(events, i));
    for (size_t i = 0; i < events_pending_count(events); i++, s->sum.pending++)
        save_event(s, SAVED_PENDING, events_pending_at(events, i));
}

/* Code is made anew at the start, or missed then. */
static void keep_reference(struct saving *s, struct bytes name, const struct variable *variable,
                           struct buf *out)
{
    struct buf why = {0};
    if (!perl_is_code(variable->code) && !reference_keep(variable->code, out, &why))
        buf_cat(s->lost, B("variable %"), name, B(": "), buf_bytes(&why), B("\n"));
    buf_free(&why);
}

static void save_variables(struct saving *s)
{
    struct variable_entry *list;
    size_t count = variables_list(s->engine->state.variables, &s->arena, &list);
    for (size_t i = 0; i < count; i++, s->sum.variables++) {
        const struct variable *variable = list[i].variable;
        struct saved_variable saved = {list[i].name, (uint8_t)variable->kind,
                                       buf_bytes(&variable->text)};
        struct buf kept = {0};
        if (variable->kind == VARIABLE_CODE) {
            keep_reference(s, list[i].name, variable, &kept);
            saved.text = buf_bytes(&kept);
        }
        variable_pack(saving_room(s, SAVED_VARIABLE), &saved);
        buf_free(&kept);
    }
}

/* Those of rem=state. */
static void save_perl(struct saving *s)
{
    const struct ruleset *set = s->engine->rules.set;
    for (size_t i = 0; i < set->kept_count; i++) {
        struct buf value = {0}, why = {0};
        struct bytes name = set->kept[i].name;
        if (perl_keep(name, &value, &why)) {
            perl_value_pack(saving_room(s, SAVED_PERL),
                            &(struct saved_perl){name, buf_bytes(&value)});
            s->sum.perl++;
        } else {
            buf_cat(s->lost, name, B(" of user code: "), buf_bytes(&why), B("\n"));
        }
        buf_free(&value);
        buf_free(&why);
    }
}

/* How many lines have come, up to the window's size. */
static size_t lines_pushed(const struct window *window)
{
    size_t count = 0;
    while (count < window_size(window) && window_pushed(window, count))
        count++;
    return count;
}

static void save_window(struct saving *s, enum saved_window_of of, struct bytes source,
                        const struct window *window)
{
    if (!window)
        return;
    struct arena_mark mark = arena_mark(&s->arena);
    struct saved_window saved = {.of = of,
                                 .source = source,
                                 .size = window_size(window),
                                 .position = window_position(window),
                                 .count = lines_pushed(window)};
    saved.lines = arena_alloc(&s->arena, saved.count * sizeof(*saved.lines));
    for (size_t i = 0; i < saved.count; i++) {
        size_t back = saved.count - 1 - i;
        struct bytes name = window_source(window, back);
        saved.lines[i] = (struct saved_line){!name.ptr, window_line(window, back), name};
    }
    window_pack(saving_room(s, SAVED_WINDOW), &saved);
    arena_release(&s->arena, mark);
}

static void save_windows(struct saving *s)
{
    const struct engine *engine = s->engine;
    save_window(s, WINDOW_ALL, B(""), engine->windows.all);
    save_window(s, WINDOW_SYNTHETIC, B(""), engine->windows.synthetic);
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct line_source *source = &inputs_at(engine->io.inputs, i)->source;
        save_window(s, WINDOW_SOURCE, source->name, source->window);
    }
}

/* The last line's matches, which Calendar rules can still see. */
static void save_match(struct saving *s, const struct cache_entry *entry)
{
    struct arena_mark mark = arena_mark(&s->arena);
    struct named_value *list;
    struct saved_match saved = {.name = entry->name, .none = entry->vars.kind == VARS_NONE};
    saved.count = vars_list(&entry->vars, &s->arena, &list);
    saved.members = arena_alloc(&s->arena, saved.count * sizeof(*saved.members));
    for (size_t i = 0; i < saved.count; i++)
        saved.members[i] =
            (struct saved_member){list[i].name, (uint8_t)list[i].value.kind, list[i].value.text};
    match_pack(saving_room(s, SAVED_MATCH), &saved);
    arena_release(&s->arena, mark);
}

static void save_matches(struct saving *s)
{
    const struct cache *cache = s->engine->state.cache;
    for (size_t i = 0; i < cache_count(cache); i++)
        save_match(s, cache_at(cache, i));
}

static void save_inputs(struct saving *s)
{
    const struct string_list *patterns = &s->engine->options->input;
    for (size_t i = 0; i < patterns->count; i++)
        pack_text(saving_room(s, SAVED_PATTERN), patterns->items[i]);
    const struct inputs *inputs = s->engine->io.inputs;
    for (size_t i = 0; i < inputs_count(inputs); i++) {
        struct input_place place;
        input_place_now(inputs_at(inputs, i), &place);
        place_pack(saving_room(s, SAVED_INPUT), &place);
    }
}

static void save_children(struct saving *s)
{
    for (const struct child *child = children_first(s->engine->io.children); child;
         child = child->next)
        child_pack(saving_room(s, SAVED_CHILD),
                   &(struct saved_child){child->command, child->context, child->owner != NULL});
}

void state_save(struct engine *engine, saved_record *put, void *arg, struct buf *lost)
{
    struct saving saving = {
        .engine = engine, .put = put, .arg = arg, .lost = lost, .base = engine_now(engine)};
    struct saving *s = &saving;
    arena_init(&s->arena);
    save_rules_begin(s);
    save_head(s);
    save_rules(s);
    save_contexts(s);
    save_operations(s);
    save_events(s);
    save_variables(s);
    save_perl(s);
    save_windows(s);
    save_matches(s);
    save_inputs(s);
    save_children(s);
    end_pack(saving_room(s, SAVED_END), &s->sum);
    put_record(s);
    save_rules_end(s);
    arena_free(&s->arena);
    buf_free(&s->out);
}
