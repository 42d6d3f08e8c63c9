/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page from its verdict on: what matters most comes first. */
#include "migrate/tell_html.h"

#include "base/mem.h"
#include "base/version.h"
#include "migrate/case_files.h"
#include "migrate/masking.h"
#include "migrate/page.h"
#include "migrate/resume.h"
#include "stage/interrupt.h"

/* -- Verdict -- */

enum verdict { VERDICT_EQUAL, VERDICT_CHANCE, VERDICT_DIFFERENT, VERDICT_OPEN };

static enum verdict verdict_of(const struct course *course, bool whole)
{
    if (tell_real(course) > 0)
        return VERDICT_DIFFERENT;
    if (!whole || interrupted)
        return VERDICT_OPEN;
    bool before = course->resume && course->resume->totals.chance > 0;
    return course->comparison.found > 0 || before ? VERDICT_CHANCE : VERDICT_EQUAL;
}

static void add_both(struct buf *out, struct bytes version)
{
    buf_cat(out, B("SEC "), version, B(" and Secant " SECANT_VERSION));
}

/* Where the first one is that is none of chance. */
static uint64_t first_line(const struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    size_t at = 0;
    while (at + 1 < comparison->count && comparison->items[at].chance)
        at++;
    return lines_number(&course->lines, comparison->items[at].place.line);
}

static void add_sentence(struct buf *out, const struct course *course, struct bytes version,
                         enum verdict verdict)
{
    if (verdict == VERDICT_OPEN)
        buf_add(out, B("The comparison of "));
    add_both(out, version);
    switch (verdict) {
    case VERDICT_OPEN:
        buf_add(out, B(" did not get to its end; up to there both did the same."));
        break;
    case VERDICT_DIFFERENT:
        buf_add(out, B(" differ in "));
        tell_count(out, tell_real(course), B("place"));
        buf_add(out, tell_real(course) > 1 ? B("; the first is line ") : B(", line "));
        buf_grouped(out, first_line(course));
        buf_add(out, B("."));
        break;
    case VERDICT_CHANCE:
        buf_add(out, B(" do the same wherever SEC itself does the same each time, over "));
        tell_count(out, course->given, B("line"));
        buf_add(out, B("."));
        break;
    case VERDICT_EQUAL:
        buf_add(out, B(" do exactly the same over "));
        tell_count(out, course->given, B("line"));
        buf_add(out, B("."));
    }
}

static size_t count_touched(const struct course *course)
{
    const struct reader *ours = &course->comparison.readers[OURS];
    size_t touched = 0;
    for (size_t i = 0; i < ours->rule_count; i++)
        touched += ours->rules[i].matches > 0;
    return touched;
}

static void add_tile(struct buf *out, struct bytes name, uint64_t number, bool of, uint64_t all)
{
    buf_add(out, B("<div>"));
    page_element(out, B("dt"), name);
    buf_add(out, B("<dd>"));
    buf_grouped(out, number);
    if (of)
        buf_add(out, B(" of "));
    if (of)
        buf_grouped(out, all);
    buf_add(out, B("</dd></div>\n"));
}

static void add_tiles(struct buf *out, const struct course *course)
{
    const uint64_t *equal = course->comparison.equal;
    buf_add(out, B("<dl class=\"tiles\">\n"));
    add_tile(out, B("Lines"), course->given, false, 0);
    add_tile(out, B("Differences"), tell_real(course), false, 0);
    add_tile(out, B("Effects the same"), equal[HEARD_EFFECT], false, 0);
    add_tile(out, B("Events the same"), equal[HEARD_EVENT], false, 0);
    add_tile(out, B("Log messages the same"), equal[HEARD_MESSAGE], false, 0);
    add_tile(out, B("Rules exercised"), count_touched(course), true,
             course->comparison.readers[OURS].rule_count);
    buf_add(out, B("</dl>\n"));
}

