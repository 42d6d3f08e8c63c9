/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timer wheel: order, clocks that jump, and random walks beside a naive list. */
#include "unit.h"

#include "base/wheel.h"

enum { TIMERS = 200, STEPS = 40000 };

static const int64_t start = 1764000000;

/* The first of all that is due by now. */
static struct timer *pop(struct wheel *wheel, int64_t now)
{
    wheel_turn(wheel, now);
    return wheel_pop(wheel);
}

START_TEST(an_empty_wheel_has_nothing_due)
{
    struct wheel *wheel = wheel_new(start);
    ck_assert_ptr_null(pop(wheel, INT64_MAX));
    ck_assert(wheel_next(wheel) == INT64_MAX);
    wheel_free(wheel);
}
END_TEST

START_TEST(a_timer_is_due_at_its_second_and_not_before)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timer = {0};
    wheel_arm(wheel, &timer, start + 1000);
    ck_assert(timer_armed(&timer));
    ck_assert_ptr_null(pop(wheel, start + 999));
    ck_assert_ptr_eq(pop(wheel, start + 1000), &timer);
    ck_assert(!timer_armed(&timer));
    ck_assert_ptr_null(pop(wheel, start + 1000));
    wheel_free(wheel);
}
END_TEST

START_TEST(timers_of_one_second_come_in_the_order_of_arming)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timers[4] = {0};
    int64_t due = start + 70000;
    wheel_arm(wheel, &timers[2], due);
    pop(wheel, start + 69000); /* the second comes to stand on another level each time */
    wheel_arm(wheel, &timers[0], due);
    pop(wheel, due - 1);
    wheel_arm(wheel, &timers[3], due);
    wheel_arm(wheel, &timers[1], due);
    ck_assert_ptr_eq(pop(wheel, due), &timers[2]);
    ck_assert_ptr_eq(pop(wheel, due), &timers[0]);
    ck_assert_ptr_eq(pop(wheel, due), &timers[3]);
    ck_assert_ptr_eq(pop(wheel, due), &timers[1]);
    wheel_free(wheel);
}
END_TEST

START_TEST(arming_an_armed_timer_moves_it)
{
    struct wheel *wheel = wheel_new(start);
    struct timer first = {0}, second = {0};
    wheel_arm(wheel, &first, start + 5);
    wheel_arm(wheel, &second, start + 5);
    wheel_arm(wheel, &first, start + 5);
    ck_assert_ptr_eq(pop(wheel, start + 5), &second);
    wheel_arm(wheel, &first, start + 9);
    ck_assert_ptr_null(pop(wheel, start + 8));
    ck_assert_ptr_eq(pop(wheel, start + 9), &first);
    wheel_free(wheel);
}
END_TEST

START_TEST(a_disarmed_timer_never_fires)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timer = {0};
    wheel_disarm(wheel, &timer);
    const int64_t distances[] = {-5, 0, 5, 500, 70000, 20000000, 1LL << 40};
    for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
        wheel_arm(wheel, &timer, start + distances[i]);
        wheel_disarm(wheel, &timer);
        ck_assert(!timer_armed(&timer));
        ck_assert(wheel_next(wheel) == INT64_MAX);
    }
    ck_assert_ptr_null(pop(wheel, INT64_MAX));
    wheel_free(wheel);
}
END_TEST

START_TEST(a_second_that_has_passed_is_due_at_once_and_first)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timers[4] = {0};
    wheel_arm(wheel, &timers[0], start);
    wheel_arm(wheel, &timers[1], start - 10);
    wheel_arm(wheel, &timers[2], start - 20);
    wheel_arm(wheel, &timers[3], start - 10);
    ck_assert(wheel_next(wheel) == start - 20);
    ck_assert_ptr_eq(pop(wheel, start), &timers[2]);
    ck_assert_ptr_eq(pop(wheel, start), &timers[1]);
    ck_assert_ptr_eq(pop(wheel, start), &timers[3]);
    ck_assert_ptr_eq(pop(wheel, start), &timers[0]);
    wheel_free(wheel);
}
END_TEST

