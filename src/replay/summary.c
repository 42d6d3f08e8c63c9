/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary as text. */
#include "replay/summary.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* Rules. */

static int compare_rules(const void *left, const void *right)
{
    const struct rule_state *a = *(const struct rule_state *const *)left;
    const struct rule_state *b = *(const struct rule_state *const *)right;
    if (a->match_count != b->match_count)
        return a->match_count > b->match_count ? -1 : 1;
    if (a->of->file->number != b->of->file->number)
        return a->of->file->number < b->of->file->number ? -1 : 1;
    return a->rule->id < b->rule->id ? -1 : a->rule->id > b->rule->id;
}

size_t summary_rules(const struct engine *engine, const struct rule_state ***rules)
{
    size_t count = 0, all = ruleset_rules(engine->rules.set);
    *rules = mem_array(NULL, all + 1, sizeof(const struct rule_state *));
    for (size_t i = 0; i < engine->state.files.count; i++) {
        const struct file_state *file = engine->state.files.items[i];
        for (size_t j = 0; j < file->file->count && count < all; j++)
            (*rules)[count++] = &file->rules[j];
    }
    qsort(*rules, count, sizeof(**rules), compare_rules);
    return count;
}

uint64_t summary_warnings(const struct summary *summary)
{
    uint64_t count = 0;
    for (int level = LOG_CRITICAL; level <= LOG_WARN; level++)
        count += log_count(summary->engine->log, level);
    return count;
}

static void add_rule(struct buf *out, const struct rule_state *state)
{
    const struct rule *rule = state->rule;
    buf_cat(out, rule->file->name, B(":"), NUM(rule->line), B("  "), bytes_of(rule->type->name),
            B("  "), rule->desc_text, B("\n"));
}

static void write_rules(const struct summary *summary, struct buf *out)
{
    const struct rule_state **rules;
    size_t count = summary_rules(summary->engine, &rules), matched = 0, shown;
    while (matched < count && rules[matched]->match_count > 0)
        matched++;
    buf_add(out, summary->tally->warm > 0
                     ? B("\nRules by matches, in lines before --from as well\n")
                     : B("\nRules by matches\n"));
    for (shown = 0; shown < matched && shown < SUMMARY_RULES; shown++) {
        buf_printf(out, "%10llu  ", (unsigned long long)rules[shown]->match_count);
        add_rule(out, rules[shown]);
    }
    if (matched == 0)
        buf_add(out, B("            none matched\n"));
    if (shown < matched)
        buf_printf(out, "            and %zu more\n", matched - shown);
    if (matched < count)
        buf_add(out, B("\nRules that never matched\n"));
    for (size_t i = matched; i < count; i++) {
        buf_add(out, B("            "));
        add_rule(out, rules[i]);
    }
    free(rules);
}

/* Inputs. */

static void add_span(struct buf *out, int64_t seconds)
{
    if (seconds < 120)
        buf_cat(out, NUM(seconds), B(" s"));
    else if (seconds < 7200)
        buf_cat(out, NUM(seconds / 60), B(" min"));
    else if (seconds < 2 * 86400)
        buf_cat(out, NUM(seconds / 3600), B(" h"));
    else
        buf_cat(out, NUM(seconds / 86400), B(" days"));
}

static void add_forms(struct buf *out, const struct time_reader *times)
{
    struct bytes name;
    uint64_t lines;
    bool any = false;
    for (size_t i = 0; time_reader_form(times, i, &name, &lines); i++) {
        if (lines == 0)
            continue;
        buf_cat(out, any ? B("; ") : B(""), name, B(" ("), NUM(lines), B(")"));
        any = true;
    }
    if (!any)
        buf_add(out, B("none"));
}

static void add_share(struct buf *out, uint64_t part, uint64_t whole)
{
    buf_printf(out, "%llu (%.1f %%)", (unsigned long long)part,
               whole > 0 ? 100.0 * (double)part / (double)whole : 0.0);
}

