/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an observer hears of a line on its way through the rules, and of what follows. */
#include "whole_engine.h"

#include "effect/effect.h"

static void hear_rule(const struct record *record)
{
    buf_cat(&heard, NUM(record->rule->rule->id + 1), B("."), NUM(record->part + 1), B(" "),
            bytes_of(verdict_text(record->verdict)), B("\n"));
}

static const char *name_of(enum record_kind kind)
{
    switch (kind) {
    case RECORD_OPERATION_BEGUN:
        return "operation begun ";
    case RECORD_OPERATION_MET:
        return "operation met ";
    case RECORD_OPERATION_ENDED:
        return "operation ended ";
    case RECORD_CONTEXT_NAMED:
        return "context ";
    case RECORD_CONTEXT_UNNAMED:
        return "no context ";
    case RECORD_CONTEXT_EXPIRED:
        return "expired ";
    case RECORD_EVENT:
        return "event ";
    case RECORD_EVENT_LATER:
        return "event later ";
    default:
        return NULL;
    }
}

static void hear(struct observer *observer, const struct record *record)
{
    const char *name = name_of(record->kind);
    (void)observer;
    if (record->kind == RECORD_RULE)
        hear_rule(record);
    else if (record->kind == RECORD_TERM)
        buf_cat(&heard, B("term "), record->truth ? B("true") : B("false"), B("\n"));
    else if (record->kind == RECORD_EFFECT)
        buf_cat(&heard, B("effect "), bytes_of(effect_name(record->effect)), B(" "),
                record->effect->target, B("\n"));
    else if (record->operation)
        buf_cat(&heard, bytes_of(name), operation_desc(record->operation), B("\n"));
    else if (name)
        buf_cat(&heard, bytes_of(name), record->text, B("\n"));
}

static struct observer all = {.hear = hear, .every_rule = true};

static void load(const char *rules)
{
    write_rules(rules);
    make_engine(1000);
    engine_begin(engine);
    observers_add(&engine->observers, &all);
}

static void line(const char *text)
{
    events_push(engine->state.events, bytes_of(text), B(CONTEXT_SYNTHETIC));
    buf_clear(&heard);
    ck_assert(engine_advance(engine, engine_now(engine)));
}

#define ck_heard(text) ck_bytes_eq(buf_bytes(&heard), bytes_of(text))

static void after(void)
{
    engine_free(engine);
    end_rules();
}

START_TEST(each_rule_has_a_verdict)
{
    for (int verdict = VERDICT_NOT_REACHED; verdict <= VERDICT_NO_SET; verdict++)
        ck_assert_ptr_nonnull(verdict_text((enum verdict)verdict));
    load("type=Single\nptype=SubStr\npattern=absent\ndesc=a\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=^other go\ndesc=b\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=go\ncontext=[NONE]\ndesc=c\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=go\ncontext=NONE\ndesc=d\naction=none\n\n"
         "type=Single\nptype=Cached\npattern=NO\ndesc=e\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=go\ncontinue=GoTo end\ndesc=f\naction=none\n\n"
         "type=Single\nptype=RegExp\npattern=go\ndesc=g\naction=none\n\n"
         "label=end\ntype=Suppress\nptype=RegExp\npattern=go\n\n"
         "type=Single\nptype=RegExp\npattern=go\ndesc=h\naction=none\n");
    line("go");
    ck_heard("1.1 the line lacks a text that the pattern needs\n"
             "2.1 the line lacks a text that the pattern needs\n"
             "term false\n"
             "3.1 the context does not hold (asked before the pattern)\n"
             "term false\n"
             "4.1 the pattern matches, the context does not hold\n"
             "5.1 there is no such cached match\n"
             "6.1 matches, the actions ran\n"
             "7.1 passed over\n"
             "8.1 matches, the line is dropped\n"
             "9.1 not reached\n");
}
END_TEST

START_TEST(operations_are_heard_from_their_beginning_to_their_end)
{
    load("type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\w+)\ndesc=f $1\n"
         "action=none\nwindow=60\nthresh=2\ncontinue=TakeNext\n\n"
         "type=SingleWithSuppress\nptype=RegExp\npattern=fail (\\w+)\ndesc=s $1\n"
         "action=none\nwindow=10\ncontinue=TakeNext\n\n"
         "type=Pair\nptype=RegExp\npattern=fail (\\w+)\ndesc=p $1\naction=none\n"
         "ptype2=RegExp\npattern2=good $1\ndesc2=q\naction2=none\nwindow=100\n");
    line("fail x");
    ck_heard("operation begun f x\noperation met f x\n1.1 matches, counted\n"
             "operation begun s x\n2.1 matches, the actions ran\n"
             "operation begun p x\n3.1 matches, the actions ran\n");
    line("fail x");
    ck_heard("operation met f x\n1.1 matches, the actions ran\n"
             "operation met s x\n2.1 matches, suppressed by an operation\n"
             "operation met p x\n3.1 matches, suppressed by an operation\n");
    line("fail x");
    ck_heard("operation met f x\n1.1 matches, suppressed by an operation\n"
             "operation met s x\n2.1 matches, suppressed by an operation\n"
             "operation met p x\n3.1 matches, suppressed by an operation\n");
    line("good x");
    ck_heard("1.1 the line lacks a text that the pattern needs\n"
             "2.1 the line lacks a text that the pattern needs\n"
             "operation ended p x\n3.2 the second pattern matches, an operation ended\n");
    buf_clear(&heard);
    ck_assert(engine_advance(engine, 1011));
    ck_heard("operation ended s x\n");
}
END_TEST

START_TEST(what_actions_do_is_heard)
{
    load(
        "type=Single\nptype=SubStr\npattern=go\ndesc=d\n"
        "action=create C 5 (write /dev/null over); event more; event 3 later; write /dev/null x\n");
    line("go");
    ck_heard("context C\nevent more\nevent later later\neffect write /dev/null\n"
             "1.1 matches, the actions ran\n"
             "1.1 the line lacks a text that the pattern needs\n");
    buf_clear(&heard);
    ck_assert(engine_advance(engine, 1003));
    ck_heard("event later\n1.1 the line lacks a text that the pattern needs\n");
    buf_clear(&heard);
    ck_assert(engine_advance(engine, 1010));
    ck_heard("expired C\neffect write /dev/null\nno context C\n");
}
END_TEST

/* A set of files, and what ends there. */
START_TEST(jumps_are_heard)
{
    load("type=Jump\nptype=SubStr\npattern=go\ncfset=nowhere\n\n"
         "type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=none\n");
    line("go");
    ck_heard("1.1 matches, but no set of rule files could be entered\n2.1 not reached\n");
}
END_TEST

START_TEST(nobody_hears_after_leaving)
{
    load("type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=none\n");
    observers_remove(&engine->observers, &all);
    line("go");
    ck_heard("");
}
END_TEST

RUN_TESTS_IN_PERL("observe", begin_rules, after, each_rule_has_a_verdict,
                  operations_are_heard_from_their_beginning_to_their_end, what_actions_do_is_heard,
                  jumps_are_heard, nobody_hears_after_leaving)
