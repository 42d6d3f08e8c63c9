/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule, or a pattern of one, that no line comes to: an earlier rule of the file takes each that
 * it could match. */
#include <stdio.h>

#include "lang/rule_text.h"
#include "lang/visit.h"
#include "lint/buried.h"
#include "lint/checks.h"
#include "lint/patterns.h"
#include "lint/takers.h"
#include "witness/sample.h"

struct look {
    struct lint *lint;
    struct takers takers;
};

static struct bytes source_of(const struct rule_pattern *pattern)
{
    struct bytes text = pattern->rule->text;
    struct lint_pattern found;
    while (patterns_next(pattern->rule, &text, &found))
        if (found.part == pattern->part)
            return found.text;
    return (struct bytes){0};
}

static bool suppresses(const struct rule *rule)
{
    return strcmp(rule->type->keyword, "SUPPRESS") == 0;
}

static struct bytes deed(const struct rule_pattern *taker)
{
    const struct part *part = &taker->rule->parts[taker->part];
    if (part->what_next == NEXT_GOTO)
        return B(" is sent past it by the rule at line ");
    return suppresses(taker->rule) ? B(" is suppressed by the rule at line ")
                                   : B(" is taken by the rule at line ");
}

/* Keyword by keyword: blanks do not count. */
static bool are_same(const struct rule *a, const struct rule *b)
{
    struct bytes one = a->text, other = b->text;
    struct keyword x, y;
    while (rule_next_keyword(&one, &x))
        if (!rule_next_keyword(&other, &y) || !bytes_eq(x.name, y.name) ||
            !bytes_eq(x.value, y.value))
            return false;
    return !rule_next_keyword(&other, &y);
}

static struct lint_finding *tell_copy(struct lint *lint, const struct rule_pattern *pattern,
                                      const struct rule *of)
{
    struct lint_finding *found = lint_tell(
        lint, pattern->rule, source_of(pattern), B("this rule is the same as the one at line "),
        NUM(of->line),
        suppresses(of) ? B(", which suppresses all its lines") : B(", which takes all its lines"));
    lint_hint(lint, found, B("delete one of the two"));
    found->level = LINT_NOTE; /* nothing is lost */
    return found;
}

/* -- What to do about it -- */

/* Without what leaves open where in the line it is. */
static struct bytes core(struct bytes pattern)
{
    if (bytes_starts(pattern, B("^")))
        pattern = bytes_from(pattern, 1);
    size_t end = pattern.len;
    if (end > 0 && pattern.ptr[end - 1] == '$')
        end--;
    return bytes_slice(pattern, 0, end);
}

/* "at lines 17 and 44" */
static struct bytes lines_of(struct lint *lint, const struct rule *const *rules, size_t count)
{
    struct bytes lines = arena_cat(&lint->arena, NUM(rules[0]->line));
    for (size_t i = 1; i < count; i++)
        lines = arena_cat(&lint->arena, lines, i + 1 < count ? B(", ") : B(" and "),
                          NUM(rules[i]->line));
    return lines;
}

/* Others take the lines as well: to change the one is not enough. */
static void say_also(struct lint *lint, struct lint_finding *found, const struct rule *taker,
                     const struct rule *const *also, size_t count, bool alike)
{
    struct bytes all = count == 1 ? B("both") : B("each");
    bool drops = suppresses(taker);
    for (size_t i = 0; i < count; i++)
        drops |= suppresses(also[i]);
    struct bytes so =
        arena_cat(&lint->arena, B("the rule"), count > 1 ? B("s") : B(""), B(" at line "),
                  lines_of(lint, also, count), B(" would also take it: "));
    if (alike)
        lint_hint(lint, found, so, drops ? B("") : B("give "), drops ? B("") : all,
                  drops ? B("delete this one") : B(" continue=TakeNext, or delete this one"));
    else
        lint_hint(lint, found, so, B("put it before "), count == 1 ? B("both") : B("all of them"),
                  drops ? B("") : B(", or give "), drops ? B("") : all,
                  drops ? B("") : B(" continue=TakeNext"));
}

static void add_hint(struct look *look, struct lint_finding *found,
                     const struct rule_pattern *pattern, const struct rule_pattern *taker,
                     enum likeness likeness)
{
    struct lint *lint = look->lint;
    const struct rule *also[ALSO_MAX];
    size_t count = takers_also(&look->takers, pattern, taker->rule, also);
    bool drops = suppresses(taker->rule);
    bool near = bytes_eq(core(pattern->lines.pattern->text), core(taker->lines.pattern->text));
    if (count > 0)
        say_also(lint, found, taker->rule, also, count, near || likeness != TAKER_WIDER);
    else if (near || likeness != TAKER_WIDER)
        lint_hint(lint, found,
                  likeness == TAKER_EQUAL   ? B("the two patterns are the same: ")
                  : likeness == TAKER_WIDER ? B("only an anchor tells the two patterns apart: ")
                                            : B("the two patterns match the same lines: "),
                  drops ? B("delete one of the rules")
                        : B("give the first continue=TakeNext, or delete one"));
    else if (drops)
        lint_hint(lint, found, B("put it before that rule"));
    else
        lint_hint(lint, found, B("put it before that rule, or give that rule continue=TakeNext"));
}

