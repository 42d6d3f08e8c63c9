/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage of rules, from tests that run to tables and tracefiles. */
#include "prove.h"

#include "prove/coverage.h"

static struct coverage coverage;
static struct buf told;

static void sum_up(void)
{
    for (size_t i = 0; i < json_array_size(outcomes); i++) {
        ck_passed(i);
        coverage_add(&coverage, outcome(i));
    }
}

/* Runs them and adds what they reached. */
static void cover(const char *rules, const char *tests)
{
    prover.coverage = true;
    prove(rules, tests);
    sum_up();
}

/* All items of the first file, "LINE:COLUMN NAME WANT HITS" each. */
static const char *items(void)
{
    buf_clear(&told);
    ck_assert_uint_ge(coverage.count, 1);
    for (size_t i = 0; i < coverage.files[0].item_count; i++) {
        const struct covered_item *item = &coverage.files[0].items[i];
        buf_printf(&told, "%zu:%zu %.*s %.*s %d\n", item->line, item->column, (int)item->name.len,
                   item->name.ptr, (int)item->want.len, item->want.ptr, (int)item->hits);
    }
    buf_char(&told, '\0');
    return told.ptr;
}

static const char *text(size_t most)
{
    buf_clear(&told);
    coverage_text(&coverage, most, &told);
    buf_char(&told, '\0');
    return told.ptr;
}

#define HEAD "rules: r.sec\ntest: t\n"

START_TEST(a_rule_that_is_reached)
{
    cover("type=Single\nptype=SubStr\npattern=up\ndesc=d\naction=write - up\n",
          HEAD "+0s x3 up\nexpect output up\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 3\n5:1 action run 3\n");
    ck_assert(coverage_percent(&coverage) == 100);
}
END_TEST

START_TEST(terms_are_true_and_false)
{
    cover(
        "type=Single\nptype=SubStr\npattern=up\ncontext=!A && (B || =(0))\ndesc=d\naction=none\n\n"
        "type=Single\nptype=SubStr\npattern=make\ndesc=d\naction=create A\n",
        HEAD "+0s up\n+0s make\n+0s up\nnot rule d\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 0\n"
                              "4:10 context term A true 1\n4:10 context term A false 1\n"
                              "4:16 context term B true 0\n4:16 context term B false 1\n"
                              "4:21 context term =(0) true 0\n4:21 context term =(0) false 1\n"
                              "6:1 action run 0\n"
                              "10:1 pattern matched 1\n12:1 action run 1\n");
}
END_TEST

START_TEST(parts_and_lists_of_each_type)
{
    cover("type=Pair\nptype=SubStr\npattern=a1\ndesc=d\naction=none\n"
          "ptype2=SubStr\npattern2=a2\ncontext2=X\ndesc2=d\naction2=none\nwindow=9\n\n"
          "type=EventGroup2\nptype=SubStr\npattern=b1\ncount=none\nptype2=SubStr\npattern2=b2\n"
          "count2=none\ndesc=d\naction=none\ninit=none\nend=none\nslide=none\nwindow=9\n",
          HEAD "+0s a1\n+0s a2\n+0s b2\n+10s b2\n+0s b1\nexpect rule d\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 1\n5:1 action run 1\n7:1 pattern2 matched 0\n"
                              "8:10 context term X true 0\n8:10 context term X false 1\n"
                              "10:1 action2 run 0\n"
                              "15:1 pattern matched 1\n16:1 count run 1\n18:1 pattern2 matched 2\n"
                              "19:1 count2 run 2\n21:1 action run 1\n22:1 init run 2\n"
                              "23:1 end run 1\n24:1 slide run 0\n");
}
END_TEST

START_TEST(branches_and_lists_in_lists)
{
    cover("type=Single\nptype=RegExp\npattern=set (\\d)\ndesc=d\n"
          "action=assign %x $1; if %x (create C 5 (write - end))\n\n"
          "type=Single\nptype=SubStr\npattern=loop\ndesc=d\n"
          "action=assign %n 1; while %n (assign %n 0; if %n (none) else (none)); "
          "while %n (none)\n",
          HEAD "+0s set 1\nexpect context C\n+0s loop\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 1\n5:1 action run 1\n5:22 if %x true 1\n"
                              "5:22 if %x false 0\n5:29 actions of create run 0\n"
                              "9:1 pattern matched 1\n11:1 action run 1\n"
                              "11:21 while %n entered 1\n11:44 if %n true 0\n11:44 if %n false 1\n"
                              "11:71 while %n entered 0\n");
}
END_TEST

