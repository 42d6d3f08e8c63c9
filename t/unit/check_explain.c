/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a line, as a story; and why a rule did not fire. */
#include "whole_engine.h"

#include "explain/hints.h"
#include "explain/near.h"
#include "explain/reach.h"
#include "explain/story.h"
#include "explain/tell.h"

static struct story *story;

static void let_be(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    (void)arg, (void)effect, (void)answer;
}

static void load(const char *rules)
{
    write_rules(rules);
    make_engine(1000); /* 00:16:40 */
    engine_record_effects(engine, let_be, NULL);
    engine_begin(engine);
    story = story_new(true, true);
    observers_add(&engine->observers, story_observer(story, engine));
}

static void after(void)
{
    engine_free(engine);
    engine = NULL;
    story_free(story);
    story = NULL;
    end_rules();
}

/* What the line came to, with the events that it made. */
static void line(const char *text)
{
    static struct line_source source;
    static char kept[1000];
    snprintf(kept, sizeof(kept), "%s", text);
    source.name = B("log");
    story_clear(story);
    buf_clear(&heard);
    process_line(engine, bytes_of(kept), &source);
    ck_assert(engine_advance(engine, engine_now(engine)));
}

/* The rule file's name differs from run to run. */
static void note(void *arg, const struct explain_sentence *sentence)
{
    struct bytes text = sentence->text;
    (void)arg;
    for (ptrdiff_t at; (at = bytes_find(text, bytes_of(rules_path), 0)) >= 0;) {
        buf_cat(&heard, bytes_slice(text, 0, (size_t)at), B("r"));
        text = bytes_from(text, (size_t)at + strlen(rules_path));
    }
    buf_cat(&heard, text, B("\n"));
}

static void tell(void)
{
    for (const struct story_line *l = story_lines(story); l; l = l->next)
        explain_tell_brief(engine, l, false, note, NULL);
}

/* The last one; its texts are the caller's. */
static void keep_sentence(void *arg, const struct explain_sentence *sentence)
{
    struct explain_sentence *got = arg;
    if (sentence->kind == EXPLAIN_UNTAKEN)
        return;
    *got = *sentence;
    got->text = bytes_dup(sentence->text);
    got->key = bytes_dup(sentence->key);
    got->about = bytes_dup(sentence->about);
    got->field = bytes_dup(sentence->field);
}

static void free_sentence(struct explain_sentence *got)
{
    bytes_free(got->text);
    bytes_free(got->key);
    bytes_free(got->about);
    bytes_free(got->field);
}

#define ck_told(text) ck_bytes_eq(buf_bytes(&heard), bytes_of(text))

START_TEST(thresholds_tell_their_counts)
{
    load("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
         "action=write - %s\nwindow=60\nthresh=2\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: counted by \"f x\": 1 of 2, ends at 00:17:40\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: reached by \"f x\": 2 of 2\n"
            "r:1 SingleWithThreshold: write -: f x\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: suppressed by \"f x\" (from 00:16:40 to 00:17:40)\n");
}
END_TEST

START_TEST(each_pattern_of_a_group_has_its_threshold)
{
    load("type=EventGroup2\nptype=SubStr\npattern=down\nthresh=2\nptype2=SubStr\npattern2=up\n"
         "desc=g\naction=write - %s\nwindow=60\n");
    line("down");
    tell();
    ck_told(
        "r:1 EventGroup: counted by \"g\": pattern 1 has 1 (needs 2), pattern 2 has 0 (needs 1), "
        "ends at 00:17:40\n");
    line("down");
    line("down");
    line("up");
    tell();
    ck_told(
        "r:1 EventGroup: reached by \"g\": pattern 1 has 3 (needs 2), pattern 2 has 1 (needs 1)\n"
        "r:1 EventGroup: write -: g\n");
}
END_TEST

