/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time in a line that is a JSON object: the value of one of its own keys.
 *
 * Not Jansson: nothing is to be allocated or decoded for a line of which one value is asked for,
 * and a line cut short still has its time. */
#include "clock/time_find.h"

/* The best first: journald's, then what shippers write, then what programs do. */
static const char *const keys[] = {
    "__REALTIME_TIMESTAMP",
    "_SOURCE_REALTIME_TIMESTAMP",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "datetime",
    "@t",
    "eventtime",
    "timemillis",
    "timecreated",
    "timegenerated",
    "event_time",
    "log_time",
    "asctime",
    "time_local",
    "time_iso8601",
    "created",
    "date",
    "t",
};

static size_t rank_of(struct bytes key)
{
    size_t rank = 0;
    while (rank < sizeof(keys) / sizeof(*keys) && !bytes_ieq(key, bytes_of(keys[rank])))
        rank++;
    return rank;
}

bool is_time_key(struct bytes key)
{
    return rank_of(key) < sizeof(keys) / sizeof(*keys);
}

/* From the quote at `at` to after the one that ends it. */
static size_t skip_string(struct bytes line, size_t at)
{
    for (at++; at < line.len && line.ptr[at] != '"'; at++) {
        if (line.ptr[at] == '\\')
            at++;
    }
    return at < line.len ? at + 1 : line.len;
}

static size_t skip_space(struct bytes line, size_t at)
{
    while (at < line.len && is_space(line.ptr[at]))
        at++;
    return at;
}

/* To the comma or brace that ends the value at `at`. */
static size_t skip_value(struct bytes line, size_t at)
{
    size_t depth = 0;
    while (at < line.len) {
        char c = line.ptr[at];
        if (c == '"') {
            at = skip_string(line, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return at;
}

static struct bytes value_text(struct bytes line, size_t from, size_t to)
{
    if (from < to && line.ptr[from] == '"') {
        size_t end = skip_string(line, from);
        bool closed = end > from + 1 && line.ptr[end - 1] == '"';
        return bytes_slice(line, from + 1, closed ? end - 1 : end);
    }
    return bytes_slice(line, from, to);
}

/* Sorted in by rank; the worst falls out. */
static void enter(struct bytes values[], size_t ranks[], size_t *count, size_t rank,
                  struct bytes value)
{
    size_t at = *count;
    if (at < JSON_TIMES)
        (*count)++;
    else if (ranks[--at] <= rank)
        return;
    for (; at > 0 && ranks[at - 1] > rank; at--) {
        ranks[at] = ranks[at - 1];
        values[at] = values[at - 1];
    }
    ranks[at] = rank;
    values[at] = value;
}

size_t json_times(struct bytes line, struct bytes values[JSON_TIMES])
{
    size_t ranks[JSON_TIMES], count = 0;
    size_t at = skip_space(line, 0);
    if (at >= line.len || line.ptr[at] != '{')
        return 0;
    while (at < line.len && line.ptr[at] != '}') {
        at = skip_space(line, at + 1);
        if (at >= line.len || line.ptr[at] != '"')
            break;
        size_t end = skip_string(line, at);
        struct bytes key = value_text(line, at, end);
        at = skip_space(line, end);
        if (at >= line.len || line.ptr[at] != ':')
            break;
        at = skip_space(line, at + 1);
        end = skip_value(line, at);
        if (is_time_key(key) && at < end)
            enter(values, ranks, &count, rank_of(key), value_text(line, at, end));
        at = end;
        if (at < line.len && line.ptr[at] != ',')
            break;
    }
    return count;
}
