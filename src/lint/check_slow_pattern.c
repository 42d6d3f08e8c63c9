/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A regular expression that a short line keeps busy for a long time.
 *
 * It is tried with the engine that secant would use, which counts its steps, and with Perl, in a
 * copy of the process with a time limit: SEC runs Perl, and Perl cuts short what PCRE2 does not;
 * where PCRE2 gives up, secant asks Perl, too. */
#include "base/subprocess.h"
#include "lint/checks.h"
#include "lint/patterns.h"
#include "lint/pump.h"

enum {
    STEPS = 1000 * 1000,
    PERL_MS = 100,
    SHORT_LINE = 48,   /* that has to take so long where the ways double with each byte */
    MIDDLE_LINE = 256, /* and where they are a power */
    LONG_LINE = 1000,  /* that is reported */
    PUMPS_MAX = 24,
    SPANS_MAX = 200,
    TRIES_MAX = 30, /* lines of a set that PCRE2 is slow with: each takes its time */
};

struct trial {
    struct bytes pattern, line;
};

static void match_by_perl(void *arg, void *result)
{
    const struct trial *trial = arg;
    struct perl_regex *regex;
    struct buf error = {0};
    ptrdiff_t offsets[2 * SPANS_MAX];
    *(bool *)result = true;
    if (perl_regex_compile(trial->pattern, &regex, &error) && perl_regex_spans(regex) <= SPANS_MAX)
        perl_regex_match(regex, trial->line, offsets);
}

static bool perl_is_slow(struct bytes pattern, struct bytes line)
{
    struct trial trial = {pattern, line};
    bool done;
    return !subprocess_ask(PERL_MS, match_by_perl, &trial, &done, sizeof(done));
}

/* A line without them is not even tried. */
static bool has_required(const struct regex *regex, struct bytes line)
{
    size_t count;
    const struct required *required = regex_required(regex, &count);
    for (size_t i = 0; i < count; i++)
        if (required[i].caseless || bytes_find(line, required[i].text, 0) >= 0)
            return true;
    return count == 0;
}

static bool pcre2_is_slow(struct regex *regex, struct bytes line)
{
    ptrdiff_t offsets[2 * SPANS_MAX];
    return regex_match_within(regex, line, STEPS, offsets) == REGEX_UNKNOWN;
}

static bool is_slow(const struct pattern *pattern, const struct pump *pump, size_t *tries)
{
    struct buf small = {0}, large = {0};
    bool by_pcre2 = regex_uses_pcre2(pattern->regex), nested = pump->first == pump->last;
    pump_line(pump, pump_times(pump, nested && by_pcre2 ? SHORT_LINE : MIDDLE_LINE), &small);
    pump_line(pump, pump_times(pump, LONG_LINE), &large);
    struct bytes line = buf_bytes(&small);
    bool slow = has_required(pattern->regex, line) && pcre2_is_slow(pattern->regex, line);
    *tries += slow;
    if (by_pcre2)
        line = buf_bytes(&large);
    slow = slow && pcre2_is_slow(pattern->regex, line) && perl_is_slow(pattern->text, line);
    buf_free(&small);
    buf_free(&large);
    return slow;
}

static struct bytes piece(const struct lint_pattern *pattern, const struct node *node)
{
    return bytes_slice(pattern->text, node->from, node->to);
}

static void tell(struct lint *lint, const struct rule *rule, const struct lint_pattern *pattern,
                 const struct pump *pump)
{
    size_t times = pump_times(pump, LONG_LINE);
    bool nested = pump->first == pump->last;
    struct buf line = {0};
    struct bytes at = bytes_slice(pattern->text, pump->first->from, pump->last->to);
    struct lint_finding *found =
        lint_tell(lint, rule, at, B("a line can keep this pattern busy for a long time"));
    if (nested)
        lint_hint(lint, found, piece(pattern, pump->first),
                  B(" can split the same text in many ways: make each repetition begin or end with "
                    "a character that is nowhere else in it"));
    else
        lint_hint(lint, found, B("the repeats from "), piece(pattern, pump->first), B(" to "),
                  piece(pattern, pump->last),
                  B(" can all match the same text: narrow each one, such as [^ ]* for .*"));
    pump_print(pump, times, &line);
    lint_witness(lint, found, buf_bytes(&line),
                 regex_uses_pcre2(pattern->pattern->regex)
                     ? B("takes PCRE2 more than 1,000,000 steps and Perl more than 0.1 s")
                     : B("takes Perl more than 0.1 s"));
    buf_free(&line);
}

static void stop(struct lint *lint, const struct rule *rule, const struct lint_pattern *pattern)
{
    struct lint_finding *found =
        lint_tell(lint, rule, pattern->text,
                  B("patterns from here on were not tried: too many before took too long"));
    found->level = LINT_NOTE;
}

static void look_at_pattern(struct lint *lint, const struct rule *rule,
                            const struct lint_pattern *pattern, struct arena *arena, size_t *tries)
{
    struct syntax syntax;
    struct pump pumps[PUMPS_MAX];
    syntax_read(pattern->pattern->text, arena, &syntax);
    if (!syntax.understood)
        return;
    size_t count = pumps_find(pattern->pattern->text, &syntax, arena, pumps, PUMPS_MAX);
    for (size_t i = 0; i < count && *tries < TRIES_MAX; i++) {
        if (!is_slow(pattern->pattern, &pumps[i], tries))
            continue;
        tell(lint, rule, pattern, &pumps[i]);
        break;
    }
    if (*tries >= TRIES_MAX)
        stop(lint, rule, pattern);
}

static void look_at_rule(struct lint *lint, const struct rule *rule, struct arena *arena,
                         size_t *tries)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (*tries < TRIES_MAX && patterns_next(rule, &text, &found)) {
        if (!pattern_is_regexp(found.pattern) || !found.pattern->regex ||
            regex_spans(found.pattern->regex) > SPANS_MAX)
            continue;
        look_at_pattern(lint, rule, &found, arena, tries);
        arena_reset(arena);
    }
}

static void look(struct lint *lint)
{
    size_t tries = 0;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < lint->set->file_count; i++)
        for (size_t k = 0; k < lint->set->files[i]->count; k++)
            look_at_rule(lint, lint->set->files[i]->rules[k], &arena, &tries);
    arena_free(&arena);
}

const struct lint_check check_slow_pattern = {
    .name = "slow-pattern",
    .level = LINT_WARNING,
    .summary = "A regular expression that a short line keeps busy for a long time",
    .set = look,
};
