/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internals of the surface: one area for each part of the engine that user Perl can access as data.
 *
 * Nothing is tied: user code sees plain Perl variables, so that Storable, JSON and references work
 * with them.  An area sleeps until compiled code names one of its variables.  From then on, `show`
 * updates them before user code runs, in place so that references stay valid, and `take` applies
 * what user code has changed.
 */
#ifndef SECANT_SURFACE_AREA_H
#define SECANT_SURFACE_AREA_H

#include <signal.h>

#include "state/engine.h"
#include "perl/inside.h"
#include "surface/surface.h"

struct surface;

struct area {
    const char *const *names; /* of its variables, with sigils; NULL-terminated */
    /* Called before the first show; the variables may already hold something from user code.
     * NULL: nothing to do. */
    void (*wake)(pTHX_ struct surface *surface);
    void (*show)(pTHX_ struct surface *surface);
    void (*take)(pTHX_ struct surface *surface); /* NULL: nothing to take */
    /* Called when the engine ends, before the variables are emptied.  NULL: nothing to do. */
    void (*stop)(pTHX_ struct surface *surface);
};

extern const struct area area_contexts, area_variables, area_cache, area_events, area_operations,
    area_windows, area_globals;

enum { AREAS = 7 };

struct surface {
    struct engine *engine;
    bool awake[AREAS], any_awake;
    volatile sig_atomic_t in_user_code; /* then no engine code is interrupted */
    U32 compiled;         /* perl's count of scopes when variables were last looked for */
    U16 operations_round; /* how often %corr_list was shown */
    unsigned made;        /* variables made for code that was about to be compiled */
    /* Signal flags: $main::refresh and similar; perl keeps them. */
    SV *received, *refresh, *softrefresh, *dumpdata, *openlog, *debuglevelinc;
    HV *terminate;
    GV *log_name; /* main::log_msg, counted */
    bool log_redirected;
    /* What the areas remember; each is private to its file. */
    struct context_mirrors *contexts;
    struct variable_mirrors *variables;
    struct global_mirrors *globals;
};

/* Helpers for all areas.  These change a scalar only if the value differs. */
void show_int(pTHX_ SV *sv, int64_t value);
void show_text(pTHX_ SV *sv, struct bytes text); /* ptr NULL: undef */
void show_time(pTHX_ SV *sv, double value);
/* An element or member, created if it does not exist. */
SV *element(pTHX_ AV *av, size_t index);
SV *member(pTHX_ HV *hv, struct bytes key);
/* An element or member if it exists, else NULL. */
SV *element_if(pTHX_ AV *av, size_t index);
SV *member_if(pTHX_ HV *hv, struct bytes key);
void remove_member(pTHX_ HV *hv, struct bytes key);
/* The array or hash that the scalar refers to; if it refers to none, it is set to a new one. */
AV *array_in(pTHX_ SV *sv);
HV *hash_in(pTHX_ SV *sv);
/* The same, but return NULL instead of creating one. */
AV *array_if(pTHX_ SV *sv);
HV *hash_if(pTHX_ SV *sv);
size_t array_count(pTHX_ AV *av);
/* Sets the length of the array, and allocates room for it. */
void array_resize(pTHX_ AV *av, size_t count);
/* The value that user code left in a scalar: as an integer (0 if it is none), or as a text ("" for
 * NULL and undef), which is valid until temporaries are freed. */
int64_t taken_int(pTHX_ SV *sv);
struct bytes taken_text(pTHX_ SV *sv);
bool same_text(pTHX_ SV *sv, struct bytes text);

/* SEC's constants (surface/constants.c). */
void constants_define(pTHX_ const struct engine *engine);

/* main::log_msg (surface/log_function.c); log_look must be called after each run of user code. */
void log_start(pTHX_ struct surface *surface);
void log_stop(pTHX_ struct surface *surface);

/* The time that code in rules sees (surface/time.c). */
void time_start(const struct surface *surface);
void time_stop(const struct surface *surface);
void log_look(pTHX_ struct surface *surface);

/* Signal flags (surface/signals.c). */
void signals_start(pTHX_ struct surface *surface);
void signals_show(pTHX_ struct surface *surface);

/* Action lists as SEC's own arrays hold them (surface/actions.c). */
void actions_show(pTHX_ struct engine *engine, const struct action_list *list,
                  const struct scope *scope, AV *av);
bool actions_same(pTHX_ AV *a, AV *b);
/* Makes a list from such an array; NULL for an empty one.  The caller owns the only reference to
 * the list's file. */
const struct action_list *actions_take(pTHX_ struct engine *engine, AV *av);

/* One context as a hash (surface/context_hash.c). */
void context_show_fields(pTHX_ struct engine *engine, const struct context *context, HV *hash);
/* Makes the lifetime in the hash a number, too, if SEC would have used it as one by now. */
void context_note_compared(pTHX_ struct engine *engine, const struct context *context, HV *hash);
void context_show_action(pTHX_ struct engine *engine, const struct context *context, HV *hash);
void context_show_store(pTHX_ const struct context *context, HV *hash);
/* Applies to the context what differs in the hash. */
void context_take(pTHX_ struct engine *engine, struct context *context, HV *hash);

#endif
