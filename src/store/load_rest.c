/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rest of a saved state: events, variables, windows, children. */
#include "perl/keep.h"
#include "store/loading.h"
#include "store/places.h"
#include "store/reference.h"

/* -- Events -- */

bool load_queued(struct state_loading *l, struct unpack *from)
{
    struct saved_event event;
    event_unpack(from, l->head.second, &event);
    if (!from->failed)
        events_push(l->engine->state.events, event.text, event.context);
    l->load->queued++;
    return !from->failed;
}

bool load_pending(struct state_loading *l, struct unpack *from)
{
    struct saved_event event;
    event_unpack(from, l->head.second, &event);
    if (!from->failed)
        events_schedule(l->engine->state.events, event.due, event.text, event.context);
    l->load->events++;
    return !from->failed;
}

/* -- Variables -- */

/* Those with code, which cannot be kept, may have been made anew at the start. */
static void hold_codes(struct state_loading *l)
{
    struct variable_entry *list;
    size_t count = variables_list(l->engine->state.variables, &l->kept, &list);
    l->codes = arena_alloc(&l->kept, count * sizeof(*l->codes));
    for (size_t i = 0; i < count; i++) {
        const struct variable *variable = list[i].variable;
        if (variable->kind != VARIABLE_CODE)
            continue;
        perl_retain(variable->code);
        l->codes[l->code_count++] = (struct loaded_code){
            list[i].name, variable->code, arena_bytes(&l->kept, buf_bytes(&variable->text))};
    }
}

static bool take_code(struct state_loading *l, struct bytes name, uint32_t id)
{
    for (size_t i = 0; i < l->code_count; i++) {
        if (!bytes_eq(l->codes[i].name, name))
            continue;
        perl_retain(l->codes[i].value);
        variables_set_value(l->engine->state.variables, id, l->codes[i].value, l->codes[i].text);
        return true;
    }
    return false;
}

static bool take_reference(struct state_loading *l, uint32_t id, struct bytes kept, struct buf *why)
{
    struct bytes text;
    struct perl_value *value = reference_restore(kept, &l->arena, &text, why);
    if (value)
        variables_set_value(l->engine->state.variables, id, value, text);
    return value != NULL;
}

static void load_reference(struct state_loading *l, const struct saved_variable *saved, uint32_t id)
{
    struct buf why = {0};
    bool taken = saved->text.len > 0 ? take_reference(l, id, saved->text, &why)
                                     : take_code(l, saved->name, id);
    if (!taken) {
        load_problem(l, B("variable %"), saved->name, B(" is lost: "),
                     why.len > 0 ? buf_bytes(&why) : B("code is not kept"));
        l->load->variables--;
        l->load->lost.variables++;
    }
    buf_free(&why);
}

bool load_variable(struct state_loading *l, struct unpack *from)
{
    struct variables *variables = l->engine->state.variables;
    struct saved_variable saved;
    variable_unpack(from, &saved);
    if (from->failed)
        return false;
    uint32_t id = names_id(l->engine->rules.names, saved.name);
    l->load->variables++;
    switch (saved.kind) {
    case VARIABLE_UNDEF:
        variables_set_undef(variables, id);
        return true;
    case VARIABLE_TEXT:
        variables_set(variables, id, saved.text);
        return true;
    case VARIABLE_NUMBER:
        variables_set_numeric(variables, id, saved.text);
        return true;
    case VARIABLE_CODE:
        load_reference(l, &saved, id);
        return true;
    default:
        return false;
    }
}

/* -- User code's -- */

static bool is_still_kept(const struct state_loading *l, struct bytes name)
{
    const struct ruleset *set = l->engine->rules.set;
    for (size_t i = 0; i < set->kept_count; i++)
        if (bytes_eq(set->kept[i].name, name))
            return true;
    return false;
}

