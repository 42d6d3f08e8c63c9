/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files as text, and the rule set: loading, reloading, sets of files, counting. */
#include <sys/stat.h>

#include "lang.h"
#include "lang/diag.h"

#define RULE "type=Single\nptype=TValue\npattern=TRUE\ndesc=d\naction=none\n"
#define NONE_FOUND "No valid rules found in configuration file rules\n"

START_TEST(rules_end_at_empty_lines_and_comments)
{
    ck_assert(load("# first\n\n" RULE "\n  \t\n" RULE "# third\n" RULE));
    ck_assert_uint_eq(loaded()->count, 3);
    ck_assert_uint_eq(rule_at(0)->line, 3);
    ck_assert_uint_eq(rule_at(1)->line, 10);
    ck_assert_uint_eq(rule_at(2)->line, 16);
    ck_assert_uint_eq(messages().len, 0);
}
END_TEST

START_TEST(faulty_rules_are_left_out)
{
    ck_assert(!load(RULE "\ntype=Single\n\n" RULE));
    ck_assert_uint_eq(loaded()->count, 2);
    ck_assert_int_eq(rule_at(1)->id, 1);
    ck_assert_uint_eq(rule_at(1)->line, 9);
}
END_TEST

START_TEST(lines_are_joined_by_a_backslash)
{
    ck_assert(load("type=Single\nptype=TValue\npattern=TRUE\ndesc=a  \\  \n  b \\\n\\\n c\n"
                   "action=no\\\nne\n"));
    ck_bytes_eq(rule_at(0)->desc_text, B("a    b  c"));
    ck_bytes_eq(list_text(rule_at(0)->action), B("none"));
}
END_TEST

START_TEST(comments_are_joined_too)
{
    ck_assert(load("# comment \\\ntype=Nonsense\n" RULE));
    ck_assert_uint_eq(rule_at(0)->line, 3);
}
END_TEST

START_TEST(a_line_to_be_continued_at_the_end_is_dropped)
{
    ck_assert(load(RULE "colour=red\\"));
    ck_assert_uint_eq(loaded()->count, 1);
    ck_assert(load(RULE "colour=red\\\n\\\n"));
}
END_TEST

START_TEST(carriage_returns_are_white_space)
{
    ck_assert(load("type=Single\r\nptype=TValue\r\npattern=TRUE\r\ndesc=a \\\r\nb\r\n"
                   "action=none\r\n\r\n"));
    ck_bytes_eq(rule_at(0)->desc_text, B("a b"));
}
END_TEST

START_TEST(lines_without_a_keyword_are_told)
{
    ck_assert(!load("\xef\xbb\xbftype=Single\nfoo\na_b=c\n=x\nkey=\nkey = \n"));
    ck_bytes_eq(messages(),
                B("rules line 1 (\xef\xbb\xbftype=Single): Line not in keyword=value format or "
                  "non-alphanumeric keyword\n"
                  "rules line 2 (foo): Line not in keyword=value format or non-alphanumeric "
                  "keyword\n"
                  "rules line 3 (a_b=c): Line not in keyword=value format or non-alphanumeric "
                  "keyword\n"
                  "rules line 4 (=x): Line not in keyword=value format or non-alphanumeric "
                  "keyword\n"
                  "rules line 5 (key=): Line not in keyword=value format or non-alphanumeric "
                  "keyword\n"
                  "rules line 6 (key =): Line not in keyword=value format or non-alphanumeric "
                  "keyword\n" NONE_FOUND));
}
END_TEST

START_TEST(an_empty_value_drops_only_its_line)
{
    ck_assert(!load("context=\n" RULE));
    ck_assert_uint_eq(loaded()->count, 1);
}
END_TEST

START_TEST(a_repeated_keyword_counts_as_given_last)
{
    ck_assert(load(RULE "desc = other=x\nrem=desc\nrem=again\n"));
    ck_bytes_eq(messages(), B("Several 'desc' keywords specified, overriding previous value 'd' "
                              "with 'other=x'\n"));
    ck_bytes_eq(rule_at(0)->desc_text, B("other=x"));
}
END_TEST

START_TEST(many_keywords_are_told_one_by_one)
{
    struct buf rule = {0};
    for (int i = 0; i < 1000; i++)
        buf_printf(&rule, "key%d=%d\n", i % 500, i);
    buf_printf(&rule, "type=Suppress\n");
    ck_assert(!load_bytes(buf_bytes(&rule)));
    struct bytes said = messages();
    ck_assert_int_ge(bytes_find(said, B("'key499' illegal"), 0), 0);
    ck_assert_int_ge(bytes_find(said, B("previous value '0' with '500'"), 0), 0);
    buf_free(&rule);
}
END_TEST

