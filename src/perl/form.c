/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes that are made again and again with the same keys.
 *
 * Creating and freeing a hash of ten keys costs more than most user code that reads it.  So the
 * last one is kept and filled again, unless user code still refers to it, or has changed more than
 * values in it. */
#include "perl/inside.h"

#include "base/mem.h"
#include "perl/release.h"

/* An entry of the spare hash, in the order in which it is walked. */
struct form_entry {
    HE *entry;
    HEK *key;    /* while it is ours: an entry that was removed may come again as another */
    size_t item; /* of the values */
};

/* Perl has each key but once.  `shared` holds this one, so that no other can come to its place. */
struct form_key {
    struct perl_hash_key own;
    SV *shared;
};

struct perl_form {
    SV *spare; /* a reference to a hash with just these keys and plain values, or NULL */
    size_t count;
    struct form_entry *entries; /* of the last hash that was looked at */
    struct form_key keys[];
};

struct perl_form *perl_form_new(const struct bytes *keys, size_t count)
{
    dPERL;
    struct perl_form *shape = mem_zalloc(sizeof(*shape) + count * sizeof(shape->keys[0]));
    shape->count = count;
    shape->entries = mem_zalloc(count * sizeof(*shape->entries));
    for (size_t i = 0; i < count; i++) {
        struct perl_hash_key key = perl_hash_key(bytes_dup(keys[i]));
        SV *shared = newSVpvn_share(key.name.ptr, (I32)key.name.len, key.hash);
        shape->keys[i] = (struct form_key){key, shared};
    }
    return shape;
}

void perl_form_free(struct perl_form *shape)
{
    dPERL;
    SvREFCNT_dec(shape->spare);
    for (size_t i = 0; i < shape->count; i++) {
        SvREFCNT_dec_NN(shape->keys[i].shared);
        bytes_free(shape->keys[i].own.name);
    }
    free(shape->entries);
    free(shape);
}

static HEK *shared_key(const struct form_key *key)
{
    return SvSHARED_HEK_FROM_PV(SvPVX_const(key->shared));
}

/* Notes the entry; false: it has none of the keys. */
static bool note_entry(const struct perl_form *shape, struct form_entry *noted, HE *entry)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (HeKEY_hek(entry) == shared_key(&shape->keys[i])) {
            *noted = (struct form_entry){entry, HeKEY_hek(entry), i};
            return true;
        }
    }
    return false;
}

/* May the scalar get a new text in place? */
static bool is_plain(const SV *sv)
{
    U32 special = SVf_ROK | SVf_READONLY | SVf_PROTECT | SVf_UTF8 | SVs_GMG | SVs_SMG | SVs_RMG;
    bool type = SvTYPE(sv) == SVt_NULL ||
                (SvTYPE(sv) >= SVt_PV && SvTYPE(sv) <= SVt_PVNV && SvLEN(sv) <= KEPT_TEXT_MAX);
    return type && SvREFCNT(sv) == 1 && !(SvFLAGS(sv) & special);
}

/* Has the hash, which has as many keys, just the form's, with plain values?  Notes its entries. */
static bool is_same_form(const struct perl_form *shape, HV *hash)
{
    HE **buckets = HvARRAY(hash);
    struct form_entry *noted = shape->entries;
    for (size_t b = 0; b <= HvMAX(hash); b++) {
        for (HE *entry = buckets[b]; entry; entry = HeNEXT(entry), noted++) {
            bool known = entry == noted->entry && HeKEY_hek(entry) == noted->key;
            if (!is_plain(HeVAL(entry)) || (!known && !note_entry(shape, noted, entry)))
                return false;
        }
    }
    return true;
}

static void set_value(pTHX_ SV *sv, const struct perl_item *item)
{
    if (item->kind == PERL_TEXT)
        perl_set_text(aTHX_ sv, item->text);
    else if (item->kind == PERL_UNDEF)
        SvOK_off(sv);
    else
        sv_setsv(sv, sv_2mortal(perl_item_sv(aTHX_ item)));
}

static void fill(pTHX_ const struct perl_form *shape, const struct perl_item *items)
{
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < shape->count; i++)
        set_value(aTHX_ HeVAL(shape->entries[i].entry), &items[shape->entries[i].item]);
    FREETMPS;
    LEAVE;
}

struct perl_value *perl_form_fill(struct perl_form *shape, const struct perl_item *items)
{
    dPERL;
    SV *spare = shape->spare;
    if (spare) {
        shape->spare = NULL;
        fill(aTHX_ shape, items);
        return perl_handle(spare);
    }
    HV *hash = newHV();
    for (size_t i = 0; i < shape->count; i++) {
        const struct perl_hash_key *key = &shape->keys[i].own;
        SV *value = perl_item_sv(aTHX_ items + i);
        (void)hv_store(hash, key->name.ptr, (I32)key->name.len, value, key->hash);
    }
    return perl_handle(newRV_noinc((SV *)hash));
}

/* Does nobody else hold the hash, in whatever way? */
static bool is_ours(pTHX_ SV *sv, size_t count)
{
    if (SvREFCNT(sv) != 1 || !SvROK(sv) || SvTYPE(SvRV(sv)) != SVt_PVHV)
        return false;
    HV *hash = (HV *)SvRV(sv);
    U32 special = SVs_OBJECT | SVs_GMG | SVs_SMG | SVs_RMG | SVf_READONLY | SVf_PROTECT;
    return SvREFCNT(hash) == 1 && !(SvFLAGS(hash) & special) && HvTOTALKEYS(hash) == count &&
           HvPLACEHOLDERS_get(hash) == 0 && !(HvHasAUX(hash) && sv_get_backrefs((SV *)hash));
}

void perl_form_give_back(struct perl_form *shape, struct perl_value *hash)
{
    dPERL;
    SV *sv = perl_sv(hash);
    if (shape->spare || !is_ours(aTHX_ sv, shape->count) || !is_same_form(shape, (HV *)SvRV(sv))) {
        SvREFCNT_dec_NN(sv);
        return;
    }
    if (HvHasAUX(SvRV(sv)))
        hv_iterinit((HV *)SvRV(sv)); /* user code may have stopped halfway */
    shape->spare = sv;
}
