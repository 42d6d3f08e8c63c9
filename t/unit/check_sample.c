/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines made from patterns: they match, hold what is asked for, and look like a log's. */
#include "witness/sample.h"

#include "in_perl.h"

static struct arena arena;
static struct sample sample;

static bool take(struct bytes text, const struct sample_wish *wish)
{
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_REGEXP, .lines = 1, .text = text};
    ck_assert(regex_compile(text, &pattern.regex, &error));
    bool found = sample_line(&pattern, wish, &arena, &sample);
    ck_assert(!found || sample_matches(&pattern, sample.line));
    regex_free(pattern.regex);
    buf_free(&error);
    return found;
}

static const char *line_of(const char *pattern)
{
    return take(bytes_of(pattern), NULL) ? sample.line.ptr : "(none)";
}

static const char *line_with(const char *pattern, uint32_t group, const char *text)
{
    struct sample_wish wish = {group, bytes_of(text), false};
    return take(bytes_of(pattern), &wish) ? sample.line.ptr : "(none)";
}

START_TEST(a_line_looks_like_a_logs)
{
    ck_assert_str_eq(line_of("sshd\\[\\d+\\]: Failed password for (\\S+) from (\\S+) port \\d+"),
                     "sshd[1234]: Failed password for alice from 192.0.2.7 port 40222");
    ck_assert_str_eq(line_of("^\\w{3} +\\d+ [\\d:]+ (\\S+) su: "), "Jan 12 10:21:33 web1 su: ");
    ck_assert_str_eq(line_of("^\\d{4}-\\d\\d-\\d\\dT\\S+ up"), "2026-01-12T10:21:33.417+00:00 up");
    ck_assert_str_eq(line_of("from (\\d+\\.\\d+\\.\\d+\\.\\d+)$"), "from 192.0.2.7");
    ck_assert_str_eq(line_of("peer (?:\\d{1,3}\\.){3}\\d{1,3} down"), "peer 192.0.2.7 down");
}
END_TEST

START_TEST(each_construct_has_a_line)
{
    static const char *const patterns[] = {
        "(?=.*foo)(?=.*bar)x",
        "^(?!web)\\S+ up",
        "(?<=from )\\S+ (?<!x)y",
        "(\\w+) is not \\1!",
        "(.*)\\bfoo\\b.+\\bbar$",
        "(?:a|b|c){3}x{2,}y",
        "^$",
        "(?i)FAILED (?>a+)b",
        "[^[:print:]] \\x41",
        "(?:^|\\s)up(?:\\s|$)",
        "a{0,2}?b??c*+d",
    };
    for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
        ck_assert_msg(take(bytes_of(patterns[i]), NULL), "%s", patterns[i]);
}
END_TEST

START_TEST(a_wish_is_granted)
{
    ck_assert_str_eq(line_with("user (\\S+) logged in", 1, ";id;"), "user alice;id; logged in");
    ck_assert_str_eq(line_with("(\\w+): (?:a (\\d+)|b ([^ ]{3}))$", 3, "`"), "web1: b xx`");
    struct sample_wish alone = {1, B("exit"), true};
    ck_assert(take(B("state (\\w+)$"), &alone) && bytes_eq(sample.line, B("state exit")));
    ck_assert(!take(B("state (\\w+-)$"), &alone));
    ck_assert_str_eq(line_with("(up|down|(\\w+))", 2, ""), "web1");
    ck_assert_uint_eq(sample.count, 3);
    ck_assert(bytes_eq(sample.groups[2], B("web1")));
    ck_assert_str_eq(line_with("x(?=(.+))y", 1, ";"), "(none)");
    ck_assert_str_eq(line_with("a (\\w+) b (\\S+)", 1, ";"), "(none)");
    ck_assert_str_eq(line_with("name ('\\w+')", 1, "'"), "(none)");
    ck_assert_str_eq(line_with("name (\\S+)", 2, "'"), "(none)");
}
END_TEST

START_TEST(where_there_is_none_it_gives_up)
{
    ck_assert_str_eq(line_of("a^b"), "(none)");
    ck_assert_str_eq(line_of("(?|a(b)|c(d))"), "(none)");
    ck_assert_str_eq(line_of("(?:(?:a{250}){250}){250}"), "(none)");
}
END_TEST

/* Perl takes forever for it, and PCRE2 does not take it. */
START_TEST(what_takes_perl_forever_has_an_end)
{
    struct bytes text = B("^(?:(?=(\\w*))\\w?\\1)*(\\w*\\s?)*x$");
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_REGEXP, .lines = 1, .text = text};
    ck_assert(regex_compile(text, &pattern.regex, &error));
    ck_assert(!regex_uses_pcre2(pattern.regex));
    ck_assert(!sample_matches(&pattern, B("a a a a a a a a a a a a a a a a a a a a a a a a a a!")));
    regex_free(pattern.regex);
    buf_free(&error);
}
END_TEST

START_TEST(other_types_of_patterns)
{
    struct pattern pattern = {.type = PATTERN_SUBSTR, .lines = 1, .text = B("link down")};
    ck_assert(sample_line(&pattern, NULL, &arena, &sample));
    ck_assert(bytes_eq(sample.line, B("link down")));
    pattern.type = PATTERN_TVALUE;
    ck_assert(!sample_line(&pattern, NULL, &arena, &sample));
    pattern.truth = true;
    ck_assert(sample_line(&pattern, NULL, &arena, &sample));
    pattern.type = PATTERN_NSUBSTR;
    ck_assert(!sample_line(&pattern, NULL, &arena, &sample));
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

RUN_TESTS_IN_PERL("sample", prepare, release, a_line_looks_like_a_logs, each_construct_has_a_line,
                  a_wish_is_granted, where_there_is_none_it_gives_up,
                  what_takes_perl_forever_has_an_end, other_types_of_patterns)
