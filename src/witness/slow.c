/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "witness/slow.h"

#include "base/subprocess.h"
#include "perl/interp.h"

enum {
    STEPS = 1000 * 1000,
    PERL_MS = 100,
    SHORT_LINE = 48,   /* that has to take so long where the ways double with each byte, */
    MIDDLE_LINE = 256, /* where they are a high power, */
    CUBE_LINE = 2000,  /* and where they are the third */
    LONG_LINE = 1000,  /* that is told */
    PUMPS_MAX = 24,
    SPANS_MAX = 200,
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

static bool takes_more(struct regex *regex, struct bytes line, uint32_t steps)
{
    ptrdiff_t offsets[2 * SPANS_MAX];
    return regex_match_within(regex, line, steps, offsets) == REGEX_UNKNOWN;
}

static size_t line_to_try(const struct pump *pump, bool by_pcre2)
{
    if (pump->degree == 0)
        return by_pcre2 ? SHORT_LINE : MIDDLE_LINE;
    return pump->degree == 3 ? CUBE_LINE : MIDDLE_LINE;
}

size_t slow_times(const struct pump *pump)
{
    return pump_times(pump, pump->degree == 3 ? CUBE_LINE : LONG_LINE);
}

/* Is a line as slow as one must be that has a part of the times of a slow one? */
static bool part_is_slow(struct regex *regex, const struct pump *pump, size_t times, size_t part)
{
    struct buf line = {0};
    size_t steps = STEPS / (part * part * part * 2);
    pump_line(pump, times / part, &line);
    bool slow = takes_more(regex, buf_bytes(&line), (uint32_t)steps);
    buf_free(&line);
    return slow;
}

/* Most lines of the third power are not so slow, which short ones tell at little cost. */
static bool may_be_slow(const struct slow *slow, const struct pump *pump, size_t *cost)
{
    size_t times = slow_times(pump);
    if (pump->degree != 3 || !regex_uses_pcre2(slow->regex))
        return true;
    if (times >= 64 && !part_is_slow(slow->regex, pump, times, 16))
        return false;
    *cost += 1;
    return part_is_slow(slow->regex, pump, times, 4);
}

static bool is_slow(const struct slow *slow, const struct pump *pump, size_t *cost)
{
    struct buf small = {0}, large = {0};
    bool by_pcre2 = regex_uses_pcre2(slow->regex);
    pump_line(pump, pump_times(pump, line_to_try(pump, by_pcre2)), &small);
    pump_line(pump, slow_times(pump), &large);
    struct bytes line = buf_bytes(&small);
    bool tried = has_required(slow->regex, line) && may_be_slow(slow, pump, cost);
    bool found = tried && takes_more(slow->regex, line, STEPS);
    *cost += found ? SLOW_COST : tried && pump->degree == 3 ? SLOW_COST / 2 : 0;
    if (by_pcre2)
        line = buf_bytes(&large);
    found = found && takes_more(slow->regex, line, STEPS) && perl_is_slow(slow->text, line);
    buf_free(&small);
    buf_free(&large);
    return found;
}

bool slow_find(struct bytes text, struct regex *regex, struct arena *arena,
               struct slow_costs *costs, struct slow *found)
{
    struct pump pumps[PUMPS_MAX];
    *found = (struct slow){.text = text, .regex = regex};
    if (regex_spans(regex) > SPANS_MAX)
        return false;
    syntax_read(text, arena, &found->syntax);
    size_t count =
        found->syntax.understood ? pumps_find(text, &found->syntax, arena, pumps, PUMPS_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        size_t *cost = pumps[i].degree == 3 ? &costs->cubes : &costs->others;
        if (*cost >= SLOW_MAX || !is_slow(found, &pumps[i], cost))
            continue;
        found->pump = pumps[i];
        return true;
    }
    return false;
}

/* -- Quicker ones -- */

/* What logs are full of: a repeat that is not to take a byte of it would miss too much. */
static const struct bytes filler =
    B("the quick brown fox jumps over a lazy dog, THE QUICK BROWN FOX "
      "JUMPS OVER A LAZY DOG - 192.168.45.70:514/udp #0 _");

enum { PATTERN_MAX = 200 };

static struct bytes piece(const struct slow *slow, const struct node *node)
{
    return bytes_slice(slow->text, node->from, node->to);
}

/* "[^\"]*" for ".*" before a quote; false: the repeat takes no more than it has to. */
static bool write_narrow(struct bytes repeat, int next, struct buf *out)
{
    char c = (char)next;
    size_t body = bytes_starts(repeat, B(".")) ? 1 : bytes_starts(repeat, B("\\S")) ? 2 : 0;
    if (body == 0 || next < '!' || next > '~' || bytes_chr(filler, c, 0) >= 0)
        return false;
    buf_cat(out, B("[^"), body == 2 ? B("\\s") : B(""), strchr("]\\^-", c) ? B("\\") : B(""),
            bytes_make(&c, 1), B("]"), bytes_from(repeat, body));
    return true;
}

/* only: of the loop with that number; the number of loops: of all.  false: it is as it was. */
static bool write_narrowed(const struct slow *slow, size_t only, struct buf *out)
{
    const struct pump *pump = &slow->pump;
    size_t at = 0;
    bool changed = false;
    for (size_t i = 0; i < pump->loop_count; i++) {
        const struct node *node = pump->loops[i].node;
        if (only != i && only != pump->loop_count)
            continue;
        buf_add(out, bytes_slice(slow->text, at, node->from));
        bool narrowed = write_narrow(piece(slow, node), pump->loops[i].next, out);
        at = narrowed ? node->to : node->from;
        changed |= narrowed;
    }
    buf_add(out, bytes_from(slow->text, at));
    return changed;
}

/* Both match it, with the same groups. */
static bool match_alike(struct regex *a, struct regex *b, struct bytes line)
{
    ptrdiff_t one[2 * SPANS_MAX], other[2 * SPANS_MAX];
    size_t spans = regex_spans(a);
    return spans == regex_spans(b) && regex_match_within(a, line, STEPS, one) == REGEX_YES &&
           regex_match_within(b, line, STEPS, other) == REGEX_YES &&
           memcmp(one, other, 2 * spans * sizeof(*one)) == 0;
}

static bool match_samples(const struct slow *slow, struct regex *regex, struct arena *arena)
{
    bool alike = true;
    for (int filled = 0; filled < 2 && alike; filled++) {
        struct buf line = {0};
        alike = pump_filled(slow->text, &slow->syntax, filled ? filler : B(""), arena, &line) &&
                match_alike(slow->regex, regex, buf_bytes(&line));
        buf_free(&line);
    }
    return alike;
}

static bool is_quick(const struct slow *slow, struct bytes text, struct regex *regex,
                     struct arena *arena)
{
    struct slow_costs costs = {0};
    struct slow still;
    struct buf line = {0};
    pump_line(&slow->pump, slow_times(&slow->pump), &line);
    bool quick = !takes_more(regex, buf_bytes(&line), STEPS / 4) &&
                 !slow_find(text, regex, arena, &costs, &still);
    buf_free(&line);
    return quick;
}

static bool is_quicker(const struct slow *slow, struct bytes text, struct arena *arena)
{
    struct regex *regex;
    struct buf error = {0};
    bool quicker = false;
    if (regex_compile(text, &regex, &error)) {
        quicker = match_samples(slow, regex, arena) && is_quick(slow, text, regex, arena);
        regex_free(regex);
    }
    buf_free(&error);
    return quicker;
}

struct bytes slow_quicker(const struct slow *slow, struct arena *arena)
{
    struct bytes found = B("");
    size_t loops = slow->pump.loop_count;
    if (loops == 0 || slow->text.len > PATTERN_MAX)
        return found;
    for (size_t i = 0; i <= loops && found.len == 0; i++) {
        struct buf text = {0};
        if (write_narrowed(slow, i, &text) && is_quicker(slow, buf_bytes(&text), arena))
            found = arena_bytes(arena, buf_bytes(&text));
        buf_free(&text);
    }
    return found;
}
