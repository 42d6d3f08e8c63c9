/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Masks secrets in a report and its smallest case.  The case is run again, as it must still show
 * the difference; secrets without which it does not are left. */
#ifndef SECANT_MIGRATE_MASKING_H
#define SECANT_MIGRATE_MASKING_H

#include <jansson.h>

#include "migrate/minimal.h"
#include "secrets/mask.h"

struct masking {
    struct mask *mask;
    struct course *course;          /* the caller's */
    struct minimal *minimal;        /* the same; NULL: there is none */
    struct migrate_options options; /* the course's from then on */
    struct input_name *inputs;      /* owned; as they were */
    bool checked;                   /* the masked case shows the difference */
};

/* Takes at most this many seconds; secrets that are not tried by then are left.  The course and the
 * case are masked afterwards, and the masking must outlive them. */
void masking_run(struct masking *masking, struct course *course, struct minimal *minimal,
                 const struct difference *difference, double seconds);
void masking_free(struct masking *masking);
/* Says how many secrets of each kind were masked, and how many were left. */
void masking_tell(const struct masking *masking, struct buf *out);
json_t *masking_json(const struct masking *masking);

#endif
