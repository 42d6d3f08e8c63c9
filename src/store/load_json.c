/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/load.h"

#include <math.h>
#include <time.h>

#include "base/json_values.h"
#include "correlate/resume.h"
#include "store/places.h"

/* A load from JSON under way. */
struct loading {
    struct state_load *load;
    struct engine *engine;
    struct fields fields;
    struct arena arena;
};

/* One that calendars know. */
static bool has_second(const json_t *state, struct buf *why)
{
    struct buf errors = {0};
    struct fields fields = {.errors = &errors};
    int64_t second;
    bool has = fields_number(&fields, state, "second", -FIELDS_LARGEST, &second);
    buf_add(why, bytes_trim(buf_bytes(&errors)));
    buf_free(&errors);
    buf_free(&fields.place);
    return has;
}

json_t *state_read(const char *path, struct buf *why)
{
    json_t *state = fields_read_file(path, why);
    if (!state)
        return NULL;
    int64_t version = json_number(state, "version");
    if (!json_is(state, "format", STATE_FORMAT))
        buf_add(why, B("not a state of Secant"));
    else if (version != STATE_VERSION)
        buf_cat(why, B("version "), NUM(version), B(", this program reads version "),
                NUM(STATE_VERSION));
    else if (has_second(state, why))
        return state;
    json_decref(state);
    return NULL;
}

int64_t state_second(const json_t *state)
{
    return (int64_t)floor(json_number_value(json_object_get(state, "second")));
}

/* -- Contexts -- */

static const struct action_list *nth_list(struct loading *l, const struct rule *rule, int64_t nth)
{
    struct given_list *lists;
    size_t count = given_lists(rule, &l->arena, &lists);
    if (nth < (int64_t)count)
        return lists[nth].list;
    fields_wrong(&l->fields, B("the rule has no such action list"));
    return NULL;
}

static void set_parsed(struct loading *l, struct context *context, struct bytes text,
                       struct bytes desc)
{
    const struct action_list *list = list_parse(l->engine, text, 0, B(""));
    if (!list) {
        fields_wrong(&l->fields, B("these actions could not be read: "), text);
        return;
    }
    contexts_set_action(l->engine, context, list, NULL, desc);
    rule_file_release(list->file);
}

static void set_actions(struct loading *l, struct context *context, const json_t *json)
{
    struct bytes desc = B(""), text;
    size_t before = fields_enter(&l->fields, B("actions"));
    const json_t *place = json_object_get(json, "rule");
    const struct rule_state *rule;
    const struct action_list *list;
    int64_t nth;
    if (json_object_get(json, "desc"))
        fields_text(&l->fields, json, "desc", &desc);
    if (!place && fields_text(&l->fields, json, "text", &text))
        set_parsed(l, context, text, desc);
    else if (place && (rule = rule_find(l->engine, &l->fields, place)) &&
             fields_number(&l->fields, json, "list", 0, &nth) &&
             (list = nth_list(l, rule->rule, nth)))
        contexts_set_action(l->engine, context, list, binding_get(&l->fields, json, list->keys),
                            desc);
    fields_leave(&l->fields, before);
}

static void fill_store(struct loading *l, struct context *context, const json_t *json)
{
    const json_t *store = fields_array(&l->fields, json, "store");
    size_t before = fields_enter(&l->fields, B("store"));
    for (size_t i = 0; i < json_array_size(store); i++) {
        const json_t *entry = json_array_get(store, i);
        struct bytes text;
        int64_t time;
        size_t around = fields_enter_item(&l->fields, i);
        if (fields_number_of(&l->fields, json_array_get(entry, 0), -FIELDS_LARGEST, &time) &&
            fields_text_of(&l->fields, json_array_get(entry, 1), &text))
            context_push(l->engine, context, text, time);
        fields_leave(&l->fields, around);
    }
    fields_leave(&l->fields, before);
}

/* The names that are not there yet; NULL: there are none. */
static struct context *name_context(struct loading *l, const json_t *json, int64_t lifetime)
{
    struct context *context = NULL;
    const json_t *names = fields_array(&l->fields, json, "names");
    size_t before = fields_enter(&l->fields, B("names"));
    for (size_t i = 0; i < json_array_size(names); i++) {
        struct bytes name;
        if (!fields_text_of(&l->fields, json_array_get(names, i), &name))
            continue;
        if (contexts_find(l->engine->state.contexts, name))
            fields_wrong(&l->fields, B("another context is called "), name);
        else if (context)
            contexts_add_name(l->engine, context, name);
        else
            context = contexts_create(l->engine, name, lifetime);
    }
    fields_leave(&l->fields, before);
    return context;
}

