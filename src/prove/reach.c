/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items are found by what observers are shown: the part of a rule, the operand, the action list. */
#include "prove/reach.h"

#include "base/arena.h"
#include "base/mem.h"
#include "prove/json.h"
#include "prove/reach_items.h"
#include "state/rule_state.h"

/* A rule file whose items this process has told. */
struct told {
    struct bytes name;
    uint64_t text;
};

static struct {
    struct told *items;
    size_t count, room;
} told;

struct reached_file {
    struct bytes name;
    uint64_t text; /* its hash */
    size_t rule_count;
    json_t *rules;
    struct reach_items items;
};

struct reach {
    struct observer observer;
    struct reached_file *files;
    size_t count, room;
    struct reach_item **spots; /* of the rules that are loaded, the first one of each spot */
    size_t spot_count, spot_room;
};

/* -- Counting -- */

/* The first item that belongs to it; NULL: none does. */
static struct reach_item *find(const struct reach *reach, const void *spot)
{
    size_t low = 0, high = reach->spot_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)reach->spots[middle]->spot < (uintptr_t)spot)
            low = middle + 1;
        else
            high = middle;
    }
    return low < reach->spot_count && reach->spots[low]->spot == spot ? reach->spots[low] : NULL;
}

/* second: of the two items that an operand has. */
static void count(const struct reach *reach, const void *spot, bool second)
{
    struct reach_item *item = find(reach, spot);
    if (item)
        item[second].hits++;
}

static void count_rule(const struct reach *reach, const struct record *record)
{
    const struct rule *rule = record->rule->rule;
    if (record->verdict < VERDICT_MATCHED)
        return;
    count(reach, &rule->parts[record->part], false);
    if (record->verdict == VERDICT_JUMPED || record->verdict == VERDICT_JUMPED_TO_END)
        count(reach, rule, false);
}

static void hear(struct observer *observer, const struct record *record)
{
    const struct reach *reach = (struct reach *)observer;
    if (record->kind == RECORD_RULE)
        count_rule(reach, record);
    else if (record->kind == RECORD_TERM)
        count(reach, record->term, !record->truth);
    else if (record->kind == RECORD_ACTIONS)
        count(reach, record->list, false);
}

/* -- Rule files -- */

static struct reached_file *find_file(const struct reach *reach, const struct rule_file *file)
{
    for (size_t i = 0; i < reach->count; i++)
        if (reach->files[i].text == table_hash(file->source.text) &&
            bytes_eq(reach->files[i].name, file->name))
            return &reach->files[i];
    return NULL;
}

static struct reached_file *add_file(struct reach *reach, const struct rule_file *file)
{
    MEM_GROW(reach->files, reach->count, reach->room, 8);
    struct reached_file *added = &reach->files[reach->count++];
    *added = (struct reached_file){
        bytes_dup(file->name), table_hash(file->source.text), file->count, json_array(), {0}};
    for (size_t i = 0; i < file->count; i++) {
        json_t *rule = json_array();
        json_array_append_new(rule, json_integer((json_int_t)file->rules[i]->line));
        json_array_append_new(rule, json_string(file->rules[i]->type->name));
        json_array_append_new(added->rules, rule);
    }
    return added;
}

static void read_file(struct reach *reach, const struct rule_file *file)
{
    struct reached_file *reached = find_file(reach, file);
    struct reach_items items;
    if (!reached)
        reached = add_file(reach, file);
    reach_items_read(&items, file);
    for (size_t i = 0; i < items.count && i < reached->items.count; i++)
        items.items[i].hits = reached->items.items[i].hits;
    reach_items_free(&reached->items);
    reached->items = items;
}

static int by_spot(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)(*(struct reach_item *const *)a)->spot;
    uintptr_t y = (uintptr_t)(*(struct reach_item *const *)b)->spot;
    return x < y ? -1 : x > y;
}

static void add_spots(struct reach *reach, const struct reach_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i > 0 && items->items[i - 1].spot == items->items[i].spot)
            continue;
        MEM_GROW(reach->spots, reach->spot_count, reach->spot_room, 64);
        reach->spots[reach->spot_count++] = &items->items[i];
    }
}

void reach_rules(struct reach *reach, const struct ruleset *set)
{
    reach->spot_count = 0;
    for (size_t i = 0; i < set->file_count; i++) {
        read_file(reach, set->files[i]);
        add_spots(reach, &find_file(reach, set->files[i])->items);
    }
    if (reach->spot_count > 0)
        qsort(reach->spots, reach->spot_count, sizeof(struct reach_item *), by_spot);
}

struct reach *reach_new(void)
{
    struct reach *reach = mem_zalloc(sizeof(*reach));
    reach->observer.hear = hear;
    return reach;
}

void reach_free(struct reach *reach)
{
    if (!reach)
        return;
    for (size_t i = 0; i < reach->count; i++) {
        bytes_free(reach->files[i].name);
        json_decref(reach->files[i].rules);
        reach_items_free(&reach->files[i].items);
    }
    free(reach->files);
    free(reach->spots);
    free(reach);
}

struct observer *reach_observer(struct reach *reach)
{
    return &reach->observer;
}

/* -- Telling -- */

static bool is_told(const struct reached_file *file)
{
    for (size_t i = 0; i < told.count; i++)
        if (told.items[i].text == file->text && bytes_eq(told.items[i].name, file->name))
            return true;
    return false;
}

void reach_told(const struct reach *reach)
{
    for (size_t i = 0; i < reach->count; i++) {
        if (is_told(&reach->files[i]))
            continue;
        MEM_GROW(told.items, told.count, told.room, 8);
        told.items[told.count++] =
            (struct told){bytes_dup(reach->files[i].name), reach->files[i].text};
    }
}

static json_t *json_of_items(const struct reach_items *items)
{
    json_t *array = json_array();
    for (size_t i = 0; i < items->count; i++) {
        const struct reach_item *item = &items->items[i];
        json_t *fields = json_pack("[I,I,I]", (json_int_t)item->rule, (json_int_t)item->line,
                                   (json_int_t)item->column);
        json_array_append_new(fields, json_of(item->name));
        json_array_append_new(fields, json_string(reach_want_text(item->want)));
        json_array_append_new(array, fields);
    }
    return array;
}

static json_t *json_of_hits(const struct reach_items *items)
{
    json_t *array = json_array();
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i].hits > 0)
            json_array_append_new(
                array, json_pack("[I,I]", (json_int_t)i, (json_int_t)items->items[i].hits));
    return array;
}

json_t *reach_json(const struct reach *reach)
{
    json_t *array = json_array();
    for (size_t i = 0; i < reach->count; i++) {
        const struct reached_file *file = &reach->files[i];
        json_t *object = json_object();
        json_put_text(object, "file", file->name);
        if (!is_told(file)) {
            json_put(object, "rules", json_incref(file->rules));
            json_put(object, "items", json_of_items(&file->items));
        }
        json_put(object, "hits", json_of_hits(&file->items));
        json_array_append_new(array, object);
    }
    return array;
}
