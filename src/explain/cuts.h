/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts a regular expression into pieces, so that its beginnings and its ends can be tried alone.
 *
 * Pieces are the atoms of a sequence, each with its quantifier; a group without alternatives is
 * cut inside as well.  Each alternative of the whole pattern is a sequence of its own.  A text that
 * matches a longer beginning of the pattern also matches every shorter one.
 */
#ifndef SECANT_EXPLAIN_CUTS_H
#define SECANT_EXPLAIN_CUTS_H

#include "base/arena.h"
#include "match/syntax.h"

/* A group that is open at a place: "(", "(?i:", "(?<name>". */
struct opening {
    struct bytes text;
    const struct opening *outer; /* NULL: none */
    unsigned depth;              /* how many groups are open, with this one */
};

static inline unsigned cut_depth(const struct opening *opening)
{
    return opening ? opening->depth : 0;
}

struct cut {
    const struct node *node;      /* NULL: the end of a group */
    size_t from, to;              /* in the pattern */
    const struct opening *before; /* the groups that are open at `from`; NULL: none */
    const struct opening *after;  /* the groups that are open at `to`; NULL: none */
    unsigned weight;              /* how much a match of it tells: 0 for "." and \S+ */
};

/* One alternative. */
struct cuts {
    size_t from, to;   /* in the pattern */
    struct bytes head; /* the flags that it begins with */
    bool ends;         /* its ends can be tried alone, as its beginnings can */
    struct cut *items;
    size_t count;
    unsigned weight; /* the sum of all pieces */
};

/* Stores all alternatives of the pattern in the arena, and returns how many there are. */
size_t cuts_read(struct bytes pattern, struct arena *arena, struct cuts **alternatives);

/* Appends the first `count` pieces, or those from `first` on, as a pattern of its own. */
void cuts_beginning(struct bytes pattern, const struct cuts *cuts, size_t count, struct buf *out);
void cuts_end(struct bytes pattern, const struct cuts *cuts, size_t first, struct buf *out);

/* Does it contain a text, even a short one, that not every line has? */
bool cuts_have_text(struct bytes pattern);
/* Does it match any number of bytes of any kind, as ".*" does? */
bool cut_is_wide(const struct cut *cut);
/* Is it a literal byte, as a part of a word? */
bool cut_is_byte(const struct cut *cut);

#endif