START_TEST(any_bytes_get_a_message)
{
    uint64_t state = 42;
    static const char alphabet[] = "\0\n\n\\=()[]{};#%$'\"&|!->: \t\xff"
                                   "abtypeSingle0123";
    for (int round = 0; round < 300; round++) {
        struct buf content = {0};
        buf_add(&content, B(RULE));
        for (int i = 0; i < 400; i++)
            buf_char(&content, alphabet[next_number(&state, sizeof(alphabet) - 1)]);
        load_bytes(buf_bytes(&content));
        buf_free(&content);
    }
}
END_TEST

/* What the parser says of a rule that has this code somewhere. */
static struct bytes said_of(const char *code)
{
    static const char *const absent[] = {"%kids", "@list", "$handle", NULL};
    static const struct hidden_names hidden = {absent, "%ops"};
    struct buf rules = {0};
    buf_printf(&rules, "type=Single\nptype=TValue\npattern=TRUE\naction=none\ndesc=%s\n", code);
    parse_env.hidden = &hidden;
    ck_assert(load_bytes(buf_bytes(&rules)));
    buf_free(&rules);
    return messages();
}

#define TOLD(text) B("Rule in rules at line 1: Perl code " text "\n")
#define KIDS TOLD("uses %main::kids, which is always empty here")
#define LIST TOLD("uses @main::list, which is always empty here")
#define HANDLE TOLD("uses $main::handle, which is always empty here")
#define OPS TOLD("writes entries of %main::ops, which starts nothing here")

START_TEST(variables_that_perl_does_not_find_are_told)
{
    static const struct {
        const char *code;
        struct bytes said;
    } tests[] = {
        {"keys %main::kids", KIDS},
        {"keys %::kids; $main::kids{1}; @main::kids{1,2}", KIDS},
        {"$main::list[0]", LIST},
        {"scalar @main::list", LIST},
        {"print $main::handle 1", HANDLE},
        {"%kids; $My::kids{1}; %main::kids::x; %mymain::kids; $main::kids; @main::kids", B("")},
        {"$main::list; @main::list{1}; $main::handle{1}; $main::handle[1]; @main::handle", B("")},
        {"$main::ops{x} = 1", OPS},
        {"$main::ops{$y{1}}={}", OPS},
        {"%main::ops = %saved", OPS},
        {"%main::ops = ( %main::ops, 1 )", OPS},
        {"%main::ops = ()", B("")},
        {"$main::ops{x}{Time} = 1; delete $main::ops{x}; $main::ops{x} == 1; $main::ops{x} =~ /1/",
         B("")},
        {"f($main::ops{x => 1}, 2", B("")},
        {"$main::ops{", B("")},
    };
    for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
        ck_bytes_eq(said_of(tests[i].code), tests[i].said);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
    char *path = path_in_folder("none");
    struct bytes pattern = bytes_of(path);
    ck_assert(!ruleset_load(set, &parse_env, &pattern, 1));
    ck_bytes_eq(messages(), B("Can't open configuration file none (No such file or directory)\n"));
    ck_assert_uint_eq(set->file_count, 1);
    ck_assert_int_eq(set->files[0]->modified, 0);
    free(path);
}
END_TEST

START_TEST(a_folder_is_an_empty_file)
{
    struct bytes pattern = bytes_of(folder);
    ck_assert(ruleset_load(set, &parse_env, &pattern, 1));
    ck_assert_uint_eq(set->files[0]->count, 0);
}
END_TEST

START_TEST(loading_is_logged)
{
    log_set_level(parse_env.log, LOG_DETAIL);
    ck_assert(load(RULE));
    ck_bytes_eq(messages(), B("Reading configuration from rules\n1 rules loaded from rules\n"));
}
END_TEST

static struct bytes patterns[3];

static void three_files(const char *a, const char *b, const char *c)
{
    const char *const contents[] = {a, b, c};
    for (size_t i = 0; i < 3; i++) {
        char name[] = {(char)('a' + i), '\0'};
        write_bytes(name, bytes_of(contents[i]));
        char *path = path_in_folder(name);
        patterns[i] = arena_bytes(&texts, bytes_of(path));
        free(path);
    }
}

START_TEST(a_file_is_loaded_once)
{
    three_files(RULE, RULE, RULE);
    struct bytes twice[] = {patterns[1], patterns[0], patterns[1]};
    ck_assert(ruleset_load(set, &parse_env, twice, 3));
    ck_assert_uint_eq(set->file_count, 2);
    ck_bytes_eq(set->files[0]->name, patterns[1]);
    ck_assert_ptr_eq(ruleset_file(set, patterns[0]), set->files[1]);
    ck_assert_ptr_null(ruleset_file(set, patterns[2]));
}
END_TEST

