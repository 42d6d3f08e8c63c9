/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that both sides are given, of logs or of a list, each with its second. */
#ifndef SECANT_MIGRATE_LINES_H
#define SECANT_MIGRATE_LINES_H

#include "migrate/stretches.h"
#include "replay/logs.h"

struct input_name {
    struct bytes name, context; /* the logs' */
};

struct given_line {
    struct bytes text; /* valid until the next one is taken */
    size_t input;      /* its number among the inputs */
    int64_t second;
};

struct lines {
    struct input_name *inputs; /* owned */
    size_t input_count;
    bool listed; /* lines come from the list, not from the logs */
    struct logs logs;
    int64_t from, until;
    struct stretches stretches;     /* of the lines between these; the others are passed over, */
    uint64_t first, last;           /* as are those but from the first one to before the last one */
    uint64_t number, stretch;       /* lines that were read so far; the stretch at hand */
    const struct given_line *items; /* the caller's */
    const size_t *chosen;           /* the caller's; which of them */
    size_t count, at;
};

/* Opens all lines of what the patterns name (replay/logs.h); after that `from`, `until` and
 * stretches may be set.  Returns false if there are none, and *why says why. */
bool lines_open(struct lines *lines, const struct bytes *patterns, size_t count,
                const struct line_options *options, bool *with_contexts, struct buf *why);
/* Limits the lines to these stretches, from `first` to before `last`. */
void lines_choose(struct lines *lines, const struct stretches *stretches, uint64_t first,
                  uint64_t last);
/* The number of a line among all lines, of its number among those that were taken. */
static inline uint64_t lines_number(const struct lines *lines, uint64_t taken)
{
    return stretches_number(&lines->stretches, lines->first, taken);
}
/* Takes the chosen lines of a list, with the inputs of `others`. */
void lines_list(struct lines *lines, const struct lines *others, const struct given_line *items,
                const size_t *chosen, size_t count);
/* Takes the next line; returns false if there is none. */
bool lines_next(struct lines *lines, struct given_line *line);
/* Counts the lines, and sets *hash to a hash of all of them.  An interrupt ends it early. */
uint64_t lines_count(struct lines *lines, uint64_t *hash);
/* Could everything be read?  If not, says on standard error what could not. */
bool lines_whole(struct lines *lines);
void lines_close(struct lines *lines);

#endif