/* -- Telling -- */

/* One Suppress rule too many does no harm. */
static struct lint_finding *tell(struct look *look, const struct rule_pattern *pattern,
                                 const struct rule_pattern *taker, const struct sample *sample,
                                 enum likeness likeness)
{
    struct lint *lint = look->lint;
    bool harmless = suppresses(pattern->rule) && suppresses(taker->rule);
    char name[48];
    snprintf(name, sizeof(name), pattern->part ? "pattern%zu of this rule" : "this rule",
             pattern->part + 1);
    struct lint_finding *found = lint_tell(
        lint, pattern->rule, source_of(pattern), B("no line ever reaches "), bytes_of(name),
        B(": everything it matches"), deed(taker), NUM(taker->rule->line));
    lint_other(lint, found, look->takers.file, source_of(taker),
               B("this pattern matches it first"));
    if (sample)
        lint_witness(lint, found, sample->line, B("is matched by both"));
    if (harmless)
        found->level = LINT_NOTE;
    else
        add_hint(look, found, pattern, taker, likeness);
    return found;
}

/* What is not plain from the patterns needs a line that both match.  NULL: nothing is told. */
static struct lint_finding *look_at_pattern(struct look *look, const struct rule_pattern *pattern)
{
    struct sample sample;
    enum likeness likeness;
    const struct rule_pattern *taker = takers_find(&look->takers, pattern, &likeness);
    if (!taker)
        return NULL;
    bool equal = likeness == TAKER_EQUAL;
    bool shown = sample_line(pattern->lines.pattern, NULL, &look->takers.arena, &sample) &&
                 sample_matches(taker->lines.pattern, sample.line);
    if (equal && pattern->part == taker->part && are_same(pattern->rule, taker->rule))
        return tell_copy(look->lint, pattern, taker->rule);
    if (!shown && !equal)
        return NULL;
    return tell(look, pattern, taker, shown ? &sample : NULL, likeness);
}

/* The second pattern of a Pair does nothing where the first matches nothing. */
static void look_at_rule(struct look *look, const struct rule *rule)
{
    const struct takers *takers = &look->takers;
    const struct lint_finding *found = NULL;
    size_t first = takers->first[rule->id], end = takers->first[rule->id + 1], told = 0;
    for (size_t i = first; i < end && (told == 0 || rule->type->numbered); i++) {
        const struct lint_finding *new = look_at_pattern(look, &takers->patterns[i]);
        told += new != NULL;
        found = new ? new : found;
        if (!rule->type->numbered && i == first && new)
            bury(look->lint, new, rule);
    }
    if (rule->type->numbered && told > 0 && told == end - first)
        bury(look->lint, found, rule);
    takers_add(&look->takers, rule);
}

/* -- A rule that takes every line -- */

static struct lint_finding *tell_all(struct look *look, const struct rule_pattern *taker,
                                     size_t count)
{
    struct lint *lint = look->lint;
    bool drops = suppresses(taker->rule);
    struct lint_finding *found = lint_tell(
        lint, taker->rule, source_of(taker),
        drops ? B("this rule suppresses every line: ") : B("this rule takes every line: "),
        count == 1 ? B("the rule") : B("the "), count == 1 ? B("") : NUM(count),
        count == 1 ? B(" after it sees none") : B(" rules after it see none"));
    lint_hint(lint, found,
              drops ? B("move it to the end of the file")
                    : B("move it to the end of the file, or give it continue=TakeNext"));
    return found;
}

static void look_at_file(struct lint *lint, const struct rule_file *file)
{
    struct look look = {.lint = lint};
    size_t count = 0;
    takers_read(&look.takers, file);
    const struct rule_pattern *all = takers_of_all(&look.takers);
    for (size_t i = 0; i < file->count; i++) {
        if (all && takers_end(&look.takers, all, file->rules[i]))
            count++;
        else
            look_at_rule(&look, file->rules[i]);
    }
    const struct lint_finding *found = count > 0 ? tell_all(&look, all, count) : NULL;
    for (size_t i = 0; i < file->count && found; i++)
        if (takers_end(&look.takers, all, file->rules[i]))
            bury(lint, found, file->rules[i]);
    takers_free(&look.takers);
}

/* `rewrite` changes the line on its way: then earlier rules have seen another one. */
static void hear_action(void *arg, const struct visit_spot *spot)
{
    *(bool *)arg |= strcmp(spot->action->type->name, "rewrite") == 0;
}

static void look_at_set(struct lint *lint)
{
    bool rewrites = false;
    visit_set(lint->set, &(struct visitor){.arg = &rewrites, .action = hear_action});
    for (size_t i = 0; i < lint->set->file_count && !rewrites; i++)
        look_at_file(lint, lint->set->files[i]);
}

const struct lint_check check_unreachable = {
    .name = "unreachable",
    .level = LINT_WARNING,
    .summary = "A rule that no line reaches, since an earlier one takes everything it matches",
    .set = look_at_set,
};
