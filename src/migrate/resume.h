/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets a comparison continue after it was interrupted.
 *
 * The state of a running SEC cannot be restored.  So the log is divided into stretches, each of
 * which is a comparison of its own, from a clean start; those that were equal are recorded in a
 * file, which is written whole or not at all, and are not compared again.  The file is valid only
 * for the same rules, lines, options and programs. */
#ifndef SECANT_MIGRATE_RESUME_H
#define SECANT_MIGRATE_RESUME_H

#include "migrate/totals.h"

enum resume_mark { MARK_SEC, MARK_SECANT, MARK_OPTIONS, MARK_RULES, MARK_LINES, MARKS };

struct resume {
    const char *file;
    struct bytes marks[MARKS]; /* owned; what it is of */
    struct stretches stretches;
    uint64_t equal, before; /* stretches that are, and that were at the start: from the first one */
    struct totals totals;   /* of those that are equal */
};

/* Reads the file, or makes it if there is none.  version: of SEC; lines: a hash of all lines.
 * Returns false if it belongs to something else, or cannot be read or written; *why says so. */
bool resume_open(struct resume *resume, const struct course *course, struct bytes version,
                 uint64_t lines, struct buf *why);
/* The text of such a file, for the same stretches and marks.  false: *why. */
bool resume_read(struct resume *resume, struct bytes text, struct buf *why);
/* Moves to the next stretch of the course's lines; returns false if there is none. */
bool resume_next(struct resume *resume, struct course *course);
/* Records that the stretch was equal.  Returns false if that cannot be written; *why says why. */
bool resume_keep(struct resume *resume, const struct course *course, struct buf *why);
/* The course tells of all stretches; kept: the last one it has run is among them. */
void resume_give(struct resume *resume, struct course *course, bool kept);
void resume_free(struct resume *resume);

void resume_tell(const struct resume *resume, struct buf *out);
json_t *resume_json(const struct resume *resume);

#endif
