/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules: keywords, fields, patterns, labels, and which variables their texts can hold. */
#include "lang.h"

/* The rules are sound and nothing is said. */
static void expect_sound(const char *rules)
{
    bool sound = load(rules);
    struct bytes said = messages();
    ck_assert_msg(sound && said.len == 0, "%.*s", (int)said.len, said.ptr);
}

/* The only rule is refused with these messages. */
static void expect_fault(const char *rule, const char *said)
{
    struct buf want = {0};
    ck_assert_msg(!load(rule), "%s", rule);
    buf_printf(&want, "%sNo valid rules found in configuration file rules\n", said);
    ck_bytes_eq(messages(), buf_bytes(&want));
    buf_free(&want);
}

#define SINGLE "type=Single\ndesc=d\naction=none\n"
#define ANY_SINGLE SINGLE "ptype=TValue\npattern=TRUE\n"

START_TEST(a_rule_has_the_keywords_of_its_type)
{
    expect_fault("type=Single\nptype=SubStr\ncolour=red\nsize=1\n",
                 "Rule in rules at line 1: Keyword 'pattern' missing (needed for SINGLE rule)\n"
                 "Rule in rules at line 1: Keyword 'desc' missing (needed for SINGLE rule)\n"
                 "Rule in rules at line 1: Keyword 'action' missing (needed for SINGLE rule)\n"
                 "Rule in rules at line 1: Keyword 'colour' illegal (not allowed for SINGLE rule)\n"
                 "Rule in rules at line 1: Keyword 'size' illegal (not allowed for SINGLE rule)\n");
    expect_fault("desc=d\n", "Rule in rules at line 1: Keyword 'type' missing\n");
    expect_fault("type=Sinlge\n", "Rule in rules at line 1: Invalid rule type SINLGE\n");
}
END_TEST

START_TEST(pattern_types_tell_lines_and_negation)
{
    static const struct {
        const char *text;
        enum pattern_type type;
        uint32_t lines;
    } types[] = {{"RegExp", PATTERN_REGEXP, 1},      {"regexp2", PATTERN_REGEXP, 2},
                 {"NREGEXP003", PATTERN_NREGEXP, 3}, {"SubStr", PATTERN_SUBSTR, 1},
                 {"nsubstr10", PATTERN_NSUBSTR, 10}, {"Cached", PATTERN_CACHED, 1},
                 {"ncached", PATTERN_NCACHED, 1}};
    struct buf rule = {0};
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        buf_clear(&rule);
        buf_printf(&rule, SINGLE "pattern=abc\nptype=%s\n", types[i].text);
        ck_assert(load_bytes(buf_bytes(&rule)));
        ck_assert_int_eq(rule_at(0)->parts[0].pattern.type, types[i].type);
        ck_assert_uint_eq(rule_at(0)->parts[0].pattern.lines, types[i].lines);
    }
    static const char *const wrong[] = {"regexp0", "regexp1x", "cached1", "ntvalue", "sub", "n"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        buf_clear(&rule);
        buf_printf(&rule, SINGLE "pattern=abc\nptype=%s\n", wrong[i]);
        ck_assert(!load_bytes(buf_bytes(&rule)));
        ck_assert_int_ge(bytes_find(messages(), B("Invalid pattern type '"), 0), 0);
    }
    buf_free(&rule);
}
END_TEST

START_TEST(patterns_must_fit_the_buffer)
{
    parse_env.bufsize = 2;
    expect_sound(SINGLE "ptype=SubStr2\npattern=x\n");
    expect_fault(SINGLE "ptype=SubStr003\npattern=x\n",
                 "Rule in rules at line 1: Pattern type 'SubStr003' is designed to match 3 lines, "
                 "please set --bufsize command line option to at least 3\n");
}
END_TEST

START_TEST(substrings_have_special_characters)
{
    expect_sound(SINGLE "ptype=SubStr\npattern=a\\tb\\n\\0c\\\\n\\q\\s\\r$1\n");
    ck_bytes_eq(rule_at(0)->parts[0].pattern.text, B("a\tb\nc\\n\\q \r$1"));
}
END_TEST

