/* Contexts: names that live for a while, with a store of events and actions for their end.
 *
 * A context has one or more names (aliases).  Fields are changed through functions only, so that
 * timers stay right, and so that a context list that user Perl has asked for (surface/) is kept
 * true.  A context is counted: whoever holds one over a run of actions retains it.
 */
#ifndef SECANT_STATE_CONTEXTS_H
#define SECANT_STATE_CONTEXTS_H

#include "base/table.h"
#include "base/wheel.h"
#include "state/scope.h"

struct stored_event {
    struct bytes text; /* owned */
    int64_t time;      /* when it was added */
};

struct context {
    struct timer timer; /* armed at time + window + 1 while window != 0 */
    unsigned refs;
    int64_t init_time;  /* first creation */
    int64_t time;       /* creation or last set: the lifetime counts from here */
    int64_t window;     /* lifetime in seconds; 0: infinite; -1: obsolete */
    struct bytes desc;  /* owned; %s of its actions */
    const struct action_list *action; /* NULL: none; the context retains its file */
    struct binding *bound;            /* match variables of the actions */
    bool internal;      /* may not be changed by actions */
    bool ending;        /* its actions are running: DeleteInProgress */
    bool live;          /* still in the list under at least one name */
    size_t name_count;
    struct bytes *names; /* owned; in order of creation */
    size_t event_count, event_first, event_room;
    struct stored_event *events; /* a ring */
    struct context *next, *prev; /* in order of creation */
    void *perl;          /* surface's own */
};

struct contexts;

struct contexts *contexts_new(int64_t now);
void contexts_free(struct contexts *contexts);
/* By name, valid or not. */
struct context *contexts_find(struct contexts *contexts, struct bytes name);
/* valid_context: is there a context of this name that is not over?  One that is over ends here:
 * its actions run and its names go. */
bool contexts_valid(struct engine *engine, struct bytes name);
/* A new context under a new name; action may be NULL. */
struct context *contexts_create(struct engine *engine, struct bytes name, int64_t window);
void contexts_set_time(struct engine *engine, struct context *context, int64_t time);
void contexts_set_window(struct engine *engine, struct context *context, int64_t window);
/* Replaces actions and desc; takes over one count of bound; NULL action: none. */
void contexts_set_action(struct engine *engine, struct context *context,
                         const struct action_list *action, struct binding *bound,
                         struct bytes desc);
void contexts_add_name(struct engine *engine, struct context *context, struct bytes name);
/* The name goes; with the last name the context goes. */
void contexts_remove_name(struct engine *engine, struct context *context, struct bytes name);
/* All names go; logs what each says ("Context '" or "Stale context '" name "' deleted"). */
void contexts_delete(struct engine *engine, struct context *context, struct bytes message);
void contexts_retain(struct context *context);
void contexts_release(struct context *context);
/* Clean-up: ends all that are over now. */
void contexts_expire(struct engine *engine, int64_t now);
int64_t contexts_next_due(const struct contexts *contexts);
void contexts_clear(struct engine *engine); /* HUP: all go, no actions */
/* Internal contexts (SEC_INTERNAL_EVENT, file contexts): all names share one context. */
void contexts_internal_add(struct engine *engine, struct bytes name);
void contexts_internal_remove(struct engine *engine, struct bytes name);
struct context *contexts_first(const struct contexts *contexts); /* by creation, follow next */
size_t contexts_name_count(const struct contexts *contexts);

/* Event stores. */
const struct stored_event *context_event(const struct context *context, size_t index);
void context_push(struct engine *engine, struct context *context, struct bytes text, int64_t time);
void context_unshift(struct engine *engine, struct context *context, struct bytes text, int64_t time);
/* Removes the newest / oldest; its text goes to the arena; false: none. */
bool context_pop(struct engine *engine, struct context *context, struct bytes *text);
bool context_shift(struct engine *engine, struct context *context, struct bytes *text);
void context_empty(struct engine *engine, struct context *context);
/* All texts joined by newlines, in the engine's arena. */
struct bytes context_text(struct engine *engine, const struct context *context);

#endif
