/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON dump in upstream's schema.
 *
 * Upstream hands byte strings to a JSON encoder that takes each byte for a character, so bytes
 * above 127 are encoded as UTF-8 even if they are UTF-8 already.
 *
 * Values are nested no deeper than the schema says (action lists are texts), so the encoder, which
 * is recursive, needs little stack.
 */
#include <jansson.h>
#include <math.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/version.h"
#include "report/dump.h"
#include "report/facts.h"
#include "report/operation.h"

#define REAL_DIGITS 15 /* as many as Perl prints */

/* The dump being made. */
struct dump {
    struct engine *engine;
    struct arena arena; /* lists and keys made for the dump */
    int64_t now;
    struct perl_value *encoder; /* Perl code for values that are Perl's; NULL: not needed yet */
    struct buf *error;          /* not empty: the dump failed */
};

static json_t *text(struct dump *d, struct bytes value)
{
    struct arena_mark mark = arena_mark(&d->arena);
    struct bytes utf8 = utf8_of_bytes(&d->arena, value);
    json_t *json = json_stringn_nocheck(utf8.ptr, utf8.len);
    arena_release(&d->arena, mark);
    return json;
}

static json_t *real(double value)
{
    return value == floor(value) && fabs(value) < 1e15 ? json_integer((json_int_t)value)
                                                       : json_real(value);
}

/* The text of a Perl number. */
static json_t *number(struct dump *d, struct bytes digits)
{
    json_t *json = json_loadb(digits.ptr, digits.len, JSON_DECODE_ANY, NULL);
    if (json_is_number(json))
        return json;
    json_decref(json);
    return text(d, digits); /* Inf, NaN */
}

static void put_member(json_t *object, const char *key, json_t *value)
{
    json_object_set_new_nocheck(object, key, value);
}

/* Under a key that is data. */
static void put_named(struct dump *d, json_t *object, struct bytes key, json_t *value)
{
    struct arena_mark mark = arena_mark(&d->arena);
    struct bytes utf8 = utf8_of_bytes(&d->arena, key);
    json_object_setn_new_nocheck(object, utf8.ptr, utf8.len, value);
    arena_release(&d->arena, mark);
}

static json_t *program(struct dump *d)
{
    const struct engine *engine = d->engine;
    json_t *json = json_object(), *groups = json_array();
    gid_t *list;
    size_t count = facts_groups(&d->arena, &list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(groups, json_integer(list[i]));
    put_member(json, "version", text(d, B(VERSION_TEXT)));
    put_member(json, "startuptime", json_integer(engine->run.started));
    put_member(json, "confloadtime", json_integer(engine->rules.set->loaded));
    put_member(json, "dumptime", json_integer(d->now));
    put_member(json, "rcfile", text(d, engine->options->rcfile_status));
    put_member(json, "options", text(d, engine->options->all));
    put_member(json, "euid", json_integer(geteuid()));
    put_member(json, "egid", json_integer(getegid()));
    put_member(json, "sgid", groups);
    return json;
}

static json_t *environment(struct dump *d)
{
    json_t *json = json_object();
    struct environment_entry *entries;
    size_t count = facts_environment(&d->arena, &entries);
    for (size_t i = 0; i < count; i++)
        put_named(d, json, entries[i].name, text(d, entries[i].value));
    return json;
}

static json_t *performance(struct dump *d)
{
    struct cpu_times times = facts_times();
    json_t *json = json_object();
    put_member(json, "runtime", json_integer(d->now - d->engine->run.started));
    put_member(json, "user", real(times.user));
    put_member(json, "system", real(times.system));
    put_member(json, "childuser", real(times.child_user));
    put_member(json, "childsystem", real(times.child_system));
    put_member(json, "lines", json_integer((json_int_t)d->engine->run.processed_lines));
    return json;
}

static json_t *rule_statistics(struct dump *d, const struct rule_state *state)
{
    const struct rule *rule = state->rule;
    json_t *json = json_object();
    put_member(json, "ruleline", json_integer((json_int_t)rule->line));
    put_member(json, "matches", json_integer((json_int_t)state->match_count));
    put_member(json, "desc", text(d, rule->desc_text));
    if (d->engine->options->ruleperf) {
        put_member(json, "events", json_integer((json_int_t)state->event_count));
        put_member(json, "cputime", real(state->cpu_seconds));
    }
    return json;
}

static json_t *rules(struct dump *d)
{
    const struct file_states *states = &d->engine->state.files;
    json_t *json = json_object();
    for (size_t i = 0; i < states->count; i++) {
        const struct file_state *state = states->items[i];
        const struct rule_file *file = state->file;
        json_t *entry = json_object(), *stats = json_array();
        for (size_t k = 0; k < file->count; k++)
            json_array_append_new(stats, rule_statistics(d, &state->rules[k]));
        put_member(entry, "loadtime", json_integer(file->loaded));
        put_member(entry, "stats", stats);
        put_named(d, json, file->name, entry);
    }
    return json;
}

static void put_open_input(struct dump *d, json_t *json, const struct input *input)
{
    int64_t offset = facts_offset(input), size = facts_size(input);
    bool is_stdin = facts_stdin(input);
    put_member(json, "type", text(d, input->regular ? B("regular file") : B("pipe")));
    if (input->regular && offset >= 0)
        put_member(json, "offset", json_integer(offset));
    if (input->regular && size >= 0)
        put_member(json, "size", json_integer(size));
    put_member(json, "dev", is_stdin ? text(d, B("-")) : json_integer((json_int_t)input->device));
    put_member(json, "inode", is_stdin ? text(d, B("-")) : json_integer((json_int_t)input->inode));
}

static json_t *inputs(struct dump *d)
{
    const struct engine *engine = d->engine;
    json_t *json = json_object();
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct input *input = inputs_at(engine->io.inputs, i);
        json_t *entry = json_object();
        put_member(entry, "file", text(d, input->source.name));
        put_member(entry, "status", text(d, input->fd >= 0 ? B("Open") : B("Closed")));
        if (input->fd >= 0)
            put_open_input(d, entry, input);
        put_member(entry, "lines", json_integer((json_int_t)input->source.lines));
        if (engine->options->intcontexts)
            put_member(entry, "context",
                       input->source.context.ptr ? text(d, input->source.context) : json_null());
        put_named(d, json, input->source.name, entry);
    }
    return json;
}

