/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which messages of loading are one finding.
 *
 * A message is kept, or dropped because an earlier one says the same, or replaces earlier ones.
 */
#include "hint/loading.h"

#include "base/mem.h"
#include "hint/hint.h"

/* So far back a rule's findings are looked at. */
enum { LOOK_BACK = 64 };

static bool is_of(const struct lint_finding *finding, enum diag_code code)
{
    return finding->check == diag_kind(code)->name;
}

/* The latest finding of the code in the same rule; NULL: there is none. */
static struct lint_finding *earlier(const struct lint *lint, const struct finding *heard,
                                    enum diag_code code)
{
    for (size_t i = lint->count; i > 0 && lint->count - i < LOOK_BACK; i--) {
        struct lint_finding *finding = lint->findings[i - 1];
        if (finding->file != heard->file || finding->rule_line != heard->rule_line)
            return NULL;
        if (is_of(finding, code))
            return finding;
    }
    return NULL;
}

static struct lint_finding *latest(const struct lint *lint, const struct rule_file *file)
{
    struct lint_finding *finding = lint->count > 0 ? lint->findings[lint->count - 1] : NULL;
    return finding && finding->file == file ? finding : NULL;
}

static bool covers(struct bytes around, struct bytes part)
{
    uintptr_t from = (uintptr_t)around.ptr, at = (uintptr_t)part.ptr;
    return part.ptr && at >= from && at + part.len <= from + around.len;
}

/* The keyword that a message is about: the first word in quotes. */
static struct bytes quoted(struct bytes text)
{
    ptrdiff_t open = bytes_chr(text, '\'', 0);
    ptrdiff_t close = open < 0 ? -1 : bytes_chr(text, '\'', (size_t)open + 1);
    return close < 0 ? B("") : bytes_slice(text, (size_t)open + 1, (size_t)close);
}

/* Are the lines next to each other, or empty ones between? */
static bool is_blank_between(const struct rule_file *file, struct bytes line, struct bytes next)
{
    if (!source_has(&file->source, line))
        return false;
    size_t from = (size_t)(line.ptr - file->source.text.ptr) + line.len;
    size_t to = (size_t)(next.ptr - file->source.text.ptr);
    return from <= to && bytes_trim(bytes_slice(file->source.text, from, to)).len == 0;
}

static void raise_level(struct lint_finding *finding, enum diag_code code)
{
    if (diag_kind(code)->severity == SEVERITY_ERROR)
        finding->level = LINT_ERROR;
}

/* -- What an earlier finding says -- */

/* A file in UTF-16 has no line that could be read. */
static bool is_unreadable(const struct lint *lint, const struct finding *heard)
{
    struct bytes text = heard->file->source.text;
    struct lint_finding *last = latest(lint, heard->file);
    if (!last || !is_of(last, DIAG_BYTE_ORDER_MARK) || bytes_starts(text, B("\xef\xbb\xbf")))
        return false;
    raise_level(last, DIAG_LINE_FORM);
    return true;
}

/* Where a rule has a second type, an empty line is missing; all that follows comes of this. */
static bool is_of_joined_rules(const struct lint *lint, const struct finding *heard)
{
    struct lint_finding *twice = earlier(lint, heard, DIAG_KEYWORD_TWICE);
    if (!twice || !bytes_eq(twice->at, B("type")))
        return false;
    switch (heard->code) {
    case DIAG_KEYWORD_MISSING:
    case DIAG_KEYWORD_UNKNOWN:
        raise_level(twice, heard->code);
        return true;
    default:
        return heard->code == DIAG_KEYWORD_TWICE || heard->code == DIAG_RULES_JOINED;
    }
}

/* The line that has the missing keyword is there, but could not be read. */
static bool is_in_bad_line(const struct lint *lint, const struct finding *heard)
{
    struct bytes keyword = quoted(heard->text);
    for (size_t i = lint->count; i > 0 && lint->count - i < LOOK_BACK; i--) {
        const struct lint_finding *finding = lint->findings[i - 1];
        if (finding->file != heard->file || finding->rule_line != heard->rule_line)
            return false;
        if (is_of(finding, DIAG_LINE_FORM) &&
            bytes_find(source_line_of(&finding->file->source, finding->at), keyword, 0) >= 0)
            return true;
    }
    return false;
}

/* The value is cut off: the line below, which could not be read, is most likely its rest. */
static bool is_cut_off(const struct lint *lint, const struct finding *heard)
{
    switch (heard->code) {
    case DIAG_PERL_CODE:
    case DIAG_ACTION_LIST:
    case DIAG_ACTION:
    case DIAG_CONTEXT:
        break;
    default:
        return false;
    }
    const struct lint_finding *bad = earlier(lint, heard, DIAG_LINE_FORM);
    return bad && heard->at.ptr &&
           is_blank_between(heard->file, source_line_of(&heard->file->source, heard->at),
                            source_line_of(&bad->file->source, bad->at));
}