START_TEST(events_are_told_where_they_were_made)
{
    load("type=Single\nptype=RegExp\npattern=^in (\\w+)\ndesc=in\naction=event alarm $1; "
         "create BUSY_$1 60; event 5 later $1; event nobody's\n\n"
         "type=Single\nptype=RegExp\npattern=^alarm (\\w+)\ncontext=BUSY_$1\ndesc=out\n"
         "action=shellcmd mail $1; logonly $1 is told\n");
    line("in a");
    tell();
    ck_told("r:1 Single: event \"alarm a\"\n"
            "  r:7 Single: run mail a\n"
            "r:1 Single: context BUSY_a created, ends at 00:17:40\n"
            "r:1 Single: event \"later a\" is due at 00:16:45\n"
            "r:1 Single: event \"nobody's\"\n"
            "  no rule matched\n");
}
END_TEST

/* From one second to a later one, without a line. */
static void pass_to(int64_t second)
{
    story_clear(story);
    buf_clear(&heard);
    story_idle(story);
    clock_set(engine->clock, second);
    ck_assert(engine_advance(engine, second));
}

START_TEST(time_alone_is_told)
{
    load("type=Single\nptype=SubStr\npattern=go\ndesc=go\naction=event 5 later; create A 10\n\n"
         "type=Single\nptype=SubStr\npattern=later\ndesc=l\naction=write - it is %s\n\n"
         "type=PairWithWindow\nptype=SubStr\npattern=go\ndesc=p\naction=write - p\n"
         "ptype2=SubStr\npattern2=back\ndesc2=b\naction2=none\nwindow=3\n");
    line("go");
    pass_to(1005);
    tell();
    ck_told("r:1 Single: event \"later\"\n"
            "  r:7 Single: write -: it is l\n");
    pass_to(1011);
    tell();
    ck_told("context A expired\n");
}
END_TEST

static void hear_message(void *arg, int level, struct bytes message)
{
    (void)arg;
    story_hear_message(story, level, message);
}

START_TEST(actions_without_a_context_are_told)
{
    load("type=Single\nptype=SubStr\npattern=go\ndesc=d\n"
         "action=delete A; obsolete B; getsize %n C; set D 10; report E /bin/cat\n");
    hear_log(hear_message);
    line("go");
    tell();
    ck_told("r:1 Single: tried to delete context A, but there is none\n"
            "r:1 Single: tried to delete context B, but there is none\n"
            "r:1 Single: getsize: there is no context C\n"
            "r:1 Single: context D does not exist, can't change settings\n"
            "r:1 Single: context E does not exist, can't report\n");
}
END_TEST

START_TEST(what_alone_was_missing_is_told)
{
    load("type=Single\nptype=RegExp\npattern=go (\\w+)\ncontext=!A_$1 && B_$1\ndesc=d\n"
         "action=none\n\n"
         "type=Single\nptype=RegExp\npattern=go (\\w+)\ncontext==(1 > 2)\ndesc=d\n"
         "action=none\n\n"
         "type=Single\nptype=Cached\npattern=GONE\ndesc=d\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=stay\ndesc=d\naction=none\n");
    line("go x");
    tell();
    ck_told("r:1 Single: matches, but its context does not hold: A_x is not there, "
            "B_x is not there\n"
            "r:8 Single: matches, but its context does not hold: `=(1 > 2)` is false\n"
            "r:15 Single: there is no cached match GONE, and no rule makes it\n");
}
END_TEST

START_TEST(names_that_are_nearly_there_are_named)
{
    load("type=Single\nptype=RegExp\npattern=make (\\w+)\nvarmap=MADE; x=1\ndesc=d\n"
         "action=create EXT4-fs_$1; create EXT4_other; create UP_$1; create lost_$1_is\n\n"
         "type=Single\nptype=RegExp\npattern=go (\\w+)\ncontext=EXT4_$1 || GO_$1 || lost_$1_it\n"
         "desc=d\naction=none\n\n"
         "type=Single\nptype=Cached\npattern=MADD\ndesc=d\naction=none\n\n"
         "type=Single\nptype=Cached\npattern=MADE\ndesc=d\naction=none\n");
    line("make x");
    line("go x");
    tell();
    ck_told("r:8 Single: matches, but its context does not hold: EXT4_x is not there, but "
            "EXT4-fs_x is, GO_x is not there, lost_x_it is not there, but lost_x_is is\n"
            "r:15 Single: there is no cached match MADD, and no rule makes it; r:1 makes MADE\n");
    line("stray");
    tell();
    ck_told("r:15 Single: there is no cached match MADD, and no rule makes it; r:1 makes MADE\n"
            "r:21 Single: there is no cached match MADE; it would come from r:1\n"
            "no rule matched\n");
}
END_TEST

