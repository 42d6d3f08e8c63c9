/* SPDX-License-Identifier: GPL-2.0-or-later */
/* %main::pmatch_cache: the pattern match cache of the current line.  From then on, the engine
 * itself reads the hashes of the entries, so that only added and removed ones must be noticed. */
#include "surface/area.h"

static HV *matches_hash(pTHX)
{
    return get_hv("main::pmatch_cache", GV_ADD);
}

static void show(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    HV *hash = matches_hash(aTHX);
    if (cache_count(engine->state.cache) == 0 && HvTOTALKEYS(hash) == 0)
        return;
    hv_clear(hash);
    for (size_t i = 0; i < cache_count(engine->state.cache); i++) {
        struct bytes name = cache_at(engine->state.cache, i)->name;
        struct perl_value *entry = cache_hash(engine->state.cache, name, &engine->line.arena);
        sv_setsv(member(aTHX_ hash, name), perl_sv(entry));
    }
}

static void take_entry(pTHX_ struct engine *engine, struct bytes name, SV *sv)
{
    const struct cache_entry *entry = cache_find(engine->state.cache, name);
    if (entry && entry->vars.kind == VARS_HASH && SvRV(perl_sv(entry->vars.hash)) == SvRV(sv))
        return;
    SV *reference = newSVsv(sv);
    cache_store_hash(engine->state.cache, name, perl_handle(reference));
    SvREFCNT_dec_NN(reference);
}

static void take(pTHX_ struct surface *surface)
{
    struct cache *cache = surface->engine->state.cache;
    HV *hash = matches_hash(aTHX);
    for (size_t i = cache_count(cache); i-- > 0;) {
        struct bytes name = cache_at(cache, i)->name;
        if (!hash_if(aTHX_ member_if(aTHX_ hash, name)))
            cache_remove(cache, name);
    }
    if (HvTOTALKEYS(hash) == 0)
        return;
    hv_iterinit(hash);
    for (HE *he; (he = hv_iternext(hash));) {
        if (hash_if(aTHX_ HeVAL(he)))
            take_entry(aTHX_ surface->engine, taken_text(aTHX_ hv_iterkeysv(he)), HeVAL(he));
    }
}

static const char *const names[] = {"%pmatch_cache", NULL};

const struct area area_cache = {names, NULL, show, take, NULL};
