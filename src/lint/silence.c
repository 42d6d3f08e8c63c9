/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comments are looked for in the text of the files, as Options rules are not kept after they
 * are read, and as comments are valid in faulty rules, too. */
#include "lint/silence.h"

#include <time.h>

#include "base/mem.h"
#include "lint/blocks.h"
#include "lint/checks.h"

#define MARK B("lint:")

/* A name in such a comment. */
struct silencer {
    struct bytes name, until; /* in the source; until "": for ever */
    struct bytes line;        /* the whole comment with its newline */
    bool alone;               /* no other name is in it */
    bool whole;               /* for all of the file */
    bool past;
    size_t from, to; /* its rule, in the source's text */
    size_t rule_line;
    size_t used;
};

struct silence {
    struct lint *lint;
    const struct rule_file *file;
    struct silencer *items; /* heap; in the order of the file */
    size_t count, room;
    size_t rule_line; /* of the rule under way */
    bool errors;      /* some of the file has not loaded */
    char today[sizeof("2026-01-31")];
};

/* -- What is wrong with them -- */

static struct lint_finding *tell(struct silence *s, struct bytes at, enum lint_level level,
                                 struct bytes text)
{
    struct lint *lint = s->lint;
    lint->check = &check_silence;
    struct lint_finding *found = lint_tell_file(lint, s->file, at, text);
    found->level = level;
    found->rule_line = s->rule_line;
    return found;
}

#define TELL(s, at, level, ...) tell(s, at, level, arena_cat(&(s)->lint->arena, __VA_ARGS__))

static void tell_unknown(struct silence *s, struct bytes name)
{
    bool error = lint_name_find(name) == LINT_NAME_ERROR;
    struct lint_finding *found =
        error ? TELL(s, name, LINT_WARNING, B("'"), name,
                     B("' is an error: the rule does not load, which is always reported"))
              : TELL(s, name, LINT_WARNING, B("there is no check '"), name, B("'"));
    if (!error && !lint_hint_nearest(s->lint, found, lint_name_nearest(name)))
        lint_hint(s->lint, found, B("secant check --list shows the names"));
}

/* The name with the blanks before it goes, or the comment as a whole. */
static void tell_unused(struct silence *s, const struct silencer *silencer)
{
    struct bytes at = silencer->name;
    struct lint_finding *found = TELL(s, at, LINT_NOTE, B("'"), at, B("' would find nothing here"));
    lint_hint(s->lint, found, B("remove it"));
    while (at.ptr > silencer->line.ptr && is_space(at.ptr[-1]))
        at = bytes_make(at.ptr - 1, at.len + 1);
    lint_fix(s->lint, found, silencer->alone ? silencer->line : at, B(""));
}

static void tell_past(struct silence *s, const struct silencer *silencer)
{
    TELL(s, silencer->until, LINT_NOTE, B("'"), silencer->name, B("' was off until "),
         silencer->until, B(" and is reported again"));
}

/* -- Reading -- */

