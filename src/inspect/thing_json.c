/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/thing_json.h"

#include "inspect/json_members.h"
#include "lang/template.h"
#include "match/vars.h"
#include "perl/keep.h"
#include "state/variables.h"

static void put_names(json_t *object, const char *key, const struct saved_names *names)
{
    json_t *list = json_array();
    for (size_t i = 0; i < names->count; i++)
        json_array_append_new(list, json_of_bytes(names->items[i]));
    json_put(object, key, list);
}

static void put_head(json_t *object, const struct saved_head *head)
{
    put_number(object, "version", head->version);
    put_text(object, "program", head->program);
    put_signed(object, "second", head->second);
    put_hash(object, "rules", head->rules);
    put_signed(object, "cleaned", head->cleaned);
    put_signed(object, "touched", head->touched);
    put_signed(object, "calendar", head->calendar);
    put_flag(object, "calendar_waits", head->calendar_waits);
    put_flag(object, "in_turn", head->in_turn);
    put_number(object, "lines", head->lines);
    put_number(object, "matches", head->matches);
}

/* -- Rules -- */

static json_t *key_json(const struct saved_key *key)
{
    json_t *object = json_object();
    put_number(object, "match", key->source + 1u);
    if (key->kind == KEY_NUMBER) {
        put_number(object, "number", key->number);
        return object;
    }
    put_text(object, "name", key->name);
    if (key->kind == KEY_CACHE)
        put_text(object, "entry", key->entry);
    return object;
}

static void put_keys(json_t *object, const struct saved_keys *keys)
{
    json_t *list = json_array();
    for (size_t i = 0; i < keys->count; i++)
        json_array_append_new(list, key_json(&keys->items[i]));
    json_put(object, "keys", list);
}

static void put_rule(json_t *object, uint64_t number, const struct saved_rule *rule)
{
    json_t *acted = json_array();
    put_number(object, "id", number);
    put_text(object, "file", rule->file);
    put_number(object, "number", rule->number);
    put_number(object, "line", rule->line);
    put_text(object, "type", rule->type);
    put_text(object, "name", rule->name);
    put_hash(object, "mark", rule->mark);
    put_number(object, "twin", rule->twin);
    put_number(object, "matches", rule->matches);
    put_number(object, "events", rule->events);
    put_number(object, "nanoseconds", rule->nanoseconds);
    for (size_t i = 0; i < sizeof(rule->acted) / sizeof(*rule->acted); i++)
        json_array_append_new(acted, json_integer(rule->acted[i]));
    json_put(object, "acted", acted);
    put_keys(object, &rule->keys);
}

static void put_list(json_t *object, uint64_t number, const struct saved_list *list)
{
    put_number(object, "id", number);
    put_reference(object, "rule", list->rule);
    put_number(object, "nth", list->nth);
    put_number(object, "passes", list->passes);
    put_text(object, "actions", list->text);
    put_text(object, "file", list->file);
    put_keys(object, &list->keys);
}

/* The text of a value; null where it has none. */
static void put_value(json_t *object, uint8_t kind, struct bytes text)
{
    if (kind == VALUE_UNSET)
        json_put(object, "value", json_null());
    else
        put_text(object, "value", text);
    if (kind == VALUE_NUMBER)
        put_flag(object, "is_number", true);
}

static void put_binding(json_t *object, const struct saved_binding *bound)
{
    json_t *values = json_array();
    if (!bound->there) {
        json_decref(values);
        return;
    }
    for (size_t i = 0; i < bound->count; i++) {
        const struct saved_value *value = &bound->values[i];
        json_t *one = json_object();
        put_number(one, "key", value->key);
        put_value(one, value->kind, value->text);
        json_array_append_new(values, one);
    }
    json_put(object, "values", values);
    put_flag(object, "raw_first", bound->raw_first);
    put_flag(object, "raw_second", bound->raw_second);
    put_flag(object, "second_match", bound->second);
}

/* -- Contexts and operations -- */

static void put_store(json_t *object, const struct saved_entries *store)
{
    json_t *list = json_array();
    for (size_t i = 0; i < store->count; i++) {
        json_t *entry = json_object();
        put_signed(entry, "time", store->items[i].time);
        put_text(entry, "text", store->items[i].text);
        json_array_append_new(list, entry);
    }
    json_put(object, "events", list);
}

static void put_context(json_t *object, const struct saved_context *context)
{
    put_names(object, "names", &context->names);
    if (context->aliased)
        put_names(object, "aliases", &context->aliases);
    put_signed(object, "first", context->first);
    put_signed(object, "since", context->since);
    put_signed(object, "lifetime", context->lifetime);
    if (context->due != INT64_MAX) {
        put_signed(object, "due", context->due);
        put_number(object, "armed", context->armed);
    }
    put_flag(object, "ending", context->ending);
    put_flag(object, "window_given", context->window_given);
    put_flag(object, "window_compared", context->window_compared);
    put_reference(object, "list", context->list);
    put_text(object, "desc", context->desc);
    put_binding(object, &context->bound);
    put_store(object, &context->store);
}

