/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts: names that live for a while, with a store of events and actions for their end.
 *
 * A context has one or more names (aliases).  Fields are only changed through functions, which keep
 * timers, and the context list of user Perl (surface/), up to date.  A context is
 * reference-counted: whoever holds one while actions run must retain it.
 *
 * While the actions at a context's end run, "_THIS" is an additional name of it, and hides a
 * user's context of that name.
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
    bool window_given : 1;    /* the lifetime was given as a text */
    bool window_compared : 1; /* SEC has used this text as a number since */
    int64_t init_time;        /* first creation */
    int64_t time;             /* creation or last set: the lifetime counts from here */
    int64_t window;           /* lifetime in seconds; 0: infinite; -1: obsolete */
    struct bytes desc;        /* owned unless empty; %s of its actions */
    const struct action_list *action; /* NULL: none; the context retains its file */
    struct binding *bound;            /* match variables of the actions */
    struct bytes *names;              /* in order of creation */
    struct bytes name;                /* names points here while there is only one */
    uint32_t name_count;
    struct name_list *aliases; /* what user code made of {Aliases}; NULL: the names */
    uint32_t event_count, event_first, event_room;
    struct stored_event *events; /* owned; a ring */
    struct context *next, *prev; /* in order of creation */
    void *perl;                  /* surface's own */
};

static_assert(offsetof(struct context, timer) == 0, "contexts_expire casts");

struct contexts;

/* observers: notified of each change; they must outlive the contexts. */
struct contexts *contexts_new(int64_t now, const struct observers *observers);
void contexts_free(struct contexts *contexts);
/* Finds a context by name, whether valid or not; NULL: none. */
struct context *contexts_find(struct contexts *contexts, struct bytes name);
/* The context whose actions are running, and which is called "_THIS" meanwhile; NULL: none. */
struct context *contexts_this(const struct contexts *contexts);
/* As upstream's valid_context: is there a context of this name that has not expired?  One that has
 * expired ends here: its actions run and its names are removed. */
bool contexts_valid(struct engine *engine, struct bytes name);
/* Creates a context under a new name, without actions and description. */
struct context *contexts_create(struct engine *engine, struct bytes name, int64_t window);
void contexts_set_time(struct engine *engine, struct context *context, int64_t time);
/* Restores its timer from a previous run; INT64_MAX: it is not armed. */
void contexts_set_due(struct engine *engine, struct context *context, int64_t due);
void contexts_set_window(struct engine *engine, struct context *context, int64_t window);
/* Would the lifetime be a text in SEC's Perl data?  A text becomes a number once it is compared
 * with a time. */
bool contexts_window_is_text(const struct engine *engine, const struct context *context);
/* Replaces actions and desc; takes over a reference to bound.  NULL action: none. */
void contexts_set_action(struct engine *engine, struct context *context,
                         const struct action_list *action, struct binding *bound,
                         struct bytes desc);
void contexts_add_name(struct engine *engine, struct context *context, struct bytes name);
/* Removes the name; the context goes with its last name. */
void contexts_remove_name(struct engine *engine, struct context *context, struct bytes name);
/* The names that the end of the context removes and getaliases returns: its own names, unless user
 * code has written others into its {Aliases}. */
const struct bytes *contexts_aliases(const struct context *context, uint32_t *count);
void contexts_set_aliases(struct context *context, const struct bytes *names, uint32_t count);
/* Removes all aliases, and logs each as message, name, "' deleted"; the message is "Context '" or
 * "Stale context '". */
void contexts_delete(struct engine *engine, struct context *context, struct bytes message);
void contexts_retain(struct context *context);
void contexts_release(struct context *context);
/* Clean-up: ends all contexts that have expired by now.  Those that expire because of other
 * contexts' actions wait for the next clean-up. */
void contexts_expire(struct engine *engine, int64_t now);
int64_t contexts_next_due(const struct contexts *contexts);
void contexts_clear(struct engine *engine); /* HUP: removes all without running actions */
/* Internal contexts (SEC_INTERNAL_EVENT, file contexts): all names share one context. */
void contexts_internal_add(struct engine *engine, struct bytes name);
void contexts_internal_remove(struct engine *engine, struct bytes name);
struct context *contexts_first(const struct contexts *contexts); /* by creation, follow next */

/* Whoever mirrors the context list is notified of each change after it was made. */
enum context_change {
    CONTEXT_NAMED,   /* a name was added, the first one or an alias */
    CONTEXT_UNNAMED, /* a name was removed; its text is freed afterwards */
    CONTEXT_GONE,    /* the last name was removed */
    CONTEXT_CHANGED, /* times, lifetime, actions or description */
    CONTEXT_STORED,  /* the event store */
};
/* name: for CONTEXT_NAMED and CONTEXT_UNNAMED, else empty. */
typedef void contexts_note(void *arg, enum context_change change, struct context *context,
                           struct bytes name);
void contexts_watch(struct contexts *contexts, contexts_note *note, void *arg); /* NULL: nobody */
/* Notifies the watcher of a change; for state/context_store.c. */
void contexts_changed(struct contexts *contexts, enum context_change change,
                      struct context *context);

/* Event stores (state/context_store.c).  Access to either end takes constant time. */
const struct stored_event *context_event(const struct context *context, size_t index);
void context_push(struct engine *engine, struct context *context, struct bytes text, int64_t time);
void context_unshift(struct engine *engine, struct context *context, struct bytes text,
                     int64_t time);
/* Remove the newest or oldest event; its text is in the engine's arena.  Return false if there is
 * none. */
bool context_pop(struct engine *engine, struct context *context, struct bytes *text);
bool context_shift(struct engine *engine, struct context *context, struct bytes *text);
void context_empty(struct engine *engine, struct context *context);
/* Removes the events older than `time` and returns their number.  Appends their texts, joined by
 * newlines, to `trimmed` unless that is NULL. */
size_t context_trim(struct engine *engine, struct context *context, int64_t time,
                    struct buf *trimmed);
/* All texts joined by newlines, in the engine's arena. */
struct bytes context_text(struct engine *engine, const struct context *context);
/* Frees the store's memory when the context is freed. */
void context_store_free(struct context *context);

#endif
