/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/record.h"

/* A second as the difference from the one before, which it becomes.  Both may be anything. */
static void pack_second(struct buf *out, int64_t *before, int64_t second)
{
    pack_signed(out, (int64_t)((uint64_t)second - (uint64_t)*before));
    *before = second;
}

static int64_t unpack_second(struct unpack *from, int64_t *before)
{
    *before = (int64_t)((uint64_t)*before + (uint64_t)unpack_signed(from));
    return *before;
}

static void pack_armed(struct buf *out, uint64_t *before, uint64_t armed)
{
    pack_signed(out, (int64_t)(armed - *before));
    *before = armed;
}

static uint64_t unpack_armed(struct unpack *from, uint64_t *before)
{
    *before += (uint64_t)unpack_signed(from);
    return *before;
}

/* Up to eight flags in a number, the first one lowest. */
#define FLAGS(...)                                                                                 \
    flags_of((const bool[]){__VA_ARGS__}, sizeof((const bool[]){__VA_ARGS__}) / sizeof(bool))

static uint64_t flags_of(const bool *flags, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++)
        number |= (uint64_t)flags[i] << i;
    return number;
}

static bool flag(uint64_t flags, int index)
{
    return flags >> index & 1;
}

/* A byte's worth. */
static uint8_t unpack_small(struct unpack *from)
{
    return (uint8_t)unpack_number(from);
}

static void names_pack(struct buf *out, const struct saved_names *names)
{
    pack_number(out, names->count);
    for (size_t i = 0; i < names->count; i++)
        pack_text(out, names->items[i]);
}

static void names_unpack(struct unpack *from, struct arena *arena, struct saved_names *names)
{
    names->count = unpack_count(from);
    struct bytes *items = arena_alloc(arena, names->count * sizeof(*items));
    for (size_t i = 0; i < names->count; i++)
        items[i] = unpack_text(from);
    names->items = items;
}

void head_pack(struct buf *out, const struct saved_head *head)
{
    int64_t base = head->second;
    pack_number(out, head->version);
    pack_text(out, head->program);
    pack_signed(out, head->second);
    pack_number(out, head->rules);
    pack_second(out, &base, head->cleaned);
    base = head->second;
    pack_second(out, &base, head->touched);
    base = head->second;
    pack_second(out, &base, head->calendar);
    pack_number(out, FLAGS(head->calendar_waits, head->in_turn));
    pack_number(out, head->lines);
    pack_number(out, head->matches);
}

void head_unpack(struct unpack *from, struct saved_head *head)
{
    *head = (struct saved_head){.version = unpack_number(from)};
    head->program = unpack_text(from);
    int64_t base = head->second = unpack_signed(from);
    head->rules = unpack_number(from);
    head->cleaned = unpack_second(from, &base);
    base = head->second;
    head->touched = unpack_second(from, &base);
    base = head->second;
    head->calendar = unpack_second(from, &base);
    uint64_t flags = unpack_number(from);
    head->calendar_waits = flag(flags, 0);
    head->in_turn = flag(flags, 1);
    head->lines = unpack_number(from);
    head->matches = unpack_number(from);
}

/* -- Rules -- */

static void keys_pack(struct buf *out, const struct saved_keys *keys)
{
    pack_number(out, keys->count);
    for (size_t i = 0; i < keys->count; i++) {
        const struct saved_key *key = &keys->items[i];
        pack_number(out, key->kind);
        pack_number(out, key->source);
        pack_number(out, key->number);
        pack_text(out, key->name);
        pack_text(out, key->entry);
    }
}

static void keys_unpack(struct unpack *from, struct arena *arena, struct saved_keys *keys)
{
    keys->count = unpack_count(from);
    keys->items = arena_alloc(arena, keys->count * sizeof(*keys->items));
    for (size_t i = 0; i < keys->count; i++) {
        struct saved_key *key = &keys->items[i];
        key->kind = unpack_small(from);
        key->source = unpack_small(from);
        key->number = unpack_number(from);
        key->name = unpack_text(from);
        key->entry = unpack_text(from);
    }
}

enum { ACTED = sizeof(((struct saved_rule *)0)->acted) / sizeof(int64_t) };

