/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What action list variables refer to, packed and back (perl/keep.h). */
#ifndef SECANT_STORE_REFERENCE_H
#define SECANT_STORE_REFERENCE_H

#include "base/arena.h"
#include "perl/interp.h"

/* Adds what is referred to; false: it is not kept, and *why has the reason. */
bool reference_keep(struct perl_value *value, struct buf *out, struct buf *why);
/* Counted for the caller; its text, as Perl prints it, is in the arena.  NULL: *why has the
 * reason. */
struct perl_value *reference_restore(struct bytes kept, struct arena *arena, struct bytes *text,
                                     struct buf *why);

#endif