START_TEST(a_clock_that_jumps_back_fires_nothing_before_its_time)
{
    struct wheel *wheel = wheel_new(start);
    struct timer early = {0}, late = {0};
    wheel_arm(wheel, &late, start + 100);
    ck_assert_ptr_null(pop(wheel, start));
    int64_t back = start - 100000;
    ck_assert_ptr_null(pop(wheel, back));
    wheel_arm(wheel, &early, back + 60);
    ck_assert_ptr_null(pop(wheel, back + 59));
    ck_assert_ptr_eq(pop(wheel, back + 60), &early);
    ck_assert_ptr_null(pop(wheel, start + 99));
    ck_assert_ptr_eq(pop(wheel, start + 100), &late);
    wheel_free(wheel);
}
END_TEST

START_TEST(a_timer_armed_after_the_jump_and_before_the_next_pop_waits_too)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timer = {0};
    wheel_arm(wheel, &timer, start - 50);
    ck_assert_ptr_null(pop(wheel, start - 100));
    ck_assert_ptr_null(pop(wheel, start - 51));
    ck_assert_ptr_eq(pop(wheel, start - 50), &timer);
    wheel_free(wheel);
}
END_TEST

START_TEST(what_was_late_before_the_jump_is_what_comes_next_after_it)
{
    struct wheel *wheel = wheel_new(start);
    struct timer late = {0}, gone = {0};
    wheel_arm(wheel, &late, start - 50);
    wheel_arm(wheel, &gone, start + 100);
    wheel_disarm(wheel, &gone);
    ck_assert_ptr_null(pop(wheel, start - 60));
    ck_assert_int_le(wheel_next(wheel), start - 50);
    ck_assert_int_gt(wheel_next(wheel), start - 60);
    wheel_free(wheel);
}
END_TEST

START_TEST(a_clock_that_jumps_ahead_hands_out_all_in_order)
{
    struct wheel *wheel = wheel_new(start);
    const int64_t distances[] = {1LL << 33, 3, 20000000, 300, 70000, 3000000000, (1LL << 33) + 1};
    const int order[] = {1, 3, 4, 2, 5, 0, 6};
    struct timer timers[7] = {0};
    for (int i = 0; i < 7; i++)
        wheel_arm(wheel, &timers[i], start + distances[i]);
    for (int i = 0; i < 7; i++)
        ck_assert_ptr_eq(pop(wheel, INT64_MAX), &timers[order[i]]);
    ck_assert_ptr_null(pop(wheel, INT64_MAX));
    wheel_free(wheel);
}
END_TEST

START_TEST(an_empty_wheel_may_turn_back)
{
    struct wheel *wheel = wheel_new(start);
    struct timer timer = {0};
    wheel_turn(wheel, start - 100);
    wheel_arm(wheel, &timer, start - 50);
    wheel_turn(wheel, start);
    ck_assert_ptr_eq(wheel_pop(wheel), &timer);
    ck_assert_ptr_null(wheel_pop(wheel));
    wheel_free(wheel);
}
END_TEST

START_TEST(what_is_armed_in_a_turn_waits_for_the_next)
{
    struct wheel *wheel = wheel_new(start);
    struct timer first = {0}, between = {0}, last = {0}, gone = {0};
    wheel_arm(wheel, &first, start + 10);
    wheel_arm(wheel, &gone, start + 20);
    wheel_arm(wheel, &last, start + 30);
    wheel_turn(wheel, start + 100);
    wheel_arm(wheel, &first, start + 80); /* is due as before */
    ck_assert_ptr_eq(wheel_pop(wheel), &first);
    wheel_arm(wheel, &first, start + 40);
    wheel_arm(wheel, &between, start + 20);
    wheel_disarm(wheel, &gone);
    ck_assert_ptr_eq(wheel_pop(wheel), &last);
    ck_assert_ptr_null(wheel_pop(wheel));
    ck_assert(wheel_next(wheel) == start + 20);
    wheel_turn(wheel, start + 100);
    ck_assert_ptr_eq(wheel_pop(wheel), &between);
    ck_assert_ptr_eq(wheel_pop(wheel), &first);
    ck_assert_ptr_null(wheel_pop(wheel));
    wheel_free(wheel);
}
END_TEST

