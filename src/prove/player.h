/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who plays the rules of a test: the engine on a stage, or another SEC (stage/upstream.h).  All of
 * them tell what they do to the same run, which knows nothing else of them. */
#ifndef SECANT_PROVE_PLAYER_H
#define SECANT_PROVE_PLAYER_H

#include "prove/sectest.h"

/* A context, an operation, a variable's value, a pending event; lasts until `see` returns. */
struct state_item {
    struct bytes name; /* or desc, value, text */
    bool forever;
    int64_t end;  /* when it ends; of a pending event: when it comes */
    size_t count; /* lines, or events that were counted */
    struct bytes (*line)(const void *from, size_t at); /* of a context */
    const void *from;
};
typedef void state_see(void *arg, const struct state_item *item);

struct player {
    const struct player_form *form;
    struct engine *engine; /* that plays, its own; NULL: another SEC */
    size_t rules; /* that it has loaded, if it tells; copies of the process have them, too */
};

/* Each gets the player.  Seconds are since the epoch.  What returns a bool says with false that the
 * program has ended. */
struct player_form {
    bool (*load)(struct player *player); /* reads the rules; false: they have errors */
    bool (*begin)(struct player *player);
    int64_t (*now)(const struct player *player);
    /* When there is something to do by itself; INT64_MAX: not as long as nothing comes. */
    int64_t (*next)(const struct player *player);
    bool (*advance)(struct player *player, int64_t second);
    /* A line of the input, by its number, now. */
    bool (*line)(struct player *player, struct bytes line, size_t input);
    bool (*signal)(struct player *player, struct bytes name);
    /* Code in Perl; false: it died, *error says why. */
    bool (*evaluate)(struct player *player, struct bytes code, struct buf *error);
    /* Shows all contexts, operations, pending events; a variable: the one of that name, if it is
     * there. */
    void (*state)(struct player *player, enum test_subject subject, struct bytes name,
                  state_see *see, void *arg);
    void (*free)(struct player *player);
};

#endif
