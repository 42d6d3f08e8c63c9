/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times that leave out what changes slowly: the year, the day, the start of the machine.
 *
 * Lines are walked in order, and turns (a new year, a new day, a restart) are counted from the
 * first line on.  Which year, day or start the first turn is remains a separate question: see
 * struct time_base. */
#ifndef SECANT_CLOCK_TIME_WALK_H
#define SECANT_CLOCK_TIME_WALK_H

#include <stdbool.h>
#include <stdint.h>

enum time_turn { TURN_YEAR, TURN_DAY, TURN_START, TURN_COUNT };

struct time_walk {
    bool begun;
    int64_t turn; /* of the latest line; the first line's is 0 */
    int64_t last; /* the latest second in that turn */
    /* The last line leapt ahead from this turn and second; it may have been odd. */
    bool leapt;
    int64_t old_turn, old_last;
};

/* The turn of a line whose time is the second `at` within it (all years have 366 days here).  A
 * time that is earlier than the latest by half a year, an hour of a day, or a second of uptime
 * belongs to the next turn.  A time at the end of a turn, just after the next one has begun, is
 * that of a late line of the turn before.  Any other belongs to the latest turn.  A single line of
 * another season (a clock that begins with 1 January) does not turn the year: if the next line is
 * back, so is the walk. */
int64_t time_walk_turn(const struct time_walk *walk, enum time_turn kind, int64_t at);
/* As time_walk_turn, and moves the walk there. */
int64_t time_walk_step(struct time_walk *walk, enum time_turn kind, int64_t at);

/* -- Which year, day or start turn 0 is: evidence from a survey -- */

enum { FIRST_YEAR = 1970, YEARS = 140 };

struct time_base {
    bool known;
    int64_t base;        /* the year, day since 1970, or second of turn 0 */
    bool limited;        /* a file has ended */
    int64_t limit;       /* base is at most this */
    int64_t vote, votes; /* the majority's among neighbours */
    bool voted;
    uint32_t against[YEARS]; /* TURN_YEAR: weekdays and 29 February that speak against a base */
};

void time_base_limit(struct time_base *base, int64_t most);
void time_base_vote(struct time_base *base, int64_t vote);
/* Takes into account that a line of that turn has this date; weekday -1: not told. */
void time_base_weigh(struct time_base *base, int64_t turn, int month, int day, int weekday);
/* Sets the base from the evidence; returns false if there is none. */
bool time_base_settle(struct time_base *base, enum time_turn kind);

#endif
