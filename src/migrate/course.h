/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison from its first line to its last one. */
#ifndef SECANT_MIGRATE_COURSE_H
#define SECANT_MIGRATE_COURSE_H

#include "migrate/compare.h"
#include "migrate/flight.h"
#include "migrate/migrate.h"
#include "replay/logs.h"

/* Where a difference was found: the line that was taken last. */
struct found_line {
    struct bytes text;  /* owned; NULL: none was taken yet */
    struct bytes input; /* its name */
    int64_t second;
};

struct course {
    const struct migrate_options *options;
    struct options *engine_options;
    struct logs logs;
    struct bytes folder; /* owned; of what SEC needs */
    struct buf version;  /* of SEC */
    struct side sides[2];
    struct comparison comparison;
    struct flight flight;
    struct found_line *found; /* owned; of each difference that is kept */
    size_t found_count;
    bool twice;            /* both sides are SEC */
    uint64_t most;         /* lines; 0: all */
    uint64_t lines, bytes; /* that were given to both */
    int64_t begun, ended;  /* the first line's second and the last one's */
    double seconds;        /* that it took */
    struct buf why;        /* what kept it from its end, a line each */
};

/* false: `why` says why it could not be done. */
bool course_run(struct course *course, int argc, char **argv);
/* The differences that SEC itself has between two runs, in which only the order of Perl's hashes is
 * another one, are marked as chance: it runs twice more, up to the last one that is kept.  false:
 * `why` says why that could not be done. */
bool course_judge(struct course *course);
void course_free(struct course *course);

#endif
