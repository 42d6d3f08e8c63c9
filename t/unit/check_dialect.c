/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which patterns PCRE2 may take, their required literals, and that both engines agree. */
#include <check.h>
#include <time.h>

#include "../fuzz/filled_cases.h"
#include "match/dialect.h"
#include "in_perl.h"

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
}

static struct dialect read_text(const char *text)
{
    struct dialect dialect;
    dialect_read(bytes_of(text), &arena, &dialect);
    return dialect;
}

START_TEST(what_rule_files_use_is_for_pcre2)
{
    /* clang-format off */
    static const char *const patterns[] = {
        "", "abc", "^\\s*(\\S+)\\s+(\\d+)$", "sshd\\[\\d+\\]: (?:Failed|Accepted) (\\w+)",
        "(?i)error", "(?<user>\\w+)@(?P<host>[\\w.-]+)", "a(?!b)c", "(?<=port )\\d+", "(?<!un)able",
        "([\"'])(.*?)\\1", "(?<q>\\w)\\k<q>", "([0-9a-f]{2}:){5}[0-9a-f]{2}", "[[:upper:]]+[^]\\s]",
        "\\bfoo\\b", "x{2,}?y*?z??", "\\S++\\s", "(?x) a + # comment\n b", "(?s:.*)", "(?m)^a$",
        "a\\.b\\/c\\-d", "\\x41\\x{42}\\t", "(a|b|)c", "((a)|(b))?c", "(?:(?:a|b)c)+", "}]",
        "(?=.*error)warn", "\\A\\s*\\z", "(a+)+b", "[a-z\\d_.-]+", "(?:\\S+ ){3}end",
        "(?:a+b){1,3}", "(?:a*b){3}", "[[:alpha:]_:.-]+", "[\\w.:]+", "[:a-fA-F0-9]", "[^:;]", "[^^]", "[.]", "[^]abc]",
        "[^[:space:]]", "[=:]+", "[.,:]\\d{2,}?", "[[:upper:][:digit:]]", "[a-zA-Z0-9_.:-]+",
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct dialect dialect = read_text(patterns[i]);
        ck_assert_msg(dialect.equal, "%s: %s", patterns[i], dialect.why);
    }
}
END_TEST

START_TEST(what_is_not_on_the_list_is_for_perl_with_a_reason)
{
    /* clang-format off */
    static const char *const patterns[] = {
        "(a(b)?)+",   "(?:(a)|b)*", "(a*)*",       "(?:a|)+",    "\\Qa.b\\E",  "\\N{U+41}",  "\\p{L}",
        "\\b{wb}",    "\\x{100}",   "a{,3}",       "a{ 1}",      "x{",         "(*FAIL)",    "(?|(a)|b)",
        "(?R)",       "(?1)",       "(?(1)a|b)",   "(?{1})",     "(?<n>a)(?<n>b)", "\\R",    "\\X",
        "\\K",        "\\G",        "(?<=a|bc)",   "(?<=a+)",    "(?i)(?<=a)b", "(?>a)",     "(?:ab)*+",
        "(?=(a))a",   "(?!(a))b",   "(?=a*)b",     "(\\1a)",     "\\1(a)",     "\\12",       "\\o{12}",
        "\\cA",       "[a-\\d]",    "[\\w-.]",     "[[.a.]]",    "[[:foo:]]",  "^*",         "\\b+",
        "(?=a)+",     "a{0}",       "a{2,1}",      "a**",        "*",          "(",          ")",
        "[",          "\\",         "(?<",         "(?i-i-i)",   "(?xx) a",    "(?n)a",      "(?a)a",
        "(?u)a",      "(?x) a #",   "(?x)a+ +",    "[^\\W\\w]",  "\\y",        "(?'q'a)",    "(?#c)a",
        "t+(?:<{2}){2}", "(?:a(?:bc){1}d){2,}", "a{01}",        "a{1,02}",
        "(?:){1}",    "(?:^)?",     "(?x: ){0,1}", "\\d{2}?",  "[:alpha:]",  "[:a-f:]x[:word]", "[[:alpha]]",
        "[.a.]",      "[=a=]",      "[^^[:digit:]]", "[lower:]", "[;digit;]",
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct dialect dialect = read_text(patterns[i]);
        ck_assert_msg(!dialect.equal, "%s", patterns[i]);
        ck_assert_ptr_nonnull(dialect.why);
    }
}
END_TEST