void rule_pack(struct buf *out, const struct saved_rule *rule)
{
    pack_text(out, rule->file);
    pack_number(out, rule->number);
    pack_number(out, rule->line);
    pack_text(out, rule->type);
    pack_text(out, rule->name);
    pack_number(out, rule->mark);
    pack_number(out, rule->twin);
    pack_number(out, rule->matches);
    pack_number(out, rule->events);
    pack_number(out, rule->nanoseconds);
    for (size_t i = 0; i < ACTED; i++)
        pack_signed(out, rule->acted[i]);
    keys_pack(out, &rule->keys);
}

void rule_unpack(struct unpack *from, struct arena *arena, struct saved_rule *rule)
{
    *rule = (struct saved_rule){.file = unpack_text(from)};
    rule->number = unpack_number(from);
    rule->line = unpack_number(from);
    rule->type = unpack_text(from);
    rule->name = unpack_text(from);
    rule->mark = unpack_number(from);
    rule->twin = unpack_number(from);
    rule->matches = unpack_number(from);
    rule->events = unpack_number(from);
    rule->nanoseconds = unpack_number(from);
    for (size_t i = 0; i < ACTED; i++)
        rule->acted[i] = unpack_signed(from);
    keys_unpack(from, arena, &rule->keys);
}

void list_pack(struct buf *out, const struct saved_list *list)
{
    pack_number(out, list->rule);
    pack_number(out, list->nth);
    pack_number(out, list->passes);
    pack_text(out, list->text);
    pack_text(out, list->file);
    keys_pack(out, &list->keys);
}

void list_unpack(struct unpack *from, struct arena *arena, struct saved_list *list)
{
    *list = (struct saved_list){.rule = unpack_number(from)};
    list->nth = unpack_number(from);
    list->passes = unpack_number(from);
    list->text = unpack_text(from);
    list->file = unpack_text(from);
    keys_unpack(from, arena, &list->keys);
}

static void binding_pack(struct buf *out, const struct saved_binding *bound)
{
    uint64_t flags = FLAGS(bound->there, bound->raw_first, bound->raw_second, bound->second);
    pack_number(out, flags);
    if (!bound->there)
        return;
    pack_number(out, bound->count);
    for (size_t i = 0; i < bound->count; i++) {
        pack_number(out, bound->values[i].key);
        pack_number(out, bound->values[i].kind);
        pack_text(out, bound->values[i].text);
    }
}

static void binding_unpack(struct unpack *from, struct arena *arena, struct saved_binding *bound)
{
    uint64_t flags = unpack_number(from);
    *bound = (struct saved_binding){.there = flag(flags, 0),
                                    .raw_first = flag(flags, 1),
                                    .raw_second = flag(flags, 2),
                                    .second = flag(flags, 3)};
    if (!bound->there)
        return;
    bound->count = unpack_count(from);
    bound->values = arena_alloc(arena, bound->count * sizeof(*bound->values));
    for (size_t i = 0; i < bound->count; i++) {
        bound->values[i].key = unpack_number(from);
        bound->values[i].kind = unpack_small(from);
        bound->values[i].text = unpack_text(from);
    }
}

/* -- Contexts -- */

/* A timer's second, from where a lifetime ends that was left alone. */
static int64_t end_of(const struct saved_context *c)
{
    return (int64_t)((uint64_t)c->since + (uint64_t)c->lifetime + 1);
}

void context_pack(struct buf *out, int64_t base, uint64_t *armed, const struct saved_context *c)
{
    bool is_armed = c->due != INT64_MAX;
    int64_t end = end_of(c);
    pack_number(out, FLAGS(c->ending, c->window_given, c->window_compared, c->aliased, is_armed));
    names_pack(out, &c->names);
    if (c->aliased)
        names_pack(out, &c->aliases);
    pack_second(out, &base, c->first);
    pack_second(out, &base, c->since);
    pack_signed(out, c->lifetime);
    if (is_armed) {
        pack_second(out, &end, c->due);
        pack_armed(out, armed, c->armed);
    }
    pack_number(out, c->list);
    pack_text(out, c->desc);
    binding_pack(out, &c->bound);
}

void context_unpack(struct unpack *from, struct arena *arena, int64_t base, uint64_t *armed,
                    struct saved_context *c)
{
    uint64_t flags = unpack_number(from);
    *c = (struct saved_context){.ending = flag(flags, 0),
                                .window_given = flag(flags, 1),
                                .window_compared = flag(flags, 2),
                                .aliased = flag(flags, 3),
                                .due = INT64_MAX};
    names_unpack(from, arena, &c->names);
    if (c->aliased)
        names_unpack(from, arena, &c->aliases);
    c->first = unpack_second(from, &base);
    c->since = unpack_second(from, &base);
    c->lifetime = unpack_signed(from);
    if (flag(flags, 4)) {
        int64_t end = end_of(c);
        c->due = unpack_second(from, &end);
        c->armed = unpack_armed(from, armed);
    }
    c->list = unpack_number(from);
    c->desc = unpack_text(from);
    binding_unpack(from, arena, &c->bound);
}

