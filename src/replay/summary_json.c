/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary as a JSON object. */
#include <stdlib.h>

#include "replay/summary.h"

/* Opens a member: its comma where it is not the first, its name. */
static void name(struct buf *out, struct bytes text)
{
    char last = out->ptr[out->len - 1];
    buf_cat(out, last == '{' || last == '[' ? B("") : B(","), B("\""), text, B("\":"));
}

static void number(struct buf *out, struct bytes text, uint64_t value)
{
    name(out, text);
    buf_num(out, (int64_t)value);
}

static void string(struct buf *out, struct bytes text, struct bytes value)
{
    name(out, text);
    show_json_text(out, value);
}

static void open_item(struct buf *out)
{
    buf_add(out, out->ptr[out->len - 1] == '[' ? B("{") : B(",{"));
}

static void add_forms(struct buf *out, const struct time_reader *times)
{
    struct bytes form;
    uint64_t lines;
    name(out, B("forms"));
    buf_char(out, '{');
    for (size_t i = 0; time_reader_form(times, i, &form, &lines); i++)
        if (lines > 0) {
            buf_add(out, out->ptr[out->len - 1] == '{' ? B("") : B(","));
            show_json_text(out, form);
            buf_cat(out, B(":"), NUM(lines));
        }
    buf_char(out, '}');
}

static void add_input(struct buf *out, const struct summary *summary,
                      const struct replay_input *input)
{
    const struct time_counts *c = time_reader_counts(input->times);
    int year;
    enum time_year_source source;
    open_item(out);
    string(out, B("name"), input->source.name);
    number(out, B("lines"), c->lines);
    add_forms(out, input->times);
    number(out, B("without_time"), c->without);
    number(out, B("late"), c->late);
    number(out, B("most_late"), (uint64_t)c->most_late);
    number(out, B("odd"), c->odd);
    number(out, B("leaps"), c->leaps);
    number(out, B("impossible"), c->impossible);
    number(out, B("gave_up"), c->gave_up);
    number(out, B("skipped"), c->skipped);
    number(out, B("twice"), c->twice);
    if (input->reorder.seconds > 0)
        number(out, B("reordered"), input->reorder.moved);
    if (input->objects.template) {
        number(out, B("objects"), input->objects.made);
        number(out, B("no_objects"), input->objects.left);
        number(out, B("cut"), input->objects.cut);
    }
    if (time_reader_year(input->times, &year, &source))
        number(out, B("year"), (uint64_t)year);
    if (c->assumed_zone > 0)
        string(out, B("zone"), time_options_zone_name(summary->options->lines.times));
    buf_char(out, '}');
}

static void add_rules(struct buf *out, const struct summary *summary)
{
    const struct rule_state **rules;
    size_t count = summary_rules(summary->engine, &rules);
    name(out, B("rules"));
    buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = rules[i]->rule;
        open_item(out);
        string(out, B("file"), rule->file->name);
        number(out, B("line"), rule->line);
        string(out, B("type"), bytes_of(rule->type->name));
        string(out, B("desc"), rule->desc_text);
        number(out, B("matches"), rules[i]->match_count);
        buf_char(out, '}');
    }
    buf_char(out, ']');
    free(rules);
}

static void add_templates(struct buf *out, const struct summary *summary)
{
    const struct text_template *top[SUMMARY_TEMPLATES];
    size_t count = templates_top(&summary->tally->unmatched, top, SUMMARY_TEMPLATES);
    name(out, B("unmatched_templates"));
    buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        open_item(out);
        number(out, B("lines"), top[i]->count);
        string(out, B("template"), top[i]->text);
        buf_char(out, '}');
    }
    buf_char(out, ']');
    name(out, B("estimated"));
    buf_add(out, summary->tally->unmatched.rough ? B("true") : B("false"));
}

void summary_write_json(const struct summary *summary, struct buf *out)
{
    const struct tally *t = summary->tally;
    buf_add(out, B("{\"summary\":{"));
    number(out, B("lines"), t->lines);
    number(out, B("matched"), t->matched);
    number(out, B("unmatched"), t->lines - t->matched);
    number(out, B("before"), t->before + t->warm);
    number(out, B("effects"), t->effects);
    number(out, B("warnings"), summary_warnings(summary));
    number(out, B("begin"), (uint64_t)t->begun);
    number(out, B("end"), (uint64_t)engine_now(summary->engine));
    name(out, B("inputs"));
    buf_char(out, '[');
    for (size_t i = 0; i < summary->input_count; i++)
        add_input(out, summary, &summary->inputs[i]);
    buf_char(out, ']');
    add_rules(out, summary);
    add_templates(out, summary);
    string(out, B("perl_hash_seed"), buf_bytes(&t->seed));
    string(out, B("troubles"), buf_bytes(&t->troubles));
    buf_add(out, B("}}\n"));
}