START_TEST(the_action_list_is_told_where_there_are_two)
{
    load("type=Pair\nptype=SubStr\npattern=down\ndesc=d\naction=write - bad\n"
         "ptype2=SubStr\npattern2=up\ndesc2=u\naction2=if %x ( none ) else ( write - good )\n");
    line("down");
    line("up");
    tell();
    ck_told("r:1 Pair: second pattern matches, ended \"d\"\n"
            "r:1 Pair: action2: write -: good\n");
}
END_TEST

START_TEST(a_group_that_acts_again_says_so)
{
    load("type=EventGroup2\nptype=SubStr\npattern=down\nptype2=SubStr\npattern2=up\n"
         "desc=g\naction=write - %s\nmultact=yes\nwindow=60\n");
    line("down");
    line("up");
    tell();
    ck_assert(bytes_find(buf_bytes(&heard), B("acts again"), 0) < 0);
    line("up");
    tell();
    ck_told("r:1 EventGroup: reached by \"g\": pattern 1 has 1 (needs 1), pattern 2 has 2 "
            "(needs 1), so it acts again (multact=yes)\n"
            "r:1 EventGroup: write -: g\n");
}
END_TEST

START_TEST(the_field_that_decides_is_kept)
{
    struct explain_sentence got = {0};
    load("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
         "action=write - %s\nwindow=60\nthresh=9\n");
    line("fail x");
    explain_tell_brief(engine, story_lines(story), false, keep_sentence, &got);
    ck_bytes_eq(got.field, B("thresh=9  window=60"));
    free_sentence(&got);
}
END_TEST

static void tell_near(const char *text)
{
    line(text);
    explain_tell_brief(engine, story_lines(story), true, note, NULL);
}

START_TEST(the_nearest_rule_is_named)
{
    load("type=Single\nptype=RegExp\npattern=failed login of (\\d+) from\ndesc=d\naction=none\n\n"
         "type=Single\nptype=SubStr\npattern=other\ndesc=d\naction=write - o\n\n"
         "type=Single\nptype=RegExp\npattern=an? other\ndesc=d\naction=none\n\n"
         "type=Single\nptype=Cached\npattern=NEVER\ndesc=d\naction=none\n");
    tell_near("failed login of bob from");
    struct bytes told = buf_bytes(&heard);
    ck_assert(
        bytes_starts(told, B("r:19 Single: there is no cached match NEVER, and no rule makes it\n"
                             "no rule matched\n"
                             "nearest: r:1 Single: its pattern ")));
    tell_near("an other");
    ck_told("r:7 Single: write -: o\n"
            "r:13 Single: not reached: r:7 (Single) matched before and has no `continue`; "
            "this rule's pattern does match\n");
}
END_TEST

START_TEST(what_changes_from_line_to_line_is_marked)
{
    load("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
         "action=write - %s\nwindow=60\nthresh=9\n");
    line("fail x");
    struct explain_sentence got = {0};
    explain_tell_brief(engine, story_lines(story), false, keep_sentence, &got);
    ck_assert_int_eq(got.kind, EXPLAIN_MISSED);
    ck_bytes_eq(got.about, B("operation f x"));
    ck_assert_uint_eq(got.span_count, 2);
    ck_bytes_eq(bytes_slice(got.text, got.spans[0].from, got.spans[0].to), B("1"));
    ck_assert_int_eq(got.spans[0].kind, EXPLAIN_COUNT);
    ck_bytes_eq(bytes_slice(got.text, got.spans[1].from, got.spans[1].to), B("00:17:40"));
    ck_assert(bytes_find(got.key, B("counted by \"f x\": # of 9, ends at #"), 0) > 0);
    free_sentence(&got);
}
END_TEST

START_TEST(what_a_rule_did_not_get_names_who_took_it)
{
    load("type=Single\nptype=SubStr\npattern=go\ndesc=first\naction=none\n\n"
         "type=Single\nptype=SubStr\npattern=go\ndesc=second\naction=none\n");
    line("go");
    const struct decision *first = story_lines(story)->decisions, *second = first->next;
    ck_assert_int_eq(first->verdict, VERDICT_ACTED);
    ck_assert(first->tried && first->acted);
    ck_assert_int_eq(second->verdict, VERDICT_NOT_REACHED);
    ck_assert(!second->tried);
    ck_assert_ptr_eq(second->taker, first);
    ck_assert_ptr_null(second->next);
}
END_TEST