static json_t *window_lines(struct dump *d, const struct window *window)
{
    json_t *json = json_array();
    for (size_t back = window_size(window); back-- > 0;)
        json_array_append_new(json, text(d, window_line(window, back)));
    return json;
}

static json_t *window_sources(struct dump *d, const struct window *window)
{
    json_t *json = json_array();
    for (size_t back = window_size(window); back-- > 0;) {
        struct bytes source = window_source(window, back);
        if (window_pushed(window, back) && !source.ptr)
            source = B("synthetic event");
        json_array_append_new(json, text(d, source));
    }
    return json;
}

static json_t *windows(struct dump *d)
{
    const struct engine *engine = d->engine;
    json_t *json = json_object();
    put_member(json, "bufsize", json_integer((json_int_t)engine->windows.bufsize));
    if (engine->windows.joint) {
        put_member(json, "bufmode", text(d, B("joint buffer for all input sources")));
        put_member(json, "lastlines", window_lines(d, engine->windows.all));
        put_member(json, "lastinputs", window_sources(d, engine->windows.all));
        return json;
    }
    json_t *lines = json_object();
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct input *input = inputs_at(engine->io.inputs, i);
        if (input->source.window)
            put_named(d, lines, input->source.name, window_lines(d, input->source.window));
    }
    put_member(json, "bufmode", text(d, B("separate buffer for each input source")));
    put_member(json, "lastlines", lines);
    put_member(json, "lastsynevents", window_lines(d, engine->windows.synthetic));
    return json;
}

static json_t *pending(struct dump *d)
{
    struct events *events = d->engine->state.events;
    json_t *json = json_array();
    for (size_t i = 0; i < events_pending_count(events); i++) {
        const struct event *event = events_pending_at(events, i);
        json_t *entry = json_object();
        put_member(entry, "event", text(d, event->text));
        put_member(entry, "time", json_integer(event->due));
        if (d->engine->options->intcontexts)
            put_member(entry, "context", text(d, event->context));
        json_array_append_new(json, entry);
    }
    return json;
}

static json_t *match_value(struct dump *d, const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return text(d, value->text);
    case VALUE_NUMBER:
        return number(d, value->text);
    default:
        return json_null();
    }
}