START_TEST(options_say_who_takes_input_and_which_sets_there_are)
{
    three_files("type=Options\nprocallin=no\njoincfset=x y x\n\n" RULE,
                "type=Options\njoincfset=y\n",
                RULE "\ntype=Options\nprocallin=no\njoincfset=z\n\ntype=Options\nprocallin=YES\n");
    ck_assert(ruleset_load(set, &parse_env, patterns, 3));
    ck_assert_uint_eq(set->main_count, 2);
    ck_assert_ptr_eq(set->main_files[0], set->files[1]);
    ck_assert_uint_eq(ruleset_cfset(set, B("y"))->count, 2);
    ck_assert_ptr_eq(ruleset_cfset(set, B("y"))->files[0], set->files[0]);
    ck_assert_uint_eq(ruleset_cfset(set, B("x"))->count, 1);
    ck_assert_ptr_null(ruleset_cfset(set, B("z")));
}
END_TEST

START_TEST(options_are_checked)
{
    ck_assert(load("type=Options\nprocallin=perhaps\n\n" RULE));
    ck_bytes_eq(messages(), B("Rule in rules at line 1: Invalid procallin value ' perhaps ', "
                              "assuming procallin=Yes\n"));
    ck_assert(!load("type=Options\ncontext=A\n\n" RULE));
    ck_bytes_eq(messages(), B("Rule in rules at line 1: Keyword 'context' illegal (not allowed "
                              "for OPTIONS rule)\n"));
    ck_assert_int_eq(rule_at(0)->id, 0);
}
END_TEST

START_TEST(the_largest_pattern_gives_the_window)
{
    ck_assert(load(RULE));
    ck_assert_uint_eq(ruleset_lines(set), 1);
    ck_assert(load("type=EventGroup2\nptype=SubStr3\npattern=x\nptype2=SubStr5\npattern2=x\n"
                   "desc=d\naction=none\nwindow=1\n\n" RULE));
    ck_assert_uint_eq(ruleset_lines(set), 5);
}
END_TEST

START_TEST(calendar_rules_are_listed)
{
    static const char calendar[] = "type=Calendar\ntime=* * * * *\ndesc=d\naction=none\n\n";
    struct buf content = {0};
    buf_printf(&content, "%s%s\n%s", calendar, RULE, calendar);
    ck_assert(load_bytes(buf_bytes(&content)));
    ck_assert_uint_eq(set->calendar_count, 2);
    ck_assert_int_eq(set->calendar[1]->id, 2);
    buf_free(&content);
}
END_TEST

/* The file's time becomes another one, whatever the clock says. */
static void touch(struct bytes path, int64_t seconds)
{
    struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path.ptr, times, 0), 0);
}

/* -- rem=state and rem=id -- */

/* What is said of state comments. */
static struct buf state_told;

static void hear_state(void *listener, const struct finding *finding)
{
    (void)listener;
    buf_cat(&state_told, NUM(finding->range.from.line), B(": "), finding->text, B("\n"));
    ck_assert_int_eq(finding->code, DIAG_STATE_COMMENT);
}

/* The names that are kept, and what is told. */
static struct bytes kept_names(const char *rules)
{
    struct buf names = {0};
    parse_env.on_finding = hear_state;
    ck_assert(load(rules));
    for (size_t i = 0; i < set->kept_count; i++)
        buf_cat(&names, set->kept[i].name, B(" "));
    buf_cat(&names, B("| "), buf_bytes(&state_told));
    buf_clear(&state_told);
    return kept(&names);
}

START_TEST(comments_name_what_is_kept)
{
    ck_bytes_eq(kept_names("rem=state: %hits @queue\n" RULE "rem = state:$last\t%hits\n\n"
                           "# rem=state: %none\nrem=state: $My::Own::n_1\n\n" RULE),
                B("%hits @queue $last $My::Own::n_1 | "));
    ck_assert_ptr_eq(set->kept[0].file, loaded());
    struct range range;
    ck_assert(source_range(&loaded()->source, set->kept[2].name, &range));
    ck_assert_uint_eq(range.from.line, 7);
    ck_bytes_eq(kept_names("rem=state: \\\n  %joined \\\n @lines\n\n" RULE),
                B("%joined @lines | "));
    ck_bytes_eq(kept_names(RULE "rem=a state: %x\nrem=the id: x\nrem=State: %x\nrem=states\n"),
                B("| "));
}
END_TEST

