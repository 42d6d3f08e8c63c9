/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/cost.h"

#include <stdlib.h>

#include "base/mem.h"
#include "lint/excerpt.h"

/* -- The rules -- */

static int in_order(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_time(const void *a, const void *b)
{
    const struct reached_rule *x = *(const struct reached_rule *const *)a;
    const struct reached_rule *y = *(const struct reached_rule *const *)b;
    if (x->seconds != y->seconds)
        return x->seconds > y->seconds ? -1 : 1;
    if (x->rule->file != y->rule->file)
        return in_order(x->rule->file->number, y->rule->file->number);
    return in_order((size_t)x->rule->id, (size_t)y->rule->id);
}

void cost_find(const struct lint *lint, struct cost *cost)
{
    *cost =
        (struct cost){.rules = mem_array(NULL, ruleset_rules(lint->set) + 1, sizeof(*cost->rules))};
    for (size_t i = 0; i < lint->set->file_count; i++)
        for (size_t k = 0; k < lint->set->files[i]->count; k++) {
            const struct reached_rule *rule = &lint->reached->rules[i][k];
            if (rule->tried == 0)
                continue;
            cost->rules[cost->count++] = rule;
            cost->seconds += rule->seconds;
        }
    qsort(cost->rules, cost->count, sizeof(*cost->rules), by_time);
}

void cost_free(struct cost *cost)
{
    free(cost->rules);
}

/* -- The table -- */

enum { TIME, SHARE, TRIED, MATCHED, PER_TRY, PLACE, TYPE, DESC, COLUMNS };

struct table_text {
    struct buf cells[COLUMNS]; /* of the row at hand */
    size_t width[COLUMNS];
};

static void fill(struct table_text *table, const struct cost *cost, const struct reached_rule *of)
{
    struct buf *cells = table->cells;
    for (size_t i = 0; i < COLUMNS; i++)
        buf_clear(&cells[i]);
    buf_printf(&cells[TIME], "%.3f s", of->seconds);
    buf_printf(&cells[SHARE], "%.1f %%",
               cost->seconds > 0 ? 100 * of->seconds / cost->seconds : 0.0);
    buf_add(&cells[TRIED], NUM(of->tried));
    buf_add(&cells[MATCHED], NUM(of->matched));
    buf_printf(&cells[PER_TRY], "%.2f", of->seconds * 1e6 / (double)of->tried);
    visible_add(&cells[PLACE], of->rule->file->name);
    buf_cat(&cells[PLACE], B(":"), NUM(of->rule->line));
    buf_add(&cells[TYPE], bytes_of(of->rule->type->name));
    visible_add(&cells[DESC], of->rule->desc_text);
}

static void head(struct table_text *table)
{
    static const char *const names[COLUMNS] = {"time",   "share", "lines tried", "matches",
                                               "us/try", "rule",  "type",        "desc"};
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_clear(&table->cells[i]);
        buf_add(&table->cells[i], bytes_of(names[i]));
    }
}

static void widen(struct table_text *table)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (table->cells[i].len > table->width[i])
            table->width[i] = table->cells[i].len;
}

static void blanks(struct buf *out, size_t count)
{
    while (count-- > 0)
        buf_char(out, ' ');
}

/* Numbers are to the right, the last column ends where it ends. */
static void add_row(const struct table_text *table, struct buf *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        struct bytes cell = buf_bytes(&table->cells[i]);
        buf_add(out, i > 0 ? B("  ") : B(""));
        if (i < PLACE)
            blanks(out, table->width[i] - cell.len);
        buf_add(out, cell);
        if (i >= PLACE && i + 1 < COLUMNS)
            blanks(out, table->width[i] - cell.len);
    }
    buf_char(out, '\n');
}

void cost_table(const struct lint *lint, bool all, struct buf *out)
{
    struct cost cost;
    struct table_text table = {0};
    cost_find(lint, &cost);
    size_t shown = all || cost.count < COST_SHOWN ? cost.count : COST_SHOWN;
    head(&table);
    widen(&table);
    for (size_t i = 0; i < shown; i++) {
        fill(&table, &cost, cost.rules[i]);
        widen(&table);
    }
    head(&table);
    if (shown > 0)
        add_row(&table, out);
    for (size_t i = 0; i < shown; i++) {
        fill(&table, &cost, cost.rules[i]);
        add_row(&table, out);
    }
    if (shown < cost.count)
        buf_cat(out, B("and "), NUM(cost.count - shown), B(" more (-v)\n"));
    for (size_t i = 0; i < COLUMNS; i++)
        buf_free(&table.cells[i]);
    cost_free(&cost);
}
