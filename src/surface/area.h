/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The surface from inside: one area for each part of the engine that user Perl reaches as data.
 *
 * Nothing here is tied: what user code sees are plain Perl variables, so that Storable, JSON and
 * references work on them.  An area sleeps until compiled code names one of its variables.  From
 * then on `show` brings them up to date before user code runs, in place, so that references stay
 * valid, and `take` takes over what user code changed.
 */
#ifndef SECANT_SURFACE_AREA_H
#define SECANT_SURFACE_AREA_H

#include <signal.h>

#include "state/engine.h"
#include "perl/inside.h"
#include "surface/surface.h"

struct surface;

struct area {
    const char *const *names; /* of its variables, with their sigil; NULL-terminated */
    /* Comes before the first show; the variables may hold what user code put there before we saw
     * them. NULL: nothing to do. */
    void (*wake)(pTHX_ struct surface *surface);
    void (*show)(pTHX_ struct surface *surface);
    void (*take)(pTHX_ struct surface *surface); /* NULL: nothing to take */
    /* The engine goes; the variables are emptied after it.  NULL: nothing is kept. */
    void (*stop)(pTHX_ struct surface *surface);
};

extern const struct area area_contexts, area_variables, area_cache, area_events, area_operations,
    area_windows, area_globals;

enum { AREAS = 7 };

struct surface {
    struct engine *engine;
    bool awake[AREAS], any_awake;
    volatile sig_atomic_t in_user_code; /* then nothing of the engine is under way */
    U32 compiled;         /* perl's count of scopes when variables were last looked for */
    U16 operations_round; /* how often %corr_list was shown */
    unsigned made;        /* variables made for code that was about to be compiled */
    /* Signal flags: $main::refresh and similar; perl keeps them. */
    SV *received, *refresh, *softrefresh, *dumpdata, *openlog, *debuglevelinc;
    HV *terminate;
    GV *log_name; /* main::log_msg, counted */
    bool log_redirected;
    /* What the areas remember; each belongs to its file. */
    struct context_mirrors *contexts;
    struct variable_mirrors *variables;
    struct global_mirrors *globals;
};

/* Small steps that all areas share. They change a scalar only when it differs. */
void show_int(pTHX_ SV *sv, int64_t value);
void show_text(pTHX_ SV *sv, struct bytes text); /* ptr NULL: undef */
void show_time(pTHX_ SV *sv, double value);
/* An element, made if it is not there. */
SV *element(pTHX_ AV *av, size_t index);
SV *member(pTHX_ HV *hv, struct bytes key);
/* An element or member if it is there, else NULL. */
SV *element_if(pTHX_ AV *av, size_t index);
SV *member_if(pTHX_ HV *hv, struct bytes key);
void remove_member(pTHX_ HV *hv, struct bytes key);
/* The array or hash that the scalar refers to; it becomes a new one when it refers to none. */
AV *array_in(pTHX_ SV *sv);
HV *hash_in(pTHX_ SV *sv);
/* The same without making one: NULL. */
AV *array_if(pTHX_ SV *sv);
HV *hash_if(pTHX_ SV *sv);
size_t array_count(pTHX_ AV *av);
/* Makes the array this long, with room for it. */
void array_resize(pTHX_ AV *av, size_t count);
/* What user code left in a scalar: a whole number (0 for what is none), or its text ("" for NULL
 * and undef; valid until temporaries are freed). */
int64_t taken_int(pTHX_ SV *sv);
struct bytes taken_text(pTHX_ SV *sv);
bool same_text(pTHX_ SV *sv, struct bytes text);

/* SEC's constants (surface/constants.c). */
void constants_define(pTHX_ const struct engine *engine);

/* main::log_msg (surface/log_function.c); to be looked at after each run of user code. */
void log_start(pTHX_ struct surface *surface);
void log_stop(pTHX_ struct surface *surface);

/* The time that code is told (surface/time.c). */
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
/* A list made from such an array, NULL for an empty one; its file has one count, the caller's. */
const struct action_list *actions_take(pTHX_ struct engine *engine, AV *av);

/* One context as a hash (surface/context_hash.c). */
void context_show_fields(pTHX_ struct engine *engine, const struct context *context, HV *hash);
/* The lifetime that the hash shows may have become a number since. */
void context_note_compared(pTHX_ struct engine *engine, const struct context *context, HV *hash);
void context_show_action(pTHX_ struct engine *engine, const struct context *context, HV *hash);
void context_show_store(pTHX_ const struct context *context, HV *hash);
/* Makes the context what the hash says, as far as it differs. */
void context_take(pTHX_ struct engine *engine, struct context *context, HV *hash);

#endif
