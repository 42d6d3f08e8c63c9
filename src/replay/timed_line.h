/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line and when it happened. */
#ifndef SECANT_REPLAY_TIMED_LINE_H
#define SECANT_REPLAY_TIMED_LINE_H

#include "base/bytes.h"

struct timed_line {
    struct bytes text;
    struct bytes time; /* the part of the text that tells its time; empty if none does */
    int64_t second;
    int32_t nanoseconds;
    bool own; /* it tells its time itself; otherwise it has that of the line before */
};

/* Earlier, later, or of the same moment: below, above, or 0. */
static inline int compare_moments(int64_t second, int32_t nanoseconds, int64_t other_second,
                                  int32_t other_nanoseconds)
{
    if (second != other_second)
        return second < other_second ? -1 : 1;
    return (nanoseconds > other_nanoseconds) - (nanoseconds < other_nanoseconds);
}

#endif
