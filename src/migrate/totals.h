/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds up what several comparisons have found to be the same.  The totals can be stored as JSON,
 * which is read back with care, as such a file may come from anybody. */
#ifndef SECANT_MIGRATE_TOTALS_H
#define SECANT_MIGRATE_TOTALS_H

#include "migrate/course.h"
#include "store/fields.h"

struct totals {
    uint64_t lines, milliseconds;
    int64_t begun, ended; /* the first line's second and the last one's */
    uint64_t effects, events, messages, states, missing_states, unanswered;
    uint64_t chance; /* differences in which SEC is not determined */
    uint64_t left;   /* comparisons that code in rules has ended before their last line */
    struct buf lacks, unknown,
        notes;                /* as in the comparison: of dumps, of SEC, of what rules use */
    struct rule_count *rules; /* owned */
    size_t rule_count;
    struct refusal *refusals[2]; /* owned */
    size_t refusal_count[2];
};

/* Adds what the course has compared. */
void totals_add(struct totals *totals, const struct course *course);
/* The course tells of all that was added. */
void totals_give(const struct totals *totals, struct course *course);
json_t *totals_json(const struct totals *totals);
/* Returns false if something is wrong with it, and says so. */
bool totals_read(struct totals *totals, struct fields *fields, const json_t *object);
void totals_free(struct totals *totals);

#endif
