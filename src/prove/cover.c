/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks items up by what observers are given: the part of a rule, the operand, the action list. */
#include "prove/cover.h"

#include "base/arena.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "prove/cover_items.h"
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

struct cover_file {
    struct bytes name;
    uint64_t text; /* its hash */
    size_t rule_count;
    json_t *rules;
    struct cover_items items;
};

struct cover {
    struct observer observer;
    struct cover_file *files;
    size_t count, room;
    struct cover_item **spots; /* of the rules that are loaded, the first one of each spot */
    size_t spot_count, spot_room;
};

/* -- Counting -- */

/* The first item that belongs to it; NULL: none does. */
static struct cover_item *find(const struct cover *cover, const void *spot)
{
    size_t low = 0, high = cover->spot_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)cover->spots[middle]->spot < (uintptr_t)spot)
            low = middle + 1;
        else
            high = middle;
    }
    return low < cover->spot_count && cover->spots[low]->spot == spot ? cover->spots[low] : NULL;
}

/* second: of the two items that an operand has. */
static void count(const struct cover *cover, const void *spot, bool second)
{
    struct cover_item *item = find(cover, spot);
    if (item)
        item[second].hits++;
}

static void count_rule(const struct cover *cover, const struct record *record)
{
    const struct rule *rule = record->rule->rule;
    if (record->verdict < VERDICT_MATCHED)
        return;
    count(cover, &rule->parts[record->part], false);
    if (record->verdict == VERDICT_JUMPED || record->verdict == VERDICT_JUMPED_TO_END)
        count(cover, rule, false);
}

static void hear(struct observer *observer, const struct record *record)
{
    const struct cover *cover = (struct cover *)observer;
    if (record->kind == RECORD_RULE)
        count_rule(cover, record);
    else if (record->kind == RECORD_TERM)
        count(cover, record->term, !record->truth);
    else if (record->kind == RECORD_ACTIONS)
        count(cover, record->list, false);
}

/* -- Rule files -- */

static struct cover_file *find_file(const struct cover *cover, const struct rule_file *file)
{
    for (size_t i = 0; i < cover->count; i++)
        if (cover->files[i].text == table_hash(file->source.text) &&
            bytes_eq(cover->files[i].name, file->name))
            return &cover->files[i];
    return NULL;
}

static struct cover_file *add_file(struct cover *cover, const struct rule_file *file)
{
    MEM_GROW(cover->files, cover->count, cover->room, 8);
    struct cover_file *added = &cover->files[cover->count++];
    *added = (struct cover_file){
        bytes_dup(file->name), table_hash(file->source.text), file->count, json_array(), {0}};
    for (size_t i = 0; i < file->count; i++) {
        json_t *rule = json_array();
        json_array_append_new(rule, json_integer((json_int_t)file->rules[i]->line));
        json_array_append_new(rule, json_string(file->rules[i]->type->name));
        json_array_append_new(added->rules, rule);
    }
    return added;
}

static void read_file(struct cover *cover, const struct rule_file *file)
{
    struct cover_file *reached = find_file(cover, file);
    struct cover_items items;
    if (!reached)
        reached = add_file(cover, file);
    cover_items_read(&items, file);
    for (size_t i = 0; i < items.count && i < reached->items.count; i++)
        items.items[i].hits = reached->items.items[i].hits;
    cover_items_free(&reached->items);
    reached->items = items;
}

static int by_spot(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)(*(struct cover_item *const *)a)->spot;
    uintptr_t y = (uintptr_t)(*(struct cover_item *const *)b)->spot;
    return x < y ? -1 : x > y;
}

static void add_spots(struct cover *cover, const struct cover_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i > 0 && items->items[i - 1].spot == items->items[i].spot)
            continue;
        MEM_GROW(cover->spots, cover->spot_count, cover->spot_room, 64);
        cover->spots[cover->spot_count++] = &items->items[i];
    }
}

void cover_rules(struct cover *cover, const struct ruleset *set)
{
    cover->spot_count = 0;
    for (size_t i = 0; i < set->file_count; i++) {
        read_file(cover, set->files[i]);
        add_spots(cover, &find_file(cover, set->files[i])->items);
    }
    if (cover->spot_count > 0)
        qsort(cover->spots, cover->spot_count, sizeof(struct cover_item *), by_spot);
}

struct cover *cover_new(void)
{
    struct cover *cover = mem_zalloc(sizeof(*cover));
    cover->observer.hear = hear;
    return cover;
}

void cover_free(struct cover *cover)
{
    if (!cover)
        return;
    for (size_t i = 0; i < cover->count; i++) {
        bytes_free(cover->files[i].name);
        json_decref(cover->files[i].rules);
        cover_items_free(&cover->files[i].items);
    }
    free(cover->files);
    free(cover->spots);
    free(cover);
}

struct observer *cover_observer(struct cover *cover)
{
    return &cover->observer;
}

const struct cover_items *cover_items_of(const struct cover *cover, const struct rule_file *file)
{
    return &find_file(cover, file)->items;
}

uint64_t cover_hits(const struct cover *cover, const void *spot)
{
    const struct cover_item *item = find(cover, spot);
    return item ? item->hits : 0;
}

/* -- Telling -- */

static bool is_told(const struct cover_file *file)
{
    for (size_t i = 0; i < told.count; i++)
        if (told.items[i].text == file->text && bytes_eq(told.items[i].name, file->name))
            return true;
    return false;
}

void cover_told(const struct cover *cover)
{
    for (size_t i = 0; i < cover->count; i++) {
        if (is_told(&cover->files[i]))
            continue;
        MEM_GROW(told.items, told.count, told.room, 8);
        told.items[told.count++] =
            (struct told){bytes_dup(cover->files[i].name), cover->files[i].text};
    }
}

static json_t *json_of_items(const struct cover_items *items)
{
    json_t *array = json_array();
    for (size_t i = 0; i < items->count; i++) {
        const struct cover_item *item = &items->items[i];
        json_t *fields = json_pack("[I,I,I]", (json_int_t)item->rule, (json_int_t)item->line,
                                   (json_int_t)item->column);
        json_array_append_new(fields, json_of(item->name));
        json_array_append_new(fields, json_string(cover_want_text(item->want)));
        json_array_append_new(array, fields);
    }
    return array;
}

static json_t *json_of_hits(const struct cover_items *items)
{
    json_t *array = json_array();
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i].hits > 0)
            json_array_append_new(
                array, json_pack("[I,I]", (json_int_t)i, (json_int_t)items->items[i].hits));
    return array;
}

json_t *cover_json(const struct cover *cover)
{
    json_t *array = json_array();
    for (size_t i = 0; i < cover->count; i++) {
        const struct cover_file *file = &cover->files[i];
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