bool load_perl(struct state_loading *l, struct unpack *from)
{
    struct saved_perl saved;
    struct buf why = {0};
    perl_value_unpack(from, &saved);
    if (from->failed)
        return false;
    if (!is_still_kept(l, saved.name))
        buf_add(&why, B("no rule file names it in rem=state any more"));
    if (why.len == 0 && perl_keep_restore(saved.name, saved.value, &why)) {
        l->load->perl++;
    } else {
        load_problem(l, saved.name, B(" of user code is lost: "), buf_bytes(&why));
        l->load->lost.perl++;
    }
    buf_free(&why);
    return true;
}

/* -- Windows -- */

static struct window *find_window(const struct state_loading *l, const struct saved_window *saved)
{
    struct engine *engine = l->engine;
    switch (saved->of) {
    case WINDOW_ALL:
        return engine->windows.all;
    case WINDOW_SYNTHETIC:
        return engine->windows.synthetic;
    default:
        break;
    }
    struct line_source *source = source_find(engine, saved->source);
    if (!source || engine->windows.joint)
        return NULL;
    window_fit(&source->window, engine->windows.bufsize);
    return source->window;
}

bool load_window(struct state_loading *l, struct unpack *from)
{
    struct saved_window saved;
    window_unpack(from, &l->arena, &saved);
    if (from->failed || saved.of > WINDOW_SOURCE || saved.count > saved.size)
        return false;
    struct window *window = find_window(l, &saved);
    if (!window)
        return true;
    window_clear(window);
    if (window_size(window) == saved.size)
        window_set_position(window, saved.position + saved.size - saved.count);
    for (size_t i = 0; i < saved.count; i++) {
        const struct saved_line *line = &saved.lines[i];
        struct bytes source = {0};
        if (!line->synthetic)
            source = line->source;
        window_push(window, line->line, source);
        window_keep(window);
    }
    return true;
}

/* -- Matches of the last line -- */

static void store_match(struct state_loading *l, const struct saved_match *saved)
{
    static const enum perl_kind kinds[] = {
        [VALUE_UNSET] = PERL_UNDEF, [VALUE_TEXT] = PERL_TEXT, [VALUE_NUMBER] = PERL_NUMBER};
    struct cache *cache = l->engine->state.cache;
    struct bytes name = arena_bytes(&l->engine->line.arena, saved->name);
    if (saved->none) {
        cache_store(cache, name, &(struct match_vars){.kind = VARS_NONE});
        return;
    }
    struct perl_value *hash = perl_hash_new();
    for (size_t i = 0; i < saved->count; i++) {
        const struct saved_member *member = &saved->members[i];
        perl_hash_store(hash, member->name,
                        &(struct perl_item){.kind = kinds[member->kind], .text = member->text});
    }
    cache_store_hash(cache, name, hash);
    perl_release(hash);
}

bool load_match(struct state_loading *l, struct unpack *from)
{
    struct saved_match saved;
    match_unpack(from, &l->arena, &saved);
    for (size_t i = 0; i < saved.count; i++)
        if (saved.members[i].kind > VALUE_NUMBER)
            return false;
    if (!from->failed)
        store_match(l, &saved);
    return !from->failed;
}

/* -- Children -- */

bool load_child(struct state_loading *l, struct unpack *from)
{
    struct saved_child child;
    child_unpack(from, &child);
    if (from->failed)
        return false;
    load_problem(l, B("a process had not ended, and what it would have said is lost: "),
                 child.command);
    return true;
}

void load_rest_begin(struct state_loading *l)
{
    struct engine *engine = l->engine;
    events_clear(engine->state.events);
    events_clear_pending(engine->state.events);
    cache_clear(engine->state.cache);
    hold_codes(l);
    if (l->same)
        variables_clear(engine->state.variables, l->head.touched);
}

void load_rest_end(struct state_loading *l)
{
    for (size_t i = 0; i < l->code_count; i++)
        perl_release(l->codes[i].value);
}
