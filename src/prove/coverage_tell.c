/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage as text, as a tracefile, as JSON. */
#include <math.h>

#include "base/json_values.h"
#include "prove/coverage.h"
#include "replay/show.h"

/* Rounded down: 100.0 is said of nothing less. */
static double tenths(size_t part, size_t whole)
{
    return whole > 0 ? floor(1000.0 * (double)part / (double)whole) / 10 : 0;
}

/* -- Text -- */

enum { NAME_WIDTH = 30, TERM_MOST = 60 };

static void add_name(struct buf *out, struct bytes name)
{
    size_t before = out->len;
    show_plain_text(out, name);
    do
        buf_char(out, ' ');
    while (out->len - before < NAME_WIDTH);
}

static void add_numbers(struct buf *out, size_t rules, size_t items, size_t covered)
{
    buf_printf(out, "%7zu %7zu %9zu %7.1f %%\n", rules, items, covered, tenths(covered, items));
}

static void add_table(const struct coverage *coverage, struct buf *out)
{
    add_name(out, B("Coverage"));
    buf_add(out, B("    rules   items   reached\n"));
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered_file *file = &coverage->files[i];
        buf_add(out, B("  "));
        add_name(out, file->name);
        if (file->told)
            add_numbers(out, file->rule_count, file->item_count, file->covered);
        else
            buf_add(out, B("      -       -         -     0.0 %  no test has run\n"));
    }
    buf_add(out, B("  "));
    add_name(out, B("all"));
    add_numbers(out, coverage->rules, coverage->items, coverage->covered);
}

/* "  ssh.sec:14:9  Single: context term MAINTENANCE never false" */
static void add_missing(struct buf *out, const struct covered_file *file,
                        const struct covered_item *item)
{
    struct bytes name = item->name;
    buf_add(out, B("  "));
    show_plain_text(out, file->name);
    buf_cat(out, B(":"), NUM(item->line), B(":"), NUM(item->column), B("  "),
            file->rules[item->rule].type, B(": "));
    show_plain_text(out, name.len > TERM_MOST ? bytes_slice(name, 0, TERM_MOST) : name);
    buf_cat(out, name.len > TERM_MOST ? B("... never ") : B(" never "), item->want, B("\n"));
}

static void add_untouched(struct buf *out, const struct covered_file *file,
                          const struct covered_rule *rule)
{
    buf_add(out, B("  "));
    show_plain_text(out, file->name);
    buf_cat(out, B(":"), NUM(rule->line), B("  "), rule->type, B(": the whole rule"));
    buf_printf(out, " (%zu item%s)\n", rule->items, rule->items == 1 ? "" : "s");
}

/* Rules of which nothing was reached have one line. */
static size_t add_all_missing(const struct covered_file *file, size_t most, struct buf *out)
{
    size_t lines = 0;
    for (size_t i = 0; i < file->item_count; i++) {
        const struct covered_item *item = &file->items[i];
        const struct covered_rule *rule = &file->rules[item->rule];
        if (item->hits > 0 || (rule->covered == 0 && rule->first != i))
            continue;
        if (lines++ >= most)
            continue;
        if (rule->covered == 0)
            add_untouched(out, file, rule);
        else
            add_missing(out, file, item);
    }
    return lines;
}

void coverage_text(const struct coverage *coverage, size_t most, struct buf *out)
{
    size_t lines = 0;
    if (most == 0)
        most = SIZE_MAX;
    add_table(coverage, out);
    if (coverage->covered < coverage->items)
        buf_add(out, B("Not reached\n"));
    for (size_t i = 0; i < coverage->count; i++)
        lines += add_all_missing(&coverage->files[i], lines < most ? most - lines : 0, out);
    if (lines > most)
        buf_printf(out, "  and %zu more (-v shows all)\n", lines - most);
}

/* -- A tracefile -- */

/* Items that are two sides of one thing follow each other. */
static bool is_pair(const struct covered_file *file, size_t i)
{
    return i + 1 < file->item_count && bytes_eq(file->items[i].want, B("true")) &&
           bytes_eq(file->items[i + 1].want, B("false"));
}

/* How often its patterns matched, or its actions ran. */
static uint64_t rule_hits(const struct covered_file *file, const struct covered_rule *rule)
{
    uint64_t most = 0;
    for (size_t i = rule->first; i < rule->first + rule->items; i++) {
        const struct covered_item *item = &file->items[i];
        if (is_pair(file, i))
            i++;
        else if (item->hits > most)
            most = item->hits;
    }
    return most;
}

static void add_functions(struct buf *out, const struct covered_file *file)
{
    size_t hit = 0;
    for (size_t i = 0; i < file->rule_count; i++) {
        const struct covered_rule *rule = &file->rules[i];
        uint64_t hits = rule_hits(file, rule);
        buf_cat(out, B("FN:"), NUM(rule->line), B(","), rule->type, B(":"), NUM(rule->line),
                B("\nFNDA:"), NUM(hits), B(","), rule->type, B(":"), NUM(rule->line), B("\n"));
        hit += hits > 0;
    }
    buf_cat(out, B("FNF:"), NUM(file->rule_count), B("\nFNH:"), NUM(hit), B("\n"));
}