START_TEST(patterns_are_checked)
{
    expect_fault(SINGLE "ptype=Cached\npattern=1a\n",
                 "Rule in rules at line 1: Invalid cached pattern name '1a': the name does not "
                 "have the form <letter>[<letter>|<digit>|<underscore>]...\n");
    expect_fault(SINGLE "ptype=TValue\npattern=maybe\n",
                 "Rule in rules at line 1: Invalid truth value 'maybe'\n");
    expect_fault(SINGLE "ptype=PerlFunc\npattern=1\n",
                 "Rule in rules at line 1: Invalid function '1', eval didn't return a code "
                 "reference: 1\n");
    ck_assert(!load(SINGLE "ptype=RegExp\npattern=(\n"));
    ck_assert_int_ge(bytes_find(messages(), B("Invalid regular expression '(': Unmatched ("), 0),
                     0);
}
END_TEST

static const struct varmap *map_of(const char *map)
{
    struct buf rule = {0};
    buf_printf(&rule, SINGLE "ptype=RegExp\npattern=x\nvarmap=%s\n", map);
    bool sound = load_bytes(buf_bytes(&rule));
    buf_free(&rule);
    return sound ? rule_at(0)->parts[0].varmap : NULL;
}

START_TEST(variable_maps_name_groups_and_entries)
{
    const struct varmap *map = map_of("user=1; host = 002 ;whole; user=3;");
    ck_assert_uint_eq(map->count, 3);
    ck_bytes_eq(map->entries[0].name, B("user"));
    ck_assert_int_eq(map->entries[0].number, 3);
    ck_assert_int_eq(map->entries[1].number, 2);
    ck_assert_int_eq(map->entries[2].number, -1);
    ck_assert_uint_eq(map_of(";")->count, 0);
    ck_assert_ptr_null(map_of("a;;b"));
    messages();
    ck_assert_ptr_null(map_of("1a=2"));
    ck_bytes_eq(messages(),
                B("Rule in rules at line 1: Invalid variable map '1a=2': the variable mapping "
                  "'1a=2' does not have the form "
                  "<letter>[<letter>|<digit>|<underscore>]... [= <number>]\n"
                  "No valid rules found in configuration file rules\n"));
    ck_assert(load(ANY_SINGLE "varmap=a=1\n"));
    ck_bytes_eq(messages(), B("Rule in rules at line 1: Variable maps are supported for RegExp "
                              "and PerlFunc patterns only, ignoring variable map 'a=1'\n"));
}
END_TEST

START_TEST(numbers_have_limits)
{
    expect_sound("type=Pair\nptype=TValue\npattern=TRUE\nptype2=TValue\npattern2=TRUE\ndesc=d\n"
                 "desc2=d\naction=none\naction2=none\nwindow=000\n");
    ck_assert_int_eq(rule_at(0)->window, 0);
    const char *group = "type=EventGroup\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\n";
    struct buf rule = {0};
    buf_printf(&rule, "%swindow=0\n", group);
    expect_fault(buf_bytes(&rule).ptr, "Rule in rules at line 1: Invalid time window ' 0 '\n");
    buf_clear(&rule);
    buf_printf(&rule, "%swindow=010\nthresh=5x\n", group);
    expect_fault(buf_bytes(&rule).ptr, "Rule in rules at line 1: Invalid threshold ' 5x '\n");
    buf_clear(&rule);
    buf_printf(&rule, "%swindow=010\n", group);
    expect_sound(buf_bytes(&rule).ptr);
    ck_assert_int_eq(rule_at(0)->window, 10);
    ck_assert_int_eq(rule_at(0)->parts[0].threshold, 1);
    buf_free(&rule);
}
END_TEST

START_TEST(event_groups_have_numbered_fields)
{
    expect_sound("type=EventGroup002\nptype=TValue\npattern=TRUE\nptype2=SubStr\npattern2=x\n"
                 "thresh2=3\ncount2=logonly\ndesc=d\naction=none\nwindow=1\nmultact=yes\n"
                 "egtoken2=t\negptype=SubStr\negpattern=1 t\n");
    const struct rule *rule = rule_at(0);
    ck_assert_uint_eq(rule->part_count, 2);
    ck_assert_int_eq(rule->parts[1].threshold, 3);
    ck_bytes_eq(list_text(rule->parts[1].count), B("logonly [%s]"));
    ck_assert_uint_eq(rule->parts[0].count->count, 0);
    ck_bytes_eq(rule->parts[0].token->text, B("1"));
    ck_bytes_eq(rule->parts[1].token->text, B("t"));
    ck_assert(rule->multact && rule->has_group_pattern);
    ck_assert_uint_eq(rule->init->count, 0);
}
END_TEST