void entries_pack(struct buf *out, int64_t base, const struct saved_entries *entries)
{
    pack_number(out, entries->count);
    for (size_t i = 0; i < entries->count; i++) {
        pack_second(out, &base, entries->items[i].time);
        pack_text(out, entries->items[i].text);
    }
}

void entries_unpack(struct unpack *from, struct arena *arena, int64_t base,
                    struct saved_entries *entries)
{
    entries->count = unpack_count(from);
    entries->items = arena_alloc(arena, entries->count * sizeof(*entries->items));
    for (size_t i = 0; i < entries->count; i++) {
        entries->items[i].time = unpack_second(from, &base);
        entries->items[i].text = unpack_text(from);
    }
}

/* -- Operations -- */

void operation_pack(struct buf *out, int64_t base, uint64_t *armed, const struct saved_operation *o)
{
    pack_number(out, o->rule);
    pack_number(out, FLAGS(o->suppressing, o->second_pass));
    pack_armed(out, armed, o->armed);
    pack_second(out, &base, o->start);
    pack_second(out, &base, o->since);
    pack_signed(out, o->window);
    pack_text(out, o->desc);
    binding_pack(out, &o->bound);
}

void operation_unpack(struct unpack *from, struct arena *arena, int64_t base, uint64_t *armed,
                      struct saved_operation *o)
{
    *o = (struct saved_operation){.rule = unpack_number(from)};
    uint64_t flags = unpack_number(from);
    o->suppressing = flag(flags, 0);
    o->second_pass = flag(flags, 1);
    o->armed = unpack_armed(from, armed);
    o->start = unpack_second(from, &base);
    o->since = unpack_second(from, &base);
    o->window = unpack_signed(from);
    o->desc = unpack_text(from);
    binding_unpack(from, arena, &o->bound);
}

void times_pack(struct buf *out, int64_t base, const struct saved_times *times)
{
    pack_number(out, times->count);
    pack_number(out, FLAGS(times->parts, times->tokens, times->more));
    for (size_t i = 0; i < times->count; i++) {
        pack_second(out, &base, times->items[i].time);
        if (times->parts)
            pack_number(out, times->items[i].part);
        if (times->tokens)
            pack_text(out, times->items[i].token);
    }
}

void times_unpack(struct unpack *from, struct arena *arena, int64_t base, struct saved_times *times)
{
    times->count = unpack_count(from);
    times->items = arena_zalloc(arena, times->count * sizeof(*times->items));
    uint64_t flags = unpack_number(from);
    times->parts = flag(flags, 0);
    times->tokens = flag(flags, 1);
    times->more = flag(flags, 2);
    for (size_t i = 0; i < times->count; i++) {
        times->items[i].time = unpack_second(from, &base);
        if (times->parts)
            times->items[i].part = unpack_number(from);
        if (times->tokens)
            times->items[i].token = unpack_text(from);
    }
}

/* -- All else -- */

void event_pack(struct buf *out, int64_t base, const struct saved_event *event)
{
    pack_second(out, &base, event->due);
    pack_text(out, event->text);
    pack_text(out, event->context);
}

void event_unpack(struct unpack *from, int64_t base, struct saved_event *event)
{
    event->due = unpack_second(from, &base);
    event->text = unpack_text(from);
    event->context = unpack_text(from);
}

void variable_pack(struct buf *out, const struct saved_variable *variable)
{
    pack_text(out, variable->name);
    pack_number(out, variable->kind);
    pack_text(out, variable->text);
}

void variable_unpack(struct unpack *from, struct saved_variable *variable)
{
    variable->name = unpack_text(from);
    variable->kind = unpack_small(from);
    variable->text = unpack_text(from);
}

void window_pack(struct buf *out, const struct saved_window *window)
{
    pack_number(out, window->of);
    pack_text(out, window->source);
    pack_number(out, window->size);
    pack_number(out, window->position);
    pack_number(out, window->count);
    for (size_t i = 0; i < window->count; i++) {
        pack_number(out, FLAGS(window->lines[i].synthetic));
        pack_text(out, window->lines[i].line);
        pack_text(out, window->lines[i].source);
    }
}

