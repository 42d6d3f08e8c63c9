/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns, their match variables and the cache.  All tests run inside one interpreter. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "match/pattern.h"
#include "match/regex.h"
#include "in_perl.h"

static struct arena arena;
static struct match_place place;
static struct clock *event_clock;
static char log_path[] = "/tmp/check_match.XXXXXX";
static struct match_vars vars;

static void setup(void)
{
    arena_init(&arena);
    event_clock = clock_event(1000);
    place = (struct match_place){
        .joint = window_new(3), .cache = cache_new(), .arena = &arena, .log = log_new(event_clock)};
    strcpy(log_path, "/tmp/check_match.XXXXXX");
    close(mkstemp(log_path));
    log_set_level(place.log, LOG_DETAIL);
    log_open_file(place.log, log_path);
}

static void teardown(void)
{
    cache_free(place.cache);
    log_free(place.log);
    clock_free(event_clock);
    window_free(place.joint);
    window_free(place.separate);
    arena_free(&arena);
    unlink(log_path);
}

static void push(const char *line, const char *source)
{
    struct bytes from = source ? bytes_of(source) : (struct bytes){NULL, 0};
    window_push(place.joint, bytes_of(line), from);
    if (place.separate)
        window_push(place.separate, bytes_of(line), from);
}

static struct pattern regexp(const char *text)
{
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_REGEXP, .lines = 1};
    ck_assert(regex_compile(bytes_of(text), &pattern.regex, &error));
    return pattern;
}

static struct pattern perlfunc(const char *text)
{
    struct buf error = {0};
    struct pattern pattern = {.type = PATTERN_PERLFUNC, .lines = 1};
    ck_assert(perl_compile(bytes_of(text), &pattern.code, &error));
    return pattern;
}

static struct bytes number(uint64_t n)
{
    return vars_number(&vars, n, &arena).text;
}

static struct bytes name(const char *key)
{
    return vars_name(&vars, bytes_of(key), &arena).text;
}

static bool is_unset(const char *key)
{
    return vars_name(&vars, bytes_of(key), &arena).kind == VALUE_UNSET;
}

#define MATCH(pattern, map)                                                                        \
    ck_assert_msg(pattern_match(&(pattern), (map), &place, &vars), "no match")
#define NO_MATCH(pattern) ck_assert(!pattern_match(&(pattern), NULL, &place, &vars))

