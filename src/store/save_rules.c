/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and action lists are numbered in the order in which something first refers to them. */
#include <math.h>

#include "base/mem.h"
#include "store/places.h"
#include "store/saving.h"

struct numbered_list {
    const struct action_list *list;
    uint64_t number; /* + 1; 0: it cannot be told */
};

static struct bytes pointer_key(const struct action_list *const *list)
{
    return bytes_make((const char *)list, sizeof(*list));
}

static struct bytes list_key(const void *entry)
{
    return pointer_key(&((const struct numbered_list *)entry)->list);
}

void save_rules_begin(struct saving *s)
{
    const struct ruleset *set = s->engine->rules.set;
    size_t count = 0;
    marks_init(&s->marks, set);
    table_init(&s->list_numbers, list_key);
    s->first = mem_array(NULL, set->file_count + 1, sizeof(*s->first));
    for (size_t i = 0; i < set->file_count; i++) {
        s->first[i] = count;
        count += set->files[i]->count;
    }
    s->numbers = mem_zarray(count + 1, sizeof(*s->numbers));
}

void save_rules_end(struct saving *s)
{
    struct numbered_list *list;
    for (size_t at = 0; (list = table_next(&s->list_numbers, &at));)
        free(list);
    table_free(&s->list_numbers);
    marks_free(&s->marks);
    free(s->first);
    free(s->numbers);
}

static struct saved_keys saved_keys(struct saving *s, const struct var_keys *keys)
{
    struct saved_key *items = arena_alloc(&s->arena, keys->count * sizeof(*items));
    for (size_t i = 0; i < keys->count; i++) {
        const struct var_key *key = &keys->keys[i];
        items[i] =
            (struct saved_key){(uint8_t)key->kind, key->source, key->number, key->name, key->entry};
    }
    return (struct saved_keys){keys->count, items};
}

/* -- Rules -- */

static void save_rule(struct saving *s, const struct rule_state *state)
{
    const struct rule *rule = state->rule;
    const struct marked_rule *marked = marks_of(&s->marks, rule);
    const struct last_action *last = &state->last_action;
    struct arena_mark mark = arena_mark(&s->arena);
    struct saved_rule saved = {
        .file = rule->file->name,
        .number = (uint64_t)rule->id,
        .line = rule->line,
        .type = bytes_of(rule->type->name),
        .name = rule->own_name,
        .mark = marked->mark,
        .twin = marked->twin,
        .matches = state->match_count,
        .events = state->event_count,
        .nanoseconds = (uint64_t)llround(state->cpu_seconds * 1e9),
        .acted = {last->minute, last->hour, last->day, last->month, last->year},
        .keys = saved_keys(s, &rule->keys),
    };
    rule_pack(saving_room(s, SAVED_RULE), &saved);
    arena_release(&s->arena, mark);
}

uint64_t saved_rule_number(struct saving *s, const struct rule_state *state)
{
    const struct rule *rule = state->rule;
    uint64_t *number = &s->numbers[s->first[rule->file->number] + (size_t)rule->id];
    if (*number == 0) {
        save_rule(s, state);
        *number = ++s->rules;
    }
    return *number - 1;
}

static bool has_acted(const struct last_action *last)
{
    return last->minute || last->hour || last->day || last->month || last->year;
}

void save_rules(struct saving *s)
{
    const struct file_states *files = &s->engine->state.files;
    for (size_t i = 0; i < files->count; i++)
        for (size_t k = 0; k < files->items[i]->file->count; k++) {
            const struct rule_state *state = &files->items[i]->rules[k];
            if (state->match_count || state->event_count || state->operations.count ||
                has_acted(&state->last_action))
                saved_rule_number(s, state);
        }
}

/* -- Action lists -- */

static bool is_of_the_set(const struct saving *s, const struct rule *rule)
{
    const struct ruleset *set = s->engine->rules.set;
    return rule && rule->file->number < set->file_count &&
           set->files[rule->file->number] == rule->file;
}

/* In its rule; SIZE_MAX: it is not there. */
static size_t place_of(struct saving *s, const struct action_list *list)
{
    struct given_list *lists;
    size_t count = given_lists(list->rule, &s->arena, &lists);
    for (size_t i = 0; i < count; i++)
        if (lists[i].list == list)
            return i;
    return SIZE_MAX;
}

static void describe_list(struct saving *s, const struct action_list *list,
                          struct saved_list *saved)
{
    saved->passes = list_passes(list);
    if (is_of_the_set(s, list->rule)) {
        saved->nth = place_of(s, list);
        saved->rule = 1 + saved_rule_number(s, rule_state_of(&s->engine->state.files, list->rule));
    } else {
        saved->file = list->file->name;
        saved->keys = saved_keys(s, list->keys);
    }
}

static bool save_list(struct saving *s, const struct action_list *list)
{
    struct saved_list saved = {.text = list_text(list)};
    struct arena_mark mark = arena_mark(&s->arena);
    if (saved.text.len > 0) {
        describe_list(s, list, &saved);
        list_pack(saving_room(s, SAVED_LIST), &saved);
    }
    arena_release(&s->arena, mark);
    return saved.text.len > 0;
}

uint64_t saved_list_number(struct saving *s, const struct action_list *list, struct bytes name)
{
    struct numbered_list *known = table_find(&s->list_numbers, pointer_key(&list));
    if (!known) {
        known = mem_alloc(sizeof(*known));
        known->list = list;
        known->number = save_list(s, list) ? ++s->lists : 0;
        table_insert(&s->list_numbers, known);
    }
    if (known->number == 0)
        buf_cat(s->lost, B("context "), name,
                B(": its actions come from user code and are not kept\n"));
    return known->number;
}
