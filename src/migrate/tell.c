/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/tell.h"

#include "base/mem.h"
#include "base/version.h"
#include "migrate/resume.h"
#include "replay/show.h"

enum { SHOWN_DIFFERENCES = 5, SHOWN_ITEMS = 10, SHOWN_RULES = 20, LONGEST_CASE = 60 };

/* -- Words -- */

void tell_count(struct buf *out, uint64_t count, struct bytes noun)
{
    buf_grouped(out, count);
    buf_cat(out, B(" "), noun, count == 1 ? B("") : B("s"));
}

static void add_rest(struct buf *out, const struct words *words, size_t from)
{
    for (size_t i = from; i < words->count; i++) {
        buf_char(out, ' ');
        show_plain_text(out, words->items[i]);
    }
}

/* run CONTEXT FED COMMAND WORD ...: the command says what its words are. */
static void add_command(struct buf *out, const struct words *words)
{
    struct bytes kind = words_at(words, 0), context = words_at(words, 1), fed = words_at(words, 2);
    bool feed = bytes_eq(kind, B("feed")) || bytes_eq(kind, B("script"));
    buf_cat(out, bytes_eq(kind, B("feed")) ? B("pipe") : kind, B(" "));
    if (context.len > 0) {
        show_plain_text(out, context);
        buf_char(out, ' ');
    }
    show_plain_text(out, words_at(words, 3));
    if (feed)
        buf_add(out, B(" <<< "));
    if (feed && fed.len > 0 && fed.ptr[fed.len - 1] == '\n')
        fed.len--;
    show_plain_text(out, fed);
}

static bool is_command(struct bytes kind)
{
    return bytes_eq(kind, B("run")) || bytes_eq(kind, B("spawn")) || bytes_eq(kind, B("feed")) ||
           bytes_eq(kind, B("script"));
}

static void add_effect(struct buf *out, const struct words *words)
{
    struct bytes kind = words_at(words, 0);
    if (is_command(kind)) {
        add_command(out, words);
    } else if (bytes_eq(kind, B("command"))) {
        buf_cat(out, words_at(words, 1), B(" "));
        show_plain_text(out, words_at(words, 3));
    } else if (bytes_eq(kind, B("perl"))) {
        buf_add(out, words_at(words, 1));
        if (words->count > 4)
            add_rest(out, words, 4);
        else
            add_rest(out, words, 2);
    } else {
        buf_cat(out, kind, B(" "));
        show_plain_text(out, words_at(words, 1));
        if (words->count > 2)
            buf_add(out, B(": "));
        show_plain_text(out, words_at(words, 2));
    }
}

void tell_words(struct buf *out, enum heard_class class, const struct words *words)
{
    switch (class) {
    case HEARD_EFFECT:
        add_effect(out, words);
        break;
    case HEARD_EVENT:
        show_plain_text(out, words_at(words, 1));
        break;
    case HEARD_MESSAGE:
        show_plain_text(out, words_at(words, 2));
        break;
    case HEARD_LOAD:
        buf_cat(out, words_at(words, 1), B(" rule"),
                bytes_eq(words_at(words, 1), B("1")) ? B("") : B("s"));
        break;
    case HEARD_END:
        buf_add(out, bytes_eq(words_at(words, 0), B("over")) ? B("ended by SIGTERM")
                                                             : B("ended by code in the rules, "));
        if (!bytes_eq(words_at(words, 0), B("over")))
            buf_cat(out, B("exit status "), words_at(words, 1));
        break;
    case HEARD_STATE:
    case HEARD_CLASSES:
        break;
    }
}

/* -- Differences -- */

struct bytes tell_class(enum heard_class class)
{
    static const char *const names[] = {
        [HEARD_EFFECT] = "effects",       [HEARD_EVENT] = "events made",
        [HEARD_MESSAGE] = "log messages", [HEARD_LOAD] = "rules loaded",
        [HEARD_STATE] = "state",          [HEARD_END] = "end",
    };
    return bytes_of(names[class]);
}

static void add_side(struct buf *out, struct bytes name, const struct difference *difference,
                     int side)
{
    struct bytes rest = difference->only[side], line;
    struct words words = {0};
    size_t count = 0;
    if (rest.len == 0)
        buf_cat(out, B("    "), name, B("nothing\n"));
    while (difference->class == HEARD_STATE && bytes_piece(&rest, '\n', &line)) {
        buf_cat(out, B("    "), name);
        show_plain_text(out, line);
        buf_char(out, '\n');
    }
    while (difference->class != HEARD_STATE && words_take(&words, &rest) == WORDS_TAKEN) {
        if (count++ >= SHOWN_ITEMS)
            continue;
        buf_cat(out, B("    "), name);
        tell_words(out, difference->class, &words);
        buf_char(out, '\n');
    }
    if (count > SHOWN_ITEMS)
        buf_cat(out, B("    "), name, B("and "), NUM(count - SHOWN_ITEMS), B(" more\n"));
    words_free(&words);
}