START_TEST(a_nul_byte_in_a_pattern_is_for_perl)
{
    struct dialect dialect;
    dialect_read(bytes_make("$\0a", 3), &arena, &dialect);
    ck_assert(!dialect.equal);
    ck_assert(read_text("$\\x00a").equal);
}
END_TEST

START_TEST(deep_nesting_and_long_texts_end_well)
{
    struct buf text = {0};
    for (int i = 0; i < 100000; i++)
        buf_add(&text, B("(?:"));
    struct dialect dialect;
    dialect_read(buf_bytes(&text), &arena, &dialect);
    ck_assert(!dialect.equal);
    buf_clear(&text);
    for (int i = 0; i < 100000; i++)
        buf_add(&text, B("a|[b-y]|"));
    dialect_read(buf_bytes(&text), &arena, &dialect);
    ck_assert(dialect.equal && dialect.required_count == 0);
    buf_free(&text);
}
END_TEST

/* The required literals as "one|two", caseless ones with a leading "i:". */
static const char *required_of(const char *text)
{
    struct dialect dialect = read_text(text);
    struct buf out = {0};
    for (size_t i = 0; i < dialect.required_count; i++) {
        if (i > 0)
            buf_char(&out, '|');
        if (dialect.required[i].caseless)
            buf_add(&out, B("i:"));
        buf_add(&out, dialect.required[i].text);
    }
    const char *kept = arena_bytes(&arena, buf_bytes(&out)).ptr;
    buf_free(&out);
    return kept;
}