/* What somebody who reads nothing else must know. */
static void add_caveats(struct buf *out, const struct course *course, enum verdict verdict)
{
    const struct comparison *comparison = &course->comparison;
    size_t untouched = comparison->readers[OURS].rule_count - count_touched(course);
    struct buf text = {0};
    if (verdict != VERDICT_DIFFERENT && untouched > 0) {
        buf_add(&text, B("This log never reaches "));
        tell_count(&text, untouched, B("rule"));
        buf_add(&text, untouched == 1 ? B("; nothing is proven about it.")
                                      : B("; nothing is proven about these."));
        page_element(out, B("p"), buf_bytes(&text));
    }
    buf_clear(&text);
    if (course->lines.stretches.length > 0) {
        buf_add(&text, B("This is a sample, "));
        tell_stretches(&text, &course->lines.stretches);
        buf_add(&text, B("; nothing is proven about the other lines."));
        page_element(out, B("p"), buf_bytes(&text));
    }
    buf_clear(&text);
    if (course->resume) {
        buf_add(&text, B("Compared"));
        resume_tell(course->resume, &text);
        page_element(out, B("p"), bytes_trim(buf_bytes(&text)));
    }
    buf_clear(&text);
    if (comparison->left.len > 0) {
        buf_add(&text, B("Code in rules ended SEC after "));
        tell_count(&text, lines_number(&course->lines, comparison->left_at.line), B("line"));
        buf_cat(&text, B(", with exit status "), buf_bytes(&comparison->left),
                B("; nothing is proven about the lines after it."));
        page_element(out, B("p"), buf_bytes(&text));
    }
    if (course->why.len > 0 && !course->masking)
        page_element(out, B("pre"), bytes_trim(buf_bytes(&course->why)));
    buf_free(&text);
}

static void add_verdict(struct buf *out, const struct course *course, struct bytes version,
                        enum verdict verdict)
{
    static const char *const classes[] = {"equal", "equal", "different", "open"};
    static const char *const badges[] = {"EQUAL", "EQUAL", "DIFFERENT", "NOT FINISHED"};
    struct buf sentence = {0};
    add_sentence(&sentence, course, version, verdict);
    buf_cat(out, B("<header class=\""), bytes_of(classes[verdict]), B("\">\n"));
    page_element(out, B("span class=\"badge\""), bytes_of(badges[verdict]));
    page_element(out, B("h1"), buf_bytes(&sentence));
    buf_add(out, B("\n"));
    add_caveats(out, course, verdict);
    add_tiles(out, course);
    buf_add(out, B("</header>\n"));
    buf_free(&sentence);
}

/* -- What was exercised -- */

static void add_rule(struct buf *out, const struct rule_count *rule)
{
    struct buf place = {0};
    buf_cat(&place, rule->file, B(":"), NUM(rule->line));
    buf_add(out, B("<tr><td class=\"n\">"));
    if (rule->matches > 0)
        buf_grouped(out, rule->matches);
    else
        buf_add(out, B("never"));
    buf_add(out, B("</td><td>"));
    page_element(out, B("code"), buf_bytes(&place));
    buf_add(out, B("</td>"));
    page_element(out, B("td"), rule->desc);
    buf_add(out, B("</tr>\n"));
    buf_free(&place);
}

static void add_rules(struct buf *out, const struct reader *ours, bool touched, struct bytes class)
{
    size_t count = 0;
    struct buf head = {0};
    for (size_t i = 0; i < ours->rule_count; i++)
        count += (ours->rules[i].matches > 0) == touched;
    if (count == 0)
        return;
    buf_grouped(&head, count);
    buf_cat(&head, touched ? B(" exercised") : B(" never reached by this log: "),
            touched ? B("") : B("nothing is proven about these"));
    buf_cat(out, B("<tbody class=\""), class, B("\">\n<tr>"));
    page_element(out, B("th colspan=\"3\""), buf_bytes(&head));
    buf_add(out, B("</tr>\n"));
    for (size_t i = 0; i < ours->rule_count; i++)
        if ((ours->rules[i].matches > 0) == touched)
            add_rule(out, &ours->rules[i]);
    buf_add(out, B("</tbody>\n"));
    buf_free(&head);
}

