/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what two sides do, as it comes. */
#ifndef SECANT_MIGRATE_COMPARE_H
#define SECANT_MIGRATE_COMPARE_H

#include "migrate/step.h"

enum { THEIRS, OURS };

/* What one side did in a step, and the other did not, or not in that step. */
struct difference {
    struct place place;
    enum heard_class class;
    struct bytes only[2]; /* owned; messages of words, one after another; HEARD_STATE: lines */
    struct bytes file;    /* owned; file of the rule whose effect it is; empty: not known */
    uint64_t rule_line;
    size_t from;     /* index of the first one among the step's messages of this class */
    size_t count[2]; /* how many they are, by side; HEARD_STATE: 0 */
    bool order;      /* both did the same, but in another order */
    bool chance;     /* SEC itself does not do the same in another run */
};

struct comparison {
    struct reader readers[2];
    struct difference *items; /* owned; the first MOST_DIFFERENCES */
    size_t count, room;
    uint64_t found;                /* number of differences in all */
    uint64_t equal[HEARD_CLASSES]; /* how many messages of each class were the same */
    uint64_t compared_states;      /* how many dumps could be compared */
    uint64_t missing_states[2];    /* how many dumps were missing, by side */
    uint64_t unanswered;           /* effects of SEC whose output or exit status the rules use */
    struct buf left;      /* the exit status with which code in rules has ended SEC; or empty */
    struct place left_at; /* where that happened */
    struct buf lacks;     /* what the dumps of SEC do not say, one line each */
    struct place place;   /* everything before it has been compared */
};

enum { MOST_DIFFERENCES = 200 }; /* how many are kept */

/* The sides are owned by the caller. */
void comparison_start(struct comparison *comparison, struct side *theirs, struct side *ours);
/* Compares what can be compared so far. */
void comparison_go(struct comparison *comparison);
/* After two runs of SEC were compared: do their differences explain all of this difference? */
bool comparison_explains(const struct comparison *comparison, const struct difference *difference);
void comparison_free(struct comparison *comparison);

#endif