START_TEST(the_ends_of_time_are_seconds_like_others)
{
    struct wheel *wheel = wheel_new(-5);
    struct timer before = {0}, zero = {0}, end = {0};
    wheel_arm(wheel, &end, INT64_MAX);
    wheel_arm(wheel, &zero, 0);
    wheel_arm(wheel, &before, INT64_MIN);
    ck_assert_ptr_eq(pop(wheel, -5), &before);
    ck_assert_ptr_null(pop(wheel, -1));
    ck_assert_ptr_eq(pop(wheel, 0), &zero);
    ck_assert_ptr_null(pop(wheel, INT64_MAX - 1));
    ck_assert(wheel_next(wheel) == INT64_MAX);
    ck_assert_ptr_eq(pop(wheel, INT64_MAX), &end);
    wheel_free(wheel);
}
END_TEST

/* The model: an array, searched for the least (due, number of arming). */
struct model {
    struct timer timers[TIMERS];
    uint64_t armed[TIMERS]; /* 0: not armed */
    uint64_t armings;
};

/* Of those that were armed by then. */
static int model_first(const struct model *model, uint64_t armings)
{
    int first = -1;
    for (int i = 0; i < TIMERS; i++) {
        if (!model->armed[i] || model->armed[i] > armings)
            continue;
        int64_t due = model->timers[i].due;
        if (first < 0 || due < model->timers[first].due ||
            (due == model->timers[first].due && model->armed[i] < model->armed[first]))
            first = i;
    }
    return first;
}

static void arm_or_disarm(struct model *model, struct wheel *wheel, uint64_t *state, int64_t now)
{
    static const uint32_t reach[] = {2, 20, 300, 5000, 70000, 20000000, 1u << 31};
    uint32_t i = next_number(state, TIMERS);
    if (next_number(state, 4) == 0) {
        wheel_disarm(wheel, &model->timers[i]);
        model->armed[i] = 0;
        return;
    }
    int64_t away = next_number(state, reach[next_number(state, 7)]);
    if (next_number(state, 10) == 0)
        away = next_number(state, 2) ? -away : away * 9;
    if (model->timers[i].set_aside && away <= 0) /* keeps its place: tested above */
        return;
    wheel_arm(wheel, &model->timers[i], now + away);
    model->armed[i] = ++model->armings;
}

static void pop_all_due(struct model *model, struct wheel *wheel, uint64_t *state, int64_t now)
{
    uint64_t armings = model->armings;
    int first = model_first(model, armings);
    int64_t next = wheel_next(wheel);
    ck_assert(first < 0 ? next == INT64_MAX : next <= model->timers[first].due);
    wheel_turn(wheel, now);
    for (;; first = model_first(model, armings)) {
        struct timer *popped = wheel_pop(wheel);
        if (first < 0 || model->timers[first].due > now) {
            ck_assert_ptr_null(popped);
            return;
        }
        ck_assert_ptr_eq(popped, &model->timers[first]);
        model->armed[first] = 0;
        if (next_number(state, 8) == 0) /* what is due may change other timers */
            arm_or_disarm(model, wheel, state, now);
    }
}

START_TEST(random_walk_agrees_with_the_model)
{
    static const uint32_t strides[] = {2, 2, 2, 60, 1000, 100000, 30000000};
    struct model *model = calloc(1, sizeof(*model));
    struct wheel *wheel = wheel_new(start);
    int64_t now = start;
    uint64_t state = 42;
    for (int step = 0; step < STEPS; step++) {
        arm_or_disarm(model, wheel, &state, now);
        if (next_number(&state, 3) > 0)
            continue;
        int64_t stride = next_number(&state, strides[next_number(&state, 7)]);
        now += next_number(&state, 20) == 0 ? -stride : stride;
        pop_all_due(model, wheel, &state, now);
    }
    ck_assert_uint_gt(model->armings, STEPS / 2);
    wheel_free(wheel);
    free(model);
}
END_TEST

RUN_TESTS("wheel", an_empty_wheel_has_nothing_due, a_timer_is_due_at_its_second_and_not_before,
          timers_of_one_second_come_in_the_order_of_arming, arming_an_armed_timer_moves_it,
          a_disarmed_timer_never_fires, a_second_that_has_passed_is_due_at_once_and_first,
          a_clock_that_jumps_back_fires_nothing_before_its_time,
          a_timer_armed_after_the_jump_and_before_the_next_pop_waits_too,
          what_was_late_before_the_jump_is_what_comes_next_after_it,
          a_clock_that_jumps_ahead_hands_out_all_in_order, an_empty_wheel_may_turn_back,
          what_is_armed_in_a_turn_waits_for_the_next, the_ends_of_time_are_seconds_like_others,
          random_walk_agrees_with_the_model)