static void load_context(struct loading *l, const json_t *json)
{
    int64_t first, since, lifetime;
    struct context *context;
    if (!fields_number(&l->fields, json, "first", -FIELDS_LARGEST, &first) ||
        !fields_number(&l->fields, json, "since", -FIELDS_LARGEST, &since) ||
        !fields_number(&l->fields, json, "lifetime", -1, &lifetime) ||
        !(context = name_context(l, json, lifetime)))
        return;
    context->init_time = first;
    contexts_set_time(l->engine, context, since);
    const json_t *actions = json_object_get(json, "actions");
    if (actions)
        set_actions(l, context, actions);
    fill_store(l, context, json);
    l->load->contexts++;
}

/* -- Operations -- */

/* An event is a time, or of an EventGroup a time, the number of a pattern and a token. */
static bool read_event(struct loading *l, const struct rule *rule, const json_t *json,
                       struct group_event *event)
{
    int64_t part;
    *event = (struct group_event){0};
    if (!rule->type->numbered)
        return fields_number_of(&l->fields, json, -FIELDS_LARGEST, &event->time);
    const json_t *token = json_array_get(json, 2);
    if (!fields_number_of(&l->fields, json_array_get(json, 0), -FIELDS_LARGEST, &event->time) ||
        !fields_number_of(&l->fields, json_array_get(json, 1), 0, &part))
        return false;
    if (part >= (int64_t)rule->part_count) {
        fields_wrong(&l->fields, B("the rule has no pattern "), NUM(part + 1));
        return false;
    }
    event->part = (uint32_t)part;
    return !rule->has_group_pattern || fields_text_of(&l->fields, token, &event->token);
}

static bool read_events(struct loading *l, const struct rule *rule, const json_t *json,
                        struct earlier *earlier)
{
    const json_t *list = fields_array(&l->fields, json, "events");
    size_t count = json_array_size(list), before = fields_enter(&l->fields, B("events"));
    struct group_event *events = arena_alloc(&l->arena, count * sizeof(*events));
    bool fine = list != NULL;
    for (size_t i = 0; i < count && fine; i++) {
        size_t around = fields_enter_item(&l->fields, i);
        fine = read_event(l, rule, json_array_get(list, i), &events[i]);
        fields_leave(&l->fields, around);
    }
    fields_leave(&l->fields, before);
    earlier->events = events;
    earlier->count = count;
    return fine;
}

static void resume(struct loading *l, struct rule_state *rule, struct earlier *earlier)
{
    struct buf error = {0};
    if (operation_resume(l->engine, rule, earlier, &error))
        l->load->operations++;
    else
        fields_wrong(&l->fields, buf_bytes(&error));
    buf_free(&error);
}

static void load_operation(struct loading *l, const json_t *json)
{
    struct earlier earlier = {.reached = json_is_true(json_object_get(json, "reached"))};
    struct rule_state *rule = rule_find(l->engine, &l->fields, json_object_get(json, "rule"));
    if (!rule || !fields_text(&l->fields, json, "desc", &earlier.desc) ||
        !fields_number(&l->fields, json, "start", -FIELDS_LARGEST, &earlier.start) ||
        !fields_number(&l->fields, json, "since", -FIELDS_LARGEST, &earlier.time) ||
        !fields_number(&l->fields, json, "window", 0, &earlier.window) ||
        !read_events(l, rule->rule, json, &earlier))
        return;
    if (!rule->rule->type->due)
        fields_wrong(&l->fields, B("rules of this type have no operations"));
    else if (operations_find(rule, earlier.desc))
        fields_wrong(&l->fields, B("there is another operation with this description"));
    else {
        earlier.bound = binding_get(&l->fields, json, &rule->rule->keys);
        resume(l, rule, &earlier);
    }
}

/* -- All else -- */