void window_unpack(struct unpack *from, struct arena *arena, struct saved_window *window)
{
    window->of = unpack_small(from);
    window->source = unpack_text(from);
    window->size = unpack_number(from);
    window->position = unpack_number(from);
    window->count = unpack_count(from);
    window->lines = arena_alloc(arena, window->count * sizeof(*window->lines));
    for (size_t i = 0; i < window->count; i++) {
        window->lines[i].synthetic = flag(unpack_number(from), 0);
        window->lines[i].line = unpack_text(from);
        window->lines[i].source = unpack_text(from);
    }
}

void match_pack(struct buf *out, const struct saved_match *match)
{
    pack_text(out, match->name);
    pack_number(out, FLAGS(match->none));
    pack_number(out, match->count);
    for (size_t i = 0; i < match->count; i++) {
        pack_text(out, match->members[i].name);
        pack_number(out, match->members[i].kind);
        pack_text(out, match->members[i].text);
    }
}

void match_unpack(struct unpack *from, struct arena *arena, struct saved_match *match)
{
    match->name = unpack_text(from);
    match->none = flag(unpack_number(from), 0);
    match->count = unpack_count(from);
    match->members = arena_alloc(arena, match->count * sizeof(*match->members));
    for (size_t i = 0; i < match->count; i++) {
        match->members[i].name = unpack_text(from);
        match->members[i].kind = unpack_small(from);
        match->members[i].text = unpack_text(from);
    }
}

static void mark_pack(struct buf *out, const struct file_mark *mark)
{
    pack_number(out, mark->len);
    pack_number(out, mark->hash);
}

static struct file_mark mark_unpack(struct unpack *from)
{
    uint64_t len = unpack_number(from), hash = unpack_number(from);
    return (struct file_mark){hash, len < UINT32_MAX ? (uint32_t)len : UINT32_MAX};
}

void place_pack(struct buf *out, const struct input_place *place)
{
    pack_text(out, place->name);
    pack_number(out, FLAGS(place->dynamic, place->open, place->pipe));
    pack_number(out, place->device);
    pack_number(out, place->inode);
    pack_number(out, place->offset);
    pack_number(out, place->lines);
    mark_pack(out, &place->head);
    mark_pack(out, &place->tail);
    pack_signed(out, place->second);
    pack_text(out, place->context);
    pack_text(out, place->pattern);
}

void place_unpack(struct unpack *from, struct input_place *place)
{
    *place = (struct input_place){.name = unpack_text(from)};
    uint64_t flags = unpack_number(from);
    place->dynamic = flag(flags, 0);
    place->open = flag(flags, 1);
    place->pipe = flag(flags, 2);
    place->device = (dev_t)unpack_number(from);
    place->inode = (ino_t)unpack_number(from);
    place->offset = unpack_number(from);
    place->lines = unpack_number(from);
    place->head = mark_unpack(from);
    place->tail = mark_unpack(from);
    place->second = unpack_signed(from);
    place->context = unpack_text(from);
    place->pattern = unpack_text(from);
    from->failed = from->failed || !place_is_possible(place);
}

void child_pack(struct buf *out, const struct saved_child *child)
{
    pack_text(out, child->command);
    pack_text(out, child->context);
    pack_number(out, FLAGS(child->script));
}

void child_unpack(struct unpack *from, struct saved_child *child)
{
    child->command = unpack_text(from);
    child->context = unpack_text(from);
    child->script = flag(unpack_number(from), 0);
}

void perl_value_pack(struct buf *out, const struct saved_perl *perl)
{
    pack_text(out, perl->name);
    pack_text(out, perl->value);
}

void perl_value_unpack(struct unpack *from, struct saved_perl *perl)
{
    perl->name = unpack_text(from);
    perl->value = unpack_text(from);
}

void end_pack(struct buf *out, const struct saved_end *end)
{
    pack_number(out, end->contexts);
    pack_number(out, end->operations);
    pack_number(out, end->queued);
    pack_number(out, end->pending);
    pack_number(out, end->variables);
    pack_number(out, end->perl);
}

void end_unpack(struct unpack *from, struct saved_end *end)
{
    end->contexts = unpack_number(from);
    end->operations = unpack_number(from);
    end->queued = unpack_number(from);
    end->pending = unpack_number(from);
    end->variables = unpack_number(from);
    end->perl = unpack_number(from);
}