static void add_place(struct buf *out, const struct course *course, size_t at)
{
    const struct difference *difference = &course->comparison.items[at];
    const struct found_line *line = &course->found[at];
    char date[48];
    if (difference->place.line == 0)
        buf_add(out, B("at the start"));
    else
        buf_cat(out, line->second == difference->place.second ? B("at line ") : B("after line "),
                NUM(lines_number(&course->lines, difference->place.line)));
    buf_cat(out, B(", "), show_date(date, difference->place.second, false));
    if (difference->file.len > 0)
        buf_cat(out, B(", rule "), difference->file, B(":"), NUM(difference->rule_line));
    buf_char(out, '\n');
    if (line->text.ptr && line->second == difference->place.second) {
        buf_add(out, B("  > "));
        show_plain_text(out, line->text);
        buf_char(out, '\n');
    }
}

static void add_difference(struct buf *out, const struct course *course, size_t at)
{
    const struct difference *difference = &course->comparison.items[at];
    add_place(out, course, at);
    buf_cat(out, B("  "), tell_class(difference->class),
            difference->order ? B(", in another order") : B(""));
    buf_add(out, difference->chance ? B("; SEC itself is not determined here\n") : B("\n"));
    add_side(out, B("SEC     "), difference, THEIRS);
    add_side(out, B("Secant  "), difference, OURS);
}

/* -- What was compared -- */

void tell_stretches(struct buf *out, const struct stretches *stretches)
{
    buf_grouped(out, stretches->count);
    buf_add(out, stretches->count == 1 ? B(" stretch of ") : B(" stretches of "));
    tell_count(out, stretches->length, B("line"));
    buf_add(out, B(" of "));
    buf_grouped(out, stretches->of);
}

static void add_span(struct buf *out, const struct course *course)
{
    char first[48], last[48];
    tell_count(out, course->given, B("line"));
    buf_cat(out, B(", "), show_date(first, course->begun, false), B(" to "),
            show_date(last, course->ended, false), B("\n"));
    if (course->resume)
        resume_tell(course->resume, out);
    if (course->lines.stretches.length > 0) {
        buf_add(out, B("  sampled: "));
        tell_stretches(out, &course->lines.stretches);
        buf_char(out, '\n');
    }
}

struct bytes tell_missing_states(const struct course *course)
{
    const uint64_t *missing = course->comparison.missing_states;
    if (missing[THEIRS] > 0)
        return B("this SEC makes no dumps as JSON (--dumpfjson: since 2.8.0, with Perl's JSON)");
    return missing[OURS] > 0 ? B("dumps are no JSON") : B("");
}

static void add_equal(struct buf *out, const struct course *course)
{
    const uint64_t *equal = course->comparison.equal;
    buf_add(out, B("  the same: "));
    tell_count(out, equal[HEARD_EFFECT], B("effect"));
    buf_add(out, B(", "));
    tell_count(out, equal[HEARD_EVENT], B("event"));
    buf_add(out, B(" made, "));
    tell_count(out, equal[HEARD_MESSAGE], B("log message"));
    buf_add(out, B("\n  states compared: "));
    buf_grouped(out, course->comparison.compared_states);
    struct bytes missing = tell_missing_states(course);
    buf_cat(out, missing.len > 0 ? B("; ") : B(""), missing, B("\n"));
}

/* The rates are told where both can be. */
static void add_pace(struct buf *out, const struct course *course)
{
    const struct pace_side *theirs = &course->pace.sides[THEIRS], *ours = &course->pace.sides[OURS];
    buf_printf(out, "  took %.1f s", course->seconds);
    if (pace_rate(theirs) > 0 && pace_rate(ours) > 0) {
        buf_add(out, B("; lines per second of processor time: SEC "));
        buf_grouped(out, (uint64_t)pace_rate(theirs));
        buf_add(out, B(", Secant "));
        buf_grouped(out, (uint64_t)pace_rate(ours));
    }
    buf_char(out, '\n');
}

/* Lines, as a list in a sentence. */
static void add_list(struct buf *out, struct bytes front, struct bytes lines)
{
    struct bytes line;
    if (lines.len == 0)
        return;
    for (bool first = true; bytes_piece(&lines, '\n', &line); first = false) {
        buf_add(out, first ? front : B(", "));
        show_plain_text(out, line);
    }
    buf_char(out, '\n');
}

static void add_uncompared(struct buf *out, const struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    add_list(out, B("  not compared, because this SEC's dumps lack it: "),
             buf_bytes(&comparison->lacks));
    add_list(out, B("  not known to this SEC, so nothing is proven about it: "),
             buf_bytes(&comparison->readers[OURS].lacks));
    add_list(out, B("  rules use what may behave differently live: "),
             buf_bytes(&comparison->readers[THEIRS].notes));
    if (comparison->unanswered == 0)
        return;
    buf_add(out, B("  commands whose output or exit status rules use: "));
    buf_grouped(out, comparison->unanswered);
    buf_add(out, B("; assumed to be empty, or 0\n"));
}