static bool is_told(const struct lint *lint, const struct finding *heard)
{
    const struct lint_finding *last = latest(lint, heard->file);
    if (is_unreadable(lint, heard) || is_of_joined_rules(lint, heard) || is_cut_off(lint, heard))
        return true;
    if (heard->code == DIAG_RULES_JOINED)
        return last && last->at.ptr == heard->at.ptr;
    if (heard->code != DIAG_KEYWORD_MISSING)
        return false;
    return is_in_bad_line(lint, heard) ||
           (last && is_of(last, DIAG_KEYWORD_MISSING) && last->at.ptr == heard->at.ptr);
}

/* -- Findings that a later message replaces -- */

/* The character is what is wrong with the line or value that has it: its hint says so. */
static void drop_characters(struct lint *lint, const struct finding *heard)
{
    struct lint_finding *last = latest(lint, heard->file);
    if (diag_kind(heard->code)->severity == SEVERITY_ERROR && last && covers(heard->at, last->at) &&
        (is_of(last, DIAG_INVISIBLE_CHARACTER) || is_of(last, DIAG_BYTE_ORDER_MARK)))
        lint->count--;
}

/* Is there nothing but comments and empty lines between the end of the one rule and the other? */
static bool is_next_rule(const struct source *source, size_t line, size_t next)
{
    struct bytes text =
        bytes_slice(source->text, source->lines[line - 1].at, source->lines[next - 1].at);
    struct bytes piece;
    for (bool ended = false; bytes_piece(&text, '\n', &piece);) {
        piece = bytes_trim(piece);
        bool ends = line_ends_rule(piece);
        if (ended && !ends)
            return false;
        ended |= ends;
    }
    return true;
}

/* A comment in the middle of a rule makes two of it: the first lacks what the second one has. */
static void drop_first_half(struct lint *lint, const struct finding *heard)
{
    const struct lint_finding *last = latest(lint, heard->file);
    if (heard->code != DIAG_KEYWORD_MISSING || !bytes_eq(quoted(heard->text), B("type")) || !last ||
        !is_of(last, DIAG_KEYWORD_MISSING) || last->rule_line >= heard->rule_line ||
        !is_next_rule(&heard->file->source, last->rule_line, heard->rule_line))
        return;
    struct bytes missing = quoted(last->text), line;
    struct bytes rest =
        bytes_from(heard->file->source.text, heard->file->source.lines[heard->rule_line - 1].at);
    while (bytes_piece(&rest, '\n', &line) && bytes_trim(line).len > 0)
        if (bytes_starts(bytes_trim(line), missing)) {
            lint->count--;
            return;
        }
}

/* All keywords that are missing are there, misspelt; that is reported of each. */
static void drop_missing(struct lint *lint, const struct finding *heard)
{
    if (bytes_starts(heard->text, B("Keyword '")) && lint->findings[lint->count - 1]->hint.len == 0)
        lint->count--;
}

static bool is_one_line(struct bytes at, struct bytes later)
{
    return at.ptr && at.ptr <= later.ptr &&
           bytes_chr(bytes_make(at.ptr, (size_t)(later.ptr - at.ptr)), '\n', 0) < 0;
}

/* The text of an action that is cut at its semicolons has as many faulty actions. */
static void drop_again(struct lint *lint, const struct lint_finding *added)
{
    const struct lint_finding *before = lint->count > 1 ? lint->findings[lint->count - 2] : NULL;
    if (before && before->file == added->file && is_of(before, DIAG_ACTION) &&
        bytes_eq(before->hint, added->hint) && is_one_line(before->at, added->at))
        lint->count--;
}

/* -- Many lines, one finding -- */

/* A tag of a template: the rules are in what is made of it. */
static bool is_tag(struct bytes line)
{
    line = bytes_trim(line);
    return bytes_starts(line, B("<%")) || bytes_starts(line, B("{%"));
}

/* Such a file has many lines that are no rules, all of one cause. */
static bool fold_template(struct lint *lint, struct lint_finding *added, struct bytes line)
{
    struct lint_finding *before = lint->template;
    if (before && before->file == added->file) {
        before->more++;
        lint->count--;
        return true;
    }
    if (!is_tag(line))
        return false;
    lint->template = added;
    lint_hint(lint, added, B("this is a template: check the file that is made from it"));
    return true;
}

/* A bad line below another one with the same hint is counted there.  Where there are some already,
 * all that follow are of one mistake: text that is no rule. */
