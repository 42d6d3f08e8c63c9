/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns what a text says into the second that it means. */
#include "clock/time_reader.h"

enum { OVERLAP_TOLERANCE = 300 };

/* -- Day and month -- */

void time_order_learn(struct time_reader *reader, const struct time_fields *fields,
                      struct bytes line)
{
    struct time_order *order = &reader->order;
    int a = fields->pair[0], b = fields->pair[1];
    if (a == -1 || a == b)
        return;
    if (a <= 12 && b <= 12) {
        if (!order->asked)
            time_samples_add(&order->samples, line);
        order->asked = true;
        return;
    }
    bool *told = a > 12 ? &order->day_first : &order->month_first;
    if (!*told)
        time_samples_add(&order->samples, line);
    *told = true;
}

bool time_order_apply(const struct time_order *order, struct time_fields *fields)
{
    int a = fields->pair[0], b = fields->pair[1];
    bool day_first = a > 12 || (b <= 12 && order->day_first);
    if (a == -1)
        return true;
    if (a <= 12 && b <= 12 && a != b && order->day_first == order->month_first)
        return false;
    fields->day = day_first ? a : b;
    fields->month = day_first ? b : a;
    return true;
}

/* -- Completion -- */

static void from_yday(struct time_fields *fields, int64_t year)
{
    int left = fields->yday, month = 1;
    while (month < 12 && left > days_in_month(year, month))
        left -= days_in_month(year, month++);
    fields->month = month;
    fields->day = left;
}

bool time_fields_complete(struct time_fields *fields)
{
    bool dated = fields->year != -1 || fields->month != -1 || fields->day != -1;
    if (fields->yday != -1 && fields->month == -1)
        from_yday(fields, fields->year == -1 ? 2000 : fields->year);
    else if (dated) {
        fields->month = fields->month == -1 ? 1 : fields->month;
        fields->day = fields->day == -1 ? 1 : fields->day;
    }
    fields->hour = fields->hour == -1 ? 0 : fields->hour;
    fields->minute = fields->minute == -1 ? 0 : fields->minute;
    fields->second = fields->second == -1 ? 0 : fields->second;
    if (fields->afternoon != -1)
        fields->hour = fields->hour % 12 + 12 * fields->afternoon;
    fields->afternoon = -1;
    return fields->month == -1 ||
           fields->day <= days_in_month(fields->year == -1 ? 2000 : fields->year, fields->month);
}

static int64_t of_day(const struct time_fields *fields)
{
    return fields->hour * 3600LL + fields->minute * 60LL + fields->second;
}

enum time_turn time_turn_of(const struct time_fields *fields, bool *lacks)
{
    *lacks = !fields->has_epoch && fields->year == -1;
    if (fields->has_uptime)
        return TURN_START;
    return fields->month == -1 ? TURN_DAY : TURN_YEAR;
}

int64_t time_of_turn(const struct time_fields *fields)
{
    if (fields->has_uptime)
        return fields->whole;
    if (fields->month == -1)
        return of_day(fields);
    return (days_of_date(2000, fields->month, fields->day) - days_of_date(2000, 1, 1)) * 86400 +
           of_day(fields);
}

/* -- What is not told -- */

/* A year that the walk has come to, a neighbour or the survey having told where it began. */
static bool resolve_turn(struct time_reader *reader, struct time_fields *fields, int64_t *days)
{
    bool lacks;
    enum time_turn kind = time_turn_of(fields, &lacks);
    struct time_walk *walk = &reader->walks[kind];
    int64_t at = time_of_turn(fields), before = walk->turn, last = walk->last;
    if (!reader->bases[kind].known)
        return false;
    int64_t turn = time_walk_step(walk, kind, at);
    int64_t year = reader->bases[kind].base + turn;
    if (kind == TURN_START) {
        reader->started += turn > before ? last : 0;
        return true;
    }
    if (kind == TURN_DAY) {
        *days = year;
        return true;
    }
    reader->counts.new_years += (uint64_t)(walk->turn - before);
    fields->year = (int)year;
    *days = days_of_date(year, fields->month, fields->day);
    return true;
}

/* A line with a year tells that of lines after it, unless it is odd itself. */
static void tell_neighbours(struct time_reader *reader, const struct time_fields *fields,
                            int64_t second)
{
    struct time_base *base = &reader->bases[TURN_YEAR];
    struct time_walk *walk = &reader->walks[TURN_YEAR];
    bool odd = !reader->begun || second > reader->latest + 86400 || second < reader->latest - 86400;
    if (fields->month == -1 || reader->options->year != 0 || (base->known && odd))
        return;
    base->base = fields->year - time_walk_step(walk, TURN_YEAR, time_of_turn(fields));
    base->known = true;
    if (reader->year_source != YEAR_OF_MTIME || reader->counts.assumed_year == 0)
        reader->year_source = YEAR_OF_NEIGHBOURS;
}

/* named: the zone that the line names, or NULL. */
static void in_zone(const struct time_reader *reader, const struct zone *named, int64_t local,
                    struct time_resolution *out)
{
    struct zone_second found = zone_second(named ? named : reader->options->zone, local);
    int64_t reached = reader->leap.open ? reader->leap.second : reader->latest;
    out->second = found.second;
    out->assumed_zone = !named;
    if (found.times == ZONE_SKIPPED)
        out->flags |= TIMESTAMP_SKIPPED;
    if (found.times != ZONE_TWICE)
        return;
    out->flags |= TIMESTAMP_TWICE;
    if ((reader->begun || reader->leap.open) && reached > found.second + OVERLAP_TOLERANCE)
        out->second = found.again;
}

enum time_resolved time_resolve(struct time_reader *reader, struct time_fields *fields,
                                struct time_resolution *out)
{
    bool lacks;
    int64_t days = 0;
    *out = (struct time_resolution){0};
    if (fields->has_epoch) {
        out->second = fields->whole;
        return RESOLVED;
    }
    if (!time_order_apply(&reader->order, fields))
        return RESOLVED_NOT;
    if (!time_fields_complete(fields))
        return RESOLVED_IMPOSSIBLE;
    enum time_turn kind = time_turn_of(fields, &lacks);
    out->assumed_year = lacks;
    if (lacks && !resolve_turn(reader, fields, &days))
        return RESOLVED_NOT;
    if (kind == TURN_START) {
        out->second = reader->bases[kind].base + reader->started + fields->whole;
        return RESOLVED;
    }
    if (kind == TURN_YEAR) {
        if (fields->day > days_in_month(fields->year, fields->month))
            return RESOLVED_IMPOSSIBLE;
        days = days_of_date(fields->year, fields->month, fields->day);
        out->weekday = fields->weekday != -1 && fields->weekday != weekday_of_days(days);
    }
    int64_t local = days * 86400 + of_day(fields);
    if (fields->word.len > 0)
        fields->offset = zone_word_at(reader->options->zone, fields->word, local, fields->offset);
    if (fields->has_offset)
        out->second = local - fields->offset;
    else
        in_zone(reader, fields->named, local, out);
    if (!lacks)
        tell_neighbours(reader, fields, out->second);
    return RESOLVED;
}
