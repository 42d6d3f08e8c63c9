/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packing what action list variables refer to, and restoring it (perl/keep.h). */
#ifndef SECANT_STORE_REFERENCE_H
#define SECANT_STORE_REFERENCE_H

#include "base/arena.h"
#include "perl/interp.h"

/* Appends what the reference refers to.  Returns false with the reason in *why if it cannot be
 * kept. */
bool reference_keep(struct perl_value *value, struct buf *out, struct buf *why);
/* A new reference, counted for the caller; its text, as Perl prints it, is in the arena.  Returns
 * NULL with the reason in *why if that fails. */
struct perl_value *reference_restore(struct bytes kept, struct arena *arena, struct bytes *text,
                                     struct buf *why);

#endif
