/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes to a variable.  All of them are checked before anything is made from them. */
#include "perl/keep_form.h"

#include <stdlib.h>

#include "base/mem.h"
#include "perl/keep_inside.h"

struct builder {
    SV *variable;  /* until it is come to, which is at first */
    SV *reference; /* to which comes next; NULL: that is an element */
    size_t depth, room;
    SV **levels; /* arrays and hashes under way */
    size_t marked_count, marked_room;
    SV **marked; /* counted */
    size_t weak_count, weak_room;
    SV **weak; /* references, counted, made weak at the end */
};

/* Puts the scalar, array or hash into its place, which counts it. */
static void place(pTHX_ struct builder *builder, const struct keep_value *value, SV *sv)
{
    SV *level = builder->depth > 0 ? builder->levels[builder->depth - 1] : NULL;
    if (builder->reference) {
        sv_setrv_noinc(builder->reference, sv);
        builder->reference = NULL;
    } else if (level && SvTYPE(level) == SVt_PVHV) {
        struct bytes key = value->key.text;
        (void)hv_common((HV *)level, NULL, key.ptr, key.len, value->key.wide ? HVhek_UTF8 : 0,
                        HV_FETCH_ISSTORE | HV_FETCH_JUST_SV, sv, 0);
    } else if (level) {
        av_push((AV *)level, sv);
    }
}

/* A new one, or the variable itself. */
static SV *made(pTHX_ struct builder *builder, const struct keep_value *value, svtype type)
{
    SV *sv = builder->variable;
    if (!sv) {
        sv = type == SVt_NULL ? newSV(0) : newSV_type(type);
        place(aTHX_ builder, value, sv);
    }
    builder->variable = NULL;
    if (value->marked) {
        MEM_GROW(builder->marked, builder->marked_count, builder->marked_room, 16);
        builder->marked[builder->marked_count++] = SvREFCNT_inc_simple_NN(sv);
    }
    return sv;
}

static void set_number(pTHX_ SV *sv, const struct keep_number *number)
{
    if (number->kind == KEEP_INTEGER)
        sv_setiv(sv, (IV)number->integer);
    else if (number->kind == KEEP_UNSIGNED)
        sv_setuv(sv, (UV)number->whole);
    else
        sv_setnv(sv, number->real);
}

static void set_text(pTHX_ SV *sv, const struct keep_text *text)
{
    sv_setpvn(sv, text->text.len > 0 ? text->text.ptr : "", text->text.len);
    if (text->wide)
        SvUTF8_on(sv);
}

/* As Scalar::Util::dualvar. */
static void set_dual(pTHX_ SV *sv, const struct keep_value *value)
{
    const struct keep_number *number = &value->number;
    (void)SvUPGRADE(sv, SVt_PVNV);
    set_text(aTHX_ sv, &value->text);
    if (number->kind == KEEP_REAL) {
        SvNV_set(sv, number->real);
        SvNOK_on(sv);
    } else if (number->kind == KEEP_UNSIGNED) {
        SvUV_set(sv, (UV)number->whole);
        SvIOK_on(sv);
        SvIsUV_on(sv);
    } else {
        SvIV_set(sv, (IV)number->integer);
        SvIOK_on(sv);
    }
}

static void set_scalar(pTHX_ SV *sv, const struct keep_value *value)
{
    switch (value->kind) {
    case KEEP_FALSE:
    case KEEP_TRUE:
        sv_setsv_nomg(sv, boolSV(value->kind == KEEP_TRUE));
        break;
    case KEEP_BYTES:
    case KEEP_WIDE:
        set_text(aTHX_ sv, &value->text);
        break;
    case KEEP_DUAL:
        set_dual(aTHX_ sv, value);
        break;
    case KEEP_UNDEF:
        sv_setsv_nomg(sv, &PL_sv_undef);
        break;
    default:
        set_number(aTHX_ sv, &value->number);
    }
}