static void put_times(json_t *object, const struct saved_times *times)
{
    json_t *list = json_array();
    for (size_t i = 0; i < times->count; i++) {
        const struct saved_time *time = &times->items[i];
        if (!times->parts) {
            json_array_append_new(list, json_integer(time->time));
            continue;
        }
        json_t *event = json_object();
        put_signed(event, "time", time->time);
        put_number(event, "part", time->part);
        if (times->tokens)
            put_text(event, "token", time->token);
        json_array_append_new(list, event);
    }
    json_put(object, "times", list);
    put_flag(object, "more", times->more);
}

static void put_operation(json_t *object, const struct saved_operation *operation)
{
    put_number(object, "rule", operation->rule);
    put_text(object, "desc", operation->desc);
    put_signed(object, "start", operation->start);
    put_signed(object, "since", operation->since);
    put_signed(object, "window", operation->window);
    put_number(object, "armed", operation->armed);
    put_flag(object, "suppressing", operation->suppressing);
    put_flag(object, "second_pass", operation->second_pass);
    put_binding(object, &operation->bound);
    put_times(object, &operation->times);
}

/* -- All else -- */

static void put_event(json_t *object, const struct saved_event *event, bool pending)
{
    if (pending)
        put_signed(object, "due", event->due);
    put_text(object, "text", event->text);
    put_text(object, "context", event->context);
}

static void put_variable(json_t *object, const struct saved_variable *variable)
{
    put_text(object, "name", variable->name);
    if (variable->kind == VARIABLE_TEXT || variable->kind == VARIABLE_NUMBER)
        put_text(object, "value", variable->text);
    else
        json_put(object, "value", json_null());
    if (variable->kind == VARIABLE_NUMBER)
        put_flag(object, "is_number", true);
    if (variable->kind == VARIABLE_CODE)
        put_flag(object, "is_reference", true);
}

static void put_window(json_t *object, const struct saved_window *window)
{
    static const char *const kinds[] = {"all", "synthetic", "source"};
    json_t *lines = json_array();
    put_text(object, "of", bytes_of(window->of <= WINDOW_SOURCE ? kinds[window->of] : ""));
    put_text(object, "source", window->source);
    put_number(object, "size", window->size);
    put_number(object, "position", window->position);
    for (size_t i = 0; i < window->count; i++) {
        const struct saved_line *line = &window->lines[i];
        json_t *one = json_object();
        put_text(one, "line", line->line);
        if (!line->synthetic)
            put_text(one, "source", line->source);
        json_array_append_new(lines, one);
    }
    json_put(object, "lines", lines);
}

static void put_match(json_t *object, const struct saved_match *match)
{
    json_t *values = json_array();
    put_text(object, "name", match->name);
    for (size_t i = 0; i < match->count; i++) {
        const struct saved_member *member = &match->members[i];
        json_t *one = json_object();
        put_text(one, "name", member->name);
        put_value(one, member->kind, member->text);
        json_array_append_new(values, one);
    }
    json_put(object, "values", values);
    put_flag(object, "none", match->none);
}

static void put_child(json_t *object, const struct saved_child *child)
{
    put_text(object, "command", child->command);
    put_text(object, "context", child->context);
    put_flag(object, "script", child->script);
}

static void put_perl(json_t *object, const struct saved_perl *perl)
{
    put_text(object, "name", perl->name);
    put_number(object, "bytes", perl->value.len);
    struct buf text = {0};
    if (perl_keep_json(perl->name, perl->value, &text))
        json_put(object, "value",
                 json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
    buf_free(&text);
}

static void put_end(json_t *object, const struct saved_end *end)
{
    put_number(object, "contexts", end->contexts);
    put_number(object, "operations", end->operations);
    put_number(object, "queued", end->queued);
    put_number(object, "pending", end->pending);
    put_number(object, "variables", end->variables);
    put_number(object, "perl", end->perl);
}

json_t *thing_json(const struct saved_thing *thing)
{
    json_t *object = json_object();
    put_text(object, "kind", bytes_of(thing_name(thing->kind)));
    switch (thing->kind) {
    case SAVED_HEAD:
        put_head(object, &thing->head);
        break;
    case SAVED_RULE:
        put_rule(object, thing->number, &thing->rule);
        break;
    case SAVED_LIST:
        put_list(object, thing->number, &thing->list);
        break;
    case SAVED_CONTEXT:
        put_context(object, &thing->context);
        break;
    case SAVED_STORE:
    case SAVED_LINES:
        put_store(object, &thing->store);
        break;
    case SAVED_OPERATION:
        put_operation(object, &thing->operation);
        break;
    case SAVED_TIMES:
        put_times(object, &thing->times);
        break;
    case SAVED_QUEUED:
    case SAVED_PENDING:
        put_event(object, &thing->event, thing->kind == SAVED_PENDING);
        break;
    case SAVED_VARIABLE:
        put_variable(object, &thing->variable);
        break;
    case SAVED_WINDOW:
        put_window(object, &thing->window);
        break;
    case SAVED_INPUT:
        put_place(object, &thing->place);
        break;
    case SAVED_PATTERN:
        put_text(object, "text", thing->pattern);
        break;
    case SAVED_MATCH:
        put_match(object, &thing->match);
        break;
    case SAVED_CHILD:
        put_child(object, &thing->child);
        break;
    case SAVED_PERL:
        put_perl(object, &thing->perl);
        break;
    case SAVED_END:
        put_end(object, &thing->end);
        break;
    }
    return object;
}
