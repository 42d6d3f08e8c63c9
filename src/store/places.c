/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/places.h"

#include <stdio.h>
#include <xxhash.h>

#include "base/json_values.h"
#include "base/utf8.h"
#include "lang/parser.h"

/* -- Actions -- */

/* Lists that are still to be looked through. */
struct search {
    struct arena *arena;
    const struct action_list **waiting;
    size_t next, count, room;
};

/* The array in the arena has room for one more. */
static void *widen(struct arena *arena, void *items, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 8;
    void *wider = arena_alloc(arena, *room * size);
    if (count)
        memcpy(wider, items, count * size);
    return wider;
}

static void wait_for(struct search *s, const struct action_list *list)
{
    if (!list)
        return;
    s->waiting = widen(s->arena, (void *)s->waiting, sizeof(*s->waiting), s->count, &s->room);
    s->waiting[s->count++] = list;
}

static void look_through(struct search *s, rule_action *visit, void *arg, bool second)
{
    for (; s->next < s->count; s->next++) {
        const struct action_list *list = s->waiting[s->next];
        for (size_t i = 0; i < list->count; i++) {
            const struct action *action = list->actions[i];
            visit(arg, action, second);
            for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
                wait_for(s, action->args[k].list);
        }
    }
}

void rule_each_action(const struct rule *rule, struct arena *arena, rule_action *visit, void *arg)
{
    struct search search = {.arena = arena}, *s = &search;
    const struct action_list *first[] = {rule->action, rule->init, rule->slide, rule->end};
    for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
        wait_for(s, first[i]);
    for (size_t i = 0; i < rule->part_count; i++)
        wait_for(s, rule->parts[i].count);
    look_through(s, visit, arg, false);
    wait_for(s, rule->action2);
    look_through(s, visit, arg, true);
}

/* Lists that contexts are given. */
struct given {
    struct arena *arena;
    struct given_list *lists;
    size_t count, room;
};

static void look_at(void *arg, const struct action *action, bool second)
{
    struct given *given = arg;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++) {
        const struct action_list *list = action->args[i].list;
        if (action->type->params[i].kind != PARAM_ACTIONS || list->count == 0)
            continue;
        given->lists =
            widen(given->arena, given->lists, sizeof(*given->lists), given->count, &given->room);
        given->lists[given->count++] = (struct given_list){action, list, second};
    }
}

size_t given_lists(const struct rule *rule, struct arena *arena, struct given_list **lists)
{
    struct given given = {.arena = arena};
    rule_each_action(rule, arena, look_at, &given);
    *lists = given.lists;
    return given.count;
}

struct bytes list_text(const struct action_list *list)
{
    struct bytes first = list->count ? list->actions[0]->source : B("");
    struct bytes last = list->count ? list->actions[list->count - 1]->source : B("");
    if (!first.ptr || !last.ptr)
        return B("");
    return bytes_make(first.ptr, (size_t)(last.ptr + last.len - first.ptr));
}

static void look_for_passes(void *found, const struct action *action, bool second)
{
    unsigned *passes = found;
    (void)second;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++) {
        const struct arg *arg = &action->args[i];
        if (arg->text)
            *passes = arg->text->passes;
        else if (arg->count > 0)
            *passes = arg->words[0]->passes;
    }
}

/* All of its texts go through the same ones. */
unsigned list_passes(const struct action_list *list)
{
    struct arena arena;
    unsigned passes = 0;
    arena_init(&arena);
    struct search search = {.arena = &arena};
    wait_for(&search, list);
    look_through(&search, look_for_passes, &passes, false);
    arena_free(&arena);
    return passes;
}

static void leave_rule(void *arg, const struct action *action, bool second)
{
    (void)arg;
    (void)second;
    ((struct action_list *)action->within)->rule = NULL;
}

/* Lists inside it as well. */
static void belong_to_none(struct action_list *list)
{
    struct arena arena;
    arena_init(&arena);
    struct search search = {.arena = &arena};
    list->rule = NULL;
    wait_for(&search, list);
    look_through(&search, leave_rule, NULL, false);
    arena_free(&arena);
}

const struct action_list *list_parse(struct engine *engine, struct bytes text, unsigned passes,
                                     struct bytes file_name)
{
    struct rule_file *file = rule_file_new(file_name, 0, 0);
    struct rule *rule = arena_zalloc(&file->arena, sizeof(*rule));
    struct parser parser = {.env = &engine->rules.parse_env, .file = file, .rule = rule};
    rule->file = file;
    parser.diag = (struct diag){.env = parser.env, .file = file};
    struct action_list *list = parse_actions(&parser, arena_bytes(&file->arena, text), passes);
    if (list)
        belong_to_none(list);
    else
        rule_file_release(file);
    return list;
}

/* -- Rules -- */

static void mark_of(const struct rule *rule, char mark[17])
{
    snprintf(mark, 17, "%016llx", (unsigned long long)XXH3_64bits(rule->text.ptr, rule->text.len));
}

