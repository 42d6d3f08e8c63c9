/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the smallest case of a difference, by removing rules and lines as long as the difference
 * remains: something that can be looked at, and sent to others. */
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

/* Finds the case of a difference of the course.  It takes at most this many seconds, and gives what
 * it has by then.  Returns false if the difference does not occur without what came before the last
 * MOST_LINES lines, or for another reason, which *why gives. */
bool minimal_find(const struct course *course, const struct difference *difference, double seconds,
                  struct minimal *minimal, struct buf *why);
/* Do these rules and lines have a difference of the class? */
bool minimal_shows(const struct course *course, const struct minimal *minimal,
                   enum heard_class class);
/* Makes the folder, and writes the case into it: rules, lines of each input, and the command that
 * shows the difference.  Returns false if that fails, and *why says why. */
bool minimal_write(const struct minimal *minimal, const struct course *course, const char *folder,
                   struct buf *why);
void minimal_free(struct minimal *minimal);

#endif
