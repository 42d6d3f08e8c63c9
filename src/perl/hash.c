/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes, for match variables that live in Perl. */
#include "perl/inside.h"

#include <stdlib.h>

static HV *hash_of(struct perl_value *hash)
{
    return (HV *)SvRV(perl_sv(hash));
}

struct perl_value *perl_hash_new(void)
{
    dPERL;
    return perl_handle(newRV_noinc((SV *)newHV()));
}

bool perl_hash_is_plain(struct perl_value *hash)
{
    return !(SvFLAGS(hash_of(hash)) & (SVf_READONLY | SVf_PROTECT | SVs_GMG | SVs_SMG | SVs_RMG));
}

/* Entry by entry: newHVhv takes the keys that a locked hash may have for values. */
static HV *copy_odd(pTHX_ HV *from)
{
    HV *copy = newHV();
    ENTER;
    SAVETMPS;
    hv_iterinit(from);
    for (HE *entry; (entry = hv_iternext(from));)
        (void)hv_store_ent(copy, hv_iterkeysv(entry), newSVsv(hv_iterval(from, entry)), 0);
    FREETMPS;
    LEAVE;
    return copy;
}

struct perl_value *perl_hash_copy(struct perl_value *hash)
{
    dPERL;
    HV *from = hash_of(hash);
    HV *copy = perl_hash_is_plain(hash) ? newHVhv(from) : copy_odd(aTHX_ from);
    return perl_handle(newRV_noinc((SV *)copy));
}

void perl_hash_store(struct perl_value *hash, struct bytes key, const struct perl_item *item)
{
    dPERL;
    SV *value = perl_item_sv(aTHX_ item);
    if (!hv_store(hash_of(hash), key.ptr ? key.ptr : "", (I32)key.len, value, 0))
        SvREFCNT_dec_NN(value); /* a tied or restricted hash */
}

/* The text of a value whose reading may run code, or make temporaries. */
static bool value_text(pTHX_ SV *value, struct arena *arena, struct bytes *text)
{
    ENTER;
    SAVETMPS;
    SvGETMAGIC(value);
    bool defined = SvOK(value);
    if (defined)
        *text = perl_sv_bytes(aTHX_ value, arena);
    FREETMPS;
    LEAVE;
    return defined;
}

/* hash_value: of the key; 0: not known. */
static bool key_text(struct perl_value *hash, struct bytes key, U32 hash_value, struct arena *arena,
                     struct bytes *text)
{
    dPERL;
    HV *hv = hash_of(hash);
    bool magical = SvRMAGICAL(hv);
    if (magical) {
        ENTER;
        SAVETMPS;
    }
    SV **slot =
        hv_common(hv, NULL, key.ptr ? key.ptr : "", key.len, 0, HV_FETCH_JUST_SV, NULL, hash_value);
    bool defined = slot && SvOK(*slot);
    if (slot && (SvFLAGS(*slot) & (SVf_POK | SVs_GMG | SVf_UTF8)) == SVf_POK)
        *text = arena_bytes(arena, bytes_make(SvPVX(*slot), SvCUR(*slot)));
    else if (slot)
        defined = value_text(aTHX_ * slot, arena, text);
    if (magical) {
        FREETMPS;
        LEAVE;
    }
    return defined;
}

bool perl_hash_text(struct perl_value *hash, struct bytes key, struct arena *arena,
                    struct bytes *text)
{
    return key_text(hash, key, 0, arena, text);
}

bool perl_hash_key_text(struct perl_value *hash, const struct perl_hash_key *key,
                        struct arena *arena, struct bytes *text)
{
    return key_text(hash, key->name, key->hash, arena, text);
}

struct perl_hash_key perl_hash_key(struct bytes name)
{
    dPERL;
    struct perl_hash_key key = {.name = name};
    PERL_HASH(key.hash, name.ptr, name.len);
    return key;
}

size_t perl_hash_count(struct perl_value *hash)
{
    dPERL;
    return HvTOTALKEYS(hash_of(hash));
}

static int by_bytes(const void *a, const void *b)
{
    return bytes_cmp(*(const struct bytes *)a, *(const struct bytes *)b);
}

size_t perl_hash_keys(struct perl_value *hash, struct arena *arena, struct bytes **keys)
{
    dPERL;
    HV *hv = hash_of(hash);
    size_t count = 0, room = HvTOTALKEYS(hv);
    *keys = arena_alloc(arena, room * sizeof(**keys));
    ENTER;
    SAVETMPS;
    hv_iterinit(hv);
    for (HE *entry; count < room && (entry = hv_iternext(hv));)
        (*keys)[count++] = perl_sv_bytes(aTHX_ hv_iterkeysv(entry), arena);
    FREETMPS;
    LEAVE;
    if (count > 1)
        qsort(*keys, count, sizeof(**keys), by_bytes);
    return count;
}
