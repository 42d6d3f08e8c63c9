/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A player runs the rules of a test: the engine on a stage, or another SEC (stage/upstream.h).
 * Each reports what it does to the run, which knows nothing else about it. */
#ifndef SECANT_PROVE_PLAYER_H
#define SECANT_PROVE_PLAYER_H

#include "prove/sectest.h"

/* A context, an operation, the value of a variable, or a pending event; valid during the call of
 * `see`. */
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
    struct engine *engine; /* the engine that plays; owned; NULL: another SEC plays */
    size_t rules; /* how many it has loaded, if it tells; copies of the process have them, too */
};

/* Seconds are since the epoch.  Functions that return a bool return false if the program has ended,
 * unless something else is said. */
struct player_form {
    bool (*load)(struct player *player); /* reads the rules; false: they have errors */
    bool (*begin)(struct player *player);
    int64_t (*now)(const struct player *player);
    /* The second at which the program has something to do without input; INT64_MAX: none. */
    int64_t (*next)(const struct player *player);
    bool (*advance)(struct player *player, int64_t second);
    /* Passes on a line of the input of this number at the present second. */
    bool (*line)(struct player *player, struct bytes line, size_t input);
    bool (*signal)(struct player *player, struct bytes name);
    /* Runs Perl code; returns false if it died, and *error says why. */
    bool (*evaluate)(struct player *player, struct bytes code, struct buf *error);
    /* Shows all contexts, operations or pending events, or the variable of this name, if it is
     * there. */
    void (*state)(struct player *player, enum test_subject subject, struct bytes name,
                  state_see *see, void *arg);
    void (*free)(struct player *player);
};

#endif
