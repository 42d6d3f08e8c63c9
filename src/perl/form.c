/* Hashes that are made again and again with the same keys.
 *
 * To make a hash of ten keys and to free it costs more than most user code that reads it.  So the
 * last one is kept and filled anew, unless user code kept a hold of it, or changed more than values
 * in it. */
#include "perl/inside.h"

#include "base/mem.h"

struct form_key {
    struct perl_hash_key key;
    size_t walked; /* the key of the spare hash's entry that has this place when it is walked */
};

struct perl_form {
    SV *spare; /* a reference to a hash with just these keys and plain values, or NULL */
    size_t count;
    struct form_key keys[];
};

struct perl_form *perl_form_new(const struct bytes *keys, size_t count)
{
    struct perl_form *kept = mem_zalloc(sizeof(*kept) + count * sizeof(kept->keys[0]));
    kept->count = count;
    for (size_t i = 0; i < count; i++)
        kept->keys[i].key = perl_hash_key(bytes_dup(keys[i]));
    return kept;
}

void perl_form_free(struct perl_form *kept)
{
    dPERL;
    SvREFCNT_dec(kept->spare);
    for (size_t i = 0; i < kept->count; i++)
        free((char *)kept->keys[i].key.name.ptr);
    free(kept);
}

static bool has_key(const HE *entry, const struct perl_hash_key *key)
{
    return HeHASH(entry) == key->hash && (size_t)HeKLEN(entry) == key->name.len &&
           HeKFLAGS(entry) == 0 && memcmp(HeKEY(entry), key->name.ptr, key->name.len) == 0;
}

/* The index of the entry's key, guess at first; kept->count: it has none of these. */
static size_t key_index(const struct perl_form *kept, const HE *entry, size_t guess)
{
    if (has_key(entry, &kept->keys[guess].key))
        return guess;
    size_t i = 0;
    while (i < kept->count && !has_key(entry, &kept->keys[i].key))
        i++;
    return i;
}

/* May the scalar get a new text in place? */
static bool is_plain(const SV *sv)
{
    U32 special = SVf_ROK | SVf_READONLY | SVf_PROTECT | SVf_UTF8 | SVs_GMG | SVs_SMG | SVs_RMG;
    bool type = SvTYPE(sv) == SVt_NULL ||
                (SvTYPE(sv) >= SVt_PV && SvTYPE(sv) <= SVt_PVNV && SvLEN(sv) <= KEPT_TEXT_MAX);
    return type && SvREFCNT(sv) == 1 && !(SvFLAGS(sv) & special);
}

/* Notes the keys' places in the hash, which has as many. */
static bool is_same_form(struct perl_form *kept, HV *hash)
{
    HE **buckets = HvARRAY(hash);
    size_t place = 0;
    for (size_t b = 0; b <= HvMAX(hash); b++) {
        for (const HE *entry = buckets[b]; entry; entry = HeNEXT(entry), place++) {
            size_t i = key_index(kept, entry, kept->keys[place].walked);
            if (i == kept->count || !is_plain(HeVAL(entry)))
                return false;
            kept->keys[place].walked = i;
        }
    }
    return true;
}

static void set_value(pTHX_ SV *sv, const struct perl_item *item)
{
    if (item->kind == PERL_TEXT)
        sv_setpvn(sv, item->text.ptr, item->text.len);
    else if (item->kind == PERL_UNDEF)
        SvOK_off(sv);
    else
        sv_setsv(sv, sv_2mortal(perl_item_sv(aTHX_ item)));
}

static void fill(pTHX_ const struct perl_form *kept, HV *hash, const struct perl_item *items)
{
    HE **buckets = HvARRAY(hash);
    size_t place = 0;
    for (size_t b = 0; b <= HvMAX(hash); b++) {
        for (HE *entry = buckets[b]; entry; entry = HeNEXT(entry))
            set_value(aTHX_ HeVAL(entry), &items[kept->keys[place++].walked]);
    }
}

struct perl_value *perl_form_fill(struct perl_form *kept, const struct perl_item *items)
{
    dPERL;
    SV *spare = kept->spare;
    if (spare) {
        kept->spare = NULL;
        ENTER;
        SAVETMPS;
        fill(aTHX_ kept, (HV *)SvRV(spare), items);
        FREETMPS;
        LEAVE;
        return perl_handle(spare);
    }
    HV *hash = newHV();
    for (size_t i = 0; i < kept->count; i++) {
        const struct perl_hash_key *key = &kept->keys[i].key;
        SV *value = perl_item_sv(aTHX_ &items[i]);
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
           HvPLACEHOLDERS_get(hash) == 0 && !(SvOOK(hash) && sv_get_backrefs((SV *)hash));
}

void perl_form_give_back(struct perl_form *kept, struct perl_value *hash)
{
    dPERL;
    SV *sv = perl_sv(hash);
    if (kept->spare || !is_ours(aTHX_ sv, kept->count) ||
        !is_same_form(kept, (HV *)SvRV(sv))) {
        SvREFCNT_dec_NN(sv);
        return;
    }
    if (SvOOK(SvRV(sv)))
        hv_iterinit((HV *)SvRV(sv)); /* user code may have stopped halfway */
    kept->spare = sv;
}