void html_rules(const struct course *course, struct buf *out)
{
    const struct reader *ours = &course->comparison.readers[OURS];
    buf_add(out, B("<section id=\"rules\">\n<h2>What was exercised</h2>\n"));
    if (ours->rule_count == 0)
        buf_add(out, B("<p>Which rules matched is not known.</p>\n"));
    else
        buf_add(out, B("<table>\n<thead><tr><th class=\"n\">Matches</th><th>Rule</th>"
                       "<th>Description</th></tr></thead>\n"));
    add_rules(out, ours, false, B("never"));
    add_rules(out, ours, true, B("touched"));
    buf_add(out, ours->rule_count == 0 ? B("</section>\n") : B("</table>\n</section>\n"));
}

/* -- The smallest case -- */

static void add_case_file(struct buf *out, struct bytes kind, size_t number, struct bytes name,
                          struct bytes text)
{
    struct bytes path = case_file_name(B("."), kind, number, name);
    buf_add(out, B("<h3>"));
    page_element(out, B("code"), bytes_from(path, 2));
    buf_add(out, B(" <span class=\"soft\">of "));
    page_text(out, name);
    buf_add(out, B("</span></h3>\n<pre>"));
    for (struct bytes line; bytes_piece(&text, '\n', &line); buf_char(out, '\n'))
        page_text(out, line);
    buf_add(out, B("</pre>\n"));
    bytes_free(path);
}

void html_case(const struct minimal *minimal, const struct course *course, struct buf *out)
{
    const char *folder = course->options->case_folder;
    struct buf text = {0};
    buf_add(out, B("<section id=\"case\">\n<h2>The smallest case</h2>\n<p>The first difference "
                   "remains when rules and lines are left out, down to these"));
    if (folder) {
        buf_add(out, B("; they are in "));
        page_text(out, bytes_of(folder));
    }
    buf_add(out, B(".</p>\n"));
    for (size_t i = 0; i < minimal->file_count; i++)
        add_case_file(out, B("rules-"), i + 1, minimal->files[i].name, minimal->files[i].text);
    for (size_t i = 0; i < course->lines.input_count; i++) {
        buf_clear(&text);
        case_lines(&text, minimal, i);
        add_case_file(out, B("log-"), i + 1, course->lines.inputs[i].name, buf_bytes(&text));
    }
    buf_clear(&text);
    case_command(&text, minimal, course);
    buf_add(out, B("<h3>The command that shows it</h3>\n"));
    page_element(out, B("pre"), bytes_trim(buf_bytes(&text)));
    buf_add(out, B("\n</section>\n"));
    buf_free(&text);
}

/* -- What was not compared -- */

static void add_item(struct buf *out, const struct refusal *refusal)
{
    buf_add(out, B("<li>"));
    page_element(out, B("code"), refusal->what);
    if (refusal->count > 1)
        buf_cat(out, B(", "), NUM(refusal->count), B(" times"));
    buf_add(out, B("</li>\n"));
}

static void add_refusals(struct buf *out, const struct reader *reader, struct bytes name)
{
    if (reader->refusal_count == 0)
        return;
    page_element(out, B("h3"), name);
    buf_add(out, B("\n<ul>\n"));
    for (size_t i = 0; i < reader->refusal_count; i++)
        add_item(out, &reader->refusals[i]);
    buf_add(out, B("</ul>\n"));
}

void html_refusals(const struct course *course, struct buf *out)
{
    const struct reader *readers = course->comparison.readers;
    if (readers[THEIRS].refusal_count + readers[OURS].refusal_count == 0)
        return;
    buf_add(out, B("<section id=\"refused\">\n<h2>What could not be intercepted was refused</h2>\n"
                   "<p>Code below Perl asked the kernel for this; it was refused, and is not "
                   "compared.</p>\n"));
    add_refusals(out, &readers[THEIRS], B("In SEC"));
    add_refusals(out, &readers[OURS], B("In Secant"));
    buf_add(out, B("</section>\n"));
}