static void build_level(pTHX_ struct builder *builder, const struct keep_value *value)
{
    bool hash = value->kind == KEEP_HASH;
    SV *sv = made(aTHX_ builder, value, hash ? SVt_PVHV : SVt_PVAV);
    if (hash)
        hv_ksplit((HV *)sv, (IV)value->number.whole);
    else if (value->number.whole > 0)
        av_extend((AV *)sv, (SSize_t)value->number.whole - 1);
    MEM_GROW(builder->levels, builder->depth, builder->room, 16);
    builder->levels[builder->depth++] = sv;
}

static void build_reference(pTHX_ struct builder *builder, const struct keep_value *value)
{
    SV *sv = made(aTHX_ builder, value, SVt_NULL);
    if (value->kind == KEEP_WEAK) {
        MEM_GROW(builder->weak, builder->weak_count, builder->weak_room, 16);
        builder->weak[builder->weak_count++] = SvREFCNT_inc_simple_NN(sv);
    }
    builder->reference = sv;
}

static void build_hole(pTHX_ const struct builder *builder)
{
    AV *av = (AV *)builder->levels[builder->depth - 1];
    av_fill(av, av_top_index(av) + 1);
}

static void build(void *arg, const struct keep_value *value)
{
    dPERL;
    struct builder *builder = arg;
    switch (value->kind) {
    case KEEP_END:
        builder->depth--;
        break;
    case KEEP_ARRAY:
    case KEEP_HASH:
        build_level(aTHX_ builder, value);
        break;
    case KEEP_REFERENCE:
    case KEEP_WEAK:
        build_reference(aTHX_ builder, value);
        break;
    case KEEP_SAME:
        place(aTHX_ builder, value, SvREFCNT_inc_simple_NN(builder->marked[value->number.whole]));
        break;
    case KEEP_HOLE:
        build_hole(aTHX_ builder);
        break;
    default:
        set_scalar(aTHX_ made(aTHX_ builder, value, SVt_NULL), value);
    }
}

/* What only weak references hold is held by them. */
static void finish(struct builder *builder)
{
    dPERL;
    for (size_t i = 0; i < builder->marked_count; i++)
        SvREFCNT_dec_NN(builder->marked[i]);
    for (size_t i = 0; i < builder->weak_count; i++) {
        SV *reference = builder->weak[i];
        if (SvROK(reference) && !SvWEAKREF(reference) && SvREFCNT(SvRV(reference)) > 1)
            sv_rvweaken(reference);
        SvREFCNT_dec_NN(reference);
    }
    free(builder->levels);
    free(builder->marked);
    free(builder->weak);
}

static const char *not_to_be_set(SV *sv)
{
    if (SvREADONLY(sv))
        return "locked";
    return SvMAGICAL(sv) && (mg_find(sv, PERL_MAGIC_tied) || mg_find(sv, PERL_MAGIC_tiedscalar))
               ? "tied"
               : NULL;
}

static void clear(pTHX_ SV *sv)
{
    if (SvTYPE(sv) == SVt_PVHV)
        hv_clear((HV *)sv);
    else if (SvTYPE(sv) == SVt_PVAV)
        av_clear((AV *)sv);
    else
        sv_setsv_nomg(sv, &PL_sv_undef);
}

bool perl_keep_restore(struct bytes name, struct bytes value, struct buf *why)
{
    dPERL;
    if (!keep_walk(value, name.ptr[0], NULL, NULL)) {
        buf_cat(why, B("what was kept of "), name, B(" is damaged"));
        return false;
    }
    SV *sv = keep_variable(aTHX_ name, true);
    const char *refusal = not_to_be_set(sv);
    if (refusal) {
        buf_cat(why, name, B(" is "), bytes_of(refusal));
        return false;
    }
    struct builder builder = {.variable = sv};
    ENTER;
    SAVETMPS;
    SvREFCNT_inc_simple_void_NN(sv);
    clear(aTHX_ sv);
    keep_walk(value, name.ptr[0], build, &builder);
    finish(&builder);
    if (SvTYPE(sv) < SVt_PVAV)
        SvSETMAGIC(sv);
    SvREFCNT_dec_NN(sv);
    FREETMPS;
    LEAVE;
    return true;
}