START_TEST(terms_and_values_belong_to_their_rule)
{
    load("type=Single\nptype=RegExp\npattern=go (\\w+)\ncontext=A && B_$1\ndesc=d\n"
         "action=none\n\n"
         "type=Single\nptype=RegExp\npattern=make (\\w+)\ndesc=d\naction=create A\n");
    line("make x");
    const struct decision *made = story_lines(story)->decisions->next;
    ck_assert_uint_gt(made->variable_count, 1);
    ck_assert_ptr_null(made->terms);
    line("go x");
    const struct story_term *a = story_lines(story)->decisions->terms;
    ck_bytes_eq(a->text, B("A"));
    ck_assert(a->truth);
    ck_bytes_eq(a->next->text, B("B_x"));
    ck_assert(!a->next->truth);
    ck_assert_ptr_null(a->next->next);
}
END_TEST

/* Patterns. */

static struct reach reach_of(const char *pattern, const char *text)
{
    struct reach reach;
    reach_regexp(bytes_of(pattern), bytes_of(text), &reach);
    ck_assert(reach.known);
    return reach;
}

#define ck_slice(text, from, to, want) ck_bytes_eq(bytes_slice(bytes_of(text), from, to), B(want))

START_TEST(the_longest_beginning_is_found)
{
    const char *pattern = "from (\\S+) port (\\d+)$", *text = "x from a port 17 ssh2";
    struct reach r = reach_of(pattern, text);
    ck_assert(!r.whole && !r.anywhere);
    ck_slice(pattern, r.part_from, r.part_to, "from (\\S+) port (\\d+)");
    ck_slice(pattern, r.wants_from, r.wants_to, "$");
    ck_slice(text, r.from, r.to, "from a port 17");
    ck_assert_uint_eq(r.rest_from, r.rest_to);
}
END_TEST

START_TEST(what_is_in_the_way_is_told_by_words)
{
    const char *pattern = "sshd\\[\\d+\\]: Failed password for",
               *text = "sshd[7]: Passed password for";
    struct reach r = reach_of(pattern, text);
    ck_slice(pattern, r.wants_from, r.wants_to, "Failed");
    ck_slice(text, r.gap_from, r.rest_at, "Passed");
    pattern = "sshd\\[\\d+\\]: Failed", text = "sshd-session[7]: Failed";
    r = reach_of(pattern, text);
    ck_assert_uint_eq(r.wants_from, r.wants_to);
    ck_slice(text, r.gap_from, r.rest_at, "-session");
}
END_TEST

START_TEST(what_anything_may_come_before_has_no_place)
{
    const char *pattern = "^(\\w+) .* sshd: (.*) failed", *text = "May 7 host sshd: a b";
    struct reach r = reach_of(pattern, text);
    ck_assert(r.anywhere);
    ck_slice(pattern, r.wants_from, r.wants_to, " failed");
    r = reach_of("^(\\w+) .* cron: (.*) failed", text);
    ck_slice(text, r.from, r.to, "May ");
}
END_TEST

START_TEST(groups_are_cut_inside_and_alternatives_are_tried)
{
    const char *pattern = "(user (\\w+) (logged out))", *text = "user bob logged in";
    struct reach r = reach_of(pattern, text);
    ck_slice(pattern, r.part_from, r.part_to, "(user (\\w+) (logged ");
    ck_assert_uint_eq(r.open, 2);
    pattern = "nothing of it|user \\w+ logged out";
    r = reach_of(pattern, text);
    ck_slice(pattern, r.part_from, r.part_to, "user \\w+ logged ");
    r = reach_of("(a)(b)|(x) \\3", "x y");
    ck_assert(!r.whole);
}
END_TEST