static json_t *cache(struct dump *d)
{
    const struct cache *entries = d->engine->state.cache;
    json_t *json = json_object();
    for (size_t i = 0; i < cache_count(entries); i++) {
        const struct cache_entry *entry = cache_at(entries, i);
        struct named_value *list;
        size_t count = vars_list(&entry->vars, &d->arena, &list);
        json_t *values = json_object();
        for (size_t k = 0; k < count; k++)
            put_named(d, values, list[k].name, match_value(d, &list[k].value));
        put_named(d, json, entry->name, values);
    }
    return json;
}

/* An operation's object under construction. */
struct item_place {
    struct dump *dump;
    json_t *json;
};

static void put_item(void *arg, const struct item *item)
{
    struct item_place *place = arg;
    struct buf key = {0};
    buf_add(&key, bytes_of(item->key));
    if (item->part > 1)
        buf_num(&key, (int64_t)item->part);
    put_named(place->dump, place->json, buf_bytes(&key),
              item->kind == ITEM_TEXT ? text(place->dump, item->text) : json_integer(item->number));
    buf_free(&key);
}

static json_t *operation_times(const struct operation *operation)
{
    json_t *json = json_array();
    for (uint32_t i = 0; i < operation->time_count; i++)
        json_array_append_new(json, json_integer(operation_event(operation, i).time));
    return json;
}

static json_t *operation_parts(const struct operation *operation)
{
    json_t *json = json_array();
    for (uint32_t i = 0; i < operation->time_count; i++)
        json_array_append_new(json, json_integer(operation_event(operation, i).part + 1));
    return json;
}

static json_t *operation_tokens(struct dump *d, const struct operation *operation)
{
    json_t *json = json_array();
    for (uint32_t i = 0; i < operation->time_count; i++) {
        struct operation_event event = operation_event(operation, i);
        json_array_append_new(json,
                              event.token_number ? number(d, event.token) : text(d, event.token));
    }
    return json;
}

static void put_operation_events(struct dump *d, json_t *json, const struct operation *operation)
{
    struct operation_events events = operation_events(operation);
    if (!events.json)
        return;
    put_member(json, "status", json_string(events.json));
    put_member(json, "eventtimes", operation_times(operation));
    if (events.of_group)
        put_member(json, "eventpatterns", operation_parts(operation));
    if (events.have_tokens)
        put_member(json, "eventtokens", operation_tokens(d, operation));
}

static json_t *operation_object(struct dump *d, const struct operation *operation, struct bytes key)
{
    const struct rule *rule = operation->rule;
    json_t *json = json_object();
    struct item_place place = {d, json};
    struct buf type = {0};
    operation_type(operation, &type);
    put_member(json, "key", text(d, key));
    put_member(json, "type", text(d, buf_bytes(&type)));
    put_member(json, "starttime", json_integer(operation->start));
    put_member(json, "windowstart", json_integer(operation->time));
    if (operation->window)
        put_member(json, "windowend",
                   json_integer(clock_later(operation->time, operation->window)));
    put_member(json, "configfile", text(d, rule->file->name));
    put_member(json, "ruleid", json_integer(rule->id));
    operation_items(d->engine, operation, put_item, &place);
    put_operation_events(d, json, operation);
    buf_free(&type);
    return json;
}

static json_t *operations(struct dump *d)
{
    json_t *json = json_object();
    const struct operation *operation = operations_first(d->engine->state.operations);
    for (; operation; operation = operation->next) {
        const struct rule *rule = operation->rule;
        struct arena_mark mark = arena_mark(&d->arena);
        struct bytes key =
            operation_key(&d->arena, rule->file->name, rule->id, operation_desc(operation));
        put_named(d, json, key, operation_object(d, operation, key));
        arena_release(&d->arena, mark);
    }
    return json;
}

static void put_context_action(struct dump *d, json_t *json, const struct context *context)
{
    if (!context->action || context->action->count == 0)
        return;
    struct scope scope = {
        .text = context->desc, .keys = context->action->keys, .bound = context->bound};
    struct arena_mark mark = arena_mark(&d->engine->line.arena);
    struct buf list = {0};
    action_list_print(context->action, d->engine, &scope, &list);
    put_member(json, "action", text(d, buf_bytes(&list)));
    buf_free(&list);
    arena_release(&d->engine->line.arena, mark);
}