START_TEST(without_an_operation)
{
    write_text("s.sec", "type=Options\nprocallin=no\njoincfset=s\n\n"
                        "type=Single\nptype=SubStr\npattern=in\ndesc=d\naction=none\n");
    cover("type=Suppress\nptype=SubStr\npattern=drop\n\n"
          "type=Jump\nptype=SubStr\npattern=in\ncfset=s\n\n"
          "type=Jump\nptype=SubStr\npattern=lost\ncfset=nowhere\n\n"
          "type=Calendar\ntime=5 8 * * *\ndesc=d\naction=none\n",
          "rules: r.sec s.sec\nstart: 2024-01-01 08:04:30\ntest: t\n"
          "+0s drop\n+0s lost\n+0s in\nexpect rule s.sec:5\n+60s\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 1\n7:1 pattern matched 1\n8:1 cfset entered 1\n"
                              "12:1 pattern matched 1\n13:1 cfset entered 0\n18:1 action run 1\n");
    ck_assert_uint_eq(coverage.count, 2);
    ck_assert_uint_eq(coverage.files[1].covered, 2);
}
END_TEST

static const char two[] = "type=Single\nptype=SubStr\npattern=one\ndesc=d\naction=write - 1\n\n"
                          "type=Single\nptype=SubStr\npattern=two\ndesc=d\naction=write - 2\n";

START_TEST(tests_and_files_add_up)
{
    cover(two,
          "rules: r.sec\ntest: a\n+0s one\nexpect output 1\ntest: b\n+0s one\nexpect output 1\n");
    ck_assert_uint_eq(coverage.covered, 2);
    /* Items are told once. */
    ck_assert_ptr_nonnull(
        json_object_get(json_array_get(json_object_get(outcome(0), "coverage"), 0), "items"));
    ck_assert_ptr_null(
        json_object_get(json_array_get(json_object_get(outcome(1), "coverage"), 0), "items"));
    cover(two, "rules: ./r.sec\ntest: a\n+0s two\nexpect output 2\n");
    ck_assert_uint_eq(coverage.count, 1);
    ck_assert_uint_eq(coverage.rules, 2);
    ck_assert_str_eq(items(), "3:1 pattern matched 2\n5:1 action run 2\n"
                              "9:1 pattern matched 1\n11:1 action run 1\n");
}
END_TEST

START_TEST(a_file_that_has_changed)
{
    cover(two, HEAD "+0s one\nexpect output 1\n");
    cover("type=Single\nptype=SubStr\npattern=two\ndesc=d\naction=write - 2\n",
          HEAD "+0s two\nexpect output 2\n");
    ck_assert_uint_eq(coverage.count, 1);
    ck_assert_uint_eq(coverage.rules, 1);
    ck_assert_uint_eq(coverage.items, 2);
    ck_assert_uint_eq(coverage.covered, 2);
}
END_TEST

START_TEST(rules_that_are_loaded_again)
{
    cover(two,
          HEAD "+0s one\nsignal HUP\n+0s one\n+0s two\nsignal ABRT\n+0s two\nexpect output 2\n");
    ck_assert_str_eq(items(), "3:1 pattern matched 2\n5:1 action run 2\n"
                              "9:1 pattern matched 2\n11:1 action run 2\n");
}
END_TEST

/* Each test in a copy of the process that has loaded the rules; one of them does not live. */
START_TEST(rules_with_code)
{
    static const char rules[] =
        "type=Single\nptype=PerlFunc\npattern=sub { exit 2 if $_[0] eq 'die'; "
        "return $_[0] eq 'up' }\ndesc=d\naction=lcall %o -> (sub { 1 }); write - up\n";
    prover.coverage = true;
    prove(rules, "rules: r.sec\ntest: a\n+0s die\nexpect output up\ntest: b\n+0s up\n"
                 "expect output up\ntest: c\n+0s up\nexpect output up\n");
    ck_status(0, "error");
    for (size_t i = 0; i < 3; i++)
        coverage_add(&coverage, outcome(i));
    ck_assert_str_eq(items(), "3:1 pattern matched 2\n5:1 action run 2\n");
}
END_TEST

START_TEST(without_being_asked)
{
    prove(two, HEAD "+0s one\nexpect output 1\n");
    ck_passed(0);
    ck_assert_ptr_null(json_object_get(outcome(0), "coverage"));
}
END_TEST

START_TEST(lists_nested_deeply)
{
    enum { DEPTH = 3000 };
    struct buf rules = {0};
    buf_add(&rules, B("type=Single\nptype=SubStr\npattern=up\ndesc=d\naction=assign %x 1; "));
    for (int i = 0; i < DEPTH; i++)
        buf_add(&rules, B("if %x ( "));
    buf_add(&rules, B("write - up"));
    for (int i = 0; i < DEPTH; i++)
        buf_add(&rules, B(" )"));
    buf_add(&rules, B("\n\0"));
    cover(rules.ptr, HEAD "+0s up\nexpect output up\n");
    ck_assert_uint_eq(coverage.items, 2 + 2 * DEPTH);
    ck_assert_uint_eq(coverage.covered, 2 + DEPTH);
    buf_free(&rules);
}
END_TEST

static const char some[] = "type=Single\nptype=SubStr\npattern=one\ncontext=!MAINTENANCE\ndesc=d\n"
                           "action=write - 1; if %x (none)\n\n"
                           "type=Suppress\nptype=SubStr\npattern=two\ncontext=A && B\n";