START_TEST(a_regexp_sets_numbers_names_and_where_it_came_from)
{
    struct pattern pattern = regexp("(?<user>\\w+)@(?<host>\\w+)|x(y)");
    push("to bob@web now", "in.log");
    MATCH(pattern, NULL);
    ck_bytes_eq(number(0), B("to bob@web now"));
    ck_bytes_eq(number(1), B("bob"));
    ck_bytes_eq(name("host"), B("web"));
    ck_bytes_eq(name("2"), B("web"));
    ck_assert(is_unset("3") && is_unset("4") && is_unset("02") && is_unset("other"));
    ck_bytes_eq(name("_inputsrc"), B("in.log"));
    ck_assert(is_unset("_intcontext"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(a_regexp_without_groups_sets_one_to_1)
{
    struct pattern pattern = regexp("b+");
    push("abbc", NULL);
    MATCH(pattern, NULL);
    ck_bytes_eq(number(1), B("1"));
    ck_assert(is_unset("2"));
    ck_bytes_eq(name("_inputsrc"), B("synthetic"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(of_equal_names_the_leftmost_that_took_part_counts)
{
    struct pattern pattern = regexp("^(?:u(?<id>\\d))?(?:g(?<id>\\d))?$");
    push("g7", "x");
    MATCH(pattern, NULL);
    ck_bytes_eq(name("id"), B("7"));
    push("u1g2", "x");
    MATCH(pattern, NULL);
    ck_bytes_eq(name("id"), B("1"));
    push("", "x");
    MATCH(pattern, NULL);
    ck_assert(is_unset("id"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(varmap_names_hide_named_groups_and_know_zero)
{
    struct varmap_entry entries[] = {{B("a"), 2}, {B("line"), 0}, {B("gone"), 9}, {B("KEY"), -1}};
    struct varmap map = {4, entries};
    struct pattern pattern = regexp("(?<a>\\d)(\\d)");
    push("12", "x");
    MATCH(pattern, &map);
    ck_bytes_eq(name("a"), B("2"));
    ck_bytes_eq(name("line"), B("12"));
    ck_assert(is_unset("gone") && is_unset("KEY"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(a_varmap_stores_the_whole_match_in_the_cache)
{
    struct varmap_entry entries[] = {{B("KEY"), -1}, {B("user"), 1}};
    struct varmap map = {2, entries};
    struct pattern pattern = regexp("(\\w+)$");
    struct pattern cached = {.type = PATTERN_CACHED, .lines = 1, .text = B("KEY")};
    struct pattern not_cached = {.type = PATTERN_NCACHED, .lines = 1, .text = B("KEY")};
    push("hello bob", "in.log");
    NO_MATCH(cached);
    MATCH(not_cached, NULL);
    ck_assert(vars.kind == VARS_NONE);
    MATCH(pattern, &map);
    NO_MATCH(not_cached);
    MATCH(cached, NULL);
    ck_bytes_eq(name("user"), B("bob"));
    ck_bytes_eq(number(0), B("hello bob"));
    cache_clear(place.cache);
    NO_MATCH(cached);
    pattern_free(&pattern);
}
END_TEST

START_TEST(multi_line_patterns_see_lines_joined_and_all_sources)
{
    struct pattern pattern = regexp("^a\\n(.)$");
    pattern.lines = 2;
    push("a", "one");
    push("b", NULL);
    MATCH(pattern, NULL);
    ck_bytes_eq(number(1), B("b"));
    ck_bytes_eq(name("_inputsrc"), B("one synthetic"));
    push("a", "one");
    NO_MATCH(pattern);
    pattern_free(&pattern);
}
END_TEST

START_TEST(at_the_start_sources_are_empty)
{
    struct pattern pattern = regexp("^\\n\\na$");
    pattern.lines = 3;
    push("a", "one");
    MATCH(pattern, NULL);
    ck_bytes_eq(name("_inputsrc"), B("  one"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(separate_windows_hold_the_lines_of_one_source)
{
    struct pattern pattern = regexp("^a\\nb$");
    pattern.lines = 2;
    place.separate = window_new(3);
    push("a", "one");
    window_push(place.joint, B("x"), B("two"));
    push("b", "one");
    MATCH(pattern, NULL);
    ck_bytes_eq(name("_inputsrc"), B("one"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(substrings_and_truth_values_set_no_variables)
{
    struct pattern pattern = {.type = PATTERN_SUBSTR, .lines = 1, .text = B("b c")};
    push("a b c", "x");
    MATCH(pattern, NULL);
    ck_assert(vars.kind == VARS_NONE && !vars_any(&vars) && is_unset("0"));
    pattern.type = PATTERN_NSUBSTR;
    NO_MATCH(pattern);
    pattern.text = B("z");
    MATCH(pattern, NULL);
    pattern = (struct pattern){.type = PATTERN_SUBSTR, .lines = 1, .text = B("")};
    MATCH(pattern, NULL);
    pattern = (struct pattern){.type = PATTERN_TVALUE, .lines = 1, .truth = true};
    MATCH(pattern, NULL);
    pattern.truth = false;
    NO_MATCH(pattern);
}
END_TEST

START_TEST(a_negated_regexp_knows_only_the_line_and_its_surroundings)
{
    struct pattern pattern = regexp("(z)");
    pattern.type = PATTERN_NREGEXP;
    place.intcontext = B("_INTERNAL_EVENT");
    push("abc", NULL);
    MATCH(pattern, NULL);
    ck_bytes_eq(number(0), B("abc"));
    ck_bytes_eq(name("_inputsrc"), B("synthetic"));
    ck_bytes_eq(name("_intcontext"), B("_INTERNAL_EVENT"));
    ck_assert(is_unset("1"));
    push("z", NULL);
    NO_MATCH(pattern);
    pattern_free(&pattern);
}
END_TEST

START_TEST(perlfunc_gets_lines_then_sources)
{
    struct pattern pattern = perlfunc("sub { join '|', map { defined ? $_ : 'undef' } @_ }");
    pattern.lines = 2;
    push("a", "one");
    push("b", NULL);
    MATCH(pattern, NULL);
    ck_bytes_eq(number(1), B("a|b|one|undef"));
    place.separate = window_new(3);
    push("c", "two");
    MATCH(pattern, NULL);
    ck_bytes_eq(number(1), B("|c|two"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(perlfunc_matches_on_one_true_or_several_values)
{
    static const struct {
        const char *code;
        bool match;
    } cases[] = {{"sub { () }", false},    {"sub { 0 }", false},
                 {"sub { undef }", false}, {"sub { '' }", false},
                 {"sub { '0' }", false},   {"sub { 0.0 }", false},
                 {"sub { '0.0' }", true},  {"sub { (0, 0) }", true},
                 {"sub { [] }", true},     {"sub { (undef, undef) }", true},
                 {"sub { 'x' }", true},    {"sub { {} }", true}};
    push("a", "x");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern pattern = perlfunc(cases[i].code);
        ck_assert_msg(pattern_match(&pattern, NULL, &place, &vars) == cases[i].match, "%s",
                      cases[i].code);
        pattern.type = PATTERN_NPERLFUNC;
        ck_assert_msg(pattern_match(&pattern, NULL, &place, &vars) != cases[i].match, "%s",
                      cases[i].code);
        pattern_free(&pattern);
    }
}
END_TEST

START_TEST(perlfunc_values_keep_their_kind)
{
    struct pattern pattern = perlfunc("sub { (7, '7', undef) }");
    push("a", "x");
    MATCH(pattern, NULL);
    ck_assert_int_eq(vars_number(&vars, 1, &arena).kind, VALUE_NUMBER);
    ck_assert_int_eq(vars_number(&vars, 2, &arena).kind, VALUE_TEXT);
    ck_assert_int_eq(vars_number(&vars, 3, &arena).kind, VALUE_UNSET);
    ck_bytes_eq(number(0), B("a"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(a_hash_from_perlfunc_gives_names)
{
    struct varmap_entry entries[] = {{B("mapped"), 1}, {B("KEY"), -1}};
    struct varmap map = {2, entries};
    struct pattern pattern = perlfunc("sub { { user => 'bob', 1 => 'one', 0 => 'hidden' } }");
    push("line", "in.log");
    MATCH(pattern, &map);
    ck_bytes_eq(name("user"), B("bob"));
    ck_bytes_eq(number(1), B("one"));
    ck_bytes_eq(number(0), B("line"));
    ck_bytes_eq(name("mapped"), B("one"));
    ck_bytes_eq(name("_inputsrc"), B("in.log"));
    ck_assert(is_unset("_intcontext"));
    ck_assert_ptr_nonnull(cache_find(place.cache, B("KEY")));
    pattern_free(&pattern);
}
END_TEST

START_TEST(references_from_perlfunc_reach_the_cache_as_references)
{
    struct varmap_entry entries[] = {{B("list"), 2}, {B("KEY"), -1}};
    struct varmap map = {2, entries};
    struct pattern pattern = perlfunc("sub { ('a', [4, 5]) }");
    struct pattern reader = perlfunc("sub { $_[0]{list}[1] . $_[0]{2}[0] . $_[0]{1} }");
    push("line", "x");
    MATCH(pattern, &map);
    struct perl_item arg = {PERL_VALUE, B(""), cache_hash(place.cache, B("KEY"), &arena)};
    struct perl_list list;
    struct buf error = {0};
    ck_assert(perl_call(reader.code, &arg, 1, PERL_SCALAR, &arena, &list, &error));
    ck_bytes_eq(list.items[0].text, B("54a"));
    pattern_free(&pattern);
    pattern_free(&reader);
}
END_TEST

START_TEST(a_dying_perlfunc_is_logged_and_no_match)
{
    struct pattern pattern = perlfunc("sub { die qq{oops\\n} }");
    char text[200] = "";
    push("a", "x");
    NO_MATCH(pattern);
    pattern.type = PATTERN_NPERLFUNC;
    NO_MATCH(pattern);
    log_flush(place.log);
    int fd = open(log_path, O_RDONLY);
    ck_assert_int_gt(read(fd, text, sizeof text - 1), 0);
    close(fd);
    ck_assert_ptr_nonnull(strstr(text, ": PerlFunc pattern runtime error: oops\n"));
    ck_assert_ptr_nonnull(strstr(text, ": NPerlFunc pattern runtime error: oops\n"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(event_group_patterns_see_the_string_tokens_and_times)
{
    const struct bytes tokens[] = {B("1"), B("2"), B("1")};
    const int64_t times[] = {100, 101, 105};
    struct pattern pattern = perlfunc(
        "sub { $_[0] eq '1 2 1' && @{$_[1]} == 3 && $_[1][1] eq '2' && $_[2][2] - $_[2][0] == 5 }");
    ck_assert(pattern_match_group(&pattern, B("1 2 1"), tokens, times, 3, &place));
    pattern.type = PATTERN_NPERLFUNC;
    ck_assert(!pattern_match_group(&pattern, B("1 2 1"), tokens, times, 3, &place));
    pattern_free(&pattern);
    pattern = regexp("2 1$");
    ck_assert(pattern_match_group(&pattern, B("1 2 1"), tokens, times, 3, &place));
    pattern.type = PATTERN_NREGEXP;
    ck_assert(!pattern_match_group(&pattern, B("1 2 1"), tokens, times, 3, &place));
    pattern_free(&pattern);
    pattern = (struct pattern){.type = PATTERN_SUBSTR, .text = B("2 1")};
    ck_assert(pattern_match_group(&pattern, B("1 2 1"), tokens, times, 3, &place));
}
END_TEST

START_TEST(patterns_are_printed_with_their_type_and_lines)
{
    struct buf out = {0};
    struct pattern pattern = regexp("a(?i)b");
    pattern.lines = 2;
    pattern_print(&pattern, &out);
    ck_bytes_eq(buf_bytes(&out), B("regexp for 2 line(s): (?^:a(?i)b)"));
    pattern_free(&pattern);
    buf_clear(&out);
    pattern = (struct pattern){.type = PATTERN_NSUBSTR, .lines = 1, .text = B("x y")};
    pattern_print(&pattern, &out);
    ck_bytes_eq(buf_bytes(&out), B("negative substring for 1 line(s): x y"));
    buf_clear(&out);
    pattern = (struct pattern){.type = PATTERN_CACHED, .lines = 1, .text = B("KEY")};
    pattern_print(&pattern, &out);
    ck_bytes_eq(buf_bytes(&out), B("cached match: KEY"));
    buf_clear(&out);
    pattern = (struct pattern){.type = PATTERN_TVALUE, .lines = 1, .truth = true};
    pattern_print(&pattern, &out);
    ck_bytes_eq(buf_bytes(&out), B("truth value: TRUE"));
    buf_clear(&out);
    pattern = perlfunc("sub { 1 }");
    pattern_print(&pattern, &out);
    ck_assert(bytes_starts(buf_bytes(&out), B("perlfunc for 1 line(s): CODE(0x")));
    pattern_free(&pattern);
    buf_free(&out);
}
END_TEST

/* The cache */

START_TEST(a_cache_entry_becomes_a_perl_hash_that_everybody_reads)
{
    struct varmap_entry entries[] = {{B("KEY"), -1}};
    struct varmap map = {1, entries};
    struct pattern pattern = regexp("(\\d)(x)?");
    struct perl_item new_item = {PERL_TEXT, B("added"), NULL};
    const struct perl_hash_key used[] = {perl_hash_key(B("new")), perl_hash_key(B("1")),
                                         perl_hash_key(B("2")), perl_hash_key(B("_intcontext"))};
    struct pattern cached = {
        .type = PATTERN_CACHED, .lines = 1, .text = B("KEY"), .used = used, .used_count = 4};
    push("5", "x");
    MATCH(pattern, &map);
    struct perl_value *hash = cache_hash(place.cache, B("KEY"), &arena);
    perl_hash_store(hash, B("new"), &new_item);
    MATCH(cached, NULL);
    ck_bytes_eq(name("new"), B("added"));
    ck_bytes_eq(number(1), B("5"));
    ck_assert(is_unset("2") && is_unset("_intcontext"));
    /* all but "KEY": 0 1 2 _inputsrc _intcontext new */
    ck_assert_uint_eq(perl_hash_count(hash), 6);
    /* the match keeps what it took */
    new_item.text = B("other");
    perl_hash_store(hash, B("new"), &new_item);
    ck_bytes_eq(name("new"), B("added"));
    MATCH(cached, NULL);
    ck_bytes_eq(name("new"), B("other"));
    ck_assert_ptr_null(cache_hash(place.cache, B("NONE"), &arena));
    pattern_free(&pattern);
}
END_TEST

START_TEST(entries_are_kept_in_order_and_can_be_taken_out)
{
    struct match_vars some = {.kind = VARS_VALUES, .line = B("a"), .inputsrc = B("x")};
    cache_store(place.cache, B("one"), &some);
    cache_store(place.cache, B("two"), &some);
    struct perl_value *hash = perl_hash_new();
    cache_store_hash(place.cache, B("three"), hash);
    perl_release(hash);
    some.line = B("b");
    cache_store(place.cache, B("one"), &some);
    ck_assert_uint_eq(cache_count(place.cache), 3);
    ck_bytes_eq(cache_at(place.cache, 0)->vars.line, B("b"));
    cache_remove(place.cache, B("two"));
    cache_remove(place.cache, B("two"));
    ck_assert_uint_eq(cache_count(place.cache), 2);
    ck_bytes_eq(cache_at(place.cache, 1)->name, B("three"));
    ck_assert_ptr_null(cache_find(place.cache, B("two")));
}
END_TEST

START_TEST(detached_entries_outlive_the_line)
{
    char line[] = "line 7";
    struct pattern pattern = regexp("(\\d)");
    window_push(place.joint, bytes_make(line, 6), B("x"));
    MATCH(pattern, NULL);
    vars.line = bytes_make(line, 6);
    cache_store(place.cache, B("K"), &vars);
    cache_detach(place.cache, &arena);
    memset(line, '-', 6);
    vars = cache_find(place.cache, B("K"))->vars;
    ck_bytes_eq(number(1), B("7"));
    pattern_free(&pattern);
}
END_TEST

START_TEST(variables_are_listed_by_name)
{
    struct varmap_entry entries[] = {{B("zone"), 1}, {B("KEY"), -1}};
    struct varmap map = {2, entries};
    struct pattern pattern = regexp("(?<a>\\d)(?<b>x)?");
    struct named_value *list;
    push("5", "x");
    MATCH(pattern, &map);
    static const char *const names[] = {"0", "1", "2", "_inputsrc", "_intcontext", "a", "zone"};
    ck_assert_uint_eq(vars_list(&vars, &arena, &list), 7);
    for (size_t i = 0; i < 7; i++)
        ck_bytes_eq(list[i].name, bytes_of(names[i]));
    ck_bytes_eq(list[6].value.text, B("5"));
    ck_assert_int_eq(list[2].value.kind, VALUE_UNSET);
    pattern_free(&pattern);
}
END_TEST

RUN_TESTS_IN_PERL(
    "match", setup, teardown, a_regexp_sets_numbers_names_and_where_it_came_from,
    a_regexp_without_groups_sets_one_to_1, of_equal_names_the_leftmost_that_took_part_counts,
    varmap_names_hide_named_groups_and_know_zero, a_varmap_stores_the_whole_match_in_the_cache,
    multi_line_patterns_see_lines_joined_and_all_sources, at_the_start_sources_are_empty,
    separate_windows_hold_the_lines_of_one_source, substrings_and_truth_values_set_no_variables,
    a_negated_regexp_knows_only_the_line_and_its_surroundings, perlfunc_gets_lines_then_sources,
    perlfunc_matches_on_one_true_or_several_values, perlfunc_values_keep_their_kind,
    a_hash_from_perlfunc_gives_names, references_from_perlfunc_reach_the_cache_as_references,
    a_dying_perlfunc_is_logged_and_no_match, event_group_patterns_see_the_string_tokens_and_times,
    patterns_are_printed_with_their_type_and_lines,
    a_cache_entry_becomes_a_perl_hash_that_everybody_reads,
    entries_are_kept_in_order_and_can_be_taken_out, detached_entries_outlive_the_line,
    variables_are_listed_by_name)
