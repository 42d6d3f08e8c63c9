/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of an operation's events: the newest ones, which go with their event times. */
#include "correlate/types.h"
#include "state/event_lines.h"
#include "unit.h"

static struct rule rule;
static struct operation operation;

static void with_most(uint32_t most)
{
    static const char name;
    rule = (struct rule){
        .type = &rule_threshold,
        .events = (const struct template *)&name, /* it is only asked whether there is one */
        .events_most = most,
    };
    operation = (struct operation){.rule = &rule};
}

static void done(void)
{
    event_lines_free(operation.lines);
    free(operation.times);
}

static void count(struct bytes line, int64_t time)
{
    operation_push_time(&operation, time);
    event_lines_push(&operation, line, time);
}

/* An event whose line is its number, at that second. */
static void count_number(uint32_t number)
{
    char text[16];
    count((struct bytes){text, (size_t)snprintf(text, sizeof(text), "%u", number)}, number);
}

/* The lines are those of first..last. */
static void holds(uint32_t first, uint32_t last)
{
    char text[16];
    ck_assert_uint_eq(operation.lines->count, last - first + 1);
    size_t bytes = 0;
    for (uint32_t i = first; i <= last; i++) {
        const struct stored_event *line = event_line_at(operation.lines, i - first);
        bytes += (size_t)snprintf(text, sizeof(text), "%u", i);
        ck_bytes_eq(line->text, bytes_of(text));
        ck_assert_int_eq(line->time, i);
    }
    ck_assert_uint_eq(operation.lines->bytes, bytes);
}

START_TEST(the_newest_are_kept)
{
    with_most(3);
    for (uint32_t i = 1; i <= 20; i++) {
        count_number(i);
        holds(i > 3 ? i - 2 : 1, i);
    }
    done();
}
END_TEST

START_TEST(a_line_goes_with_its_event)
{
    with_most(3);
    for (uint32_t i = 1; i <= 5; i++)
        count_number(i);
    operation_shift_time(&operation);
    operation_shift_time(&operation);
    holds(3, 5); /* 1 and 2 had no line any more */
    operation_shift_time(&operation);
    holds(4, 5);
    count_number(6);
    holds(4, 6);
    operation_clear_times(&operation);
    ck_assert_uint_eq(operation.lines->count, 0);
    count_number(7);
    holds(7, 7);
    done();
}
END_TEST

START_TEST(counting_and_sliding_in_any_order)
{
    uint64_t state = 42;
    for (uint32_t most = 1; most <= 9; most++) {
        uint32_t oldest = 1, next = 1;
        with_most(most);
        for (int step = 0; step < 2000; step++) {
            if (oldest < next && next_number(&state, 5) < 2) {
                operation_shift_time(&operation);
                oldest++;
            } else {
                count_number(next++);
            }
            uint32_t first = next - oldest > most ? next - most : oldest;
            if (oldest < next)
                holds(first, next - 1);
        }
        done();
    }
}
END_TEST

START_TEST(text_has_a_limit_but_for_the_newest_line)
{
    size_t half = EVENT_LINES_BYTES / 2;
    char *text = calloc(1, EVENT_LINES_BYTES + 1);
    with_most(100);
    count((struct bytes){text, half}, 1);
    count((struct bytes){text, half}, 2);
    ck_assert_uint_eq(operation.lines->count, 2);
    count((struct bytes){text, 1}, 3);
    ck_assert_uint_eq(operation.lines->count, 2);
    ck_assert_uint_eq(operation.lines->bytes, half + 1);
    count((struct bytes){text, EVENT_LINES_BYTES + 1}, 4);
    ck_assert_uint_eq(operation.lines->count, 1);
    count((struct bytes){text, 0}, 5);
    ck_assert_uint_eq(operation.lines->count, 1);
    ck_assert_int_eq(event_line_at(operation.lines, 0)->time, 5);
    free(text);
    done();
}
END_TEST

RUN_TESTS("event_lines", the_newest_are_kept, a_line_goes_with_its_event,
          counting_and_sliding_in_any_order, text_has_a_limit_but_for_the_newest_line)
