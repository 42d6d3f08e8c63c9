/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic events: the queue, and pending ones that come when they are due. */
#include "state.h"

static void ck_pop(struct fixture *f, const char *text, const char *context)
{
    struct bytes got_text, got_context;
    ck_assert(events_pop(f->engine.state.events, &f->engine.line.arena, &got_text, &got_context));
    ck_bytes_eq(got_text, bytes_of(text));
    ck_bytes_eq(got_context, bytes_of(context));
}

START_TEST(events_leave_in_the_order_of_coming)
{
    struct fixture *f = fixture_new();
    struct events *events = f->engine.state.events;
    struct bytes text, context;
    ck_assert(!events_any(events));
    ck_assert(!events_pop(events, &f->engine.line.arena, &text, &context));
    events_push(events, B("one"), B("C1"));
    events_push(events, bytes_make("t\0o", 3), B("C2"));
    ck_assert_uint_eq(events_count(events), 2);
    ck_pop(f, "one", "C1");
    events_push(events, B("three"), B("C3"));
    ck_assert(events_pop(events, &f->engine.line.arena, &text, &context));
    ck_bytes_eq(text, bytes_make("t\0o", 3));
    ck_pop(f, "three", "C3");
    ck_assert(!events_any(events));
    fixture_free(f);
}
END_TEST

START_TEST(the_queue_grows_while_it_is_in_use)
{
    struct fixture *f = fixture_new();
    struct events *events = f->engine.state.events;
    int next = 0, oldest = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 3; i++, next++)
            events_push(events, NUM(next), B(""));
        struct bytes text, context;
        ck_assert(events_pop(events, &f->engine.line.arena, &text, &context));
        ck_bytes_eq(text, NUM(oldest));
        oldest++;
    }
    ck_assert_uint_eq(events_count(events), (size_t)(next - oldest));
    for (size_t i = 0; i < events_count(events); i++)
        ck_bytes_eq(events_at(events, i)->text, NUM(oldest + (int)i));
    events_clear(events);
    ck_assert(!events_any(events));
    fixture_free(f);
}
END_TEST

START_TEST(pending_events_come_when_they_are_due)
{
    struct fixture *f = fixture_new();
    struct events *events = f->engine.state.events;
    ck_assert_int_eq(events_next_due(events), INT64_MAX);
    events_schedule(events, 1005, B("late"), B("C"));
    events_schedule(events, 1002, B("early"), B("C"));
    ck_assert_int_le(events_next_due(events), 1002);
    events_release_due(events, 1001, f->engine.log);
    ck_assert(!events_any(events));
    events_release_due(events, 1002, f->engine.log);
    ck_logged(f, "Creating event 'early'\n");
    ck_pop(f, "early", "C");
    ck_assert_uint_eq(events_pending_count(events), 1);
    ck_bytes_eq(events_pending_at(events, 0)->text, B("late"));
    ck_assert_int_eq(events_pending_at(events, 0)->due, 1005);
    fixture_free(f);
}
END_TEST

START_TEST(events_due_together_come_in_the_order_of_scheduling)
{
    struct fixture *f = fixture_new();
    struct events *events = f->engine.state.events;
    events_schedule(events, 1003, B("a"), B("C"));
    events_schedule(events, 1001, B("b"), B("C"));
    events_schedule(events, 1002, B("c"), B("C"));
    events_schedule(events, 9000, B("d"), B("C"));
    events_release_due(events, 1010, f->engine.log);
    ck_logged(f, "Creating event 'a'\nCreating event 'b'\nCreating event 'c'\n");
    ck_pop(f, "a", "C");
    ck_pop(f, "b", "C");
    ck_pop(f, "c", "C");
    ck_assert(!events_any(events));
    fixture_free(f);
}
END_TEST

START_TEST(pending_events_are_listed_by_scheduling)
{
    struct fixture *f = fixture_new();
    struct events *events = f->engine.state.events;
    for (int i = 0; i < 50; i++)
        events_schedule(events, 2000 - i, NUM(i), B("C"));
    for (size_t i = 0; i < 50; i++)
        ck_bytes_eq(events_pending_at(events, i)->text, NUM((int)i));
    ck_bytes_eq(events_pending_at(events, 7)->text, B("7"));
    events_release_due(events, 1951, f->engine.log); /* the last one is due first */
    ck_assert_uint_eq(events_pending_count(events), 49);
    ck_bytes_eq(events_pending_at(events, 48)->text, B("48"));
    events_clear_pending(events);
    ck_assert_uint_eq(events_pending_count(events), 0);
    ck_assert_int_eq(events_next_due(events), INT64_MAX);
    events_schedule(events, 1952, B("again"), B("C"));
    ck_bytes_eq(events_pending_at(events, 0)->text, B("again"));
    fixture_free(f);
}
END_TEST

RUN_TESTS("events", events_leave_in_the_order_of_coming, the_queue_grows_while_it_is_in_use,
          pending_events_come_when_they_are_due,
          events_due_together_come_in_the_order_of_scheduling,
          pending_events_are_listed_by_scheduling)