static void add_list(struct buf *out, struct bytes why, struct bytes lines)
{
    if (lines.len == 0)
        return;
    page_element(out, B("h3"), why);
    buf_add(out, B("\n<ul>\n"));
    for (struct bytes line; bytes_piece(&lines, '\n', &line); buf_char(out, '\n'))
        page_element(out, B("li"), line);
    buf_add(out, B("</ul>\n"));
}

void html_uncompared(const struct course *course, struct buf *out)
{
    const struct comparison *comparison = &course->comparison;
    struct bytes lacks = buf_bytes(&comparison->lacks), missing = tell_missing_states(course),
                 unknown = buf_bytes(&comparison->readers[OURS].lacks),
                 notes = buf_bytes(&comparison->readers[THEIRS].notes);
    buf_add(out, B("<section id=\"uncompared\">\n<h2>What could not be compared</h2>\n"));
    if (lacks.len + missing.len + unknown.len + notes.len + comparison->unanswered == 0)
        buf_add(out, B("<p>Nothing: all that rules do here could be compared.</p>\n"));
    add_list(out, B("The dumps of this SEC lack it"), lacks);
    add_list(out, B("States were not compared"), missing);
    add_list(out, B("This SEC does not know it, so nothing is proven about it"), unknown);
    add_list(out, B("Rules use what may behave differently live"), notes);
    if (comparison->unanswered > 0) {
        buf_add(out, B("<h3>Commands were not started</h3>\n<p>"));
        buf_grouped(out, comparison->unanswered);
        buf_add(out, B(" of them have an output or exit status that rules want; it was taken as "
                       "empty, or 0, for both.</p>\n"));
    }
    buf_add(out, B("</section>\n"));
}

static void add_masked(struct buf *out, const struct masking *masking)
{
    struct buf text = {0};
    masking_tell(masking, &text);
    buf_add(out, B("<section id=\"masked\">\n<h2>What was masked</h2>\n"));
    for (struct bytes rest = buf_bytes(&text), line; bytes_piece(&rest, '\n', &line);)
        page_element(out, B("p"), line);
    buf_add(out, B("\n</section>\n"));
    buf_free(&text);
}

/* -- The page -- */

static void add_method(struct buf *out)
{
    buf_add(out, B("<section id=\"method\">\n<h2>How it was compared</h2>\n"
                   "<p>Both programs were given the same rules and the same lines, each in the "
                   "time of the line. What is written, sent and printed, commands and what they "
                   "are fed, what Perl code would do to the outside, events that rules make and "
                   "messages of the log were compared line by line; contexts, operations, "
                   "variables and pending events at intervals and at the end. Nothing of what "
                   "rules do happened: no command was started, no file written, nothing sent. "
                   "SEC is the installed one, not modified.</p>\n</section>\n"));
}

void tell_html(const struct course *course, struct bytes version, const struct minimal *minimal,
               bool whole, struct buf *out)
{
    enum verdict verdict = verdict_of(course, whole);
    struct buf title = {0};
    add_both(&title, version);
    buf_cat(&title, B(": "),
            verdict == VERDICT_OPEN        ? B("not finished")
            : verdict == VERDICT_DIFFERENT ? B("different")
                                           : B("equal"));
    page_begin(out, buf_bytes(&title));
    add_verdict(out, course, version, verdict);
    html_differences(course, false, out);
    if (minimal)
        html_case(minimal, course, out);
    html_differences(course, true, out);
    html_rules(course, out);
    html_setting(course, version, out);
    html_uncompared(course, out);
    html_refusals(course, out);
    if (course->masking)
        add_masked(out, course->masking);
    add_method(out);
    page_end(out);
    buf_free(&title);
}