static void load_event(struct loading *l, const json_t *json)
{
    struct bytes text, context;
    int64_t due;
    if (!fields_text(&l->fields, json, "event", &text) ||
        !fields_text(&l->fields, json, "context", &context) ||
        !fields_number(&l->fields, json, "due", -FIELDS_LARGEST, &due))
        return;
    events_schedule(l->engine->state.events, due, text, context);
    l->load->events++;
}

static void load_matches(struct loading *l, const json_t *json)
{
    struct rule_state *rule = rule_find(l->engine, &l->fields, json_object_get(json, "rule"));
    int64_t matches;
    if (rule && fields_number(&l->fields, json, "matches", 0, &matches))
        rule->match_count = (uint64_t)matches;
}

/* A Calendar rule has acted in the minute of this second. */
static void load_calendar(struct loading *l, const json_t *json)
{
    struct rule_state *rule = rule_find(l->engine, &l->fields, json_object_get(json, "rule"));
    int64_t second;
    struct tm tm;
    if (!rule || !fields_number(&l->fields, json, "acted", -FIELDS_LARGEST, &second))
        return;
    time_t at = (time_t)second;
    if (localtime_r(&at, &tm))
        rule->last_action =
            (struct last_action){tm.tm_min, tm.tm_hour, tm.tm_mday, tm.tm_mon, tm.tm_year};
}

static void load_list(struct loading *l, const json_t *state, const char *key,
                      void (*load_one)(struct loading *l, const json_t *json))
{
    const json_t *list = fields_array(&l->fields, state, key);
    size_t before = fields_enter(&l->fields, bytes_of(key));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct arena_mark mark = arena_mark(&l->arena);
        size_t around = fields_enter_item(&l->fields, i);
        load_one(l, json_array_get(list, i));
        fields_leave(&l->fields, around);
        arena_release(&l->arena, mark);
    }
    fields_leave(&l->fields, before);
}

/* What a variable referred to, but code.  Truth values are Perl's own again. */
static void set_data(struct loading *l, uint32_t id, const json_t *data)
{
    struct buf text = {0}, error = {0};
    struct perl_value *decode;
    struct perl_list result = {0};
    json_write(&text, json_incref((json_t *)data));
    struct perl_item item = {.kind = PERL_TEXT, .text = buf_bytes(&text)};
    if (perl_compile(B("sub { JSON::PP->new->utf8->boolean_values(!!0, !!1)->decode($_[0]) }"),
                     &decode, &error)) {
        if (perl_call(decode, &item, 1, PERL_SCALAR, &l->arena, &result, &error) &&
            result.count == 1 && result.items[0].kind == PERL_VALUE) {
            perl_retain(result.items[0].value);
            variables_set_value(l->engine->state.variables, id, result.items[0].value,
                                result.items[0].text);
        }
        perl_list_release(&result);
        perl_release(decode);
    }
    if (error.len > 0)
        fields_wrong(&l->fields, buf_bytes(&error));
    buf_free(&text);
    buf_free(&error);
}

static void load_variable(struct loading *l, struct bytes name, const json_t *value)
{
    struct variables *variables = l->engine->state.variables;
    uint32_t id = names_id(l->engine->rules.names, name);
    struct bytes text;
    if (json_is_null(value))
        variables_set_undef(variables, id);
    else if (json_is_object(value) || json_is_array(value))
        set_data(l, id, value);
    else if (!fields_scalar_of(&l->fields, value, &text))
        return;
    else if (json_is_number(value))
        variables_set_numeric(variables, id, text);
    else
        variables_set(variables, id, text);
}

static void load_variables(struct loading *l, const json_t *state)
{
    json_t *values = fields_object(&l->fields, state, "variables"), *value;
    const char *key;
    size_t length, before = fields_enter(&l->fields, B("variables"));
    json_object_keylen_foreach(values, key, length, value)
    {
        struct bytes name = fields_key(&l->fields, key, length);
        size_t around = fields_enter(&l->fields, name);
        load_variable(l, name, value);
        fields_leave(&l->fields, around);
    }
    fields_leave(&l->fields, before);
}

