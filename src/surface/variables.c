/* SPDX-License-Identifier: GPL-2.0-or-later */
/* %main::variables: action list variables, names without %.
 *
 * The scalars of the hash are also kept in an array by the variable's number, so that a walk over
 * all needs no lookup by name.  If user code has deleted one, or it is no longer in the hash, its
 * reference count shows it: ours is the only reference then.
 */
#include "base/mem.h"
#include "surface/area.h"

struct variable_mirrors {
    SV **scalars; /* by names id; each counted; NULL: none */
    uint32_t count;
};

static HV *variables_hash(pTHX)
{
    return get_hv("main::variables", GV_ADD);
}

static struct variable_mirrors *mirrors(struct surface *surface)
{
    if (!surface->variables)
        surface->variables = mem_zalloc(sizeof(*surface->variables));
    struct variable_mirrors *m = surface->variables;
    uint32_t count = names_count(surface->engine->rules.names);
    if (count > m->count) {
        m->scalars = mem_array(m->scalars, count, sizeof(SV *));
        memset(m->scalars + m->count, 0, (count - m->count) * sizeof(SV *));
        m->count = count;
    }
    return m;
}

static bool agrees(pTHX_ SV *sv, const struct variable *variable)
{
    switch (variable->kind) {
    case VARIABLE_UNDEF:
        return !SvOK(sv);
    case VARIABLE_TEXT:
        return same_text(aTHX_ sv, buf_bytes(&variable->text));
    case VARIABLE_NUMBER:
        return (SvIOK(sv) || SvNOK(sv)) && !SvPOK(sv) && !SvROK(sv) &&
               bytes_eq(perl_sv_view(aTHX_ sv), buf_bytes(&variable->text));
    case VARIABLE_CODE:
        return SvROK(sv) && SvRV(sv) == SvRV(perl_sv(variable->code));
    case VARIABLE_ABSENT:
        break;
    }
    return false;
}

static void set_scalar(pTHX_ SV *sv, const struct variable *variable)
{
    if (variable->kind == VARIABLE_TEXT)
        show_text(aTHX_ sv, buf_bytes(&variable->text));
    else if (variable->kind == VARIABLE_NUMBER)
        sv_setsv(sv, sv_2mortal(perl_number_sv(aTHX_ buf_bytes(&variable->text))));
    else if (variable->kind == VARIABLE_CODE)
        sv_setsv(sv, perl_sv(variable->code));
    else
        sv_set_undef(sv);
}

static void forget_variable(pTHX_ struct variable_mirrors *m, uint32_t id)
{
    SvREFCNT_dec_NN(m->scalars[id]);
    m->scalars[id] = NULL;
}

/* The scalar in the hash; it is known from now on. */
static SV *scalar_for(pTHX_ struct surface *surface, HV *hash, uint32_t id)
{
    struct variable_mirrors *m = surface->variables;
    if (m->scalars[id] && SvREFCNT(m->scalars[id]) > 1)
        return m->scalars[id];
    if (m->scalars[id])
        forget_variable(aTHX_ m, id);
    SV *sv = member(aTHX_ hash, names_text(surface->engine->rules.names, id));
    m->scalars[id] = SvREFCNT_inc_simple_NN(sv);
    return sv;
}

static void show(pTHX_ struct surface *surface)
{
    struct variable_mirrors *m = mirrors(surface);
    HV *hash = variables_hash(aTHX);
    for (uint32_t id = 0; id < m->count; id++) {
        const struct variable *variable = variables_get(surface->engine->state.variables, id);
        if (variable->kind != VARIABLE_ABSENT) {
            SV *sv = scalar_for(aTHX_ surface, hash, id);
            if (!agrees(aTHX_ sv, variable))
                set_scalar(aTHX_ sv, variable);
        } else if (m->scalars[id]) {
            remove_member(aTHX_ hash, names_text(surface->engine->rules.names, id));
            forget_variable(aTHX_ m, id);
        }
    }
}

static void take_value(pTHX_ struct variables *variables, uint32_t id, SV *sv)
{
    SvGETMAGIC(sv);
    if (!SvOK(sv))
        variables_set_undef(variables, id);
    else if (SvROK(sv))
        variables_set_value(variables, id, perl_handle(newSVsv(sv)), perl_sv_view(aTHX_ sv));
    else if ((SvIOK(sv) || SvNOK(sv)) && !SvPOK(sv))
        variables_set_numeric(variables, id, perl_sv_view(aTHX_ sv));
    else
        variables_set(variables, id, perl_sv_view(aTHX_ sv));
}

static void take_known(pTHX_ struct surface *surface, HV *hash, uint32_t id)
{
    struct variable_mirrors *m = surface->variables;
    struct variables *variables = surface->engine->state.variables;
    SV *sv = m->scalars[id];
    if (SvREFCNT(sv) == 1) {
        sv = member_if(aTHX_ hash, names_text(surface->engine->rules.names, id));
        forget_variable(aTHX_ m, id);
        if (!sv) {
            variables_unset(variables, id);
            return;
        }
        m->scalars[id] = SvREFCNT_inc_simple_NN(sv);
    }
    if (!agrees(aTHX_ sv, variables_get(variables, id)))
        take_value(aTHX_ variables, id, sv);
}

/* Names that user code added. */
static void take_new(pTHX_ struct surface *surface, HV *hash)
{
    struct engine *engine = surface->engine;
    hv_iterinit(hash);
    for (HE *he; (he = hv_iternext(hash));) {
        uint32_t id = names_id(engine->rules.names, taken_text(aTHX_ hv_iterkeysv(he)));
        struct variable_mirrors *m = mirrors(surface);
        if (m->scalars[id])
            continue;
        m->scalars[id] = SvREFCNT_inc_simple_NN(HeVAL(he));
        take_value(aTHX_ engine->state.variables, id, HeVAL(he));
    }
}

static void take(pTHX_ struct surface *surface)
{
    struct variable_mirrors *m = surface->variables;
    HV *hash = variables_hash(aTHX);
    size_t there = 0;
    for (uint32_t id = 0; id < m->count; id++) {
        if (m->scalars[id])
            take_known(aTHX_ surface, hash, id);
        there += m->scalars[id] != NULL;
    }
    if (HvTOTALKEYS(hash) != there)
        take_new(aTHX_ surface, hash);
}

static void wake(pTHX_ struct surface *surface)
{
    mirrors(surface);
    take_new(aTHX_ surface, variables_hash(aTHX));
}

static void stop(pTHX_ struct surface *surface)
{
    struct variable_mirrors *m = surface->variables;
    for (uint32_t id = 0; id < m->count; id++)
        if (m->scalars[id])
            forget_variable(aTHX_ m, id);
    free(m->scalars);
    free(m);
}

static const char *const names[] = {"%variables", NULL};

const struct area area_variables = {names, wake, show, take, stop};