/* A day that there is: 2026-01-31. */
static bool is_date(struct bytes text)
{
    struct tm tm = {0}, same;
    static const char form[] = "dddd-dd-dd";
    if (text.len != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (form[i] == 'd' ? !is_digit(text.ptr[i]) : text.ptr[i] != form[i])
            return false;
    const char *at = text.ptr;
    tm.tm_year =
        (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0' - 1900;
    tm.tm_mon = (at[5] - '0') * 10 + at[6] - '0' - 1;
    tm.tm_mday = (at[8] - '0') * 10 + at[9] - '0';
    same = tm;
    timegm(&tm);
    return same.tm_mon == tm.tm_mon && same.tm_mday == tm.tm_mday;
}

static void add_name(struct silence *s, struct bytes name, struct bytes line)
{
    enum lint_name kind = lint_name_find(name);
    if (kind == LINT_NAME_NONE || kind == LINT_NAME_ERROR) {
        tell_unknown(s, name);
        return;
    }
    MEM_GROW(s->items, s->count, s->room, 16);
    s->items[s->count++] = (struct silencer){.name = name, .until = B(""), .line = line};
}

/* The date after `until`, for all names from `first` on. */
static void set_date(struct silence *s, struct bytes until, struct bytes rest, size_t first)
{
    struct bytes date, more;
    if (!bytes_word(&rest, &date) || !is_date(date) || bytes_word(&rest, &more)) {
        lint_hint(s->lint, TELL(s, until, LINT_WARNING, B("'until' needs a date after it")),
                  B("write the date as 2027-01-31, as the last word"));
        return;
    }
    for (size_t i = first; i < s->count; i++) {
        s->items[i].until = date;
        s->items[i].past = bytes_cmp(date, bytes_of(s->today)) < 0;
    }
}

static void take_comment(struct silence *s, struct bytes value, struct bytes line)
{
    size_t first = s->count, names = 0;
    struct bytes rest = value, word;
    if (!bytes_starts(value, MARK))
        return;
    bytes_word(&rest, &word);
    if (!bytes_eq(word, B("lint:off"))) {
        lint_hint(s->lint, TELL(s, word, LINT_WARNING, B("'"), word, B("' is not known")),
                  B("write rem=lint:off NAME"));
        return;
    }
    for (; bytes_word(&rest, &word); names++) {
        if (bytes_eq(word, B("until"))) {
            set_date(s, word, rest, first);
            break;
        }
        add_name(s, word, line);
    }
    for (size_t i = first; i < s->count; i++)
        s->items[i].alone = names == 1;
    if (names == 0)
        lint_fix(s->lint, tell(s, value, LINT_WARNING, B("'lint:off' names no check")), line,
                 B(""));
}

/* What the rule holds is for it and for what comes up to the next one, or for the file. */
static void end_rule(struct silence *s, size_t first, const struct silencer *rule)
{
    for (size_t i = first; i < s->count; i++) {
        struct silencer *silencer = &s->items[i];
        silencer->whole = rule->whole;
        silencer->from = rule->from;
        silencer->to = rule->to;
        silencer->rule_line = rule->rule_line;
    }
}

static void read_rule(struct silence *s, struct bytes text)
{
    const struct source *source = &s->file->source;
    struct keyword keyword;
    while (rule_next_keyword(&text, &keyword)) {
        struct bytes line = source_line_of(source, keyword.name);
        if (bytes_eq(keyword.name, B("rem")))
            take_comment(s, keyword.value, bytes_make(line.ptr, (size_t)(text.ptr - line.ptr)));
    }
}

static void read_file(struct silence *s)
{
    const struct parse_env *env = &s->lint->engine->rules.parse_env;
    const struct source *source = &s->file->source;
    struct silencer rule = {0};
    struct block block;
    size_t at = 0, first = 0;
    s->count = 0;
    while (blocks_next(env, source, &at, &block)) {
        struct range range;
        source_range(source, block.text, &range);
        rule.to = (size_t)(block.text.ptr - source->text.ptr);
        end_rule(s, first, &rule);
        first = s->count;
        rule.from = rule.to;
        rule.whole = block.type && block.type->is_options;
        s->rule_line = rule.rule_line = range.from.line;
        read_rule(s, block.text);
    }
    rule.to = source->text.len + 1;
    end_rule(s, first, &rule);
}

/* -- Heeding -- */

/* Where in the file's text the finding belongs; false: to the file. */
static bool place_of(const struct lint_finding *finding, size_t *at)
{
    const char *place = finding->at.ptr ? finding->at.ptr
                        : finding->rule ? finding->rule->text.ptr
                                        : NULL;
    *at = place ? (size_t)(place - finding->file->source.text.ptr) : 0;
    return place;
}

/* The first one that belongs to a rule which ends after that place. */
static size_t first_after(const struct silence *s, size_t at)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->items[middle].to > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void apply(struct silencer *silencer, struct lint_finding *finding)
{
    if (!bytes_eq(silencer->name, bytes_of(finding->check)))
        return;
    silencer->used++;
    if (!silencer->past)
        finding->fate = LINT_SILENCED;
}

static void heed(struct silence *s, struct lint_finding *finding)
{
    size_t at;
    if (finding->level == LINT_ERROR)
        return;
    if (place_of(finding, &at))
        for (size_t i = first_after(s, at); i < s->count && s->items[i].from <= at; i++)
            apply(&s->items[i], finding);
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].whole)
            apply(&s->items[i], finding);
}

/* Of checks that were not asked for nobody knows, and of rules that have not loaded. */
static void judge(struct silence *s, const struct silencer *silencer)
{
    s->rule_line = silencer->whole ? 0 : silencer->rule_line;
    if (bytes_eq(silencer->name, bytes_of(check_silence.name)))
        return;
    if (silencer->used == 0 && !s->errors && lint_wanted(s->lint, silencer->name))
        tell_unused(s, silencer);
    else if (silencer->used > 0 && silencer->past)
        tell_past(s, silencer);
}

static void heed_in_file(struct silence *s)
{
    struct lint *lint = s->lint;
    size_t known = lint->count;
    read_file(s);
    s->errors = false;
    for (size_t i = lint->first; i < known; i++)
        if (lint->findings[i]->file == s->file) {
            s->errors |= lint->findings[i]->level == LINT_ERROR;
            heed(s, lint->findings[i]);
        }
    for (size_t i = 0; i < s->count; i++)
        judge(s, &s->items[i]);
    for (size_t i = known; i < lint->count; i++)
        heed(s, lint->findings[i]);
}

void silence_heed(struct lint *lint)
{
    struct silence s = {.lint = lint};
    time_t now = time(NULL);
    struct tm tm;
    strftime(s.today, sizeof(s.today), "%Y-%m-%d", localtime_r(&now, &tm));
    for (size_t i = 0; i < lint->set->file_count; i++) {
        s.file = lint->set->files[i];
        if (bytes_find(s.file->source.text, MARK, 0) >= 0)
            heed_in_file(&s);
    }
    free(s.items);
}

const struct lint_check check_silence = {
    .name = "silence",
    .level = LINT_WARNING,
    .summary = "A lint:off comment that is misspelt, out of date or of no use",
};