/* Counts that are of interest only if there are any. */
static void add_oddities(struct buf *out, const struct time_counts *c)
{
    const struct {
        uint64_t count;
        const char *what;
    } lines[] = {
        {c->odd,
         "odd: more than a day ahead of all others, so the time of the line before is used"},
        {c->leaps, "jumps of more than a day"},
        {c->impossible, "with a date or time that does not exist"},
        {c->gave_up, "on which --time-regex took too long and was given up"},
        {c->weekdays, "whose weekday does not fit the date"},
        {c->skipped, "in an hour that the clock skipped"},
        {c->twice, "in an hour that the clock repeated"},
        {c->new_years, "changes of year"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        if (lines[i].count > 0)
            buf_cat(out, B("  "), NUM(lines[i].count), B(" "), bytes_of(lines[i].what), B("\n"));
}

/* What was done with lines, where it was asked for. */
static void add_changes(struct buf *out, const struct replay_input *input)
{
    const struct objects *o = &input->objects;
    if (input->reorder.seconds > 0)
        buf_cat(out, B("  put in order: "), NUM(input->reorder.moved), B("\n"));
    if (o->template)
        buf_cat(out, B("  made from JSON objects: "), NUM(o->made), B("; left unchanged: "),
                NUM(o->left), B("\n"));
    if (o->cut > 0)
        buf_cat(out, B("  "), NUM(o->cut),
                B(" with a value that was too long for journalctl, without its --all\n"));
}

static void add_assumptions(struct buf *out, const struct summary *summary,
                            const struct time_reader *times)
{
    static const char *const sources[] = {
        [YEAR_GIVEN] = "given",
        [YEAR_OF_NEIGHBOURS] = "from lines that have one",
        [YEAR_OF_MTIME] = "from the file's modification time",
    };
    int year;
    enum time_year_source source;
    if (time_reader_year(times, &year, &source))
        buf_cat(out, B("  year of the first line: "), NUM(year), B(", "), bytes_of(sources[source]),
                B("\n"));
    if (time_reader_counts(times)->assumed_zone > 0)
        buf_cat(out, B("  without zone: "), NUM(time_reader_counts(times)->assumed_zone),
                B(", read as "), time_options_zone_name(summary->options->lines.times), B("\n"));
}

static void write_input(const struct summary *summary, struct buf *out,
                        const struct replay_input *input)
{
    const struct time_counts *c = time_reader_counts(input->times);
    buf_cat(out, B("\nInput "), input->source.name, B("\n  "), NUM(c->lines), B(" line"),
            PLURAL(c->lines), B("; time format: "));
    add_forms(out, input->times);
    buf_add(out, B("\n  without time: "));
    add_share(out, c->without, c->lines);
    buf_add(out, B("; late: "));
    add_share(out, c->late, c->lines);
    if (c->late > 0) {
        buf_add(out, B(", by up to "));
        add_span(out, c->most_late);
    }
    buf_char(out, '\n');
    add_changes(out, input);
    add_oddities(out, c);
    add_assumptions(out, summary, input->times);
}

static void write_templates(const struct summary *summary, struct buf *out)
{
    const struct text_template *top[SUMMARY_TEMPLATES];
    const struct templates *templates = &summary->tally->unmatched;
    size_t count = templates_top(templates, top, SUMMARY_TEMPLATES);
    if (count > 0)
        buf_cat(out, B("\nMost frequent lines that no rule matched"),
                templates->rough ? B(" (counts are estimates)\n") : B("\n"));
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%10llu  ", (unsigned long long)top[i]->count);
        show_plain_text(out, top[i]->text);
        buf_char(out, '\n');
    }
}

static void write_lines(const struct summary *summary, struct buf *out)
{
    const struct tally *t = summary->tally;
    char from[48], to[48];
    buf_cat(out, B("Lines: "), NUM(t->lines), B(", matched "), NUM(t->matched), B(", unmatched "),
            NUM(t->lines - t->matched), B("; effects: "), NUM(t->effects), B("\n"));
    buf_cat(out, B("Time:  "), show_date(from, t->begun, false), B(" to "),
            show_date(to, engine_now(summary->engine), false), B(" ("),
            time_options_zone_name(summary->options->lines.times), B(")\n"));
    if (summary_warnings(summary) > 0)
        buf_cat(out, B("Warnings and errors in the log: "), NUM(summary_warnings(summary)),
                B("\n"));
    if (t->before + t->warm > 0)
        buf_cat(out, B("Lines before --from: "), NUM(t->before + t->warm),
                t->warm > 0 ? B(", replayed without output\n") : B(", skipped\n"));
}

void summary_write(const struct summary *summary, struct buf *out)
{
    write_lines(summary, out);
    for (size_t i = 0; i < summary->input_count; i++)
        write_input(summary, out, &summary->inputs[i]);
    write_rules(summary, out);
    write_templates(summary, out);
    buf_cat(out, B("\nPerl's hashes have a fixed order: PERL_HASH_SEED="),
            buf_bytes(&summary->tally->seed), B("\n"));
    if (summary->tally->troubles.len > 0)
        buf_cat(out, B("\n"), buf_bytes(&summary->tally->troubles));
}
