/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest of what is left when rules and lines are taken away as long as a difference stays:
 * something that can be looked at, and sent to others. */
#ifndef SECANT_MIGRATE_MINIMAL_H
#define SECANT_MIGRATE_MINIMAL_H

#include "migrate/course.h"

struct rule_text {
    struct bytes name; /* owned; of the file */
    struct bytes text; /* owned */
};

struct minimal {
    struct rule_text *files; /* owned; those of which something is left */
    size_t file_count;
    struct given_line *lines; /* owned, and their texts */
    size_t line_count;
};

/* Of a difference that the course has found.  It takes so many seconds at the most, and gives what
 * it has by then.  false: the difference is not there without what came before the last
 * MOST_LINES lines, or *why says more. */
bool minimal_find(const struct course *course, const struct difference *difference, double seconds,
                  struct minimal *minimal, struct buf *why);
/* Do these rules and lines have a difference of the class? */
bool minimal_shows(const struct course *course, const struct minimal *minimal,
                   enum heard_class class);
/* Writes it into the folder, which is made: rules, lines of each input, and the command that shows
 * it.  false: *why. */
bool minimal_write(const struct minimal *minimal, const struct course *course, const char *folder,
                   struct buf *why);
void minimal_free(struct minimal *minimal);

#endif
