/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time specification of Calendar rules: six crontab-like lists of numbers. */
#include "lang/parser.h"

/* The values of one list: bit n is set when n belongs to it. */
struct value_set {
    uint64_t bits[2];
};

struct bounds {
    int64_t first, last;
};

static void set_value(struct value_set *set, int64_t value)
{
    set->bits[value / 64] |= UINT64_C(1) << (value % 64);
}

/* "3", or nothing when one side of a range is left out: *value stays then. */
static bool read_bound(struct bytes text, struct bounds limits, int64_t *value)
{
    if (text.len == 0)
        return true;
    return bytes_uint(text, false, value) && *value >= limits.first && *value <= limits.last;
}

/* "a-b" with either side optional. */
static bool read_range(struct bytes text, size_t dash, struct bounds limits, struct bounds *range)
{
    *range = limits;
    return read_bound(bytes_slice(text, 0, dash), limits, &range->first) &&
           read_bound(bytes_from(text, dash + 1), limits, &range->last);
}

/* Cuts "/step" off the end when there is one; false: the step is 0. */
static bool cut_step(struct bytes *text, int64_t *step)
{
    ptrdiff_t slash = bytes_rfind(*text, B("/"));
    if (slash < 1 || !bytes_uint(bytes_from(*text, (size_t)slash + 1), false, step))
        return true;
    *text = bytes_slice(*text, 0, (size_t)slash);
    return *step > 0;
}

/* One part between commas. */
static bool read_part(struct bytes text, struct bounds limits, struct value_set *set)
{
    int64_t step = 0;
    struct bounds range = limits;
    if (!cut_step(&text, &step))
        return false;
    ptrdiff_t dash = bytes_chr(text, '-', 0);
    if (dash >= 0) {
        if (!read_range(text, (size_t)dash, limits, &range))
            return false;
    } else if (!bytes_eq(text, B("*"))) {
        if (step > 0 || text.len == 0 || !read_bound(text, limits, &range.first))
            return false;
        range.last = range.first;
    }
    for (int64_t value = range.first; value <= range.last; value += step > 0 ? step : 1)
        set_value(set, value);
    return true;
}

/* Empty parts do not count, but a list of nothing else is none.  *fault: what is wrong of it. */
static bool read_list(struct bytes text, struct bounds limits, struct value_set *set,
                      struct bytes *fault)
{
    bool any = false;
    for (size_t at = 0; at <= text.len; at++) {
        ptrdiff_t comma = bytes_chr(text, ',', at);
        size_t end = comma < 0 ? text.len : (size_t)comma;
        *fault = bytes_slice(text, at, end);
        if (end > at && !read_part(*fault, limits, set))
            return false;
        any |= end > at;
        at = end;
    }
    *fault = text;
    return any;
}

enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR, LISTS };

static const struct {
    const char *name;
    struct bounds limits;
} lists[LISTS] = {
    [MINUTE] = {"minute", {0, 59}}, [HOUR] = {"hour", {0, 23}},      [DAY] = {"day", {0, 31}},
    [MONTH] = {"month", {1, 12}},   [WEEKDAY] = {"weekday", {0, 7}}, [YEAR] = {"year", {0, 99}},
};

static bool split_lists(struct bytes text, struct bytes parts[LISTS])
{
    size_t count = 0;
    struct bytes part;
    for (; bytes_word(&text, &part); count++)
        if (count < LISTS)
            parts[count] = part;
    if (count == YEAR)
        parts[YEAR] = B("*");
    return count == YEAR || count == LISTS;
}

bool parse_timespec(const struct diag *diag, struct bytes text, struct calendar_time *time)
{
    struct bytes parts[LISTS], fault;
    struct value_set sets[LISTS] = {0};
    if (!split_lists(text, parts)) {
        diag_rule(diag, DIAG_TIME, text, B("Wrong number of elements in time specification"));
        return false;
    }
    for (int i = 0; i < LISTS; i++) {
        if (!read_list(parts[i], lists[i].limits, &sets[i], &fault)) {
            diag_rule(diag, DIAG_TIME, fault, B("Invalid "), bytes_of(lists[i].name),
                      B(" specification '"), parts[i], B("'"));
            return false;
        }
    }
    uint64_t weekdays = sets[WEEKDAY].bits[0];
    *time = (struct calendar_time){
        .minutes = sets[MINUTE].bits[0],
        .hours = (uint32_t)sets[HOUR].bits[0],
        .days = (uint32_t)sets[DAY].bits[0],
        .months = (uint32_t)(sets[MONTH].bits[0] >> 1),
        .weekdays = (uint32_t)((weekdays | weekdays >> 7) & 0x7f), /* 7 is Sunday, too */
        .years = {sets[YEAR].bits[0], sets[YEAR].bits[1]},
    };
    return true;
}
