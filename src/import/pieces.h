/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the values of match variables were, from texts that they have gone into.
 *
 * A dump has action lists, descriptions and patterns with the values in them, not the values.  So
 * the same texts are made here from the rule with placeholders in place of the values, and what the
 * dump has there is looked for.  A placeholder also shows what is done to a value on its way
 * into the text, since what it holds is changed in the same way. */
#ifndef SECANT_IMPORT_PIECES_H
#define SECANT_IMPORT_PIECES_H

#include "state/engine.h"

/* A part of a text that is known but for values. */
struct piece {
    enum {
        PIECE_TEXT,
        PIECE_VALUE, /* of a match variable */
        PIECE_ANY,   /* anything: what nothing is known of */
        PIECE_CODE,  /* an address: CODE(0x...) */
        PIECE_MARK,  /* nothing; a text of an action begins here */
        PIECE_END,   /* of the unit */
    } kind;
    size_t unit;
    struct bytes text;
    uint32_t key;                 /* VALUE: index into the rule's keys */
    bool dollar, percent, quoted; /* VALUE: its $ and % are doubled, it is quoted as by quotemeta */
};

/* A puzzle: units, each a text as found and the pieces that it has to be made of. */
struct puzzle {
    struct arena *arena;
    struct piece *pieces;
    size_t count, room;
    struct bytes *found; /* by unit */
    size_t units, unit_room;
    size_t keys; /* how many match variables there are */
};

#define PIECE_MARKS B("\x03")

void puzzle_init(struct puzzle *puzzle, struct arena *arena, size_t keys);
/* A text that was printed with placeholders. */
void puzzle_add(struct puzzle *puzzle, struct bytes printed, struct bytes found);
/* The same of the name of a context, in which action list variables have been replaced as well: by
 * anything, or %s by `s`, which was printed with placeholders. */
void puzzle_add_name(struct puzzle *puzzle, struct bytes printed, struct bytes s,
                     struct bytes found);

/* Placeholders for all keys: of the first match, and if there has been a second one, of both. */
struct binding *placeholders(const struct var_keys *keys, const struct binding *flags);
/* Are there placeholders in the text? */
bool placeholder_in(struct bytes printed);

/* A way in which all fits. */
struct solution {
    const struct puzzle *puzzle;
    const struct bytes *values; /* by key; ptr NULL: it is in none of the texts */
    const size_t *marks;        /* where the marks are, in the order of the pieces */
    size_t mark_count;
};
/* Calls found for each, until it returns false.  false: the search was given up. */
bool puzzle_solve(const struct puzzle *puzzle, bool (*found)(void *arg, const struct solution *s),
                  void *arg);

#endif
