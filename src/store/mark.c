/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/mark.h"

#include <xxhash.h>

#include "base/mem.h"
#include "base/pack.h"
#include "lang/rule_text.h"

/* Fields that do not count; a number may follow. */
static const char *const left_out[] = {"rem",   "label", "continue", "varmap", "action", "init",
                                       "slide", "end",   "count",    "script", "shell"};

static bool counts(struct bytes name)
{
    while (name.len > 0 && is_digit(name.ptr[name.len - 1]))
        name.len--;
    for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
        if (bytes_eq(name, bytes_of(left_out[i])))
            return false;
    return true;
}

/* The fields that count, by name; of equal ones the last. */
struct counting {
    struct keyword *items; /* heap */
    size_t count, room;
};

static void insert(struct counting *fields, const struct keyword *field)
{
    size_t at = fields->count;
    while (at > 0 && bytes_cmp(fields->items[at - 1].name, field->name) > 0)
        at--;
    if (at > 0 && bytes_eq(fields->items[at - 1].name, field->name)) {
        fields->items[at - 1] = *field;
        return;
    }
    MEM_GROW(fields->items, fields->count, fields->room, 16);
    memmove(&fields->items[at + 1], &fields->items[at],
            (fields->count - at) * sizeof(*fields->items));
    fields->items[at] = *field;
    fields->count++;
}

static uint64_t hash(struct buf *text)
{
    uint64_t hash = XXH3_64bits(text->ptr, text->len);
    buf_free(text);
    return hash;
}

uint64_t rule_mark(const struct rule *rule)
{
    struct counting fields = {0};
    struct keyword field;
    struct buf out = {0};
    struct bytes rest = rule->text;
    while (rule_next_keyword(&rest, &field))
        if (counts(field.name) && !bytes_eq(field.name, B("type")))
            insert(&fields, &field);
    pack_text(&out, bytes_of(rule->type->name));
    pack_number(&out, rule->part_count);
    for (size_t i = 0; i < fields.count; i++) {
        pack_text(&out, fields.items[i].name);
        pack_text(&out, fields.items[i].value);
    }
    free(fields.items);
    return hash(&out);
}

uint64_t ruleset_hash(const struct ruleset *set)
{
    struct buf out = {0};
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        pack_text(&out, file->name);
        pack_number(&out, file->count);
        for (size_t k = 0; k < file->count; k++)
            pack_text(&out, file->rules[k]->text);
    }
    return hash(&out);
}

static int compare_rules(const struct rule *a, const struct rule *b)
{
    if (a->file->number != b->file->number)
        return a->file->number < b->file->number ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int compare(const void *a, const void *b)
{
    const struct marked_rule *left = a, *right = b;
    if (left->mark != right->mark)
        return left->mark < right->mark ? -1 : 1;
    return compare_rules(left->rule, right->rule);
}

void marks_init(struct marks *marks, const struct ruleset *set)
{
    *marks = (struct marks){mem_array(NULL, ruleset_rules(set) + 1, sizeof(*marks->items)), 0};
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++) {
            const struct rule *rule = set->files[i]->rules[k];
            marks->items[marks->count++] = (struct marked_rule){rule, rule_mark(rule), 0};
        }
    qsort(marks->items, marks->count, sizeof(*marks->items), compare);
    for (size_t i = 1; i < marks->count; i++) {
        struct marked_rule *before = &marks->items[i - 1], *item = &marks->items[i];
        if (before->mark == item->mark && before->rule->file == item->rule->file)
            item->twin = before->twin + 1;
    }
}

void marks_free(struct marks *marks)
{
    free(marks->items);
}

const struct marked_rule *marks_of(const struct marks *marks, const struct rule *rule)
{
    struct marked_rule wanted = {rule, rule_mark(rule), 0};
    return bsearch(&wanted, marks->items, marks->count, sizeof(*marks->items), compare);
}

/* The first one with this mark, or a greater one. */
static size_t first_of(const struct marks *marks, uint64_t mark)
{
    size_t low = 0, high = marks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->items[middle].mark < mark)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct rule *marks_find(const struct marks *marks, uint64_t mark, struct bytes file,
                              uint64_t twin)
{
    const struct rule *other = NULL;
    for (size_t i = first_of(marks, mark); i < marks->count && marks->items[i].mark == mark; i++) {
        const struct marked_rule *item = &marks->items[i];
        bool is_twin = item->twin == twin;
        if (is_twin && bytes_eq(item->rule->file->name, file))
            return item->rule;
        if (is_twin && !other)
            other = item->rule;
    }
    return other;
}

const struct rule *marks_named(const struct ruleset *set, struct bytes name)
{
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            if (bytes_eq(set->files[i]->rules[k]->own_name, name))
                return set->files[i]->rules[k];
    return NULL;
}
