/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations.
 *
 * Of each one a stand-in is made from its rule, with placeholders for the values of match
 * variables, and is asked what a dump says of it.  What has no placeholder in it must be what the
 * dump has, or the rule is another one now; from the rest the values are found. */
#include "correlate/resume.h"
#include "import/importing.h"
#include "report/operation.h"

/* One that is being taken over. */
struct found_operation {
    struct importing *import;
    const json_t *json;
    struct rule_state *rule;
    struct earlier earlier;
    struct bytes type;
    struct puzzle puzzle;
    struct buf differs; /* which items do not fit the rule, or "" */
    /* The first solution. */
    struct binding *bound;
    bool solved, certain;
    size_t *marks;
    size_t mark_count;
};

/* -- What the dump says -- */

static bool is_type(const struct rule *rule, struct bytes type)
{
    struct buf own = {0};
    struct operation like = {.rule = rule};
    operation_type(&like, &own);
    bool same = bytes_eq(buf_bytes(&own), type);
    buf_free(&own);
    return same;
}

/* The rule that it belongs to; NULL: there is none, which has been told. */
static struct rule_state *find_rule(struct found_operation *found)
{
    struct importing *import = found->import;
    struct fields *fields = &import->fields;
    struct bytes file_name;
    int64_t id;
    if (!fields_text(fields, found->json, "configfile", &file_name) ||
        !fields_number(fields, found->json, "ruleid", 0, &id) ||
        !fields_text(fields, found->json, "type", &found->type))
        return NULL;
    const struct rule_file *file = ruleset_file(import->engine->rules.set, file_name);
    const struct rule *rule = file && (size_t)id < file->count ? file->rules[id] : NULL;
    if (!file)
        import_tell(&import->missing, buf_bytes(&fields->place), B("it ends here: "), file_name,
                    B(" is none of the rule files"));
    else if (!rule || !is_type(rule, found->type) || !rule->type->due)
        import_tell(&import->missing, buf_bytes(&fields->place), B("it ends here: rule "), NUM(id),
                    B(" of "), file_name, B(" is no "), found->type, B(" any more"));
    else
        return rule_state_of(&import->engine->state.files, rule);
    return NULL;
}

static bool read_event(struct fields *fields, const struct rule *rule, const json_t *json, size_t i,
                       struct group_event *event)
{
    const json_t *times = json_object_get(json, "eventtimes");
    *event = (struct group_event){0};
    if (!fields_number_of(fields, json_array_get(times, i), -FIELDS_LARGEST, &event->time))
        return false;
    if (!rule->type->numbered)
        return true;
    const json_t *parts = json_object_get(json, "eventpatterns");
    const json_t *tokens = json_object_get(json, "eventtokens");
    int64_t part;
    if (!fields_number_of(fields, json_array_get(parts, i), 1, &part))
        return false;
    if (part > (int64_t)rule->part_count) {
        fields_wrong(fields, B("no such pattern: "), NUM(part));
        return false;
    }
    event->part = (uint32_t)part - 1;
    return !rule->has_group_pattern ||
           fields_scalar_of(fields, json_array_get(tokens, i), &event->token);
}