json_t *rule_place(const struct rule *rule)
{
    char mark[17];
    json_t *json = json_object();
    mark_of(rule, mark);
    json_put(json, "file", json_of_bytes(rule->file->name));
    json_put(json, "number", json_integer(rule->id));
    json_put(json, "line", json_integer((json_int_t)rule->line));
    json_put(json, "mark", json_string(mark));
    return json;
}

static bool is_marked(const struct rule *rule, struct bytes mark)
{
    char own[17];
    mark_of(rule, own);
    return bytes_eq(bytes_of(own), mark);
}

static struct rule_state *find_moved(const struct file_states *files, struct bytes mark)
{
    for (size_t i = 0; i < files->count; i++)
        for (size_t k = 0; k < files->items[i]->file->count; k++)
            if (is_marked(files->items[i]->rules[k].rule, mark))
                return &files->items[i]->rules[k];
    return NULL;
}

struct rule_state *rule_find(struct engine *engine, struct fields *fields, const json_t *place)
{
    const struct file_states *files = &engine->state.files;
    struct bytes name, mark;
    int64_t number;
    if (!fields_text(fields, place, "file", &name) ||
        !fields_number(fields, place, "number", 0, &number) ||
        !fields_text(fields, place, "mark", &mark))
        return NULL;
    const struct rule_file *file = ruleset_file(engine->rules.set, name);
    if (file && (size_t)number < file->count && is_marked(file->rules[number], mark))
        return rule_state_of(files, file->rules[number]);
    struct rule_state *moved = find_moved(files, mark);
    if (!moved)
        fields_wrong(fields, B("no rule is as rule "), NUM(number), B(" of "), name, B(" was"));
    return moved;
}

/* -- Match variables -- */

static void add_key_name(struct buf *out, const struct var_key *key)
{
    buf_clear(out);
    if (key->kind == KEY_NUMBER)
        buf_num(out, (int64_t)key->number);
    else if (key->kind == KEY_NAME)
        buf_cat(out, B("+{"), key->name, B("}"));
    else
        buf_cat(out, B(":{"), key->entry, B(":"), key->name, B("}"));
}

static const char *const match_members[] = {"match", "match2"};

void binding_put(json_t *object, const struct var_keys *keys, const struct binding *binding)
{
    struct arena arena;
    struct buf name = {0};
    if (!binding)
        return;
    arena_init(&arena);
    for (int source = 0; source < (binding->second ? 2 : 1); source++) {
        json_t *values = json_object();
        for (uint32_t i = 0; i < binding->count; i++) {
            const struct bound_value *value = &binding->values[i];
            if (keys->keys[value->key].source != source || value->value.kind == VALUE_UNSET)
                continue;
            add_key_name(&name, &keys->keys[value->key]);
            struct bytes utf8 = utf8_of_bytes(&arena, buf_bytes(&name));
            json_object_setn_new_nocheck(values, utf8.ptr, utf8.len,
                                         json_of_bytes(value->value.text));
        }
        json_put(object, match_members[source], values);
    }
    if (binding->raw_first)
        json_put(object, "plain", json_true());
    if (binding->raw_second)
        json_put(object, "plain2", json_true());
    buf_free(&name);
    arena_free(&arena);
}

/* The values of one match; what is wrong has been said. */
static void get_values(struct fields *fields, const json_t *object, int source,
                       const struct var_keys *keys, struct bound_value *values, size_t *count)
{
    struct buf name = {0};
    const json_t *members = json_object_get(object, match_members[source]);
    for (uint32_t key = 0; key < keys->count && members; key++) {
        if (keys->keys[key].source != source)
            continue;
        add_key_name(&name, &keys->keys[key]);
        struct bytes utf8 = utf8_of_bytes(fields->arena, buf_bytes(&name));
        const json_t *value = json_object_getn(members, utf8.ptr, utf8.len);
        struct bytes text;
        if (value && fields_text_of(fields, value, &text))
            values[(*count)++] = (struct bound_value){key, {VALUE_TEXT, text}};
        else if (keys->keys[key].kind == KEY_CACHE) /* not to be looked up later */
            values[(*count)++] = (struct bound_value){key, {VALUE_UNSET, B("")}};
    }
    buf_free(&name);
}

struct binding *binding_get(struct fields *fields, const json_t *object,
                            const struct var_keys *keys)
{
    struct binding flags = {.raw_first = json_is_true(json_object_get(object, "plain")),
                            .raw_second = json_is_true(json_object_get(object, "plain2")),
                            .second = json_object_get(object, "match2") != NULL};
    struct bound_value *values = arena_alloc(fields->arena, keys->count * sizeof(*values));
    size_t count = 0;
    get_values(fields, object, 0, keys, values, &count);
    get_values(fields, object, 1, keys, values, &count);
    if (count == 0 && !flags.raw_first && !flags.second)
        return NULL;
    return binding_make(&flags, values, count);
}

/* -- Sources -- */

struct line_source *source_find(struct engine *engine, struct bytes name)
{
    if (engine->hooks.source)
        return engine->hooks.source(engine, name);
    struct input *input = inputs_find(engine->io.inputs, name);
    return input ? &input->source : NULL;
}
