/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes new snapshots into their test file, and leaves everything else in it as it is. */
#ifndef SECANT_PROVE_UPDATE_H
#define SECANT_PROVE_UPDATE_H

#include <jansson.h>

#include "prove/sectest.h"

struct update_change {
    size_t first, end;       /* lines, from 0 */
    struct bytes text, name; /* owned: the new block; the name of the test */
};

struct update {
    struct bytes path;             /* owned by the caller */
    struct bytes text;             /* owned; the file as it was read */
    struct update_change *changes; /* owned, in the order of the file */
    size_t count, room;
};

/* Reads the text of the file; to be called before its tests are read. */
void update_begin(struct update *update, struct bytes path);
/* Takes the new snapshots from the outcome of a test, and removes their failures from it, as if the
 * file had these snapshots already.  Those that cannot be written remain failures, and *why says
 * so, one line each. */
void update_take(struct update *update, const struct test *test, json_t *outcome, struct buf *why);
/* Appends the differences, for people. */
void update_show(const struct update *update, struct buf *out, bool colour);
/* Writes the whole file or nothing; returns false if that fails, and *why says why. */
bool update_write(const struct update *update, struct buf *why);
void update_free(struct update *update);

#endif
