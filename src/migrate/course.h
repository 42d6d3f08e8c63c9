/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison from its first line to its last one. */
#ifndef SECANT_MIGRATE_COURSE_H
#define SECANT_MIGRATE_COURSE_H

#include "migrate/compare.h"
#include "migrate/flight.h"
#include "migrate/lines.h"
#include "migrate/migrate.h"
#include "migrate/pace.h"

/* Where a difference was found: the line that was taken last. */
struct found_line {
    struct bytes text; /* owned; NULL: none was taken yet */
    int64_t second;
};

struct masking;
struct resume;

struct course {
    const struct migrate_options *options; /* the caller's, */
    struct options *engine_options;        /* as this; */
    struct bytes folder;                   /* and this: of what SEC needs; */
    struct bytes version;                  /* and this: of SEC */
    struct lines lines;                    /* owned; opened by the caller */
    const struct masking *masking;         /* the caller's; NULL: nothing is masked */
    const struct resume *resume;           /* the same; NULL: it is all in one */
    bool twice;                            /* both sides are SEC */
    uint64_t most;                         /* lines; 0: all */

    struct side sides[2];
    struct comparison comparison;
    struct given_line line; /* the next one */
    struct flight flight;
    struct found_line *found; /* owned; of each difference that is kept */
    size_t found_count;
    uint64_t given;       /* lines that both were given */
    int64_t begun, ended; /* the first one's second and the last one's */
    double seconds;       /* that it took */
    bool unfinished;      /* there is more that was to be compared */
    int64_t clock;        /* when it began, on the clock of the wall */
    struct pace pace;
    struct buf why; /* what kept it from its end, a line each */
};

/* false: `why` says why it could not be done. */
bool course_run(struct course *course);
/* As it was before it ran, but its lines go on where they were. */
void course_rewind(struct course *course);
void course_free(struct course *course);

#endif