static json_t *context_object(struct dump *d, const struct context *context)
{
    json_t *json = json_object(), *names = json_array();
    json_t *events = json_array(), *times = json_array();
    uint32_t count;
    const struct bytes *aliases = contexts_aliases(context, &count);
    for (uint32_t i = 0; i < count; i++)
        json_array_append_new(names, text(d, aliases[i]));
    for (size_t i = 0; i < context->event_count; i++) {
        json_array_append_new(events, text(d, context_event(context, i)->text));
        json_array_append_new(times, json_integer(context_event(context, i)->time));
    }
    put_member(json, "name", names);
    put_member(json, "inittime", json_integer(context->init_time));
    put_member(json, "creationtime", json_integer(context->time));
    put_member(json, "lifetime", json_integer(context->window));
    put_context_action(d, json, context);
    put_member(json, "buffer", events);
    put_member(json, "times", times);
    return json;
}

static json_t *contexts(struct dump *d)
{
    json_t *json = json_array();
    const struct context *context = contexts_first(d->engine->state.contexts);
    for (; context; context = context->next)
        json_array_append_new(json, context_object(d, context));
    return json;
}

static json_t *children(struct dump *d)
{
    json_t *json = json_object();
    const struct child *child = children_first(d->engine->io.children);
    for (; child; child = child->next) {
        json_t *entry = json_object();
        put_member(entry, "pid", json_integer(child->pid));
        put_member(entry, "cmdline", text(d, child->command));
        if (child->reading)
            put_member(entry, "status", text(d, B("Connected to pipe input")));
        if (child->reading && d->engine->options->intcontexts)
            put_member(entry, "context", text(d, child->context));
        put_named(d, json, NUM(child->pid), entry);
    }
    return json;
}

/* Arrays and hashes that an action list variable refers to are encoded by Perl, code is null. */
static json_t *perl_json(struct dump *d, struct perl_value *value)
{
    struct perl_item item = {.kind = PERL_VALUE, .value = value};
    struct perl_list result = {0};
    json_t *json = NULL;
    if (!d->encoder &&
        !perl_compile(B("sub { JSON::PP->new->utf8->allow_unknown->allow_nonref->encode($_[0]) }"),
                      &d->encoder, d->error))
        return json_null();
    if (perl_call(d->encoder, &item, 1, PERL_SCALAR, &d->arena, &result, d->error)) {
        struct bytes encoded = result.count ? result.items[0].text : B("");
        json = json_loadb(encoded.ptr, encoded.len, JSON_DECODE_ANY, NULL);
        perl_list_release(&result);
    }
    return json ? json : json_null();
}

static json_t *variable_value(struct dump *d, const struct variable *variable)
{
    switch (variable->kind) {
    case VARIABLE_TEXT:
        return text(d, buf_bytes(&variable->text));
    case VARIABLE_NUMBER:
        return number(d, buf_bytes(&variable->text));
    case VARIABLE_CODE:
        return perl_json(d, variable->code);
    default:
        return json_null();
    }
}

static json_t *variables(struct dump *d)
{
    struct variable_entry *list;
    size_t count = variables_list(d->engine->state.variables, &d->arena, &list);
    json_t *json = json_object();
    for (size_t i = 0; i < count; i++) {
        /* Encoding runs user code's hooks, which may move the variables' places. */
        uint32_t id = names_id(d->engine->rules.names, list[i].name);
        put_named(d, json, list[i].name,
                  variable_value(d, variables_get(d->engine->state.variables, id)));
    }
    return json;
}

static json_t *everything(struct dump *d)
{
    static const struct {
        const char *key;
        json_t *(*make)(struct dump *d);
    } sections[] = {
        {"program", program},       {"env", environment},   {"perf", performance},
        {"rulestats", rules},       {"inputs", inputs},     {"buffer", windows},
        {"pendingevents", pending}, {"pmatchcache", cache}, {"operations", operations},
        {"contexts", contexts},     {"children", children}, {"variables", variables},
    };
    json_t *json = json_object();
    for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
        put_member(json, sections[i].key, sections[i].make(d));
    return json;
}

static int append_piece(const char *piece, size_t size, void *arg)
{
    buf_add(arg, bytes_make(piece, size));
    return 0;
}

bool dump_json(struct engine *engine, struct buf *out, int64_t now, struct buf *error)
{
    struct dump d = {.engine = engine, .now = now, .error = error};
    arena_init(&d.arena);
    json_t *json = everything(&d);
    if (error->len == 0)
        json_dump_callback(json, append_piece, out,
                           JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    json_decref(json);
    perl_release(d.encoder);
    arena_free(&d.arena);
    return error->len == 0;
}