static void add_early_end(struct buf *out, const struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    if (comparison->left.len == 0)
        return;
    buf_add(out, B("Code in rules ended SEC after "));
    tell_count(out, comparison->left_at.line, B("line"));
    buf_cat(out, B(", with exit status "), buf_bytes(&comparison->left),
            B("; nothing is proven about the lines after it\n"));
}

/* Deeds of code that is below Perl. */
static void add_refusals(struct buf *out, const struct reader *reader, struct bytes name)
{
    if (reader->refusal_count > 0)
        buf_cat(out, B("What could not be intercepted was refused, and is not compared (in "), name,
                B("):\n"));
    for (size_t i = 0; i < reader->refusal_count; i++) {
        const struct refusal *refusal = &reader->refusals[i];
        buf_add(out, B("  "));
        show_plain_text(out, refusal->what);
        if (refusal->count > 1)
            buf_cat(out, B(", "), NUM(refusal->count), B(" times"));
        buf_char(out, '\n');
    }
}

static void add_rules(struct buf *out, const struct course *course)
{
    const struct reader *ours = &course->comparison.readers[OURS];
    size_t matched = 0, shown = 0;
    for (size_t i = 0; i < ours->rule_count; i++)
        matched += ours->rules[i].matches > 0;
    buf_add(out, B("  rules that matched: "));
    buf_grouped(out, matched);
    buf_add(out, B(" of "));
    buf_grouped(out, ours->rule_count);
    buf_char(out, '\n');
    if (matched < ours->rule_count)
        buf_add(out, B("Nothing is proven about the rules that this log never reaches:\n"));
    for (size_t i = 0; i < ours->rule_count; i++) {
        const struct rule_count *rule = &ours->rules[i];
        if (rule->matches > 0 || shown++ >= SHOWN_RULES)
            continue;
        buf_cat(out, B("  "), rule->file, B(":"), NUM(rule->line), B(" "));
        show_plain_text(out, rule->desc);
        buf_char(out, '\n');
    }
    if (shown > SHOWN_RULES)
        buf_cat(out, B("  and "), NUM(shown - SHOWN_RULES), B(" more\n"));
}

uint64_t tell_real(const struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    uint64_t real = comparison->found;
    for (size_t i = 0; i < comparison->count; i++)
        real -= comparison->items[i].chance;
    return real;
}

void tell_text(const struct course *course, struct bytes version, struct buf *out)
{
    const struct comparison *comparison = &course->comparison;
    buf_add(out, tell_real(course) > 0 ? B("DIFFERENT: ")
                 : course->unfinished  ? B("NOT FINISHED, equal so far: ")
                                       : B("equal: "));
    buf_cat(out, B("SEC "), version, B(" and Secant " SECANT_VERSION " over "));
    add_span(out, course);
    for (size_t i = 0; i < comparison->count && i < SHOWN_DIFFERENCES; i++)
        add_difference(out, course, i);
    if (comparison->found > SHOWN_DIFFERENCES) {
        buf_add(out, B("and "));
        tell_count(out, comparison->found - SHOWN_DIFFERENCES, B("more difference"));
        buf_char(out, '\n');
    }
    add_early_end(out, course);
    add_equal(out, course);
    add_pace(out, course);
    add_uncompared(out, course);
    add_rules(out, course);
    add_refusals(out, &comparison->readers[THEIRS], B("SEC"));
    add_refusals(out, &comparison->readers[OURS], B("Secant"));
}

static size_t count_lines(struct bytes text)
{
    size_t count = 0;
    for (struct bytes line; bytes_piece(&text, '\n', &line);)
        count++;
    return count;
}

static void add_indented(struct buf *out, struct bytes text)
{
    for (struct bytes line; bytes_piece(&text, '\n', &line);) {
        buf_add(out, B("    "));
        show_plain_text(out, line);
        buf_char(out, '\n');
    }
}

void tell_minimal(const struct minimal *minimal, const struct course *course, struct buf *out)
{
    size_t lines = minimal->line_count;
    for (size_t i = 0; i < minimal->file_count; i++)
        lines += count_lines(minimal->files[i].text);
    buf_add(out, B("The first difference remains with "));
    tell_count(out, minimal->line_count, B("line"));
    buf_add(out, B(" and these rules"));
    if (course->options->case_folder)
        buf_cat(out, B(", which are in "), bytes_of(course->options->case_folder));
    buf_add(out, lines > LONGEST_CASE ? B("\n") : B(":\n"));
    for (size_t i = 0; i < minimal->file_count && lines <= LONGEST_CASE; i++) {
        buf_cat(out, B("  "), minimal->files[i].name, B("\n"));
        add_indented(out, minimal->files[i].text);
    }
    for (size_t i = 0; i < minimal->line_count && lines <= LONGEST_CASE; i++) {
        buf_add(out, B("  > "));
        show_plain_text(out, minimal->lines[i].text);
        buf_char(out, '\n');
    }
}