START_TEST(as_text)
{
    cover(some, HEAD "+0s one\nexpect output 1\n");
    ck_assert_str_eq(text(0),
                     "Coverage                          rules   items   reached\n"
                     "  r.sec                               2      11         4    36.3 %\n"
                     "  all                                 2      11         4    36.3 %\n"
                     "Not reached\n"
                     "  r.sec:4:10  Single: context term MAINTENANCE never true\n"
                     "  r.sec:6:19  Single: if %x never true\n"
                     "  r.sec:8  Suppress: the whole rule (5 items)\n");
    ck_assert(strstr(text(2), "if %x never true\n  and 1 more (-v shows all)\n"));
    ck_assert(!strstr(text(3), "more"));
}
END_TEST

START_TEST(all_reached_says_no_more)
{
    cover(two, HEAD "+0s one\n+0s two\nexpect output 2\n");
    ck_assert(strstr(text(0), " 100.0 %\n"));
    ck_assert(!strstr(text(0), "Not reached"));
}
END_TEST

START_TEST(files_without_a_test)
{
    struct bytes patterns[] = {B("r.sec"), B("u*.sec")};
    write_text("unused.sec", two);
    cover(two, HEAD "+0s one\nexpect output 1\n");
    coverage_expect(&coverage, &(struct test){.rules = patterns, .rule_count = 2});
    ck_assert_uint_eq(coverage.count, 2);
    ck_assert(strstr(text(0), "  unused.sec                          -       -         -     0.0 %"
                              "  no test has run\n"));
    ck_assert_uint_eq(coverage.items, 4);
}
END_TEST

START_TEST(a_minimum)
{
    struct buf why = {0};
    cover(some, HEAD "+0s one\nexpect output 1\n"); /* 4 of 11 */
    ck_assert(!coverage_below(&coverage, 0, &why));
    ck_assert(!coverage_below(&coverage, 36.3, &why));
    ck_assert(coverage_below(&coverage, 90, &why));
    ck_bytes_eq(buf_bytes(&why), B("coverage of rules is 36.3 %, 53.7 below the minimum of 90 % "
                                   "(6 more of 11 items)"));
    buf_clear(&why);
    coverage_free(&coverage);
    ck_assert(!coverage_below(&coverage, 0, &why));
    ck_assert(coverage_below(&coverage, 1, &why));
    buf_free(&why);
}
END_TEST

START_TEST(as_a_tracefile)
{
    cover(some, HEAD "+0s x2 one\nexpect output 1\n");
    buf_clear(&told);
    coverage_lcov(&coverage, &told);
    buf_char(&told, '\0');
    ck_assert_ptr_eq(strstr(told.ptr, "TN:\nSF:/tmp/check_prove."), told.ptr);
    ck_assert_str_eq(strstr(told.ptr, "/r.sec\n"),
                     "/r.sec\nFN:1,Single:1\nFNDA:2,Single:1\nFN:8,Suppress:8\nFNDA:0,Suppress:8\n"
                     "FNF:2\nFNH:1\n"
                     "BRDA:4,0,0,0\nBRDA:4,0,1,2\nBRDA:6,1,0,0\nBRDA:6,1,1,2\n"
                     "BRDA:11,2,0,-\nBRDA:11,2,1,-\nBRDA:11,3,0,-\nBRDA:11,3,1,-\n"
                     "BRF:8\nBRH:2\n"
                     "DA:1,2\nDA:3,2\nDA:4,2\nDA:6,2\nDA:8,0\nDA:10,0\nDA:11,0\nLF:7\nLH:4\n"
                     "end_of_record\n");
}
END_TEST

START_TEST(as_json)
{
    cover(some, HEAD "+0s one\nexpect output 1\n");
    json_t *object = coverage_json(&coverage), *file, *item;
    ck_assert_int_eq(json_integer_value(json_object_get(object, "items")), 11);
    ck_assert_int_eq(json_integer_value(json_object_get(object, "reached")), 4);
    file = json_array_get(json_object_get(object, "files"), 0);
    ck_assert_str_eq(text_in(file, "file"), "r.sec");
    item = json_array_get(json_object_get(file, "list"), 1);
    ck_assert_str_eq(text_in(item, "item"), "context term MAINTENANCE");
    ck_assert_str_eq(text_in(item, "want"), "true");
    ck_assert_int_eq(json_integer_value(json_object_get(item, "line")), 4);
    json_decref(object);
}
END_TEST

RUN_PROVING_TESTS("coverage", a_rule_that_is_reached, terms_are_true_and_false,
                  parts_and_lists_of_each_type, branches_and_lists_in_lists, without_an_operation,
                  tests_and_files_add_up, a_file_that_has_changed, rules_that_are_loaded_again,
                  rules_with_code, without_being_asked, lists_nested_deeply, as_text,
                  all_reached_says_no_more, files_without_a_test, a_minimum, as_a_tracefile,
                  as_json)
