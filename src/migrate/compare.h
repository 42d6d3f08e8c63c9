/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two sides do, held against each other as it comes. */
#ifndef SECANT_MIGRATE_COMPARE_H
#define SECANT_MIGRATE_COMPARE_H

#include "migrate/step.h"

enum { THEIRS, OURS };

/* What one of them did in a step and the other did not, or not there. */
struct difference {
    struct place place;
    enum heard_class class;
    struct bytes only[2]; /* owned; messages of words, one after another; HEARD_STATE: lines */
    struct bytes file;    /* owned; the rule whose effect it is, as far as Secant knows; or empty */
    uint64_t rule_line;
    size_t from;     /* of the step's messages of this class: the first one; and */
    size_t count[2]; /* how many of them; of HEARD_STATE: 0 */
    bool order;      /* it is the same in another order */
    bool chance;     /* SEC itself does not do the same in another run */
};

struct comparison {
    struct reader readers[2];
    struct difference *items; /* owned; the first ones */
    size_t count, room;
    uint64_t found;                /* differences in all */
    uint64_t equal[HEARD_CLASSES]; /* of each class: how many were the same */
    uint64_t compared_states;      /* of the states: how many dumps were there to compare, */
    uint64_t missing_states[2];    /* and how many were not, by side */
    uint64_t unanswered;  /* effects of SEC that rules want an answer of: output, exit status */
    struct buf left;      /* code in rules has ended SEC: with which exit status; */
    struct place left_at; /* where that was */
    struct buf lacks;     /* what the dumps of SEC do not say, a line each */
    struct place place;   /* everything before it has been compared */
};

enum { MOST_DIFFERENCES = 200 }; /* that are kept */

/* The sides are the caller's. */
void comparison_start(struct comparison *comparison, struct side *theirs, struct side *ours);
/* Compares what can be compared by now. */
void comparison_go(struct comparison *comparison);
/* Two runs of SEC were compared: is all of the difference in what they have not in common? */
bool comparison_explains(const struct comparison *comparison, const struct difference *difference);
void comparison_free(struct comparison *comparison);

#endif
