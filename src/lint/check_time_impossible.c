/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Calendar time that does not come: every day of the next 28 years is looked at, after which days
 * and weekdays are the same again. */
#include <time.h>

#include "lang/rule_text.h"
#include "lint/checks.h"

enum { CYCLE = 28, MONTHS = 12, WEEK = 7 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int month, int year)
{
    static const int days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && is_leap(year));
}

/* The weekday of the first of January. */
static int first_weekday(int year)
{
    int before = year - 1;
    return (1 + before + before / 4 - before / 100 + before / 400) % WEEK;
}

static bool comes_in(const struct calendar_time *time, int year, uint32_t weekdays)
{
    int weekday = first_weekday(year);
    for (int month = 0; month < MONTHS; month++) {
        int last = days_in(month, year);
        for (int day = 1; day <= last; day++, weekday = (weekday + 1) % WEEK) {
            bool is_day = time->days >> day & 1 || (day == last && time->days & 1);
            if (is_day && time->months >> month & 1 && weekdays >> weekday & 1)
                return true;
        }
    }
    return false;
}

static bool has_year(const struct calendar_time *time, int year)
{
    return time->years[year % 100 >> 6] >> (year % 100 & 63) & 1;
}

/* Are there such days at all; in these years; or (weekdays) on any weekday? */
static bool comes(const struct calendar_time *time, int from, bool any_year, bool any_weekday)
{
    uint32_t weekdays = any_weekday ? 0x7f : time->weekdays;
    for (int year = from; year < from + CYCLE; year++)
        if ((any_year || has_year(time, year)) && comes_in(time, year, weekdays))
            return true;
    return false;
}

static int year_of(int64_t time)
{
    time_t when = (time_t)time;
    struct tm tm;
    return localtime_r(&when, &tm) ? tm.tm_year + 1900 : 1970;
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct keyword keyword;
    if (!rule->time || !rule_keyword(rule, B("time"), &keyword))
        return;
    int from = year_of(lint->set->loaded);
    if (comes(rule->time, from, false, false))
        return;
    struct lint_finding *found =
        lint_tell(lint, rule, keyword.value, B("the time '"), keyword.value, B("' never comes"));
    if (!comes(rule->time, from, true, true))
        lint_hint(lint, found, B("no month that it names has such a day"));
    else if (!comes(rule->time, from, false, true))
        lint_hint(lint, found, B("its years have passed, or have no such day"));
    else
        lint_hint(lint, found,
                  B("day and weekday must both match, and in its years they never do"));
}

const struct lint_check check_time_impossible = {
    .name = "time-impossible",
    .level = LINT_WARNING,
    .summary = "A Calendar time that never comes",
    .rule = look,
};
