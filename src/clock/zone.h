/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time zones: from what a wall clock shows to seconds since the epoch, and back.
 *
 * A zone is loaded once and never changes after that, whatever becomes of $TZ. */
#ifndef SECANT_CLOCK_ZONE_H
#define SECANT_CLOCK_ZONE_H

#include <stdint.h>

#include "base/bytes.h"

struct zone;

/* Loads a zone: by a name that the system knows, "UTC", "+HH:MM" or a POSIX TZ text; NULL stands
 * for the system's own.  Returns NULL, with the reason in *why, if there is no such zone.  Sets $TZ
 * during the call: no other thread may read the environment meanwhile. */
struct zone *zone_load(const char *name, struct buf *why);
void zone_free(struct zone *zone);
/* As zone_load, but a zone is loaded (which takes milliseconds) only once, and is kept until the
 * process ends.  The name must not be NULL. */
const struct zone *zone_known(const char *name, struct buf *why);
/* Sets $TZ, so that local times of this process are those of the zone from now on.  For the
 * system's own zone, $TZ stays as it is. */
void zone_enter(const struct zone *zone);
/* zone_known for a name that was found in a line; returns NULL unless the system has a zone of that
 * name. */
const struct zone *zone_named(struct bytes name);
/* The name that was asked for, or what the system calls its own zone. */
struct bytes zone_name(const struct zone *zone);

/* How often a wall clock shows a time: when clocks are set, one hour comes twice and another is
 * left out. */
enum zone_case { ZONE_ONCE, ZONE_TWICE, ZONE_SKIPPED };

struct zone_second {
    int64_t second;
    int64_t again; /* with ZONE_TWICE: the later one */
    enum zone_case times;
};

/* local: what the wall clock shows, as seconds since 1970-01-01 00:00 by that clock.  A time that
 * is skipped is read as if the clock had not been set forward. */
struct zone_second zone_second(const struct zone *zone, int64_t local);
/* What a wall clock shows at this second; the inverse of zone_second. */
int64_t zone_local(const struct zone *zone, int64_t second);
/* Finds the offset from UTC, in seconds, that a word such as "CEST" means: in this zone, else
 * wherever the world agrees on it.  Returns false if there is no such word, or if it has several
 * meanings ("IST"). */
bool zone_word(const struct zone *zone, struct bytes word, int32_t *offset);
/* As zone_word, at a given time.  `offset` must be zone_word's answer, which is the latest offset
 * of the word: Moscow's MSK has been +03:00 and +04:00. */
int32_t zone_word_at(const struct zone *zone, struct bytes word, int64_t local, int32_t offset);

/* The calendar: days since 1970-01-01; month and day from 1. */
int64_t days_of_date(int64_t year, int month, int day);
int64_t year_of_days(int64_t days);
int days_in_month(int64_t year, int month);
static inline bool is_leap_year(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
/* 0 is Sunday. */
static inline int weekday_of_days(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7);
}

#endif
