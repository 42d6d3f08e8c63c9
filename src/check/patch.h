/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text, and what has been changed of it in several rounds, as a unified diff.
 *
 * What is changed is known, so nothing has to be compared, and each hunk can name who wanted it. */
#ifndef SECANT_CHECK_PATCH_H
#define SECANT_CHECK_PATCH_H

#include "base/bytes.h"

struct patch_edit {
    size_t from, to;   /* of the text as it is */
    struct bytes text; /* what belongs there */
};

/* A piece that is not as it was. */
struct patch_change {
    size_t old_from, old_to, from, to; /* of the text as it was, and as it is */
    struct buf names;                  /* who wanted it: "a, b" */
};

struct patch {
    struct bytes was, is; /* owned */
    struct patch_change *changes;
    size_t count, room;
};

void patch_init(struct patch *patch, struct bytes text);
void patch_free(struct patch *patch);
/* The text after these edits; they are in order and do not overlap.  The caller's. */
struct bytes patch_edited(struct bytes text, const struct patch_edit *edits, size_t count);
/* Makes them, for `name`. */
void patch_apply(struct patch *patch, const struct patch_edit *edits, size_t count,
                 struct bytes name);
/* Nothing, if nothing has changed.  file: its name. */
void patch_diff(const struct patch *patch, struct bytes file, bool colour, struct buf *out);

#endif