START_TEST(required_literals_are_long_and_few)
{
    static const struct {
        const char *pattern, *literals;
    } cases[] = {
        {"sshd\\[\\d+\\]: Failed password", "]: Failed password"},
        {"(?:GET|POST) (\\S+)", "GET |POST "},
        {"error|warning", "error|warning"},
        {"error|\\d+", ""},
        {"\\d+", ""},
        {"(?i)Disk full", "i:Disk full"},
        {"[Ee]rror: \\d", "i:error: "},
        {"https?://\\S+", "http://|https://"},
        {"(a|b|c|d|e|f|g|h)some long text", "some long text"},
        {"a+bcd", "bcd"},
        {"(?:abc)*def", "def"},
        {": \\d", ""}, /* too common */
        {"(?:abc)+\\s", "abc"},
        {"-{3}x", "---x"},
        {"(ab)\\1cd", "ab"},
        {"(?=.*needed)\\w", "needed"},
        {"(?!not)\\w", ""},
        {"(?x) a b [ ] c # d\n e", "ab ce"},
        {"x(?:y|z)\\w\\Qa", ""},
        {"foo\\Rbarbar", "barbar"},
        {"(?<n>abc)|(?<n>def)", "abc|def"},
        {"\\p{L}(?i)abc", ""},
        {"\\p{L}abc", "abc"},
        {"(?R)?abc", ""},
        {"^$", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = required_of(cases[i].pattern);
        ck_assert_msg(strcmp(got, cases[i].literals) == 0, "%s: got %s", cases[i].pattern, got);
    }
}
END_TEST

/* Compiled regular expressions */

static struct regex *compiled(const char *text)
{
    struct buf error = {0};
    struct regex *regex = NULL;
    ck_assert_msg(regex_compile(bytes_of(text), &regex, &error), "%s", text);
    return regex;
}

/* The groups as "0-3 1-2". */
static const char *matched(struct regex *regex, struct bytes subject)
{
    ptrdiff_t *offsets = arena_alloc(&arena, 2 * regex_spans(regex) * sizeof *offsets);
    struct buf out = {0};
    if (!regex_match(regex, subject, offsets))
        return "no";
    for (size_t i = 0; i <= regex_groups(regex); i++)
        buf_printf(&out, "%s%td-%td", i ? " " : "", offsets[2 * i], offsets[2 * i + 1]);
    const char *kept = arena_bytes(&arena, buf_bytes(&out)).ptr;
    buf_free(&out);
    return kept;
}

START_TEST(groups_that_took_no_part_are_minus_one)
{
    struct regex *regex = compiled("(a)|(b)|(c)");
    ck_assert(regex_uses_pcre2(regex));
    for (int i = 0; i < 40; i++) /* interpreted at first, machine code later */
        ck_assert_str_eq(matched(regex, B("b")), "0-1 -1--1 0-1 -1--1");
    ck_assert_str_eq(matched(regex, B("x")), "no");
    ck_assert_str_eq(matched(regex, (struct bytes){NULL, 0}), "no");
    regex_free(regex);
}
END_TEST

START_TEST(perl_matches_what_pcre2_would_match_differently)
{
    struct regex *regex = compiled("^(a(b)?)+$");
    ck_assert(!regex_uses_pcre2(regex));
    ck_assert_str_eq(matched(regex, B("aba")), "0-3 2-3 -1--1");
    regex_free(regex);
}
END_TEST

START_TEST(subjects_hold_any_byte)
{
    struct regex *regex = compiled("^\\S(.)[^a]\\W$");
    ck_assert(regex_uses_pcre2(regex));
    ck_assert_str_eq(matched(regex, bytes_make("\0\xff\0\xe9\n", 5)), "0-4 1-2");
    regex_free(regex);
}
END_TEST

START_TEST(names_tell_their_groups)
{
    size_t count;
    struct regex *regex = compiled("(x)(?<b>y)(?<a>z)");
    const struct regex_name *names = regex_names(regex, &count);
    ck_assert_uint_eq(count, 2);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(names[i].groups[0], bytes_eq(names[i].name, B("a")) ? 3 : 2);
    regex_free(regex);
}
END_TEST

START_TEST(a_regex_is_printed_as_perl_prints_it)
{
    static const char *const patterns[] = {"a", "(?i)b", "", "(?x) a # c", "\\R", "\xe9"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct buf error = {0};
        struct perl_regex *perl;
        struct regex *regex = compiled(patterns[i]);
        ck_assert(perl_regex_compile(bytes_of(patterns[i]), &perl, &error));
        ck_bytes_eq(regex_text(regex), perl_regex_text(perl));
        perl_regex_free(perl);
        regex_free(regex);
    }
}
END_TEST

START_TEST(a_faulty_pattern_gets_the_words_of_perl)
{
    struct buf error = {0};
    struct regex *regex = NULL;
    ck_assert(!regex_compile(B("a(b"), &regex, &error));
    ck_assert(
        bytes_starts(buf_bytes(&error), B("Unmatched ( in regex; marked by <-- HERE in m/a( ")));
    buf_free(&error);
}
END_TEST

/* Perl ends loops over groups after 65535 rounds, depending on its version. */
START_TEST(very_long_lines_match_as_in_perl)
{
    static const char *const patterns[] = {"^(?:ab)*$",   "^(?:a|b)+$",   "^[ab]*$",
                                           "^(?:[ab]+)$", "^(?:ab){2,}$", "b(?:ab)*$"};
    struct buf line = {0};
    for (int i = 0; i < 70000; i++)
        buf_add(&line, B("ab"));
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct buf error = {0};
        struct perl_regex *perl;
        ptrdiff_t want[2], got[2];
        struct regex *regex = compiled(patterns[i]);
        ck_assert(regex_uses_pcre2(regex));
        ck_assert(perl_regex_compile(bytes_of(patterns[i]), &perl, &error));
        bool matches = perl_regex_match(perl, buf_bytes(&line), want);
        ck_assert_msg(regex_match(regex, buf_bytes(&line), got) == matches, "%s", patterns[i]);
        ck_assert_msg(!matches || memcmp(got, want, sizeof got) == 0, "%s", patterns[i]);
        perl_regex_free(perl);
        regex_free(regex);
    }
    buf_free(&line);
}
END_TEST

