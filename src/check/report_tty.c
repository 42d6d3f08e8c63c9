/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as text for people: what is wrong, the line of the file with a mark below it, what to
 * do, a line that shows it, and how to silence it. */
#include "check/cost.h"
#include "check/report.h"
#include "lang/diag.h"
#include "lint/excerpt.h"

#define COLOUR_PLACE "\033[1m"
#define COLOUR_ERROR "\033[1;31m"
#define COLOUR_WARNING "\033[1;35m"
#define COLOUR_NOTE "\033[1;36m"
#define COLOUR_FAINT "\033[2m"
#define COLOUR_END "\033[0m"

#define INDENT B("    ")

struct writing {
    struct buf *out;
    struct lint_style style;
    const char **shown; /* names of checks of which has been said how to silence them */
    size_t count;
};

static void paint(const struct writing *w, const char *colour)
{
    if (w->style.colour)
        buf_add(w->out, bytes_of(colour));
}

static const char *colour_of(enum lint_level level)
{
    return level == LINT_ERROR     ? COLOUR_ERROR
           : level == LINT_WARNING ? COLOUR_WARNING
                                   : COLOUR_NOTE;
}

static void add_place(const struct writing *w, struct bytes file, const struct range *range)
{
    paint(w, COLOUR_PLACE);
    visible_add(w->out, file);
    if (range->from.line > 0)
        buf_cat(w->out, B(":"), NUM(range->from.line), B(":"), NUM(range->from.column));
    buf_add(w->out, B(": "));
    paint(w, COLOUR_END);
}

static void add_excerpt(const struct writing *w, const struct rule_file *file,
                        const struct range *range, const char *colour)
{
    struct excerpt excerpt;
    if (range->from.line == 0)
        return;
    excerpt_make(&excerpt, &file->source, range);
    buf_cat(w->out, INDENT, buf_bytes(&excerpt.line), B("\n"), INDENT);
    for (size_t i = 0; i < excerpt.indent; i++)
        buf_char(w->out, ' ');
    paint(w, colour);
    for (size_t i = 0; i < excerpt.width; i++)
        buf_char(w->out, '^');
    paint(w, COLOUR_END);
    buf_char(w->out, '\n');
    buf_free(&excerpt.line);
}

/* SEC's message is there before, as a whole: here is what its name means, or what it comes to. */
static bool is_said(const struct lint_finding *finding)
{
    return bytes_ends(finding->upstream, finding->text);
}

static void add_head(const struct writing *w, const struct lint_finding *finding)
{
    if (finding->upstream.len > 0) {
        visible_add(w->out, finding->upstream);
        buf_char(w->out, '\n');
    }
    add_place(w, finding->file->name, &finding->range);
    paint(w, colour_of(finding->level));
    buf_cat(w->out, bytes_of(lint_level_name(finding->level)), B(": "));
    paint(w, COLOUR_END);
    if (is_said(finding)) {
        buf_char(w->out, ascii_lower(*finding->summary));
        buf_add(w->out, bytes_of(finding->summary + 1));
    } else {
        visible_add(w->out, finding->text);
    }
    paint(w, COLOUR_FAINT);
    buf_cat(w->out, B(" ["), bytes_of(finding->check), B("]"));
    paint(w, COLOUR_END);
    buf_char(w->out, '\n');
}

static void add_rest(const struct writing *w, struct bytes before, struct bytes text)
{
    if (text.len == 0)
        return;
    buf_cat(w->out, INDENT, before);
    visible_add(w->out, text);
    buf_char(w->out, '\n');
}

static void add_witness(const struct writing *w, const struct lint_finding *finding)
{
    if (finding->witness.len == 0)
        return;
    buf_add(w->out, B("    this line "));
    visible_add(w->out, finding->shows);
    buf_add(w->out, B(": "));
    visible_add(w->out, finding->witness);
    buf_char(w->out, '\n');
}

static void add_other(const struct writing *w, const struct lint_finding *finding)
{
    if (!finding->other_file)
        return;
    buf_add(w->out, INDENT);
    add_place(w, finding->other_file->name, &finding->other);
    visible_add(w->out, finding->other_text);
    buf_char(w->out, '\n');
    add_excerpt(w, finding->other_file, &finding->other, COLOUR_FAINT);
}

