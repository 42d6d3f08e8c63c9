/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings for programs, one JSON object a line.  doc/secant-check.1 describes the members. */
#include "base/json_values.h"
#include "check/cost.h"
#include "check/report.h"

/* Columns are bytes. */
static void put_range(json_t *object, const struct range *range)
{
    if (range->from.line == 0)
        return;
    json_put_number(object, "line", range->from.line);
    json_put_number(object, "column", range->from.column);
    json_put_number(object, "end_line", range->to.line);
    json_put_number(object, "end_column", range->to.column);
    json_put_number(object, "offset", range->from.offset);
    json_put_number(object, "end_offset", range->to.offset);
}

static void put_text_if(json_t *object, const char *key, struct bytes text)
{
    if (text.len > 0)
        json_put_text(object, key, text);
}

static void put_rule(json_t *object, const struct lint_finding *finding)
{
    if (finding->rule_line > 0)
        json_put_number(object, "rule_line", finding->rule_line);
    if (!finding->rule)
        return;
    json_put_text(object, "rule_type", bytes_of(finding->rule->type->name));
    json_put_text(object, "rule_desc", finding->rule->desc_text);
}

static void put_other(json_t *object, const struct lint_finding *finding)
{
    if (!finding->other_file)
        return;
    json_t *other = json_object();
    json_put_text(other, "file", finding->other_file->name);
    put_range(other, &finding->other);
    json_put_text(other, "text", finding->other_text);
    json_put(object, "other", other);
}

static void put_edits(json_t *object, const struct lint_finding *finding)
{
    if (finding->edit_count == 0)
        return;
    json_t *edits = json_array();
    for (size_t i = 0; i < finding->edit_count; i++) {
        struct range range;
        json_t *edit = json_object();
        source_range(&finding->file->source, finding->edits[i].at, &range);
        put_range(edit, &range);
        json_put_text(edit, "text", finding->edits[i].text);
        json_array_append_new(edits, edit);
    }
    json_put(object, "edits", edits);
}

static void write_object(struct buf *out, json_t *object)
{
    json_write(out, object);
    buf_char(out, '\n');
}

static void write_finding(const struct lint_finding *finding, struct buf *out)
{
    json_t *object = json_object();
    json_put_text(object, "kind", B("finding"));
    json_put_text(object, "level", bytes_of(lint_level_name(finding->level)));
    json_put_text(object, "check", bytes_of(finding->check));
    json_put_text(object, "file", finding->file->name);
    put_range(object, &finding->range);
    json_put_text(object, "text", finding->text);
    put_text_if(object, "message", finding->upstream);
    put_text_if(object, "hint", finding->hint);
    put_text_if(object, "witness", finding->witness);
    put_text_if(object, "shows", finding->shows);
    put_rule(object, finding);
    put_other(object, finding);
    put_edits(object, finding);
    write_object(out, object);
}

/* Times are in seconds. */
static void write_log(const struct lint *lint, struct buf *out)
{
    struct cost cost;
    json_t *log = json_object();
    cost_find(lint, &cost);
    json_put_text(log, "kind", B("log"));
    json_put_number(log, "lines", lint->reached->lines);
    json_put_number(log, "events", lint->reached->all - lint->reached->lines);
    json_put(log, "time", json_real(cost.seconds));
    write_object(out, log);
    for (size_t i = 0; i < cost.count; i++) {
        const struct reached_rule *of = cost.rules[i];
        json_t *object = json_object();
        json_put_text(object, "kind", B("cost"));
        json_put(object, "time", json_real(of->seconds));
        json_put(object, "share", json_real(cost.seconds > 0 ? of->seconds / cost.seconds : 0));
        json_put_number(object, "tried", of->tried);
        json_put_number(object, "matches", of->matched);
        json_put(object, "time_per_try", json_real(of->seconds / (double)of->tried));
        json_put_text(object, "file", of->rule->file->name);
        json_put_number(object, "rule_line", of->rule->line);
        json_put_text(object, "rule_type", bytes_of(of->rule->type->name));
        json_put_text(object, "rule_desc", of->rule->desc_text);
        write_object(out, object);
    }
    cost_free(&cost);
}

static void write_sum(const struct lint *lint, struct buf *out)
{
    struct lint_sum sum = lint_sum(lint);
    json_t *object = json_object();
    json_put_text(object, "kind", B("sum"));
    json_put_number(object, "files", sum.files);
    json_put_number(object, "rules", sum.rules);
    json_put_number(object, "errors", sum.errors);
    json_put_number(object, "warnings", sum.warnings);
    json_put_number(object, "notes", sum.notes);
    json_put_number(object, "minor", sum.minor);
    json_put_number(object, "silenced", sum.silenced);
    json_put_number(object, "known", sum.known);
    json_put_number(object, "buried", sum.buried);
    write_object(out, object);
}

static void write_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    (void)style;
    size_t at = 0;
    for (const struct lint_finding *finding; (finding = lint_next_told(lint, &at));)
        write_finding(finding, out);
    if (lint->reached)
        write_log(lint, out);
    write_sum(lint, out);
}

const struct lint_format format_json = {"json", true, write_all, NULL};
