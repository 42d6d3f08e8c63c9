/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time in a line that is a JSON object: the value of one of its own keys. */
#include "base/json.h"
#include "clock/time_find.h"

/* The best first: journald's, in the order in which journalctl takes them, then what shippers
 * write, then what programs do. */
static const char *const keys[] = {
    "_SOURCE_REALTIME_TIMESTAMP",
    "__REALTIME_TIMESTAMP",
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "datetime",
    "@t",
    "eventtime",
    "timemillis",
    "instant",
    "epochsecond",
    "$date",
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

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static bool is_key(struct bytes key, const char *known)
{
    return ascii_lower(*key.ptr) == ascii_lower(*known) && bytes_ieq(key, bytes_of(known));
}

static size_t rank_of(struct bytes key)
{
    size_t rank = key.len > 0 ? 0 : KEYS;
    while (rank < KEYS && !is_key(key, keys[rank]))
        rank++;
    return rank;
}

bool is_time_key(struct bytes key)
{
    return rank_of(key) < KEYS;
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
    size_t ranks[JSON_TIMES], count = 0, at = object_open(line);
    struct object_member member;
    while (at > 0 && object_next(line, &at, &member)) {
        if (is_time_key(member.key))
            enter(values, ranks, &count, rank_of(member.key), value_inner(member.value));
    }
    return count;
}