/* What has been found of something, and how much of it was reached. */
struct found {
    size_t all, hit;
};

static void add_branch(struct buf *out, struct found *branches, const struct covered_item *item,
                       size_t block, size_t side, bool tried)
{
    buf_cat(out, B("BRDA:"), NUM(item->line), B(","), NUM(block), B(","), NUM(side), B(","),
            tried ? NUM(item->hits) : B("-"), B("\n"));
    branches->all++;
    branches->hit += item->hits > 0;
}

/* Two sides of one thing; and what else is in a line besides the first, lists inside lists, which
 * the line's own count does not show. */
static void add_branches(struct buf *out, const struct covered_file *file)
{
    struct found branches = {0};
    size_t line = 0; /* the last one that has an item of its own */
    for (size_t i = 0, block = 0; i < file->item_count; i++) {
        const struct covered_item *item = &file->items[i];
        if (is_pair(file, i)) {
            bool tried = item->hits > 0 || item[1].hits > 0;
            add_branch(out, &branches, item, block, 0, tried);
            add_branch(out, &branches, item + 1, block++, 1, tried);
            i++;
        } else if (item->line == line) {
            add_branch(out, &branches, item, block++, 0, true);
        }
        line = item->line;
    }
    buf_cat(out, B("BRF:"), NUM(branches.all), B("\nBRH:"), NUM(branches.hit), B("\n"));
}

static void add_line(struct buf *out, struct found *lines, size_t line, uint64_t hits)
{
    buf_cat(out, B("DA:"), NUM(line), B(","), NUM(hits), B("\n"));
    lines->all++;
    lines->hit += hits > 0;
}

/* The line of items[i], with the most that happened in it; returns the first item after it. */
static size_t add_item_line(struct buf *out, struct found *lines, const struct covered_file *file,
                            size_t i)
{
    size_t line = file->items[i].line;
    uint64_t most = 0;
    for (; i < file->item_count && file->items[i].line == line; i++) {
        uint64_t hits = file->items[i].hits;
        if (is_pair(file, i))
            hits += file->items[++i].hits;
        most = hits > most ? hits : most;
    }
    add_line(out, lines, line, most);
    return i;
}

static void add_lines(struct buf *out, const struct covered_file *file)
{
    struct found lines = {0};
    for (size_t i = 0; i < file->rule_count; i++) {
        const struct covered_rule *rule = &file->rules[i];
        size_t at = rule->first, end = rule->first + rule->items;
        if (at == end || file->items[at].line != rule->line)
            add_line(out, &lines, rule->line, rule_hits(file, rule));
        while (at < end)
            at = add_item_line(out, &lines, file, at);
    }
    buf_cat(out, B("LF:"), NUM(lines.all), B("\nLH:"), NUM(lines.hit), B("\n"));
}

void coverage_lcov(const struct coverage *coverage, struct buf *out)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered_file *file = &coverage->files[i];
        if (!file->told)
            continue;
        buf_cat(out, B("TN:\nSF:"), file->path, B("\n"));
        add_functions(out, file);
        add_branches(out, file);
        add_lines(out, file);
        buf_add(out, B("end_of_record\n"));
    }
}

/* -- JSON -- */

static json_t *json_of_items(const struct covered_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; i < file->item_count; i++) {
        const struct covered_item *item = &file->items[i];
        const struct covered_rule *rule = &file->rules[item->rule];
        json_t *object = json_object();
        json_put_number(object, "rule", rule->line);
        json_put_text(object, "type", rule->type);
        json_put_number(object, "line", item->line);
        json_put_number(object, "column", item->column);
        json_put_text(object, "item", item->name);
        json_put_text(object, "want", item->want);
        json_put_number(object, "hits", item->hits);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *json_of_numbers(size_t rules, size_t items, size_t reached)
{
    json_t *object = json_object();
    json_put_number(object, "rules", rules);
    json_put_number(object, "items", items);
    json_put_number(object, "reached", reached);
    json_put(object, "percent", json_real(tenths(reached, items)));
    return object;
}

json_t *coverage_json(const struct coverage *coverage)
{
    json_t *object = json_of_numbers(coverage->rules, coverage->items, coverage->covered);
    json_t *files = json_array();
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered_file *file = &coverage->files[i];
        json_t *one = json_of_numbers(file->rule_count, file->item_count, file->covered);
        json_put_text(one, "file", file->name);
        json_put_text(one, "path", file->path);
        json_put(one, "loaded", json_boolean(file->told != NULL));
        json_put(one, "list", json_of_items(file));
        json_array_append_new(files, one);
    }
    json_put(object, "files", files);
    return object;
}
