/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a comparison from the first line to the last one. */
#ifndef SECANT_MIGRATE_COURSE_H
#define SECANT_MIGRATE_COURSE_H

#include "migrate/compare.h"
#include "migrate/flight.h"
#include "migrate/lines.h"
#include "migrate/migrate.h"
#include "migrate/pace.h"

/* Where a difference was found: the last line that was taken. */
struct found_line {
    struct bytes text; /* owned; ptr NULL: none was taken yet */
    int64_t second;
};

struct masking;
struct resume;

struct course {
    const struct migrate_options *options; /* owned by the caller */
    struct options *engine_options;        /* owned by the caller */
    struct bytes folder;                   /* with what SEC needs; owned by the caller */
    struct bytes version;                  /* of SEC; owned by the caller */
    struct lines lines;                    /* owned; opened by the caller */
    const struct masking *masking;         /* owned by the caller; NULL: nothing is masked */
    const struct resume *resume;           /* owned by the caller; NULL: not in stretches */
    bool twice;                            /* both sides are SEC */
    uint64_t most;                         /* at most this many lines; 0: all */

    struct side sides[2];
    struct comparison comparison;
    struct given_line line; /* the next one */
    struct flight flight;
    struct found_line *found; /* owned; one for each difference that is kept */
    size_t found_count;
    uint64_t given;       /* number of lines that both sides were given */
    int64_t begun, ended; /* seconds of the first and the last of these */
    double seconds;       /* how long it took */
    bool unfinished;      /* not all was compared that should have been */
    int64_t clock;        /* wall-clock time at the start */
    struct pace pace;
    struct buf why; /* what kept it from being completed, one line each */
};

/* Returns false if it could not be done, and `why` says why. */
bool course_run(struct course *course);
/* Resets it to what it was before it ran, except that its lines continue where they were. */
void course_rewind(struct course *course);
void course_free(struct course *course);

#endif
