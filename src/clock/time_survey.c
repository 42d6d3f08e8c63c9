/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be known of an input before its first line can be read. */
#include "clock/time_reader.h"

#include "base/mem.h"

enum { LONGEST_SAMPLE = 160, DAY = 86400, CLOCKS_DIFFER = 600 };

void time_samples_add(struct time_samples *samples, struct bytes line)
{
    if (samples->count == SAMPLES)
        return;
    samples->texts[samples->count++] =
        bytes_dup(bytes_slice(line, 0, line.len < LONGEST_SAMPLE ? line.len : LONGEST_SAMPLE));
}

void time_samples_free(struct time_samples *samples)
{
    for (size_t i = 0; i < samples->count; i++)
        bytes_free(samples->texts[i]);
    samples->count = 0;
}

/* -- Lines -- */

static void survey_turn(struct time_reader *reader, const struct time_fields *fields,
                        enum time_turn kind)
{
    struct time_walk *walk = &reader->walks[kind];
    const struct time_fields *before = &reader->surveyed;
    int64_t turn = walk->turn, last = walk->last;
    int64_t now = time_walk_step(walk, kind, time_of_turn(fields));
    if (kind == TURN_START && now > turn)
        reader->started += last;
    bool same = reader->surveyed_any && before->month == fields->month &&
                before->day == fields->day && before->weekday == fields->weekday;
    bool says = fields->weekday != -1 || (fields->month == 2 && fields->day == 29);
    if (kind == TURN_YEAR && says && !same)
        time_base_weigh(&reader->bases[kind], now, fields->month, fields->day, fields->weekday);
}

static void survey_fields(struct time_reader *reader, struct time_fields *fields, struct bytes line)
{
    bool lacks;
    time_order_learn(reader, fields, line);
    if (fields->has_epoch || !time_fields_complete(fields))
        return;
    enum time_turn kind = time_turn_of(fields, &lacks);
    struct time_walk *walk = &reader->walks[TURN_YEAR];
    if (lacks) {
        time_samples_add(&reader->missing[kind], line);
        survey_turn(reader, fields, kind);
    } else if (fields->pair[0] == -1) {
        int64_t at = time_of_turn(fields);
        time_base_vote(&reader->bases[TURN_YEAR],
                       fields->year - time_walk_turn(walk, TURN_YEAR, at));
        if (!walk->begun)
            time_walk_step(walk, TURN_YEAR, at);
    }
    reader->surveyed = *fields;
    reader->surveyed_any = true;
}

static bool lacks_base(const struct time_reader *reader, enum time_turn kind)
{
    const struct time_base *base = &reader->bases[kind];
    return reader->missing[kind].count > 0 && !base->voted && !base->known &&
           !(kind != TURN_YEAR && reader->habits.dated);
}

static bool lacks_order(const struct time_order *order)
{
    return order->day_first == order->month_first && (order->asked || order->day_first);
}

bool time_reader_survey(struct time_reader *reader, struct bytes line)
{
    struct time_fields fields = {0};
    size_t form;
    reader->counts.lines++;
    if (time_find(&reader->options->search, &reader->habits, line, &fields, &form) == FOUND)
        survey_fields(reader, &fields, line);
    return lacks_order(&reader->order) || lacks_base(reader, TURN_YEAR) ||
           lacks_base(reader, TURN_DAY) || lacks_base(reader, TURN_START);
}

/* -- Ends of files -- */

/* The latest year in which the file's last line is not later than the file. */
static void limit_year(struct time_reader *reader, int64_t mtime)
{
    const struct time_fields *fields = &reader->surveyed;
    int64_t local = zone_local(reader->options->zone, mtime + DAY);
    int64_t day = local >= 0 ? local / DAY : -1;
    int64_t year = year_of_days(day);
    if (days_of_date(year, fields->month, fields->day) > day)
        year--;
    int64_t turn = time_walk_turn(&reader->walks[TURN_YEAR], TURN_YEAR, time_of_turn(fields));
    time_base_limit(&reader->bases[TURN_YEAR], year - turn);
}

