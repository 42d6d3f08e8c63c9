/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When areas wake, and what happens around each entry into user code.
 *
 * An area wakes when code that is about to be compiled names one of its variables, or when such a
 * variable is found to exist after a run of user code (because a file that it loaded names it).
 * This needs to be checked only if Perl has compiled something since.
 *
 * Log and outputs stay in their batches while user code computes.  They are written before it could
 * notice; the log also when any signal arrives meanwhile: if user code never returns, the log shows
 * what is running.
 */
#include "surface/area.h"

#include "base/mem.h"

static const struct area *const areas[AREAS] = {
    &area_contexts,   &area_variables, &area_cache,   &area_events,
    &area_operations, &area_windows,   &area_globals,
};

static bool is_among(const char *const *names, struct bytes name)
{
    for (; names && *names; names++)
        if (bytes_eq(bytes_of(*names + 1), name))
            return true;
    return false;
}

bool surface_has(struct bytes name)
{
    static const char *const flags[] = {"$sigreceived", "$refresh", "$softrefresh",
                                        "$dumpdata",    "$openlog", "$debuglevelinc",
                                        "%terminate",   NULL};
    for (size_t i = 0; i < AREAS; i++)
        if (is_among(areas[i]->names, name))
            return true;
    return is_among(flags, name) || is_among(surface_hidden.absent, name);
}

static void wake_area(pTHX_ struct surface *surface, size_t index)
{
    const struct area *area = areas[index];
    surface->awake[index] = surface->any_awake = true;
    if (area->wake)
        area->wake(aTHX_ surface);
}

/* Is the variable there?  With `make` it is made. */
static bool variable_exists(pTHX_ const char *name, bool make)
{
    char full[64];
    I32 flags = make ? GV_ADD : 0;
    snprintf(full, sizeof(full), "main::%s", name + 1);
    if (*name == '%')
        return get_hv(full, flags) != NULL;
    return *name == '@' ? get_av(full, flags) != NULL : get_sv(full, flags) != NULL;
}

/* The word may be a variable of this area: then it is made now, before the code that names it, so
 * that it can be shown when that code runs at once. */
static void look_at_word(pTHX_ struct surface *surface, size_t index, struct bytes word)
{
    bool made = false;
    for (const char *const *name = areas[index]->names; *name; name++) {
        if (strncmp(*name + 1, word.ptr, word.len) != 0 || (*name)[word.len + 1] != '\0' ||
            variable_exists(aTHX_ * name, false))
            continue;
        made = variable_exists(aTHX_ * name, true);
    }
    if (!made)
        return;
    surface->made++;
    if (!surface->awake[index])
        wake_area(aTHX_ surface, index);
    areas[index]->show(aTHX_ surface);
}

/* Called for user code that is about to be compiled and may run at once: looks at "::name", and
 * at every word where the code may be in package main.  The constants wait for the first code,
 * too: most rulesets have none. */
static void look_at_code(void *arg, struct bytes text)
{
    static bool has_constants; /* Perl has them once, whichever engine comes */
    struct surface *surface = arg;
    bool in_main = bytes_find(text, B("package"), 0) >= 0;
    dPERL;
    if (!has_constants) {
        has_constants = true;
        constants_define(aTHX_ surface->engine);
    }
    for (size_t at = 0; at < text.len;) {
        bool qualified = at >= 2 && text.ptr[at - 1] == ':' && text.ptr[at - 2] == ':';
        size_t end = at;
        while (end < text.len && is_word(text.ptr[end]))
            end++;
        for (size_t i = 0; end > at && (qualified || in_main) && i < AREAS; i++)
            look_at_word(aTHX_ surface, i, bytes_slice(text, at, end));
        at = end + 1;
    }
}

static void look_for_variables(pTHX_ struct surface *surface)
{
    if (surface->compiled == PL_cop_seqmax)
        return;
    surface->compiled = PL_cop_seqmax;
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < AREAS; i++) {
        for (const char *const *name = areas[i]->names; !surface->awake[i] && *name; name++) {
            if (variable_exists(aTHX_ * name, false))
                wake_area(aTHX_ surface, i);
        }
    }
    FREETMPS;
    LEAVE;
}

static void show_areas(pTHX_ struct surface *surface)
{
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < AREAS; i++) {
        if (surface->awake[i])
            areas[i]->show(aTHX_ surface);
    }
    FREETMPS;
    LEAVE;
}

static void take_areas(pTHX_ struct surface *surface)
{
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < AREAS; i++) {
        if (surface->awake[i] && areas[i]->take)
            areas[i]->take(aTHX_ surface);
    }
    FREETMPS;
    LEAVE;
}

static void before_user_code(void *arg)
{
    struct surface *surface = arg;
    dPERL;
    if (perl_stdio_waits()) /* for anything, such as an assignment to $| */
        outputs_flush(surface->engine->io.outputs);
    signals_show(aTHX_ surface);
    if (surface->any_awake)
        show_areas(aTHX_ surface);
    surface->in_user_code = true;
}

static void after_user_code(void *arg)
{
    struct surface *surface = arg;
    dPERL;
    surface->in_user_code = false;
    if (surface->any_awake)
        take_areas(aTHX_ surface);
    look_for_variables(aTHX_ surface);
    log_look(aTHX_ surface);
}

/* What user code might see of our writing, or write beside it. */
static void before_outside(void *arg)
{
    struct surface *surface = arg;
    bool was_in_user_code = surface->in_user_code;
    surface->in_user_code = false;
    outputs_flush(surface->engine->io.outputs);
    log_flush(surface->engine->log);
    surface->in_user_code = was_in_user_code;
}

static void empty_variable(pTHX_ const char *name)
{
    char full[64];
    snprintf(full, sizeof(full), "main::%s", name + 1);
    HV *hv = *name == '%' ? get_hv(full, 0) : NULL;
    AV *av = *name == '@' ? get_av(full, 0) : NULL;
    if (hv)
        hv_clear(hv);
    if (av)
        av_clear(av);
}

static void stop_area(pTHX_ struct surface *surface, const struct area *area)
{
    if (area->stop)
        area->stop(aTHX_ surface);
    for (const char *const *name = area->names; *name; name++)
        empty_variable(aTHX_ * name);
}

/* Code that runs from now on finds no engine. */
static void unhook(void)
{
    perl_on_signal(NULL, NULL);
    perl_set_hooks(NULL, NULL, NULL);
    perl_on_outside(NULL, NULL);
    perl_on_compile(NULL, NULL);
}

void surface_stop(struct engine *engine)
{
    struct surface *surface = engine->hooks.surface;
    if (!surface)
        return;
    dPERL;
    unhook();
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < AREAS; i++) {
        if (surface->awake[i])
            stop_area(aTHX_ surface, areas[i]);
    }
    log_stop(aTHX_ surface);
    time_stop(surface);
    FREETMPS;
    LEAVE;
    free(surface);
    engine->hooks.surface = NULL;
}

void surface_start(struct engine *engine)
{
    dPERL;
    struct surface *surface = mem_zalloc(sizeof(*surface));
    surface->engine = engine;
    engine->hooks.surface = surface;
    log_start(aTHX_ surface);
    signals_start(aTHX_ surface);
    time_start(surface);
    surface->compiled = PL_cop_seqmax;
    perl_set_hooks(before_user_code, after_user_code, surface);
    perl_on_outside(before_outside, surface);
    perl_on_compile(look_at_code, surface);
}