/* Lines, or of all sources together pairs of a source and a line. */
static void fill_window(struct loading *l, struct window *window, const json_t *lines)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *entry = json_array_get(lines, i);
        const json_t *source = json_is_array(entry) ? json_array_get(entry, 0) : NULL;
        struct bytes line, name = {0};
        if (!fields_text_of(&l->fields, json_is_array(entry) ? json_array_get(entry, 1) : entry,
                            &line) ||
            (json_is_string(source) && !fields_text_of(&l->fields, source, &name)))
            return;
        window_push(window, line, name);
        window_keep(window);
    }
}

static void load_windows(struct loading *l, const json_t *state)
{
    const struct engine_windows *windows = &l->engine->windows;
    json_t *json = fields_object(&l->fields, state, "windows"), *lines;
    const char *key;
    size_t length, before = fields_enter(&l->fields, B("windows"));
    if (windows->joint && windows->bufsize > 1)
        fill_window(l, windows->all, json_object_get(json, "all"));
    if (windows->synthetic)
        fill_window(l, windows->synthetic, json_object_get(json, "synthetic"));
    json_object_keylen_foreach(json_object_get(json, "sources"), key, length, lines)
    {
        struct line_source *source = source_find(l->engine, fields_key(&l->fields, key, length));
        if (!source || windows->joint)
            continue;
        window_fit(&source->window, windows->bufsize);
        fill_window(l, source->window, lines);
    }
    fields_leave(&l->fields, before);
}

static void forget_all(struct engine *engine)
{
    operations_clear(engine);
    contexts_clear(engine);
    variables_reset(engine->state.variables);
    events_clear_pending(engine->state.events);
}

void state_load(struct state_load *load, const json_t *state)
{
    struct loading loading = {.load = load, .engine = load->engine}, *l = &loading;
    int64_t cleaned, lines;
    arena_init(&l->arena);
    l->fields = (struct fields){.file = load->file, .arena = &l->arena, .errors = &load->problems};
    forget_all(load->engine);
    load_list(l, state, "contexts", load_context);
    load_list(l, state, "operations", load_operation);
    load_list(l, state, "pending", load_event);
    load_list(l, state, "matches", load_matches);
    load_list(l, state, "calendar", load_calendar);
    load_variables(l, state);
    load_windows(l, state);
    if (fields_number(&l->fields, state, "cleaned", -FIELDS_LARGEST, &cleaned) &&
        cleaned <= engine_now(load->engine))
        load->engine->run.last_cleanup = cleaned;
    if (fields_number(&l->fields, state, "lines", 0, &lines))
        load->engine->run.processed_lines = (uint64_t)lines;
    buf_free(&l->fields.place);
    arena_free(&l->arena);
}

static bool read_place(struct fields *fields, const json_t *json, struct input_place *place)
{
    int64_t device, inode, offset, lines;
    if (!fields_number(fields, json, "dev", 0, &device) ||
        !fields_number(fields, json, "inode", 0, &inode) ||
        !fields_number(fields, json, "offset", 0, &offset) ||
        !fields_number(fields, json, "lines", 0, &lines))
        return false;
    place->device = (dev_t)device;
    place->inode = (ino_t)inode;
    place->offset = (uint64_t)offset;
    place->lines = (uint64_t)lines;
    return true;
}

void state_expect_inputs(struct engine *engine, const char *path, const json_t *state,
                         struct arena *arena)
{
    struct buf problems = {0};
    struct fields fields = {.file = bytes_of(path), .arena = arena, .errors = &problems};
    json_t *inputs = fields_object(&fields, state, "inputs"), *json;
    struct input_place *places = arena_alloc(arena, json_object_size(inputs) * sizeof(*places));
    const char *key;
    size_t length, count = 0, before = fields_enter(&fields, B("inputs"));
    json_object_keylen_foreach(inputs, key, length, json)
    {
        struct bytes name = fields_key(&fields, key, length);
        size_t around = fields_enter(&fields, name);
        places[count] = (struct input_place){.name = name};
        if (json_object_get(json, "offset") && read_place(&fields, json, &places[count]))
            count++;
        fields_leave(&fields, around);
    }
    fields_leave(&fields, before);
    inputs_go_on(engine->io.inputs, places, count);
    load_tell_problems(engine->log, &problems);
    buf_free(&fields.place);
}

void state_take(struct engine *engine, const char *path, const json_t *state)
{
    struct state_load load = {.engine = engine, .file = bytes_of(path)};
    state_load(&load, state);
    state_load_tell(&load, state_second(state));
}
