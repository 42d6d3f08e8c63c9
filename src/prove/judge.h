/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what was expected with what happened.
 *
 * Expectations are examined in their order.  Each looks at a region: from the last line that came
 * before it up to now, or up to the end of its span.  An expectation of an effect takes the first
 * one that fits after what the previous expectation took; `nothing else` and `not` complain about
 * those that none has taken. */
#ifndef SECANT_PROVE_JUDGE_H
#define SECANT_PROVE_JUDGE_H

#include "prove/run.h"

/* All texts are owned by the judgement. */
struct failure {
    const struct test_step *step;
    const struct step_mark *mark;
    struct bytes expected, reason;
    struct bytes brief; /* the reason without the effect, which is shown elsewhere; "": the same */
    struct bytes near_when, near; /* the nearest thing that happened; "": there is none */
    size_t from, to;              /* the part of `near` that differs */
    size_t near_at;               /* the index of that happening; SIZE_MAX: none */
    bool other_time;              /* `near` is what was expected, but earlier or later */
    bool unexpected;              /* something happened that should not */
    size_t first, end;            /* the happenings of its region */
    size_t passage, passage_end;  /* the lines of its region */
};

/* A snapshot that differs from the one in the file. */
struct new_snapshot {
    const struct test_step *step;
    struct bytes text;
};

struct judgement {
    struct arena arena;
    struct failure *failures; /* owned */
    size_t count, room;
    struct new_snapshot *snapshots; /* owned */
    size_t snapshot_count, snapshot_room;
};

/* Notes in the evidence which step took what. */
void judge(struct evidence *evidence, struct judgement *judgement);
/* Appends the happening as a line of a snapshot. */
void judge_add_effect(struct buf *out, const struct happening *happening, int64_t start);
void judgement_free(struct judgement *judgement);

#endif