static void fold_line(struct lint *lint, struct lint_finding *added)
{
    struct bytes line = source_line_of(&added->file->source, added->at), last = lint->bad_line;
    lint->bad_line = line;
    if (lint->options->every_line || fold_template(lint, added, line) || lint->count < 2)
        return;
    struct lint_finding *first = lint->findings[lint->count - 2];
    if (first->file != added->file || !is_of(first, DIAG_LINE_FORM) ||
        !is_blank_between(added->file, last, line) ||
        (first->more == 0 && !bytes_eq(first->hint, added->hint)))
        return;
    if (!bytes_eq(first->hint, added->hint))
        first->hint =
            B("this text is not a rule: put # before each line, or move it to another file");
    first->more++;
    lint->count--;
}

static bool has_type(const struct rule_file *file)
{
    struct bytes rest = file->source.text;
    if (bytes_starts(rest, B("\xef\xbb\xbf")))
        rest = bytes_from(rest, 3);
    struct keyword type;
    return keyword_find(rest, B("type"), &type);
}

/* The file has no rule, and that is reported already: by all its errors, of which the first is
 * enough when there never was a rule in it. */
static bool fold_file(struct lint *lint, const struct rule_file *file)
{
    size_t first = lint->count, lines = 0;
    bool faulty = false;
    while (first > 0 && lint->findings[first - 1]->file == file) {
        const struct lint_finding *finding = lint->findings[--first];
        faulty |= finding->level == LINT_ERROR;
        lines += 1 + finding->more;
    }
    if (!faulty || has_type(file) || lint->options->every_line ||
        is_of(lint->findings[first], DIAG_BYTE_ORDER_MARK))
        return faulty;
    lint->findings[first]->more = lines - 1;
    hint_no_rules(lint, lint->findings[first]);
    lint->count = first + 1;
    return true;
}

/* -- */

/* What upstream does not say has come to be said because it is most often a slip. */
static enum lint_level level_of(enum severity severity)
{
    return severity == SEVERITY_ERROR ? LINT_ERROR : LINT_WARNING;
}

/* Perl's messages end with one. */
static struct bytes without_newline(struct bytes text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    return text;
}

/* How long the place is that Perl begins a text with: " at secant line 29, <$fh> line 5" or
 * " at (eval 2) line 1"; 0: it is none. */
static size_t perl_place(struct bytes text)
{
    static const struct bytes secant = B(" at secant line "), eval = B(" at (eval ");
    static const struct bytes handle = B(", <$fh> line ");
    ptrdiff_t line = bytes_starts(text, secant) || bytes_starts(text, eval)
                         ? bytes_find(text, B(" line "), 0)
                         : -1;
    if (line < 0)
        return 0;
    size_t at = (size_t)line + strlen(" line ");
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    if (!bytes_starts(bytes_from(text, at), handle))
        return at;
    for (at += handle.len; at < text.len && is_digit(text.ptr[at]);)
        at++;
    return at;
}

