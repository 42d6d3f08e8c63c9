/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and texts as bytes, one after another: what snapshots and journals consist of.
 *
 * A number is in groups of seven bits, the lowest first; each byte but the last has its highest bit
 * set.  A signed one has its sign in the lowest bit.  A text is its length and its bytes.  Nothing
 * says what comes next: it must be read in the order in which it was written.  Reading is safe
 * whatever the bytes are: what is missing is read as 0 or empty, and `failed` stays set from then
 * on. */
#ifndef SECANT_BASE_PACK_H
#define SECANT_BASE_PACK_H

#include "base/bytes.h"

void pack_number(struct buf *out, uint64_t number);
void pack_signed(struct buf *out, int64_t number);
void pack_text(struct buf *out, struct bytes text);

struct unpack {
    const char *at, *end;
    bool failed; /* something was missing, or a number had more than 64 bits */
};

static inline struct unpack unpack_of(struct bytes bytes)
{
    return (struct unpack){bytes.ptr, bytes.ptr + bytes.len, false};
}

uint64_t unpack_number(struct unpack *from);
int64_t unpack_signed(struct unpack *from);
/* Points into the bytes that are read. */
struct bytes unpack_text(struct unpack *from);
/* A count of things to come, each of at least one byte.  A count that exceeds the bytes left fails,
 * so it is safe to allocate for. */
size_t unpack_count(struct unpack *from);
/* Was everything there, with nothing left over? */
static inline bool unpack_ended(const struct unpack *from)
{
    return !from->failed && from->at == from->end;
}

#endif