static void limit_day(struct time_reader *reader, int64_t mtime)
{
    int64_t at = time_of_turn(&reader->surveyed);
    int64_t local = zone_local(reader->options->zone, mtime + CLOCKS_DIFFER);
    int64_t day = local >= at ? (local - at) / DAY : -1;
    int64_t turn = time_walk_turn(&reader->walks[TURN_DAY], TURN_DAY, at);
    time_base_limit(&reader->bases[TURN_DAY], day - turn);
}

/* A date is not later than its file: another way to know which number is the month. */
static void limit_order(struct time_reader *reader, int64_t mtime)
{
    const struct time_fields *fields = &reader->surveyed;
    int a = fields->pair[0], b = fields->pair[1];
    int64_t end = zone_local(reader->options->zone, mtime + DAY) / DAY;
    if (a == -1 || a == b || a > 12 || b > 12 || fields->year == -1)
        return;
    bool can_day_first = days_of_date(fields->year, b, a) <= end;
    bool can_month_first = days_of_date(fields->year, a, b) <= end;
    if (can_day_first == can_month_first)
        return;
    reader->order.day_first = reader->order.day_first || can_day_first;
    reader->order.month_first = reader->order.month_first || can_month_first;
}

void time_reader_survey_end(struct time_reader *reader, int64_t mtime)
{
    bool lacks;
    if (mtime == INT64_MIN)
        return;
    if (!reader->ended || mtime > reader->mtime)
        reader->mtime = mtime;
    reader->ended = true;
    if (!reader->surveyed_any)
        return;
    reader->surveyed_any = false;
    limit_order(reader, mtime);
    enum time_turn kind = time_turn_of(&reader->surveyed, &lacks);
    if (!lacks)
        return;
    if (kind == TURN_YEAR)
        limit_year(reader, mtime);
    else if (kind == TURN_DAY)
        limit_day(reader, mtime);
    else
        time_base_limit(&reader->bases[kind], mtime - reader->started - reader->surveyed.whole);
}

bool time_reader_settle(struct time_reader *reader)
{
    for (enum time_turn kind = TURN_YEAR; kind < TURN_COUNT; kind++) {
        struct time_base *base = &reader->bases[kind];
        if (!base->known && time_base_settle(base, kind) && kind == TURN_YEAR)
            reader->year_source = base->voted ? YEAR_OF_NEIGHBOURS : YEAR_OF_MTIME;
        reader->walks[kind] = (struct time_walk){0};
    }
    reader->started = 0;
    reader->habits.utc = false;
    reader->counts = (struct time_counts){0};
    return time_reader_refusal(reader).len == 0;
}

/* -- Why not -- */

static void add_samples(struct buf *out, const struct time_samples *samples)
{
    for (size_t i = 0; i < samples->count; i++)
        buf_cat(out, B("\n  "), samples->texts[i]);
}

static const char *const missing[TURN_COUNT] = {
    "its lines tell no year, and nothing else does: it has to be given, by --year",
    "its lines tell no date, and nothing else does, not even when a file was last written",
    "its lines count from the machine's start, and nothing tells when that was",
};

struct bytes time_reader_refusal(struct time_reader *reader)
{
    struct buf *out = &reader->refusal;
    buf_clear(out);
    if (lacks_order(&reader->order)) {
        buf_cat(out,
                reader->order.day_first
                    ? B("the day is first in one line and the month in another: ")
                    : B("is the day first, or the month?  "),
                B("--time-format tells, such as '%d/%m/%Y %H:%M:%S'"));
        add_samples(out, &reader->order.samples);
    }
    for (enum time_turn kind = TURN_YEAR; kind < TURN_COUNT && out->len == 0; kind++) {
        if (lacks_base(reader, kind)) {
            buf_cat(out, bytes_of(missing[kind]));
            add_samples(out, &reader->missing[kind]);
        }
    }
    return buf_bytes(out);
}