START_TEST(comments_of_another_form_are_told)
{
    ck_bytes_eq(
        kept_names(RULE "rem=state: %ok hits $hits{a} % @1 $a:b @::x $x:: %$x\n"),
        B("%ok | 6: 'hits' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '$hits{a}' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '%' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '@1' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '$a:b' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '@::x' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '$x::' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"
          "6: '%$x' in rem=state is no variable as %hits, @queue or $last: it is not kept\n"));
    ck_bytes_eq(kept_names(RULE "rem=state:\nrem=state: %ENV $_\n"),
                B("| 6: rem=state names no variable\n"
                  "7: '%ENV' in rem=state is a variable of Perl's own: it is not kept\n"
                  "7: '$_' in rem=state is a variable of Perl's own: it is not kept\n"));
}
END_TEST

START_TEST(comments_name_rules)
{
    struct bytes told =
        kept_names("rem=id:first one\n" RULE "rem=id: b\n\n" RULE "rem=id:c\nrem=id:d\n\n" RULE
                   "\nrem=id:b\n" RULE "\nrem=id:e\n\nrem=id:\n");
    struct buf want = {0};
    buf_cat(&want,
            B("| 1: rem=id is followed by one word, the rule's own name: this is none\n"
              "15: rem=id gives the rule a second name 'd' after 'c', which counts\n"
              "30: rem=id:e is in no rule\n"
              "32: rem=id is followed by one word, the rule's own name: this is none\n"
              "23: rem=id:b is the name of the rule in "),
            loaded()->name, B(" at line 1 as well, which has its state\n"));
    ck_bytes_eq(told, kept(&want));
    ck_bytes_eq(rule_at(0)->own_name, B("b"));
    ck_bytes_eq(rule_at(1)->own_name, B("c"));
    ck_bytes_eq(rule_at(2)->own_name, B(""));
    ck_bytes_eq(rule_at(3)->own_name, B("b"));
}
END_TEST

/* What SEC takes for a comment changes nothing in the log. */
START_TEST(comments_are_no_messages)
{
    log_set_level(parse_env.log, LOG_DETAIL);
    ck_assert(load("rem=state: x\nrem=id:\n" RULE));
    ck_assert_int_lt(bytes_find(messages(), B("rem="), 0), 0);
}
END_TEST

START_TEST(a_soft_restart_reads_what_changed)
{
    three_files(RULE, RULE, RULE);
    for (size_t i = 0; i < 3; i++)
        touch(patterns[i], 500);
    ck_assert(ruleset_load(set, &parse_env, patterns, 3));
    struct rule_file *kept = set->files[0];
    write_bytes("b", B(RULE "\n" RULE));
    touch(patterns[1], 600);
    clock_set(clock_now_is, 2000);
    struct bytes *changed;
    size_t count;
    ruleset_reload(set, &parse_env, patterns, 2, &changed, &count);
    ck_assert_uint_eq(count, 2);
    ck_bytes_eq(changed[0], patterns[1]);
    ck_bytes_eq(changed[1], patterns[2]);
    ck_assert_uint_eq(set->file_count, 2);
    ck_assert_ptr_eq(set->files[0], kept);
    ck_assert_int_eq(kept->loaded, 1000);
    ck_assert_uint_eq(set->files[1]->count, 2);
    ck_assert_int_eq(set->files[1]->loaded, 2000);
    ck_assert_int_eq(set->files[1]->modified, 600);
    free(changed);
}
END_TEST

START_TEST(a_file_lives_as_long_as_it_is_needed)
{
    ck_assert(load(RULE));
    struct rule_file *file = set->files[0];
    rule_file_retain(file);
    ck_assert(load(RULE));
    ck_assert_ptr_ne(file, set->files[0]);
    ck_bytes_eq(list_text(file->rules[0]->action), B("none"));
    rule_file_release(file);
}
END_TEST

RUN_TESTS_IN_PERL("ruleset", setup, teardown, rules_end_at_empty_lines_and_comments,
                  faulty_rules_are_left_out, lines_are_joined_by_a_backslash,
                  comments_are_joined_too, a_line_to_be_continued_at_the_end_is_dropped,
                  carriage_returns_are_white_space, lines_without_a_keyword_are_told,
                  an_empty_value_drops_only_its_line, a_repeated_keyword_counts_as_given_last,
                  many_keywords_are_told_one_by_one, any_bytes_get_a_message,
                  variables_that_perl_does_not_find_are_told, a_file_that_is_not_there_is_told,
                  a_folder_is_an_empty_file, loading_is_logged, a_file_is_loaded_once,
                  options_say_who_takes_input_and_which_sets_there_are, options_are_checked,
                  the_largest_pattern_gives_the_window, calendar_rules_are_listed,
                  comments_name_what_is_kept, comments_of_another_form_are_told,
                  comments_name_rules, comments_are_no_messages, a_soft_restart_reads_what_changed,
                  a_file_lives_as_long_as_it_is_needed)
