/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers for all areas that convert between Perl's data and the engine's. */
#include "surface/area.h"

void show_int(pTHX_ SV *sv, int64_t value)
{
    if (SvIOK(sv) && !SvPOK(sv) && !SvROK(sv) && SvIV_nomg(sv) == value)
        return;
    sv_setiv(sv, (IV)value);
}

void show_time(pTHX_ SV *sv, double value)
{
    if (!SvNOK(sv) || SvROK(sv) || SvNVX(sv) < value || SvNVX(sv) > value)
        sv_setnv(sv, value);
}

bool same_text(pTHX_ SV *sv, struct bytes text)
{
    if (!SvPOK(sv) || SvROK(sv) || SvIOK(sv) || SvNOK(sv) || SvUTF8(sv) || SvCUR(sv) != text.len)
        return false;
    return text.len == 0 || memcmp(SvPVX_const(sv), text.ptr, text.len) == 0;
}

void show_text(pTHX_ SV *sv, struct bytes text)
{
    if (!text.ptr) {
        if (SvOK(sv))
            sv_set_undef(sv);
        return;
    }
    if (same_text(aTHX_ sv, text))
        return;
    if (SvPOK(sv))
        SvFLAGS(sv) &= ~(U32)SVf_UTF8;
    sv_setpvn(sv, text.ptr, text.len);
}

SV *element(pTHX_ AV *av, size_t index)
{
    return *av_fetch(av, (SSize_t)index, 1);
}

SV *member(pTHX_ HV *hv, struct bytes key)
{
    return *hv_fetch(hv, key.ptr, (I32)key.len, 1);
}

SV *element_if(pTHX_ AV *av, size_t index)
{
    SV **sv = av_fetch(av, (SSize_t)index, 0);
    return sv ? *sv : NULL;
}

SV *member_if(pTHX_ HV *hv, struct bytes key)
{
    SV **sv = hv_fetch(hv, key.ptr, (I32)key.len, 0);
    return sv ? *sv : NULL;
}

void remove_member(pTHX_ HV *hv, struct bytes key)
{
    (void)hv_delete(hv, key.ptr, (I32)key.len, G_DISCARD);
}

AV *array_if(pTHX_ SV *sv)
{
    return sv && SvROK(sv) && SvTYPE(SvRV(sv)) == SVt_PVAV ? (AV *)SvRV(sv) : NULL;
}

HV *hash_if(pTHX_ SV *sv)
{
    return sv && SvROK(sv) && SvTYPE(SvRV(sv)) == SVt_PVHV ? (HV *)SvRV(sv) : NULL;
}

AV *array_in(pTHX_ SV *sv)
{
    if (!array_if(aTHX_ sv))
        sv_setrv_noinc(sv, (SV *)newAV());
    return (AV *)SvRV(sv);
}

HV *hash_in(pTHX_ SV *sv)
{
    if (!hash_if(aTHX_ sv))
        sv_setrv_noinc(sv, (SV *)newHV());
    return (HV *)SvRV(sv);
}

size_t array_count(pTHX_ AV *av)
{
    return (size_t)(av_len(av) + 1);
}

/* Growing goes place by place: Perl (5.36) leaves places without a value in an array that has
 * lost elements at both ends and is then made longer at once. */
void array_resize(pTHX_ AV *av, size_t count)
{
    size_t had = array_count(aTHX_ av);
    if (had > count)
        av_fill(av, (SSize_t)count - 1);
    for (; had < count; had++)
        av_push(av, newSV(0));
}

/* A number beyond the largest is that one. */
static int64_t number_of(pTHX_ SV *sv)
{
    IV value = SvIV_nomg(sv);
    return SvIsUV(sv) && SvUVX(sv) > (UV)IV_MAX ? INT64_MAX : value;
}

int64_t taken_int(pTHX_ SV *sv)
{
    if (!sv)
        return 0;
    SvGETMAGIC(sv);
    if (SvIOK(sv) || SvNOK(sv))
        return number_of(aTHX_ sv);
    if (!SvPOK(sv) || !looks_like_number(sv))
        return 0;
    return number_of(aTHX_ sv_2mortal(newSVsv_nomg(sv))); /* a text stays a text and no number */
}

struct bytes taken_text(pTHX_ SV *sv)
{
    if (!sv)
        return B("");
    SvGETMAGIC(sv);
    return SvOK(sv) ? perl_sv_view(aTHX_ sv) : B("");
}
