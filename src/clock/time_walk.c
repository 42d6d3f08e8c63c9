/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts turns of the year, the day and the machine's start in lines that do not tell them. */
#include "clock/time_walk.h"

#include "clock/zone.h"

/* Seconds: of a turn; by which lines go back without a new turn; by which a line may be late that
 * is of the turn before. */
static const struct {
    int64_t length, back, late;
} kinds[TURN_COUNT] = {
    {366 * 86400, 183 * 86400, 7 * 86400},
    {86400, 3600, 600},
    {INT64_MAX, 1, 0}, /* a machine starts anew as soon as its time goes back */
};

static bool is_near(int64_t a, int64_t b)
{
    return a - b <= 86400 && b - a <= 86400;
}

/* The last line was odd: this one goes on where the walk was before it. */
static bool is_back(const struct time_walk *walk, int64_t at)
{
    return walk->leapt && is_near(at, walk->old_last) && !is_near(at, walk->last);
}

int64_t time_walk_turn(const struct time_walk *walk, enum time_turn kind, int64_t at)
{
    int64_t on = at - walk->last;
    if (!walk->begun)
        return 0;
    if (is_back(walk, at))
        return walk->old_turn;
    if (on < -kinds[kind].back)
        return walk->turn + 1;
    return walk->turn - (on > kinds[kind].length - kinds[kind].late);
}

int64_t time_walk_step(struct time_walk *walk, enum time_turn kind, int64_t at)
{
    int64_t turn = time_walk_turn(walk, kind, at);
    if (!walk->begun) {
        *walk = (struct time_walk){.begun = true, .last = at};
        return turn;
    }
    if (is_back(walk, at))
        *walk = (struct time_walk){.begun = true, .turn = walk->old_turn, .last = walk->old_last};
    walk->leapt = false;
    if (turn < walk->turn || (turn == walk->turn && at <= walk->last))
        return turn;
    if (kind == TURN_YEAR && (turn > walk->turn || at > walk->last + 86400)) {
        walk->leapt = true;
        walk->old_turn = walk->turn;
        walk->old_last = walk->last;
    }
    walk->turn = turn;
    walk->last = at;
    return turn;
}

void time_base_limit(struct time_base *base, int64_t most)
{
    if (!base->limited || most < base->limit)
        base->limit = most;
    base->limited = true;
}

void time_base_vote(struct time_base *base, int64_t vote)
{
    base->voted = true;
    if (base->votes == 0)
        base->vote = vote;
    base->votes += base->vote == vote ? 1 : -1;
}

void time_base_weigh(struct time_base *base, int64_t turn, int month, int day, int weekday)
{
    for (int i = 0; i < YEARS; i++) {
        int64_t year = FIRST_YEAR + i + turn;
        bool fits = day <= days_in_month(year, month) &&
                    (weekday == -1 || weekday_of_days(days_of_date(year, month, day)) == weekday);
        base->against[i] += !fits;
    }
}

/* The latest year that nothing speaks against, else the limit. */
static int64_t latest_year(const struct time_base *base)
{
    int64_t top = base->limit - FIRST_YEAR;
    for (int64_t i = top < YEARS ? top : YEARS - 1; i >= 0; i--) {
        if (base->against[i] == 0)
            return FIRST_YEAR + i;
    }
    return base->limit;
}

bool time_base_settle(struct time_base *base, enum time_turn kind)
{
    if (base->known)
        return true;
    if (base->voted)
        base->base = base->vote;
    else if (base->limited)
        base->base = kind == TURN_YEAR ? latest_year(base) : base->limit;
    base->known = base->voted || base->limited;
    return base->known;
}