START_TEST(what_is_too_much_for_pcre2_is_matched_by_perl)
{
    struct buf line = {0};
    struct regex *regex = compiled("^(?:a+)+$");
    ck_assert(regex_uses_pcre2(regex));
    for (int i = 0; i < 35; i++)
        buf_char(&line, 'a');
    ck_assert_str_eq(matched(regex, buf_bytes(&line)), "0-35");
    buf_char(&line, '!');
    ck_assert_str_eq(matched(regex, buf_bytes(&line)), "no");
    regex_free(regex);
    buf_free(&line);
}
END_TEST

static uint64_t setting(const char *name, uint64_t usual)
{
    const char *value = getenv(name);
    return value ? strtoull(value, NULL, 10) : usual;
}

/* SECANT_PAIRS tells how many pairs of a pattern and a line, SECANT_SEED which ones,
 * SECANT_RULES where more rule files are; the counts are printed then (CK_FORK=no
 * takes the time limit off). */
START_TEST(the_engine_answers_as_perl_does)
{
    struct seen seen = {0};
    struct judge judge;
    struct buf pattern = {0};
    uint64_t pairs = setting("SECANT_PAIRS", 300000), seed = setting("SECANT_SEED", 1);
    time_t begin = time(NULL);
    judge_init(&judge);
    for (uint64_t i = 0; seen.pairs < pairs; i++) {
        struct chance chance = {.state = (i + seed) * UINT64_C(0x9e3779b97f4a7c15)};
        make_pattern(&chance, &pattern);
        ck_assert_msg(compare_pattern(&chance, &judge, buf_bytes(&pattern), &seen), "seed %lu",
                      (unsigned long)(i + seed));
    }
    if (getenv("SECANT_PAIRS")) {
        printf("seed %lu, %ld seconds, %zu patterns of rule files\n", (unsigned long)seed,
               (long)(time(NULL) - begin), corpus.count);
        print_seen(stdout, &seen);
    }
    ck_assert_uint_gt(seen.equal, seen.valid / 3);
    ck_assert_uint_gt(seen.equal_matches, seen.equal_pairs / 4);
    ck_assert_uint_gt(seen.prefiltered, 0);
    ck_assert_uint_le(seen.warned, seen.equal / 1000);
    ck_assert_uint_le(seen.decoded_other, seen.decoded / 1000);
    judge_free(&judge);
    buf_free(&pattern);
}
END_TEST

/* SECANT_FILLED tells how many patterns. */
START_TEST(filled_patterns_are_sound_and_matches_hold_their_literal)
{
    struct judge judge;
    struct buf pattern = {0};
    uint64_t count = setting("SECANT_FILLED", 10000), seed = setting("SECANT_SEED", 1);
    unsigned long certain = 0, matches = 0;
    judge_init(&judge);
    for (uint64_t i = 0; i < count; i++) {
        struct chance chance = {.state = (i + seed) * UINT64_C(0x9e3779b97f4a7c15)};
        make_pattern(&chance, &pattern);
        ck_assert_msg(compare_filled(&chance, &judge, buf_bytes(&pattern), &certain, &matches),
                      "seed %lu", (unsigned long)(i + seed));
    }
    if (getenv("SECANT_FILLED"))
        printf("%lu certain, %lu matches\n", certain, matches);
    ck_assert_uint_gt(certain, count / 20);
    ck_assert_uint_gt(matches, certain / 5);
    judge_free(&judge);
    buf_free(&pattern);
}
END_TEST

RUN_TESTS_IN_PERL("dialect", setup, teardown, what_rule_files_use_is_for_pcre2,
                  what_is_not_on_the_list_is_for_perl_with_a_reason,
                  a_nul_byte_in_a_pattern_is_for_perl, deep_nesting_and_long_texts_end_well,
                  required_literals_are_long_and_few, groups_that_took_no_part_are_minus_one,
                  perl_matches_what_pcre2_would_match_differently, subjects_hold_any_byte,
                  names_tell_their_groups, a_regex_is_printed_as_perl_prints_it,
                  a_faulty_pattern_gets_the_words_of_perl, very_long_lines_match_as_in_perl,
                  what_is_too_much_for_pcre2_is_matched_by_perl, the_engine_answers_as_perl_does,
                  filled_patterns_are_sound_and_matches_hold_their_literal)