static bool is_shown(struct writing *w, const char *check)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->shown[i] == check)
            return true;
    w->shown[w->count++] = check;
    return false;
}

/* Of each check once.  Errors cannot be silenced, and what loading warns of nobody intends. */
static void add_silencer(struct writing *w, const struct lint_finding *finding)
{
    if (finding->level == LINT_ERROR || (!w->style.verbose && is_shown(w, finding->check)) ||
        (!w->style.verbose && !lint_check_find(bytes_of(finding->check))))
        return;
    paint(w, COLOUR_FAINT);
    buf_cat(w->out, INDENT, B("if intended"),
            finding->rule_line > 0 || finding->at.ptr ? B("") : B(", in an Options rule"),
            B(": rem=lint:off "), bytes_of(finding->check));
    paint(w, COLOUR_END);
    buf_char(w->out, '\n');
}

static void write_finding(struct writing *w, const struct lint_finding *finding)
{
    if (w->out->len > 0)
        buf_char(w->out, '\n');
    add_head(w, finding);
    add_excerpt(w, finding->file, &finding->range, colour_of(finding->level));
    add_rest(w, B(""), finding->hint);
    add_witness(w, finding);
    add_other(w, finding);
    add_silencer(w, finding);
}

static void write_findings(struct writing *w, const struct lint *lint, bool of_log)
{
    size_t at = 0;
    for (const struct lint_finding *finding; (finding = lint_next_told(lint, &at));)
        if (finding->of_log == of_log)
            write_finding(w, finding);
}

static void write_log(struct writing *w, const struct lint *lint)
{
    const struct reached *reached = lint->reached;
    uint64_t events = reached->all - reached->lines;
    buf_cat(w->out, w->out->len > 0 ? B("\n") : B(""), B("The log: "), NUM(reached->lines),
            reached->lines == 1 ? B(" line") : B(" lines"));
    if (events > 0)
        buf_cat(w->out, B(", and "), NUM(events), events == 1 ? B(" event") : B(" events"),
                B(" that the rules created"));
    buf_char(w->out, '\n');
    write_findings(w, lint, true);
    buf_char(w->out, '\n');
    cost_table(lint, w->style.verbose, w->out);
}

static void write_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    struct arena arena;
    arena_init(&arena);
    struct writing w = {.out = out, .style = style};
    w.shown = arena_alloc(&arena, (lint->count + 1) * sizeof(*w.shown));
    write_findings(&w, lint, false);
    if (lint->reached)
        write_log(&w, lint);
    arena_free(&arena);
}

/* -- The sum -- */

static void add_count(struct buf *out, struct bytes *before, size_t count, struct bytes one,
                      struct bytes many)
{
    if (count == 0)
        return;
    buf_cat(out, *before, NUM(count), B(" "), count == 1 ? one : many);
    *before = B(", ");
}

static void sum_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    (void)style;
    struct lint_sum sum = lint_sum(lint);
    struct bytes before = B("");
    bool told = sum.errors + sum.warnings + sum.notes > 0;
    add_count(out, &before, sum.files, B("file"), B("files"));
    add_count(out, &before, sum.rules, B("rule"), B("rules"));
    before = B(": ");
    add_count(out, &before, sum.errors, B("error"), B("errors"));
    add_count(out, &before, sum.warnings, B("warning"), B("warnings"));
    add_count(out, &before, sum.notes, B("note"), B("notes"));
    if (!told)
        buf_add(out, B(": nothing found"));
    before = B("; not shown: ");
    add_count(out, &before, sum.minor, B("note (--all)"), B("notes (--all)"));
    add_count(out, &before, sum.silenced, B("silenced"), B("silenced"));
    add_count(out, &before, sum.known, B("known"), B("known"));
    add_count(out, &before, sum.buried, B("in a rule that no line reaches"),
              B("in rules that no line reaches"));
    buf_add(out, told ? B("\nman secant-check explains each\n") : B("\n"));
}

const struct lint_format format_tty = {"tty", false, write_all, sum_all};