START_TEST(event_groups_are_checked)
{
    expect_fault("type=EventGroup0\n",
                 "Rule in rules at line 1: Invalid rule type EVENTGROUP0 (N must be at least 1 "
                 "for EventGroupN rule)\n");
    expect_fault("type=EventGroup99999999999\n",
                 "Rule in rules at line 1: Invalid rule type EVENTGROUP99999999999 (N must be at "
                 "most 10000 for EventGroupN rule)\n");
    expect_fault("type=EventGroup2\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\nwindow=1\n"
                 "ptype2=TValue\n",
                 "Rule in rules at line 1: Keyword 'pattern2' missing (needed for EVENTGROUP2 "
                 "rule)\n");
    expect_fault("type=EventGroup\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\nwindow=1\n"
                 "egtoken=x\n",
                 "Rule in rules at line 1: 'egtoken' keyword requires the 'egpattern' keyword\n");
    expect_fault("type=EventGroup\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\nwindow=1\n"
                 "egpattern=x\n",
                 "Rule in rules at line 1: 'egpattern' keyword requires the 'egptype' keyword\n");
    expect_fault("type=EventGroup\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\nwindow=1\n"
                 "egptype=Cached\negpattern=x\n",
                 "Rule in rules at line 1: Invalid event group pattern type 'Cached'\n");
    expect_fault("type=EventGroup\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\nwindow=1\n"
                 "multact=x\n",
                 "Rule in rules at line 1: Invalid multact value ' x '\n");
}
END_TEST

START_TEST(scripts_are_words_without_a_shell)
{
    const char *script = "type=SingleWithScript\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\n"
                         "script=/bin/x  a\n";
    expect_sound(script);
    ck_bytes_eq(rule_at(0)->script->text, B("/bin/x  a"));
    struct buf rule = {0};
    buf_printf(&rule, "%sshell=No\n", script);
    expect_sound(buf_bytes(&rule).ptr);
    ck_assert_ptr_null(rule_at(0)->script);
    ck_assert_uint_eq(rule_at(0)->script_count, 2);
    buf_clear(&rule);
    buf_printf(&rule, "%sshell=bash\n", script);
    expect_fault(buf_bytes(&rule).ptr, "Rule in rules at line 1: Invalid shell value ' bash '\n");
    buf_free(&rule);
}
END_TEST

START_TEST(jumps_name_sets)
{
    expect_sound("type=Jump\nptype=RegExp\npattern=(x)\ncfset=a $1\nconstset=No\n");
    ck_assert_uint_eq(rule_at(0)->cfset_count, 2);
    ck_assert(!template_constant(rule_at(0)->cfsets[1]));
    ck_bytes_eq(rule_at(0)->desc_text, B("Jump rule with pattern: (?^:(x))"));
    expect_sound("type=Jump\nptype=NSubStr\npattern=x\ncfset=a $1\n");
    ck_assert(template_constant(rule_at(0)->cfsets[1]));
    ck_bytes_eq(rule_at(0)->desc_text, B("Jump rule with negative pattern: x"));
    expect_sound("type=Suppress\nptype=TValue\npattern=false\n");
    ck_bytes_eq(rule_at(0)->desc_text, B("Suppress rule with pattern: FALSE"));
}
END_TEST

static const struct calendar_time *time_of(const char *time)
{
    struct buf rule = {0};
    buf_printf(&rule, "type=Calendar\ntime=%s\ndesc=d\naction=none\n", time);
    bool sound = load_bytes(buf_bytes(&rule));
    buf_free(&rule);
    return sound ? rule_at(0)->time : NULL;
}

START_TEST(calendars_have_lists_of_numbers)
{
    const struct calendar_time *time = time_of("*/20 1-3,5,007 0,31 1,12 7 -1,99");
    ck_assert_uint_eq(time->minutes, 1ull << 0 | 1ull << 20 | 1ull << 40);
    ck_assert_uint_eq(time->hours, 1u << 1 | 1u << 2 | 1u << 3 | 1u << 5 | 1u << 7);
    ck_assert_uint_eq(time->days, 1u | 1u << 31);
    ck_assert_uint_eq(time->months, 1u | 1u << 11);
    ck_assert_uint_eq(time->weekdays, 1u);
    ck_assert_uint_eq(time->years[0], 3u);
    ck_assert_uint_eq(time->years[1], 1ull << (99 - 64));
    time = time_of("5- -/30 *,, 3-2 * ");
    ck_assert_uint_eq(time->minutes, ((1ull << 55) - 1) << 5);
    ck_assert_uint_eq(time->hours, 1u);
    ck_assert_uint_eq(time->months, 0);
    ck_assert_uint_eq(time->years[1], (1ull << 36) - 1);
}
END_TEST

