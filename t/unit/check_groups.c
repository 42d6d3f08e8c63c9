/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the groups and names of a pattern hold after a match, when Perl's own engine matches.
 * The judge is Perl: what it says of the same pattern and line, in whatever release. */
#include "base/mem.h"
#include "match/pattern.h"
#include "match/regex.h"
#include "in_perl.h"

static struct arena arena;
static struct match_place place;
static struct clock *event_clock;

static void setup(void)
{
    arena_init(&arena);
    event_clock = clock_event(1000);
    place = (struct match_place){
        .joint = window_new(1), .cache = cache_new(), .arena = &arena, .log = log_new(event_clock)};
}

static void teardown(void)
{
    cache_free(place.cache);
    log_free(place.log);
    clock_free(event_clock);
    window_free(place.joint);
    arena_free(&arena);
}

/* " 1=bob 2= u=bob": the groups that are set, and the names. $_[0] is
 * the pattern, $_[1] the line. */
static const char perls_answer[] =
    "sub { my @groups = $_[1] =~ /$_[0]/ or return 'no'; my %names = %+;"
    " join '', (map { defined $groups[$_ - 1] ? \" $_=$groups[$_ - 1]\" : () } 1 .. @groups),"
    " map { defined $names{$_} ? \" $_=$names{$_}\" : () } sort keys %names }";

static struct bytes ask_perl(const char *pattern, const char *line)
{
    static struct perl_value *code;
    struct buf error = {0};
    struct perl_list list;
    struct perl_item args[] = {{PERL_TEXT, bytes_of(pattern), NULL},
                               {PERL_TEXT, bytes_of(line), NULL}};
    ck_assert(code || perl_compile(bytes_of(perls_answer), &code, &error));
    ck_assert(perl_call(code, args, 2, PERL_SCALAR, &arena, &list, &error));
    return list.items[0].text;
}

static void add_value(struct buf *out, struct bytes name, struct value value)
{
    if (value.kind != VALUE_UNSET)
        buf_cat(out, B(" "), name, B("="), value.text);
}

static int by_text(const void *a, const void *b)
{
    return bytes_cmp(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* The same of match variables. */
static struct bytes answer(const struct match_vars *vars, const struct regex *regex)
{
    size_t count;
    const struct regex_name *names = regex_names(regex, &count);
    struct bytes sorted[16];
    struct buf out = {0};
    for (size_t i = 0; i < count; i++)
        sorted[i] = names[i].name;
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 1; i <= vars->count; i++)
        add_value(&out, arena_bytes(&arena, NUM(i)), vars_number(vars, i, &arena));
    for (size_t i = 0; i < count; i++)
        add_value(&out, sorted[i], vars_name(vars, sorted[i], &arena));
    struct bytes text = arena_bytes(&arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

/* The cache has the same, natively and once it is a Perl hash. */
static void check_cached(const struct regex *regex, struct bytes want)
{
    struct match_vars vars = cache_find(place.cache, B("CACHED"))->vars;
    size_t groups = vars.count;
    ck_bytes_eq(answer(&vars, regex), want);
    ck_assert_ptr_nonnull(cache_hash(place.cache, B("CACHED"), &arena));
    vars = cache_find(place.cache, B("CACHED"))->vars;
    ck_assert(vars.kind == VARS_HASH);
    vars.count = groups;
    ck_bytes_eq(answer(&vars, regex), want);
}

static void check_line(const char *text, const char *line)
{
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_REGEXP, .lines = 1};
    struct varmap_entry entries[] = {{B("CACHED"), -1}};
    struct varmap varmap = {1, entries};
    struct match_vars vars;
    struct bytes want = ask_perl(text, line);
    ck_assert_msg(regex_compile(bytes_of(text), &pattern.regex, &error), "%s", text);
    ck_assert_msg(!regex_uses_pcre2(pattern.regex), "%s is for PCRE2", text);
    window_push(place.joint, bytes_of(line), B("in.log"));
    if (!pattern_match(&pattern, &varmap, &place, &vars)) {
        ck_bytes_eq(B("no"), want);
    } else {
        struct bytes got = answer(&vars, pattern.regex);
        ck_assert_msg(bytes_eq(got, want), "%s on %s: got \"%.*s\", want \"%.*s\"", text, line,
                      (int)got.len, got.ptr, (int)want.len, want.ptr);
        check_cached(pattern.regex, want);
        cache_clear(place.cache);
    }
    pattern_free(&pattern);
}

/* The subject of most patterns, and lines on which other alternatives match. */
static void check(const char *pattern)
{
    static const char *const lines[] = {"user bob from 1.2.3.4",
                                        "user user from",
                                        "bob",
                                        "the abab bob",
                                        "x1",
                                        "y2",
                                        "\nbob",
                                        "ab",
                                        ""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        check_line(pattern, lines[i]);
}

START_TEST(groups_and_names_are_what_perl_says)
{
    static const char *const patterns[] = {
        "user \\K(\\w+)",
        "(?<u>bob)|(?<u>the)",
        "(?>user) (\\w+)",
        "(\\w+)\\s+\\g1",
        "(?<u>\\p{L}+) from",
        "(user)(?# remark) (bob)",
        "(?:(a)|b)*(bob)",
        "(.*)*from",
        "(?(?=user)user (\\w+)|x)",
        "\\R(a)|(bob)",
        "(\\N+)from",
        "(\\x{100})?(bob)",
        "(?<u>bob) from|(?<u>the)|(\\w+) \\k<u>|(?<u>x)",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        check(patterns[i]);
}
END_TEST

START_TEST(alternatives_of_a_branch_reset_are_what_perl_says)
{
    static const char *const patterns[] = {
        "(?|user (\\w+)|(x)(\\d))",
        "(?|(?<a>x)|(?<b>y))(\\d)",
        "(?|(?<a>x)|(?<a>y)(?<c>\\d))",
        "(?<z>[xy])?(?|(\\d)|(?<o>b)(o)|a(?<o>b))(.)?",
        "(?|(?|(?<in>x)|(?<in>y))|(?<out>b))(?<last>.)",
        "(?|x|y)(\\d)",
        "(?|(x)|(y))(?|(1)|(?<two>2))",
        "(?:(?|(a)|(?<n>b)))+",
        "(?|(a)|(b))\\1|(bob)",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        check(patterns[i]);
}
END_TEST

RUN_TESTS_IN_PERL("groups", setup, teardown, groups_and_names_are_what_perl_says,
                  alternatives_of_a_branch_reset_are_what_perl_says)
