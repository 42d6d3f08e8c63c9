/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots, as they are now, are written into their test file; all else in it stays as it is. */
#ifndef SECANT_PROVE_UPDATE_H
#define SECANT_PROVE_UPDATE_H

#include <jansson.h>

#include "prove/sectest.h"

struct update_change {
    size_t first, end;       /* lines, from 0 */
    struct bytes text, name; /* owned: the new block; the test's */
};

struct update {
    struct bytes path;             /* the caller's */
    struct bytes text;             /* owned; the file as it was read */
    struct update_change *changes; /* owned, in the order of the file */
    size_t count, room;
};

/* Before the file is read: what it holds. */
void update_begin(struct update *update, struct bytes path);
/* Takes the new snapshots of a test's outcome, whose failures they then are no more: the outcome is
 * as if the file had them already.  Those that cannot be written stay failures, and *why says so,
 * a line each. */
void update_take(struct update *update, const struct test *test, json_t *outcome, struct buf *why);
/* The differences, for people. */
void update_show(const struct update *update, struct buf *out, bool colour);
/* Writes the file, all or nothing of it; false: *why says what was in the way. */
bool update_write(const struct update *update, struct buf *why);
void update_free(struct update *update);

#endif
