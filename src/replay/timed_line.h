/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line and its time. */
#ifndef SECANT_REPLAY_TIMED_LINE_H
#define SECANT_REPLAY_TIMED_LINE_H

#include "base/bytes.h"

struct timed_line {
    struct bytes text;
    struct bytes time; /* the part of the text that is its time; empty if it has none */
    int64_t second;
    int32_t nanoseconds;
    bool own; /* the time is its own; otherwise that of the line before */
};

/* Returns less than 0 if the first moment is earlier, more than 0 if it is later, 0 if equal. */
static inline int compare_moments(int64_t second, int32_t nanoseconds, int64_t other_second,
                                  int32_t other_nanoseconds)
{
    if (second != other_second)
        return second < other_second ? -1 : 1;
    return (nanoseconds > other_nanoseconds) - (nanoseconds < other_nanoseconds);
}

#endif
