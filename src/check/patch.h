/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text, and its changes of several rounds as a unified diff.
 *
 * The changes are known, so no texts have to be compared, and each hunk can name who wanted it. */
#ifndef SECANT_CHECK_PATCH_H
#define SECANT_CHECK_PATCH_H

#include "base/bytes.h"

struct patch_edit {
    size_t from, to;   /* in the present text */
    struct bytes text; /* the replacement */
};

/* A piece that has changed. */
struct patch_change {
    size_t old_from, old_to, from, to; /* in the original and in the present text */
    struct buf names;                  /* who wanted it: "a, b" */
};

struct patch {
    struct bytes was, is; /* owned */
    struct patch_change *changes;
    size_t count, room;
};

void patch_init(struct patch *patch, struct bytes text);
void patch_free(struct patch *patch);
/* Returns the text after these edits, which must be in order and not overlap; owned by the
 * caller. */
struct bytes patch_edited(struct bytes text, const struct patch_edit *edits, size_t count);
/* Makes such edits, on behalf of `name`. */
void patch_apply(struct patch *patch, const struct patch_edit *edits, size_t count,
                 struct bytes name);
/* Appends the diff; nothing if nothing has changed.  file: its name. */
void patch_diff(const struct patch *patch, struct bytes file, bool colour, struct buf *out);

#endif
