/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times that leave out what turns slowly: the year, the day, the start of the machine.
 *
 * Lines are walked in order, and turns are counted from the first line on: a new year, a new day, a
 * restart.  Which year the first turn is, is another question: `base`. */
#ifndef SECANT_CLOCK_TIME_WALK_H
#define SECANT_CLOCK_TIME_WALK_H

#include <stdbool.h>
#include <stdint.h>

enum time_turn { TURN_YEAR, TURN_DAY, TURN_START, TURN_COUNT };

struct time_walk {
    bool begun;
    int64_t turn; /* of the latest line; the first line's is 0 */
    int64_t last; /* the latest second in that turn */
    /* The last line leapt on from there: it may have been odd. */
    bool leapt;
    int64_t old_turn, old_last;
};

/* The turn of a line that says the second `at` of one (a year has 366 days for this).  Much earlier
 * (half a year, an hour of a day) is the next one; the end of a turn, just after its start, is a
 * late line of the one before; else the line is of the latest one.  A single line of another season
 * (a clock that begins with 1 January) turns no year: when the next one is back, so is the walk. */
int64_t time_walk_turn(const struct time_walk *walk, enum time_turn kind, int64_t at);
/* The same, and the walk goes on from there. */
int64_t time_walk_step(struct time_walk *walk, enum time_turn kind, int64_t at);

/* -- Which turn the first one is: evidence of a survey -- */

enum { FIRST_YEAR = 1970, YEARS = 140 };

struct time_base {
    bool known;
    int64_t base;        /* year, day since 1970, or second: of turn 0 */
    bool limited;        /* files have ended */
    int64_t limit;       /* base is at most this */
    int64_t vote, votes; /* of neighbours: the majority's */
    bool voted;
    uint32_t against[YEARS]; /* TURN_YEAR: weekdays and 29 February that speak against a base */
};

void time_base_limit(struct time_base *base, int64_t most);
void time_base_vote(struct time_base *base, int64_t vote);
/* A line of that turn has this date; weekday -1: not told. */
void time_base_weigh(struct time_base *base, int64_t turn, int month, int day, int weekday);
/* From what was found, the base; false: nothing tells it. */
bool time_base_settle(struct time_base *base, enum time_turn kind);

#endif
