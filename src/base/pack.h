/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and texts as bytes, one after another: what snapshots and journals hold.
 *
 * A number is in groups of seven bits, the lowest first; each byte but the last has its highest
 * bit set.  A signed one has its sign in the lowest bit.  A text is its length and its bytes.
 * Nothing says what comes next: who reads asks in the order of who wrote.  Reading goes on safely
 * through anything: what is not there is 0 or empty, and `failed` says so once and for all. */
#ifndef SECANT_BASE_PACK_H
#define SECANT_BASE_PACK_H

#include "base/bytes.h"

void pack_number(struct buf *out, uint64_t number);
void pack_signed(struct buf *out, int64_t number);
void pack_text(struct buf *out, struct bytes text);

struct unpack {
    const char *at, *end;
    bool failed; /* there was less, or a number of more than 64 bits */
};

static inline struct unpack unpack_of(struct bytes bytes)
{
    return (struct unpack){bytes.ptr, bytes.ptr + bytes.len, false};
}

uint64_t unpack_number(struct unpack *from);
int64_t unpack_signed(struct unpack *from);
/* A part of what is read. */
struct bytes unpack_text(struct unpack *from);
/* A number of things to come, each of which takes a byte at least: no more than can be there. */
size_t unpack_count(struct unpack *from);
/* All was there, and nothing else is. */
static inline bool unpack_ended(const struct unpack *from)
{
    return !from->failed && from->at == from->end;
}

#endif
