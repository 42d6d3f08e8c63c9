/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report and its smallest case without secrets.  The case is run again: it has to show what it
 * is for; secrets without which it does not are left. */
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

/* Takes so many seconds at most; what is not tried by then is left.  The course and the case are
 * masked afterwards, and the masking has to outlive them. */
void masking_run(struct masking *masking, struct course *course, struct minimal *minimal,
                 const struct difference *difference, double seconds);
void masking_free(struct masking *masking);
/* How many were masked and left, of each kind. */
void masking_tell(const struct masking *masking, struct buf *out);
json_t *masking_json(const struct masking *masking);

#endif
