/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pattern matches all lines of another one: what is proven holds for every short line. */
#include "witness/inclusion.h"

#include "in_perl.h"

enum { PAIRS = 30000, LINE_LENGTH = 5, STEPS = 100 * 1000 };

static struct arena arena;

static struct pattern pattern_of(struct bytes text)
{
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_REGEXP, .lines = 1, .text = text};
    bool sound = regex_compile(text, &pattern.regex, &error);
    if (!sound)
        pattern.regex = NULL;
    buf_free(&error);
    return pattern;
}

static bool holds(const struct pattern *by, const struct pattern *of)
{
    struct line_set one, other;
    line_set_read(by, &arena, &one);
    line_set_read(of, &arena, &other);
    size_t cost = 0;
    return inclusion_holds(&one, &other, &arena, &cost);
}

static bool takes_all(const char *by, const char *of)
{
    struct pattern one = pattern_of(bytes_of(by)), other = pattern_of(bytes_of(of));
    ck_assert(one.regex && other.regex);
    bool held = holds(&one, &other);
    regex_free(one.regex);
    regex_free(other.regex);
    return held;
}

START_TEST(other_ways_to_write_it_are_seen)
{
    static const char *const pairs[][2] = {
        {"su: BAD SU (\\S+) to (\\S+)", "su: (BAD SU) (\\S+) to (\\S+)"},
        {"\\S+\\s+\\d+ sshd\\[\\d+\\]: (fatal|Bad)",
         "^\\S+\\s+\\d+ sshd\\[\\d+\\]: (fatal|Bad)(.*)"},
        {"up [a-z]+", "up (?:[b-d])[a-z]x"},
        {"up [0-9]{1,3}$", "up \\d\\d$"},
        {"up\\s+down", "up   down"},
        {"^.*disk (\\d+)", "disk (\\d+) full"},
        {"disk full.*$", "disk full"},
        {"disk \\S+$", "disk [^\\s]+[a-z]$"},
        {"(?i)error", "Error|ERROR"},
        {"a(?:b|c)+d", "abccd|acd"},
        {"port (\\d+)\\b", "from (\\S+) port (\\d+)\\b ssh2"},
        {"\\Aone\\Z", "^(?:one)$"},
        {"a.*b", "a(\\w)\\1b"},
        {"x", "(?=.*y)x"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
        ck_assert_msg(takes_all(pairs[i][0], pairs[i][1]), "%s: %s", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(what_may_not_hold_is_not_said)
{
    static const char *const pairs[][2] = {
        {"^disk", "disk"},
        {"disk$", "disk"},
        {"up [0-9]$", "up [0-9]"},
        {"up \\d+ ", "up \\w+ "},
        {"up {2}", "up "},
        {"error", "(?i)error"},
        {"(a|ab)$", "a."},
        {"(\\w)\\1", "aa|ab"},
        {"(?>a|ab)c", "abc"},
        {"a*+ab", "aab"},
        {"x(?!y)", "x"},
        {"^\\s*one", "(?:^|\\S)one"},
        {"a\\b", "a"},
        {"^.+x", "x"},
        {".+x", "x"},
        {"a^.*", "aa"},
        {".*$b", "ab"},
        {"(?:^.*b|a)$", "aab "},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
        ck_assert_msg(!takes_all(pairs[i][0], pairs[i][1]), "%s: %s", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(several_lines_and_other_types)
{
    struct pattern text = {.type = PATTERN_SUBSTR, .lines = 1, .text = B("a b")};
    struct pattern one = pattern_of(B("a\\s")), two = pattern_of(B("^a\\s")),
                   of = pattern_of(B("a b"));
    ck_assert(holds(&one, &text) && holds(&text, &of) && holds(&one, &of));
    of.lines = 2;
    ck_assert(!holds(&one, &of));
    one.lines = two.lines = 2;
    ck_assert(holds(&one, &of));
    of.text = B("^a b");
    ck_assert(holds(&one, &of) && !holds(&two, &of));
    text.type = PATTERN_NSUBSTR;
    ck_assert(!holds(&text, &text));
    regex_free(one.regex);
    regex_free(two.regex);
    regex_free(of.regex);
}
END_TEST

/* -- All short lines -- */

/* What takes something comes first, so that no group is empty. */
static const char *const atoms[] = {"a",     "b",    " ",     ".",   "\\w", "\\s", "[ab]",
                                    "[^a]",  "a{2}", "(?>a)", "^",   "$",   "\\b", ".*",
                                    ".*?",   "\\S+", "a?",    "b*",  "a*+", "\\1", "(?!b)",
                                    "(?=a)", "\\B",  "(?:",   "(?:", "(",   "("};

enum { TAKING = 10, ATOMS = sizeof(atoms) / sizeof(*atoms) };

static void write_pattern(uint64_t *seed, unsigned depth, struct buf *out)
{
    static const char *const ends[] = {")", ")*", ")+", ")?", ")"};
    uint32_t count = 1 + next_number(seed, 4);
    for (uint32_t i = 0; i < count; i++) {
        bool first = i == 0 && depth < 2;
        const char *atom = atoms[next_number(seed, first ? TAKING : depth > 0 ? ATOMS : ATOMS - 4)];
        buf_add(out, bytes_of(atom));
        if (*atom != '(' || strchr(atom, ')'))
            continue;
        write_pattern(seed, depth - 1, out);
        if (next_number(seed, 2)) {
            buf_char(out, '|');
            write_pattern(seed, depth - 1, out);
        }
        buf_add(out, bytes_of(ends[next_number(seed, 5)]));
    }
}

static bool matches(const struct pattern *pattern, struct bytes line)
{
    ptrdiff_t offsets[2 * 100];
    return regex_spans(pattern->regex) <= 100 &&
           (regex_uses_pcre2(pattern->regex)
                ? regex_match_within(pattern->regex, line, STEPS, offsets) == REGEX_YES
                : regex_match(pattern->regex, line, offsets));
}

static void try_lines(const struct pattern *by, const struct pattern *of)
{
    static const char bytes[] = "ab .";
    char line[LINE_LENGTH];
    for (size_t len = 0, count = 1; len <= LINE_LENGTH; len++, count *= 4)
        for (size_t number = 0; number < count; number++) {
            for (size_t i = 0, rest = number; i < len; i++, rest /= 4)
                line[i] = bytes[rest % 4];
            struct bytes text = bytes_make(line, len);
            ck_assert_msg(!matches(of, text) || matches(by, text),
                          "%s takes not all of %s: \"%.*s\"", by->text.ptr, of->text.ptr, (int)len,
                          line);
        }
}

START_TEST(what_is_proven_is_true)
{
    uint64_t seed = 7;
    size_t held = 0;
    struct buf texts[2] = {0};
    for (size_t i = 0; i < PAIRS; i++) {
        struct pattern pair[2];
        for (size_t k = 0; k < 2; k++) {
            buf_clear(&texts[k]);
            write_pattern(&seed, 2, &texts[k]);
            buf_char(&texts[k], '\0');
            texts[k].len--;
            pair[k] = pattern_of(buf_bytes(&texts[k]));
        }
        if (pair[0].regex && pair[1].regex && holds(&pair[0], &pair[1])) {
            held++;
            if (held % 4 == 0)
                try_lines(&pair[0], &pair[1]);
        }
        regex_free(pair[0].regex);
        regex_free(pair[1].regex);
        arena_reset(&arena);
    }
    buf_free(&texts[0]);
    buf_free(&texts[1]);
    ck_assert_uint_gt(held, PAIRS / 50);
}
END_TEST

static void prepare(void)
{
    arena_init(&arena);
}

static void release(void)
{
    arena_free(&arena);
}

RUN_TESTS_IN_PERL("inclusion", prepare, release, other_ways_to_write_it_are_seen,
                  what_may_not_hold_is_not_said, several_lines_and_other_types,
                  what_is_proven_is_true)
