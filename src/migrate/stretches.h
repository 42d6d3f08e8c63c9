/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a log: runs of consecutive lines, as windows and contexts need what comes next.
 *
 * They are spread evenly from the first line to the last one, and are the same each time. */
#ifndef SECANT_MIGRATE_STRETCHES_H
#define SECANT_MIGRATE_STRETCHES_H

#include "base/bytes.h"

/* How much of a log is wanted; both 0: all. */
struct sample {
    uint64_t lines;
    double part; /* 0 to 1 */
};

/* Reads "100000" lines, or "2%" or "0.5%" of all; returns false if it is neither. */
bool sample_read(struct bytes text, struct sample *sample);

struct stretches {
    uint64_t count;  /* 0: it is one, of all lines */
    uint64_t length; /* in lines; 0: there is nothing between them, and they have all lines */
    uint64_t of;     /* lines that there are */
};

/* Makes ten stretches, or fewer if they would be too short. */
struct stretches stretches_sample(const struct sample *sample, uint64_t lines);
/* The number of lines before this stretch, counted from 0; and up to its end. */
uint64_t stretches_start(const struct stretches *stretches, uint64_t at);
uint64_t stretches_end(const struct stretches *stretches, uint64_t at);
/* The number of lines in all stretches. */
uint64_t stretches_lines(const struct stretches *stretches);
/* The number among all lines of a line that has this number in the stretches from that one on; both
 * are counted from 1. */
uint64_t stretches_number(const struct stretches *stretches, uint64_t from, uint64_t number);

#endif