/* Such places are in no file that anyone has; where the fault is instead is known. */
static struct bytes with_places(struct lint *lint, const struct finding *heard, struct bytes text)
{
    struct buf out = {0};
    if (heard->range.from.line == 0 || bytes_find(text, B(" line "), 0) < 0)
        return arena_bytes(&lint->arena, text);
    for (size_t at = 0, skip; at<text.len; at += skip> 0 ? skip : 1) {
        skip = text.ptr[at] == ' ' ? perl_place(bytes_from(text, at)) : 0;
        if (skip > 0)
            buf_cat(&out, B(" at "), heard->file->name, B(" line "), NUM(heard->range.from.line));
        else
            buf_char(&out, text.ptr[at]);
    }
    text = arena_bytes(&lint->arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

static struct lint_finding *add(struct lint *lint, const struct finding *heard)
{
    const struct diag_kind *kind = diag_kind(heard->code);
    struct lint_finding *finding = lint_add(lint, heard->file);
    finding->check = kind->name;
    finding->summary = kind->summary;
    finding->level = level_of(kind->severity);
    finding->at = heard->at;
    finding->range = heard->range;
    finding->rule_line = heard->rule_line;
    finding->text = with_places(lint, heard, without_newline(heard->text));
    if (kind->severity != SEVERITY_ADVICE)
        finding->upstream = arena_cat(&lint->arena, heard->place, finding->text);
    return finding;
}

/* Hints for some of a rule's errors are enough, if only for the time that they take. */
static bool is_one_of_many(const struct lint *lint, const struct lint_finding *added)
{
    const struct lint_finding *before =
        lint->count > LOOK_BACK ? lint->findings[lint->count - LOOK_BACK] : NULL;
    return before && before->file == added->file && before->rule_line == added->rule_line;
}

static void say_twice(struct lint *lint, struct lint_finding *finding)
{
    if (!bytes_eq(finding->at, B("type"))) {
        lint_hint(lint, finding,
                  bytes_starts(finding->at, B("action"))
                      ? B("only the last one counts: write all actions in one, with ; between them")
                      : B("only the last one counts: remove the other, or put an empty line "
                          "between two rules"));
        return;
    }
    struct bytes line = source_line_of(&finding->file->source, finding->at);
    lint_hint(lint, finding, B("another rule starts here: put an empty line above it"));
    lint_fix(lint, finding, bytes_slice(line, 0, 0), B("\n"));
}

static void hear(void *listener, const struct finding *heard)
{
    struct lint *lint = listener;
    if (heard->code == DIAG_NO_RULES ? fold_file(lint, heard->file) : is_told(lint, heard))
        return;
    drop_characters(lint, heard);
    drop_first_half(lint, heard);
    struct lint_finding *finding = add(lint, heard);
    if (is_one_of_many(lint, finding))
        return;
    hint_add(lint, finding, heard);
    if (heard->code == DIAG_KEYWORD_TWICE)
        say_twice(lint, finding);
    if (heard->code == DIAG_KEYWORD_MISSING)
        drop_missing(lint, heard);
    if (heard->code == DIAG_ACTION)
        drop_again(lint, finding);
    if (heard->code == DIAG_LINE_FORM)
        fold_line(lint, finding);
}

void loading_begin(struct lint *lint)
{
    struct parse_env *env = &lint->engine->rules.parse_env;
    env->on_finding = hear;
    env->listener = lint;
}

void loading_end(struct lint *lint)
{
    for (size_t i = lint->first; i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        if (finding->more > 0)
            finding->text = arena_cat(&lint->arena, finding->text, B(" (and "), NUM(finding->more),
                                      finding->more > 1 ? B(" more lines)") : B(" more line)"));
    }
}

static bool is_told_as(const struct lint_finding *finding, const char *check)
{
    return finding->fate == LINT_TOLD && strcmp(finding->check, check) == 0;
}

/* Is the one below in the rule that begins there? */
static bool is_in_rule(const struct source *source, size_t rule_line, struct bytes at)
{
    size_t from = rule_line > 0 ? source->lines[rule_line - 1].at : source->text.len;
    size_t to = (size_t)(at.ptr - source->text.ptr);
    return from < to && bytes_find(bytes_slice(source->text, from, to), B("\n\n"), 0) < 0;
}

/* A field that a backslash has made part of another one: it is missing, and no action. */
static bool is_of_swallowed(const struct lint_finding *swallowed, const struct lint_finding *told)
{
    struct bytes keyword, value;
    if (swallowed->file != told->file || told->level != LINT_ERROR || !swallowed->at.ptr ||
        !keyword_split(swallowed->at, &keyword, &value))
        return false;
    if (is_of(told, DIAG_ACTION))
        return told->at.ptr == swallowed->at.ptr;
    return is_of(told, DIAG_KEYWORD_MISSING) && bytes_eq(quoted(told->text), keyword) &&
           is_in_rule(&told->file->source, told->rule_line, swallowed->at);
}

/* Takes along what is told of it nearby. */
static void join_swallowed(struct lint *lint, size_t at)
{
    struct lint_finding *swallowed = lint->findings[at];
    size_t from = at - lint->first > LOOK_BACK ? at - LOOK_BACK : lint->first;
    for (size_t i = from; i < lint->count && i < at + LOOK_BACK; i++) {
        struct lint_finding *told = lint->findings[i];
        if (!is_of_swallowed(swallowed, told))
            continue;
        swallowed->level = LINT_ERROR;
        if (swallowed->upstream.len == 0)
            swallowed->upstream = told->upstream;
        told->fate = LINT_FOLDED;
    }
}

/* The message on the second half of a rule that is cut in two. */
static bool join_half(struct lint_finding *cut, const struct lint_finding *half)
{
    if (cut->file != half->file || !is_told_as(cut, "split-rule") ||
        !is_of(half, DIAG_KEYWORD_MISSING) || !bytes_eq(quoted(half->text), B("type")))
        return false;
    cut->level = LINT_ERROR;
    cut->upstream = half->upstream;
    return true;
}

void loading_join(struct lint *lint)
{
    size_t kept = lint->first;
    for (size_t i = lint->first; i < lint->count; i++)
        if (is_told_as(lint->findings[i], "trailing-backslash"))
            join_swallowed(lint, i);
    for (size_t i = lint->first; i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        if (finding->fate != LINT_FOLDED &&
            (kept == lint->first || !join_half(lint->findings[kept - 1], finding)))
            lint->findings[kept++] = finding;
    }
    lint->count = kept;
}
