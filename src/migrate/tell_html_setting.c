/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was compared, on the page: programs, options, files, and how long it took. */
#include <sys/stat.h>

#include "base/shell_word.h"
#include "base/version.h"
#include "io/glob.h"
#include "migrate/case_files.h"
#include "migrate/masking.h"
#include "migrate/page.h"
#include "migrate/tell_html.h"
#include "replay/show.h"
#include "io/stream.h"

/* -- Facts -- */

static void begin_fact(struct buf *out, struct bytes name)
{
    buf_add(out, B("<tr>"));
    page_element(out, B("th scope=\"row\""), name);
    buf_add(out, B("<td>"));
}

static void end_fact(struct buf *out)
{
    buf_add(out, B("</td></tr>\n"));
}

static void add_fact(struct buf *out, struct bytes name, struct bytes text)
{
    begin_fact(out, name);
    page_text(out, text);
    end_fact(out);
}

static void add_code(struct buf *out, struct bytes name, struct bytes text)
{
    begin_fact(out, name);
    page_element(out, B("code"), text);
    end_fact(out);
}

static void add_words(struct buf *out, char *const *words)
{
    for (; *words; words++) {
        buf_add(out, out->len > 0 ? B(" ") : B(""));
        shell_word(out, bytes_of(*words));
    }
}

static void add_programs(struct buf *out, const struct course *course, struct bytes version)
{
    const struct migrate_options *options = course->options;
    struct buf text = {0};
    buf_cat(&text, version, B(", as"));
    add_words(&text, options->reference);
    add_fact(out, B("SEC"), buf_bytes(&text));
    add_fact(out, B("Secant"), B(SECANT_VERSION));
    buf_clear(&text);
    add_words(&text, options->others);
    if (text.len > 0)
        add_code(out, B("Options of both"), buf_bytes(&text));
    buf_clear(&text);
    buf_add(&text, B("secant migrate"));
    for (int i = 1; i < options->argc; i++) {
        buf_char(&text, ' ');
        shell_word(&text, bytes_of(options->argv[i]));
    }
    if (!course->masking)
        add_code(out, B("Command"), buf_bytes(&text));
    buf_free(&text);
}

/* "2026-11-27 08:00:01 (+01:00)" */
static void add_moment(struct buf *out, int64_t second)
{
    char date[48];
    show_date(date, second, true);
    buf_cat(out, bytes_make(date, 10), B(" "), bytes_make(date + 11, 8), B(" ("),
            bytes_of(date + 19), B(")"));
}

static void add_limits(struct buf *out, const struct migrate_options *options)
{
    if (options->from == INT64_MIN && options->until == INT64_MAX)
        return;
    struct buf text = {0};
    if (options->from != INT64_MIN)
        buf_add(&text, B("from "));
    if (options->from != INT64_MIN)
        add_moment(&text, options->from);
    if (options->until != INT64_MAX)
        buf_add(&text, text.len > 0 ? B(", before ") : B("before "));
    if (options->until != INT64_MAX)
        add_moment(&text, options->until);
    add_fact(out, B("Only lines"), buf_bytes(&text));
    buf_free(&text);
}

static void add_rate(struct buf *out, struct bytes name, const struct pace_side *side)
{
    buf_cat(out, name, B(" "));
    if (side->used < 0.01)
        buf_add(out, B("less than 0.01 s"));
    else
        buf_printf(out, "%.2f s", side->used);
    if (pace_rate(side) > 0) {
        buf_add(out, B(", "));
        buf_grouped(out, (uint64_t)pace_rate(side));
        buf_add(out, B(" lines per second"));
    }
}

static void add_times(struct buf *out, const struct course *course)
{
    struct buf text = {0};
    tell_count(&text, course->given, B("line"));
    buf_add(&text, B(", from "));
    add_moment(&text, course->begun);
    buf_add(&text, B(" to "));
    add_moment(&text, course->ended);
    add_fact(out, B("Lines"), buf_bytes(&text));
    add_limits(out, course->options);
    buf_clear(&text);
    buf_grouped(&text, course->comparison.compared_states);
    add_fact(out, B("States compared"), buf_bytes(&text));
    buf_clear(&text);
    add_moment(&text, course->clock);
    buf_printf(&text, "; it took %.1f s", course->seconds);
    add_fact(out, B("Made"), buf_bytes(&text));
    buf_clear(&text);
    add_rate(&text, B("SEC"), &course->pace.sides[THEIRS]);
    buf_add(&text, B("; "));
    add_rate(&text, B("Secant"), &course->pace.sides[OURS]);
    add_fact(out, B("Processor time"), buf_bytes(&text));
    buf_free(&text);
}

/* -- Files -- */

static void add_file(struct buf *out, const struct course *course, struct bytes kind,
                     struct bytes name)
{
    struct buf text = {0};
    struct stat room, *info = stream_stat(name, &room) ? &room : NULL;
    buf_add(out, B("<tr>"));
    page_element(out, B("td"), kind);
    buf_add(out, B("<td>"));
    if (course->masking)
        mask_text(course->masking->mask, name, false, &text);
    page_element(out, B("code"), course->masking ? buf_bytes(&text) : name);
    buf_clear(&text);
    buf_add(out, B("</td><td class=\"n\">"));
    if (info && S_ISREG(info->st_mode))
        buf_grouped(out, (uint64_t)info->st_size);
    else
        buf_add(out, B("not known"));
    buf_add(out, B("</td>"));
    if (info)
        add_moment(&text, info->st_mtime);
    page_element(out, B("td"), buf_bytes(&text));
    buf_add(out, B("</tr>\n"));
    buf_free(&text);
}

static void add_rule_files(struct buf *out, const struct course *course)
{
    const struct string_list *confs = &course->engine_options->conf;
    struct file_names names = {0};
    for (size_t i = 0; i < confs->count; i++)
        glob_names(confs->items[i], &names);
    for (size_t i = 0; i < names.count; i++)
        add_file(out, course, B("rules"), names.names[i]);
    file_names_free(&names);
}

static void add_logs(struct buf *out, const struct course *course)
{
    const struct file_sets *sets = &course->lines.logs.sets;
    for (size_t i = 0; i < sets->count; i++)
        for (size_t j = 0; j < sets->items[i].count; j++)
            add_file(out, course, B("log"), sets->items[i].files[j]);
}

void html_setting(const struct course *course, struct bytes version, struct buf *out)
{
    buf_add(out, B("<section id=\"setting\">\n<h2>What was compared</h2>\n<table>\n<tbody>\n"));
    add_programs(out, course, version);
    add_times(out, course);
    buf_add(out, B("</tbody>\n</table>\n<h3>Files</h3>\n<table>\n<thead><tr><th></th><th>File</th>"
                   "<th class=\"n\">Bytes</th><th>Last changed</th></tr></thead>\n<tbody>\n"));
    add_rule_files(out, course);
    add_logs(out, course);
    buf_add(out, B("</tbody>\n</table>\n</section>\n"));
}