static bool read_events(struct found_operation *found)
{
    struct fields *fields = &found->import->fields;
    const struct rule *rule = found->rule->rule;
    const json_t *times = json_object_get(found->json, "eventtimes");
    size_t count = json_array_size(times);
    struct group_event *events = arena_alloc(fields->arena, count * sizeof(*events));
    size_t before = fields_enter(fields, B("eventtimes"));
    bool fine = true;
    for (size_t i = 0; i < count && fine; i++) {
        size_t around = fields_enter_item(fields, i);
        fine = read_event(fields, rule, found->json, i, &events[i]);
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    found->earlier.events = events;
    found->earlier.count = count;
    return fine;
}

static bool read_operation(struct found_operation *found)
{
    struct fields *fields = &found->import->fields;
    struct earlier *earlier = &found->earlier;
    const struct status *reached = &found->rule->rule->type->reached;
    int64_t end;
    if (!fields_text(fields, found->json, "desc", &earlier->desc) ||
        !fields_number(fields, found->json, "starttime", -FIELDS_LARGEST, &earlier->start) ||
        !fields_number(fields, found->json, "windowstart", -FIELDS_LARGEST, &earlier->time))
        return false;
    if (json_object_get(found->json, "windowend")) {
        if (!fields_number(fields, found->json, "windowend", earlier->time, &end))
            return false;
        earlier->window = end - earlier->time;
    }
    earlier->reached = reached->json && json_is(found->json, "status", reached->json);
    return read_events(found);
}

/* -- What it was made of -- */

/* Values and lists take the place of the rule's: item by item. */
static void look_at_item(void *arg, const struct item *item)
{
    struct found_operation *found = arg;
    struct fields *fields = &found->import->fields;
    struct buf key = {0};
    struct bytes theirs, ours = item->kind == ITEM_TEXT ? item->text : NUM(item->number);
    buf_add(&key, bytes_of(item->key));
    if (item->part > 1)
        buf_num(&key, (int64_t)item->part);
    const json_t *value = json_object_getn(found->json, key.ptr, key.len);
    size_t before = fields_enter(fields, buf_bytes(&key));
    if (value && fields_scalar_of(fields, value, &theirs))
        puzzle_add(&found->puzzle, ours, theirs);
    fields_leave(fields, before);
    buf_free(&key);
}

/* A unit without values that is another text. */
static void look_for_difference(struct found_operation *found)
{
    const struct puzzle *puzzle = &found->puzzle;
    size_t at = 0;
    for (size_t i = 0; i < puzzle->count; i++) {
        const struct piece *piece = &puzzle->pieces[i];
        struct bytes text = puzzle->found[piece->unit];
        if (i == 0 || puzzle->pieces[i - 1].unit != piece->unit)
            at = 0;
        if (piece->kind == PIECE_TEXT && at <= text.len) {
            ptrdiff_t next = bytes_find(text, piece->text, at);
            if (next < 0 && found->differs.len == 0)
                buf_cat(&found->differs, B("\""), piece->text, B("\" is not in \""), text, B("\""));
            at = next < 0 ? text.len + 1 : (size_t)next + piece->text.len;
        }
    }
}

static bool take_solution(void *arg, const struct solution *solution)
{
    struct found_operation *found = arg;
    const struct var_keys *keys = &found->rule->rule->keys;
    struct arena *arena = found->import->fields.arena;
    if (found->solved) { /* another one: is it the same to the rule? */
        found->certain = memcmp(found->marks, solution->marks,
                                solution->mark_count * sizeof(*found->marks)) == 0;
        return found->certain;
    }
    struct bound_value *values = arena_alloc(arena, keys->count * sizeof(*values));
    size_t count = 0;
    for (uint32_t key = 0; key < keys->count; key++)
        if (solution->values[key].ptr)
            values[count++] = (struct bound_value){key, {VALUE_TEXT, solution->values[key]}};
    if (count > 0 || found->bound)
        found->bound =
            binding_make(found->bound ? found->bound : &(struct binding){0}, values, count);
    found->marks = arena_alloc(arena, solution->mark_count * sizeof(*found->marks));
    memcpy(found->marks, solution->marks, solution->mark_count * sizeof(*found->marks));
    found->solved = found->certain = true;
    return true;
}

/* With match variables, or, if raw, as after a match that set none. */
static bool solve(struct found_operation *found, bool raw)
{
    struct engine *engine = found->import->engine;
    const struct rule *rule = found->rule->rule;
    struct binding flags = {.raw_first = raw};
    struct earlier like = found->earlier;
    like.bound = placeholders(&rule->keys, &flags);
    struct scope scope = {.keys = &rule->keys, .bound = like.bound};
    puzzle_init(&found->puzzle, found->import->fields.arena, rule->keys.count);
    puzzle_add(&found->puzzle, expand(engine, rule->desc, &scope), like.desc);
    struct operation *stand_in = operation_resume(engine, found->rule, &like, &found->differs);
    if (!stand_in)
        return false;
    operation_items_marked(engine, stand_in, PIECE_MARKS, look_at_item, found);
    operations_end(engine, stand_in);
    found->bound = raw ? &flags : NULL;
    if (!puzzle_solve(&found->puzzle, take_solution, found))
        found->certain = false; /* given up */
    if (!found->solved)
        look_for_difference(found);
    return found->solved;
}

/* -- What becomes of it -- */

static json_t *events_json(const struct found_operation *found)
{
    const struct rule *rule = found->rule->rule;
    json_t *list = json_array();
    for (size_t i = 0; i < found->earlier.count; i++) {
        const struct group_event *event = &found->earlier.events[i];
        json_t *entry = json_integer(event->time);
        if (rule->type->numbered) {
            json_t *group = json_array();
            json_array_append_new(group, entry);
            json_array_append_new(group, json_integer(event->part));
            if (rule->has_group_pattern)
                json_array_append_new(group, json_of_bytes(event->token));
            entry = group;
        }
        json_array_append_new(list, entry);
    }
    return list;
}

static json_t *operation_json(const struct found_operation *found)
{
    const struct earlier *earlier = &found->earlier;
    json_t *json = json_object();
    json_put(json, "rule", rule_place(found->rule->rule));
    json_put(json, "desc", json_of_bytes(earlier->desc));
    json_put(json, "start", json_integer(earlier->start));
    json_put(json, "since", json_integer(earlier->time));
    json_put(json, "window", json_integer(earlier->window));
    json_put(json, "reached", json_boolean(earlier->reached));
    json_put(json, "events", events_json(found));
    binding_put(json, &found->rule->rule->keys, found->bound);
    return json;
}

static json_t *take_operation(struct importing *import, const json_t *json)
{
    struct found_operation found = {.import = import, .json = json};
    const struct buf *place = &import->fields.place;
    json_t *taken = NULL;
    if (!(found.rule = find_rule(&found)) || !read_operation(&found))
        return NULL;
    if (solve(&found, false) || solve(&found, true)) {
        taken = operation_json(&found);
        if (!found.certain)
            import_tell(&import->missing, buf_bytes(place),
                        B("its actions hold values, and where one text ends and the next begins is "
                          "not certain; the first way in which all fits is taken"));
    } else {
        import_tell(&import->missing, buf_bytes(place),
                    B("it ends here: the rule is not the one that it began with: "),
                    buf_bytes(&found.differs));
    }
    binding_release(found.solved ? found.bound : NULL);
    buf_free(&found.differs);
    return taken;
}

static int compare_numbers(const json_t *a, const json_t *b, const char *key)
{
    int64_t left = json_number(a, key), right = json_number(b, key);
    return left < right ? -1 : left > right;
}

/* By start; of one second by the window's, then by description, since a dump has no order. */
static int compare_operations(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    int order = compare_numbers(left, right, "start");
    if (order == 0)
        order = compare_numbers(left, right, "since");
    if (order == 0)
        order = compare_numbers(json_object_get(left, "rule"), json_object_get(right, "rule"),
                                "number");
    return order ? order : bytes_cmp(json_text(left, "desc"), json_text(right, "desc"));
}

static json_t *sorted(json_t **items, size_t count, int (*compare)(const void *a, const void *b))
{
    json_t *list = json_array();
    if (count > 1)
        qsort(items, count, sizeof(json_t *), compare);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, items[i]);
    return list;
}

void import_operations(struct importing *import)
{
    struct fields *fields = &import->fields;
    json_t *operations = fields_object(fields, import->dump, "operations"), *json;
    json_t **taken = arena_alloc(&import->arena, json_object_size(operations) * sizeof(*taken));
    const char *key;
    size_t length, before = fields_enter(fields, B("operations"));
    json_object_keylen_foreach(operations, key, length, json)
    {
        struct arena_mark mark = arena_mark(fields->arena);
        size_t around = fields_enter(fields, fields_key(fields, key, length));
        import->operations.there++;
        if ((taken[import->operations.taken] = take_operation(import, json)))
            import->operations.taken++;
        fields_leave(fields, around);
        arena_release(fields->arena, mark);
        arena_reset(&import->engine->line.arena);
    }
    fields_leave(fields, before);
    json_put(import->state, "operations",
             sorted(taken, import->operations.taken, compare_operations));
}
