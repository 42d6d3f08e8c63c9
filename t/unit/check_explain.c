/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a line, as a story; and why a rule did not fire. */
#include "whole_engine.h"

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
    story_free(story);
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
static void note(void *arg, struct bytes text)
{
    ptrdiff_t at = bytes_find(text, bytes_of(rules_path), 0);
    (void)arg;
    if (at < 0)
        buf_cat(&heard, text, B("\n"));
    else
        buf_cat(&heard, bytes_slice(text, 0, (size_t)at), B("r"),
                bytes_from(text, (size_t)at + strlen(rules_path)), B("\n"));
}

static void tell(void)
{
    for (const struct story_line *l = story_lines(story); l; l = l->next)
        explain_tell_brief(l, note, NULL);
}

#define ck_told(text) ck_bytes_eq(buf_bytes(&heard), bytes_of(text))

START_TEST(thresholds_tell_their_counts)
{
    load("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
         "action=write - %s\nwindow=60\nthresh=2\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: counted, 1 of 2 until 00:17:40\n"
            "r:1 SingleWithThreshold: operation \"f x\" began until 00:17:40\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: matches, the actions ran (event 2 of 2)\n"
            "r:1 SingleWithThreshold: write -: f x\n");
    line("fail x");
    tell();
    ck_told("r:1 SingleWithThreshold: suppressed by the operation \"f x\" since 00:16:40 until "
            "00:17:40\n");
}
END_TEST

START_TEST(events_are_told_where_they_were_made)
{
    load("type=Single\nptype=RegExp\npattern=^in (\\w+)\ndesc=in\naction=event alarm $1; "
         "create BUSY_$1 60; event 5 later $1\n\n"
         "type=Single\nptype=RegExp\npattern=^alarm (\\w+)\ncontext=BUSY_$1\ndesc=out\n"
         "action=shellcmd mail $1; logonly $1 is told\n");
    line("in a");
    tell();
    ck_told("r:1 Single: matches, the actions ran\n"
            "r:1 Single: event \"alarm a\"\n"
            "  r:7 Single: matches, the actions ran\n"
            "  r:7 Single: run mail a\n"
            "r:1 Single: context BUSY_a created until 00:17:40\n"
            "r:1 Single: event \"later a\" at 00:16:45\n");
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

RUN_TESTS_IN_PERL("explain", begin_rules, after, thresholds_tell_their_counts,
                  events_are_told_where_they_were_made, what_a_rule_did_not_get_names_who_took_it,
                  terms_and_values_belong_to_their_rule)
