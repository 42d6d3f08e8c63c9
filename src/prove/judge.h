/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was expected, held against what happened.
 *
 * Expectations are gone through in their order.  Each looks at a region: from the last line that
 * came before it to now, or to the end of the span that it has.  One of an effect takes what fits,
 * the first that comes after what the expectation before it took; what nobody has taken is what
 * `nothing else` and `not` complain of. */
#ifndef SECANT_PROVE_JUDGE_H
#define SECANT_PROVE_JUDGE_H

#include "prove/run.h"

/* All texts belong to the verdict. */
struct failure {
    const struct test_step *step;
    const struct step_mark *mark;
    struct bytes expected, reason;
    struct bytes brief; /* the reason without the effect that is shown elsewhere; "": the reason */
    struct bytes near_when, near; /* the nearest thing that happened; "": there is none */
    size_t from, to;              /* the part of `near` that differs */
    size_t near_at;               /* which happening that is; SIZE_MAX: none */
    bool other_time;              /* it is what was expected, but earlier or later */
    bool unexpected;              /* something happened that should not */
    size_t first, end;            /* the happenings of its region */
    size_t passage, passage_end;  /* the lines of its region */
};

/* A snapshot that is not as the file has it. */
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
/* As a snapshot has it, a line. */
void judge_add_effect(struct buf *out, const struct happening *happening, int64_t start);
void judgement_free(struct judgement *judgement);

#endif
