/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts: names that live for a while, with a store of events and actions for their end.
 *
 * A context has one or more names (aliases).  Fields are changed through functions only, so that
 * timers stay right, and so that a context list that user Perl has asked for (surface/) is kept
 * true.  A context is counted: whoever holds one over a run of actions retains it.
 *
 * While the actions of a context's end run, "_THIS" is one more name of it, and a context of the
 * user's that is called so is not seen.
 */
#ifndef SECANT_STATE_CONTEXTS_H
#define SECANT_STATE_CONTEXTS_H

#include <assert.h>

#include "base/table.h"
#include "base/wheel.h"
#include "observe/observer.h"
#include "state/scope.h"

struct stored_event {
    struct bytes text; /* owned */
    int64_t time;      /* when it was added */
};

struct name_list { /* owned, with the texts */
    uint32_t count;
    struct bytes names[];
};

struct context {
    struct timer timer; /* first: the wheel hands it out; armed at time + window + 1 */
    unsigned refs;
    bool internal : 1;        /* may not be changed by actions */
    bool ending : 1;          /* its actions are running: DeleteInProgress */
    bool live : 1;            /* still in the list under at least one name */
    bool unsorted : 1;        /* times in the store may go back from one event to the next */
    bool window_given : 1;    /* the lifetime came as a text, */
    bool window_compared : 1; /* which SEC has used as a number since */
    int64_t init_time;        /* first creation */
    int64_t time;             /* creation or last set: the lifetime counts from here */
    int64_t window;           /* lifetime in seconds; 0: infinite; -1: obsolete */
    struct bytes desc;        /* owned unless empty; %s of its actions */
    const struct action_list *action; /* NULL: none; the context retains its file */
    struct binding *bound;            /* match variables of the actions */
    struct bytes *names;              /* in order of creation */
    struct bytes name;                /* where names points while there is one */
    uint32_t name_count;
    struct name_list *aliases; /* what user code made of {Aliases}; NULL: the names */
    uint32_t event_count, event_first, event_room;
    struct stored_event *events; /* owned; a ring */
    struct context *next, *prev; /* in order of creation */
    void *perl;                  /* surface's own */
};

static_assert(offsetof(struct context, timer) == 0, "contexts_expire casts");

struct contexts;

/* observers: hear of each change; they must outlive the contexts. */
struct contexts *contexts_new(int64_t now, const struct observers *observers);
void contexts_free(struct contexts *contexts);
/* By name, valid or not. */
struct context *contexts_find(struct contexts *contexts, struct bytes name);
/* The context whose actions are running, which is called "_THIS" meanwhile; NULL: none. */
struct context *contexts_this(const struct contexts *contexts);
/* valid_context: is there a context of this name that has not expired?  One that has ends here:
 * its actions run and its names go. */
bool contexts_valid(struct engine *engine, struct bytes name);
/* A new context under a new name, without actions and description. */
struct context *contexts_create(struct engine *engine, struct bytes name, int64_t window);
void contexts_set_time(struct engine *engine, struct context *context, int64_t time);
/* Arms its timer as another run has left it; INT64_MAX: not at all. */
void contexts_set_due(struct engine *engine, struct context *context, int64_t due);
void contexts_set_window(struct engine *engine, struct context *context, int64_t window);
/* Would Perl take the lifetime, as SEC has it, for a text?  Until it is compared with a time. */
bool contexts_window_is_text(const struct engine *engine, const struct context *context);
/* Replaces actions and desc; takes over one count of bound; NULL action: none. */
void contexts_set_action(struct engine *engine, struct context *context,
                         const struct action_list *action, struct binding *bound,
                         struct bytes desc);
void contexts_add_name(struct engine *engine, struct context *context, struct bytes name);
/* The name goes; with the last name the context goes. */
void contexts_remove_name(struct engine *engine, struct context *context, struct bytes name);
/* What the end of the context takes away and getaliases tells: its names, unless user code has
 * written other ones into its {Aliases}. */
const struct bytes *contexts_aliases(const struct context *context, uint32_t *count);
void contexts_set_aliases(struct context *context, const struct bytes *names, uint32_t count);
/* All aliases go; logs what each says ("Context '" or "Stale context '" name "' deleted"). */
void contexts_delete(struct engine *engine, struct context *context, struct bytes message);
void contexts_retain(struct context *context);
void contexts_release(struct context *context);
/* Clean-up: ends all that have expired by now; those that actions of others let expire wait for the
 * next one. */
void contexts_expire(struct engine *engine, int64_t now);
int64_t contexts_next_due(const struct contexts *contexts);
void contexts_clear(struct engine *engine); /* HUP: all go, no actions */
/* Internal contexts (SEC_INTERNAL_EVENT, file contexts): all names share one context. */
void contexts_internal_add(struct engine *engine, struct bytes name);
void contexts_internal_remove(struct engine *engine, struct bytes name);
struct context *contexts_first(const struct contexts *contexts); /* by creation, follow next */

/* Who mirrors the context list hears of each change, after it was made. */
enum context_change {
    CONTEXT_NAMED,   /* a name came, the first one or an alias */
    CONTEXT_UNNAMED, /* a name went (said just before its text goes) */
    CONTEXT_GONE,    /* the last name has gone */
    CONTEXT_CHANGED, /* times, lifetime, actions or description */
    CONTEXT_STORED,  /* the event store */
};
/* name: of NAMED and UNNAMED, else empty. */
typedef void contexts_note(void *arg, enum context_change change, struct context *context,
                           struct bytes name);
void contexts_watch(struct contexts *contexts, contexts_note *note, void *arg); /* NULL: nobody */
/* Says a change to the watcher; for state/context_store.c. */
void contexts_changed(struct contexts *contexts, enum context_change change,
                      struct context *context);

/* Event stores (state/context_store.c).  Both ends cost the same in a store of any size. */
const struct stored_event *context_event(const struct context *context, size_t index);
void context_push(struct engine *engine, struct context *context, struct bytes text, int64_t time);
void context_unshift(struct engine *engine, struct context *context, struct bytes text,
                     int64_t time);
/* Removes the newest / oldest; its text goes to the arena; false: none. */
bool context_pop(struct engine *engine, struct context *context, struct bytes *text);
bool context_shift(struct engine *engine, struct context *context, struct bytes *text);
void context_empty(struct engine *engine, struct context *context);
/* Removes the events older than `time`; returns their number; with `trimmed` their texts, joined by
 * newlines, are added there. */
size_t context_trim(struct engine *engine, struct context *context, int64_t time,
                    struct buf *trimmed);
/* All texts joined by newlines, in the engine's arena. */
struct bytes context_text(struct engine *engine, const struct context *context);
/* Gives the store's memory back, with the context. */
void context_store_free(struct context *context);

#endif
