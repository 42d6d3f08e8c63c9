/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calendar: runs its action list when the time matches, at most once a minute.  It is driven by the
 * clean-up in engine/clean_up.c, not by lines. */
#include "correlate/calendar.h"

#include "correlate/shared.h"
#include "correlate/types.h"

static bool fired(const struct last_action *last, const struct tm *tm)
{
    return tm->tm_min == last->minute && tm->tm_hour == last->hour && tm->tm_mday == last->day &&
           tm->tm_mon == last->month && tm->tm_year == last->year;
}

bool calendar_matches(const struct rule *rule, const struct tm *tm, bool last_day)
{
    const struct calendar_time *time = rule->time;
    int year = (tm->tm_year % 100 + 100) % 100; /* before 1900 as well */
    return time->minutes >> tm->tm_min & 1 && time->hours >> tm->tm_hour & 1 &&
           (time->days >> tm->tm_mday & 1 || (last_day && time->days & 1)) &&
           time->months >> tm->tm_mon & 1 && time->weekdays >> tm->tm_wday & 1 &&
           time->years[year >> 6] >> (year & 63) & 1;
}

bool calendar_fire(struct engine *engine, struct rule_state *state, const struct tm *tm)
{
    const struct rule *rule = state->rule;
    if (fired(&state->last_action, tm))
        return true;
    struct scope scope = scope_plain(rule->desc->text);
    const struct context_expr *context = rule->parts[0].context;
    if (context && !condition_true(engine, context, &scope))
        return false;
    actions_run(engine, rule->action, &scope);
    state->last_action =
        (struct last_action){tm->tm_min, tm->tm_hour, tm->tm_mday, tm->tm_mon, tm->tm_year};
    state->match_count++;
    return true;
}

static const struct field fields[] = {
    {.kind = FIELD_TIME, .name = "time", .required = true},
    {.kind = FIELD_CONTEXT, .name = "context"},
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    {.kind = FIELD_END},
};

const struct rule_type rule_calendar = {
    .keyword = "CALENDAR",
    .name = "Calendar",
    .constant = {"CALENDAR", 9},
    .fields = fields,
};