START_TEST(calendar_times_are_checked)
{
    static const struct {
        const char *time, *said;
    } cases[] = {
        {"* * * *", "Wrong number of elements in time specification"},
        {"* * * * * * *", "Wrong number of elements in time specification"},
        {"60 * * * *", "Invalid minute specification '60'"},
        {"* 1/2 * * *", "Invalid hour specification '1/2'"},
        {"* * */0 * *", "Invalid day specification '*/0'"},
        {"* * * 0 *", "Invalid month specification '0'"},
        {"* * * * 8", "Invalid weekday specification '8'"},
        {"* * * * * ,", "Invalid year specification ','"},
        {"1-2-3 * * * *", "Invalid minute specification '1-2-3'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_ptr_null(time_of(cases[i].time));
        ck_assert_int_ge(bytes_find(messages(), bytes_of(cases[i].said), 0), 0);
    }
}
END_TEST

START_TEST(calendars_ignore_brackets)
{
    expect_sound("type=Calendar\ntime=* * * * *\ncontext=[A && $1]\ndesc=d $1\naction=none\n");
    ck_bytes_eq(expr_text(rule_at(0)->parts[0].context), B("A $1 &&"));
    ck_assert(!rule_at(0)->parts[0].context_first);
    ck_assert(template_constant(rule_at(0)->desc));
}
END_TEST

START_TEST(rules_go_on_where_continue_says)
{
    ck_assert(load("label=start\n" ANY_SINGLE "continue=TakeNext\n\n" ANY_SINGLE
                   "continue=goto  far away\n\n" ANY_SINGLE "continue=EndMatch\n\n" ANY_SINGLE
                   "continue=GoTo start\n\nlabel=far away\n\n" ANY_SINGLE "continue=goto Start\n"));
    const struct rule_file *file = loaded();
    static const int64_t next[] = {1, 4, RULE_END, 5, 5};
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(file->rules[i]->parts[0].next, next[i]);
    ck_bytes_eq(messages(),
                B("Rule in rules at line 23: can't go backwards to label start, assuming "
                  "continue=DontCont\n"
                  "Rule in rules at line 32: label Start does not exist, assuming "
                  "continue=DontCont\n"));
    expect_fault(ANY_SINGLE "continue=goto\n",
                 "Rule in rules at line 1: Invalid continue value 'goto'\n");
}
END_TEST

static void load_pair(const char *first, const char *pattern, const char *second,
                      const char *pattern2, const char *context2)
{
    struct buf rule = {0};
    buf_printf(&rule,
               "type=Pair\nptype=%s\npattern=%s\nptype2=%s\npattern2=%s\ncontext2=%s\ndesc=$1\n"
               "desc2=$1 %%1\naction=write - $1\naction2=write - $1 %%1 %%x\n",
               first, pattern, second, pattern2, context2);
    ck_assert(load_bytes(buf_bytes(&rule)));
    buf_free(&rule);
}

static unsigned action2_passes(void)
{
    return rule_at(0)->action2->actions[0]->args[1].text->passes;
}

START_TEST(second_texts_hold_variables_of_both_matches)
{
    load_pair("RegExp", "(a)", "RegExp", "(b)", "C_$1_%1");
    ck_assert_uint_eq(rule_at(0)->desc->passes, PASS_FIRST_DOLLAR);
    ck_assert_uint_eq(rule_at(0)->desc2->passes, PASS_FIRST_PERCENT | PASS_SECOND_DOLLAR);
    ck_assert_uint_eq(action2_passes(), PASS_FIRST_PERCENT | PASS_SECOND_DOLLAR | PASS_VARIABLES);
    ck_assert_uint_eq(rule_at(0)->parts[1].context->use_count, 2);
    load_pair("RegExp", "(a)", "SubStr", "b $1", "C");
    ck_assert_uint_eq(action2_passes(), PASS_FIRST_DOLLAR | PASS_VARIABLES);
    load_pair("SubStr", "a", "RegExp", "(b)", "C");
    ck_assert_uint_eq(action2_passes(), PASS_SECOND_DOLLAR | PASS_VARIABLES);
    load_pair("SubStr", "a", "TValue", "TRUE", "C");
    ck_assert_uint_eq(action2_passes(), PASS_VARIABLES);
    load_pair("Cached", "a", "NCached", "b", "C");
    ck_assert_uint_eq(action2_passes(), PASS_FIRST_DOLLAR | PASS_VARIABLES);
}
END_TEST

START_TEST(a_second_context_in_brackets_knows_the_first_match_only)
{
    load_pair("RegExp", "(a)", "RegExp", "(b)", "[C_$1_%1]");
    ck_assert_uint_eq(rule_at(0)->parts[1].context->items[0].text->passes, PASS_FIRST_PERCENT);
    load_pair("RegExp", "(a)", "TValue", "TRUE", "[C_$1]");
    ck_assert_uint_eq(rule_at(0)->parts[1].context->items[0].text->passes, PASS_FIRST_DOLLAR);
}
END_TEST

START_TEST(a_second_pattern_with_variables_stays_open)
{
    load_pair("RegExp", "(a)", "RegExp", "b$1 $$", "C");
    ck_assert(rule_at(0)->pattern2_open);
    ck_assert_ptr_null(rule_at(0)->parts[1].pattern.regex);
    ck_assert_uint_eq(rule_at(0)->pattern2_text->passes, PASS_FIRST_DOLLAR);
    load_pair("RegExp", "(a)", "RegExp", "b$", "C");
    ck_assert(!rule_at(0)->pattern2_open);
    ck_assert_ptr_nonnull(rule_at(0)->parts[1].pattern.regex);
    ck_assert_ptr_null(rule_at(0)->pattern2_text);
    load_pair("SubStr", "a", "RegExp", "b$1", "C");
    ck_assert(!rule_at(0)->pattern2_open);
    load_pair("NCached", "a", "RegExp", "b$1", "C");
    ck_assert(rule_at(0)->pattern2_open);
    ck_assert_uint_eq(rule_at(0)->pattern2_text->passes, 0);
}
END_TEST

START_TEST(a_second_substring_is_a_template)
{
    load_pair("RegExp", "(a)", "SubStr", "b\\t$1", "C");
    ck_assert(!rule_at(0)->pattern2_open);
    ck_bytes_eq(rule_at(0)->pattern2_text->text, B("b\t$1"));
    load_pair("SubStr", "a", "SubStr", "b $1", "C");
    ck_assert_ptr_null(rule_at(0)->pattern2_text);
}
END_TEST

START_TEST(texts_of_a_group_hold_what_any_pattern_sets)
{
    expect_sound("type=EventGroup2\nptype=SubStr\npattern=$1\nptype2=RegExp\npattern2=(x)\n"
                 "count=write - $1\ncount2=write - $1\ndesc=$1\naction=write - $1\nwindow=1\n");
    const struct rule *rule = rule_at(0);
    ck_assert_uint_eq(rule->desc->passes, PASS_FIRST_DOLLAR);
    ck_assert_uint_eq(rule->parts[0].count->use_count, 0);
    ck_assert_uint_eq(rule->parts[1].count->use_count, 1);
    ck_assert_uint_eq(rule->action->use_count, 1);
}
END_TEST

START_TEST(fields_are_read_in_the_order_of_the_type)
{
    expect_fault("type=Single\naction=foo\ndesc=d\ncontext=A B\npattern=1\nptype=PerlFunc\n"
                 "continue=TakeNext\n",
                 "Rule in rules at line 1: Invalid function '1', eval didn't return a code "
                 "reference: 1\n");
    expect_fault("type=Single\naction=foo\ndesc=d\ncontext=A B\npattern=1\nptype=SubStr\n",
                 "Rule in rules at line 1: Invalid context expression ' A B '\n");
}
END_TEST

RUN_TESTS_IN_PERL("rule_parse", setup, teardown, a_rule_has_the_keywords_of_its_type,
                  pattern_types_tell_lines_and_negation, patterns_must_fit_the_buffer,
                  substrings_have_special_characters, patterns_are_checked,
                  variable_maps_name_groups_and_entries, numbers_have_limits,
                  event_groups_have_numbered_fields, event_groups_are_checked,
                  scripts_are_words_without_a_shell, jumps_name_sets,
                  calendars_have_lists_of_numbers, calendar_times_are_checked,
                  calendars_ignore_brackets, rules_go_on_where_continue_says,
                  second_texts_hold_variables_of_both_matches,
                  a_second_context_in_brackets_knows_the_first_match_only,
                  a_second_pattern_with_variables_stays_open, a_second_substring_is_a_template,
                  texts_of_a_group_hold_what_any_pattern_sets,
                  fields_are_read_in_the_order_of_the_type)