START_TEST(odd_patterns_are_cut_as_far_as_they_are_understood)
{
    const char *pattern = "abc\\p{Alpha}+ (?<n>x) \\k<n> def", *text = "abcd x x deg";
    struct reach r = reach_of(pattern, text);
    ck_assert(!r.whole);
    ck_assert(reach_of(pattern, "abcd x x def").whole);
    pattern = "abc(*FAIL)def";
    ck_slice(pattern, reach_of(pattern, text).part_from, reach_of(pattern, text).part_to, "abc");
    r = reach_of("", "");
    ck_assert(r.whole);
}
END_TEST

START_TEST(a_match_that_takes_too_long_is_given_up)
{
    struct reach reach;
    char text[400];
    memset(text, 'a', sizeof(text));
    reach_regexp(B("^(a|aa|aaa)+$\\p{Alpha}"), bytes_make(text, sizeof(text) - 1), &reach);
    reach_regexp(B("^(a|a|aaa)+\\d(a|aa)+$"), bytes_make(text, sizeof(text) - 1), &reach);
    ck_assert(!reach.whole);
}
END_TEST

START_TEST(substrings_have_a_reach)
{
    const char *substring = "disk failure on", *text = "a disk error on sda";
    struct reach r;
    reach_substring(bytes_of(substring), bytes_of(text), &r);
    ck_slice(substring, r.wants_from, r.wants_to, "failure on");
    ck_slice(text, r.from, r.to, "disk ");
    reach_substring(B("disk"), bytes_of(text), &r);
    ck_assert(r.whole);
    reach_substring(B(""), B(""), &r);
    ck_assert(r.whole);
}
END_TEST

static struct hints hints_of(const char *pattern, const char *text)
{
    struct hints hints;
    hints_find(false, bytes_of(pattern), bytes_of(text), &hints);
    return hints;
}

START_TEST(hints_were_tried)
{
    ck_assert(hints_of("Failed for", "failed FOR").caseless);
    ck_assert(hints_of("a  b( c|\\sd)", "a b  d").blanks);
    ck_assert(hints_of("^a|^b", "xb").begin);
    ck_assert(hints_of("a$", "ab").end);
    struct hints both = hints_of("^a$", "xab");
    ck_assert(both.begin && both.end && !both.caseless);
    ck_assert_uint_eq(both.from, 1);
    ck_assert_uint_eq(both.to, 2);
    ck_assert(!hints_any(&(struct hints){0}));
    both = hints_of("abc", "xyz");
    ck_assert(!hints_any(&both));
}
END_TEST

START_TEST(the_nearest_rule_comes_first)
{
    load("type=Single\nptype=SubStr\npattern=quite another thing\ndesc=a\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=disk (\\w+) is gone$\ndesc=b\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=disk (\\w+)\ncontext=NIGHT\ndesc=c\naction=none\n");
    line("disk sda is full");
    struct arena arena;
    struct near *list;
    arena_init(&arena);
    ck_assert_uint_eq(near_find(engine, story_lines(story), &arena, &list), 3);
    ck_assert_int_eq(list[0].why, NEAR_CONTEXT);
    ck_bytes_eq(list[1].rule->desc_text, B("b"));
    ck_assert_int_eq(list[1].why, NEAR_PATTERN);
    ck_assert(list[1].score > list[2].score);
    arena_free(&arena);
}
END_TEST

RUN_TESTS_IN_PERL("explain", begin_rules, after, thresholds_tell_their_counts,
                  each_pattern_of_a_group_has_its_threshold, time_alone_is_told,
                  actions_without_a_context_are_told, the_nearest_rule_is_named,
                  what_changes_from_line_to_line_is_marked, events_are_told_where_they_were_made,
                  what_alone_was_missing_is_told, names_that_are_nearly_there_are_named,
                  the_action_list_is_told_where_there_are_two, a_group_that_acts_again_says_so,
                  the_field_that_decides_is_kept, what_a_rule_did_not_get_names_who_took_it,
                  terms_and_values_belong_to_their_rule, the_longest_beginning_is_found,
                  what_is_in_the_way_is_told_by_words, what_anything_may_come_before_has_no_place,
                  groups_are_cut_inside_and_alternatives_are_tried,
                  odd_patterns_are_cut_as_far_as_they_are_understood,
                  a_match_that_takes_too_long_is_given_up, substrings_have_a_reach,
                  hints_were_tried, the_nearest_rule_comes_first)
