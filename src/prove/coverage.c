/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/coverage.h"

#include <math.h>
#include <stdlib.h>

#include "base/json_values.h"
#include "base/mem.h"
#include "io/glob.h"

static size_t number_at(const json_t *array, size_t i)
{
    json_int_t number = json_integer_value(json_array_get(array, i));
    return number > 0 ? (size_t)number : 0;
}

/* -- Files -- */

static struct bytes path_of(struct bytes name)
{
    char *text = bytes_cstr(name), *path = realpath(text, NULL);
    if (!path)
        return bytes_make(text, name.len);
    free(text);
    return bytes_of(path);
}

static void take_shorter(struct bytes *name, struct bytes other)
{
    if (other.len >= name->len)
        return;
    bytes_free(*name);
    *name = bytes_dup(other);
}

static struct covered_file *file_of(struct coverage *coverage, struct bytes name)
{
    struct bytes path = path_of(name);
    size_t at = 0;
    while (at < coverage->count && bytes_cmp(coverage->files[at].path, path) < 0)
        at++;
    if (at < coverage->count && bytes_eq(coverage->files[at].path, path)) {
        bytes_free(path);
        take_shorter(&coverage->files[at].name, name);
        return &coverage->files[at];
    }
    MEM_GROW(coverage->files, coverage->count, coverage->room, 8);
    struct covered_file *file = &coverage->files[at];
    memmove(file + 1, file, (coverage->count++ - at) * sizeof(*file));
    *file = (struct covered_file){.name = bytes_dup(name), .path = path};
    return file;
}

static void forget(struct covered_file *file)
{
    json_decref(file->told);
    free(file->rules);
    free(file->items);
}

void coverage_free(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++) {
        forget(&coverage->files[i]);
        bytes_free(coverage->files[i].name);
        bytes_free(coverage->files[i].path);
    }
    free(coverage->files);
    *coverage = (struct coverage){0};
}

/* -- What is told -- */

static void read_rules(struct covered_file *file, const json_t *rules)
{
    file->rule_count = json_array_size(rules);
    file->rules = mem_zarray(file->rule_count + 1, sizeof(*file->rules));
    for (size_t i = 0; i < file->rule_count; i++) {
        const json_t *rule = json_array_get(rules, i);
        file->rules[i].line = number_at(rule, 0);
        file->rules[i].type = json_bytes(json_array_get(rule, 1));
    }
}

/* Those of no rule would be a fault of the teller, and are left out. */
static void read_items(struct covered_file *file, const json_t *items)
{
    file->items = mem_zarray(json_array_size(items) + 1, sizeof(*file->items));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *fields = json_array_get(items, i);
        size_t rule = number_at(fields, 0);
        if (rule >= file->rule_count)
            continue;
        if (file->rules[rule].items++ == 0)
            file->rules[rule].first = file->item_count;
        file->items[file->item_count++] = (struct covered_item){
            .rule = rule,
            .line = number_at(fields, 1),
            .column = number_at(fields, 2),
            .name = json_bytes(json_array_get(fields, 3)),
            .want = json_bytes(json_array_get(fields, 4)),
        };
    }
}

/* The items of the file, which may have been told before.  If the file has changed meanwhile,
 * what was reached of the old one no longer counts. */
static void take_items(struct coverage *coverage, struct covered_file *file, json_t *told)
{
    if (file->told && json_equal(file->told, told)) {
        json_decref(told);
        return;
    }
    coverage->rules -= file->rule_count;
    coverage->items -= file->item_count;
    coverage->covered -= file->covered;
    forget(file);
    *file = (struct covered_file){.name = file->name, .path = file->path, .told = told};
    read_rules(file, json_array_get(told, 0));
    read_items(file, json_array_get(told, 1));
    coverage->rules += file->rule_count;
    coverage->items += file->item_count;
}

static void take_hits(struct coverage *coverage, struct covered_file *file, const json_t *hits)
{
    for (size_t i = 0; i < json_array_size(hits); i++) {
        const json_t *hit = json_array_get(hits, i);
        size_t index = number_at(hit, 0), count = number_at(hit, 1);
        if (index >= file->item_count || count == 0)
            continue;
        struct covered_item *item = &file->items[index];
        if (item->hits == 0) {
            file->rules[item->rule].covered++;
            file->covered++;
            coverage->covered++;
        }
        item->hits += count;
    }
}

void coverage_add(struct coverage *coverage, const json_t *outcome)
{
    const json_t *files = json_object_get(outcome, "coverage");
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *object = json_array_get(files, i);
        struct covered_file *file = file_of(coverage, json_text(object, "file"));
        json_t *rules = json_object_get(object, "rules"), *items = json_object_get(object, "items");
        if (rules && items)
            take_items(coverage, file, json_pack("[O,O]", rules, items));
        take_hits(coverage, file, json_object_get(object, "hits"));
    }
}

void coverage_expect(struct coverage *coverage, const struct test *test)
{
    for (size_t i = 0; i < test->rule_count; i++) {
        struct file_names names = {0};
        glob_names(test->rules[i], &names);
        for (size_t k = 0; k < names.count; k++)
            file_of(coverage, names.names[k]);
        file_names_free(&names);
    }
}

/* -- How much -- */

double coverage_percent(const struct coverage *coverage)
{
    return coverage->items > 0 ? 100.0 * (double)coverage->covered / (double)coverage->items : 0;
}

bool coverage_below(const struct coverage *coverage, double least, struct buf *why)
{
    double needed = ceil(least * (double)coverage->items / 100 - 1e-9);
    if (coverage->items > 0 ? (double)coverage->covered >= needed : least <= 0)
        return false;
    double percent = floor(coverage_percent(coverage) * 10) / 10;
    buf_printf(why, "coverage of rules is %.1f %%, %.1f below the minimum of %g %%", percent,
               least - percent, least);
    if (coverage->items > 0)
        buf_printf(why, " (%.0f more of %zu items)", needed - (double)coverage->covered,
                   coverage->items);
    return true;
}
