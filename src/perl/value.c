/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values: between Perl's scalars and byte strings, items and counted handles. */
#include "perl/inside.h"

void perl_retain(struct perl_value *value)
{
    SvREFCNT_inc_simple_void_NN(perl_sv(value));
}

void perl_release(struct perl_value *value)
{
    if (!value)
        return;
    dPERL;
    SvREFCNT_dec_NN(perl_sv(value));
}

struct bytes perl_sv_view(pTHX_ SV *sv)
{
    STRLEN len;
    const char *text = SvPV_const(sv, len);
    if (!SvUTF8(sv))
        return bytes_make(text, len);
    bool is_utf8 = true;
    const char *narrow = (const char *)bytes_from_utf8((const U8 *)text, &len, &is_utf8);
    if (narrow != text)
        SAVEFREEPV((void *)narrow);
    return bytes_make(narrow, len);
}

static bool is_plain_integer(SV *sv)
{
    U32 other = SVf_NOK | SVf_POK | SVf_ROK | SVs_GMG | SVf_IVisUV;
    return (SvFLAGS(sv) & (SVf_IOK | other)) == SVf_IOK;
}

struct bytes perl_sv_bytes(pTHX_ SV *sv, struct arena *arena)
{
    if (is_plain_integer(sv)) /* without giving the scalar a string form of its own */
        return arena_bytes(arena, NUM(SvIVX(sv)));
    if (!SvUTF8(sv) || SvGMAGICAL(sv) || SvROK(sv)) {
        STRLEN len;
        const char *text = SvPV_const(sv, len);
        if (!SvUTF8(sv))
            return arena_bytes(arena, bytes_make(text, len));
    }
    ENTER;
    struct bytes text = arena_bytes(arena, perl_sv_view(aTHX_ sv));
    LEAVE;
    return text;
}

struct perl_item perl_sv_item(pTHX_ SV *sv, struct arena *arena)
{
    SvGETMAGIC(sv);
    if (SvROK(sv))
        return (struct perl_item){PERL_VALUE, perl_sv_bytes(aTHX_ sv, arena),
                                  perl_handle(newSVsv_nomg(sv))};
    if (!SvOK(sv))
        return (struct perl_item){PERL_UNDEF, B(""), NULL};
    enum perl_kind kind = (SvIOK(sv) || SvNOK(sv)) && !SvPOK(sv) ? PERL_NUMBER : PERL_TEXT;
    return (struct perl_item){kind, perl_sv_bytes(aTHX_ sv, arena), NULL};
}

SV *perl_number_sv(pTHX_ struct bytes text)
{
    UV value;
    int kind = grok_number(text.ptr, text.len, &value);
    if (kind == IS_NUMBER_IN_UV)
        return newSVuv(value);
    if (kind == (IS_NUMBER_IN_UV | IS_NUMBER_NEG) && value <= (UV)IV_MAX)
        return newSViv(-(IV)value);
    SV *sv = newSVpvn(text.ptr, text.len);
    if (kind == 0)
        return sv;
    NV number = SvNV(sv);
    SvREFCNT_dec_NN(sv);
    return newSVnv(number);
}

SV *perl_item_sv(pTHX_ const struct perl_item *item)
{
    switch (item->kind) {
    case PERL_TEXT:
        return perl_bytes_sv(aTHX_ item->text);
    case PERL_NUMBER:
        return perl_number_sv(aTHX_ item->text);
    case PERL_VALUE:
        return newSVsv(perl_sv(item->value));
    case PERL_UNDEF:
        break;
    }
    return newSV(0);
}

struct perl_value *perl_array_new(const struct perl_item *items, size_t count)
{
    dPERL;
    AV *array = newAV();
    for (size_t i = 0; i < count; i++)
        av_push(array, perl_item_sv(aTHX_ items + i));
    return perl_handle(newRV_noinc((SV *)array));
}

void perl_list_release(struct perl_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == PERL_VALUE)
            perl_release(list->items[i].value);
    }
    list->count = 0;
}

/* What references to code are called in place of their addresses, by these; NULL: the addresses. */
static PTR_TBL_t *numbers;

void perl_number_code(void)
{
    dPERL;
    if (!numbers)
        numbers = ptr_table_new();
}

static struct bytes numbered_text(pTHX_ const SV *code, struct arena *arena)
{
    size_t number = PTR2UV(ptr_table_fetch(numbers, code));
    char text[32];
    if (number == 0) {
        number = numbers->tbl_items + 1;
        ptr_table_store(numbers, code, INT2PTR(void *, number));
    }
    int len = snprintf(text, sizeof(text), "CODE(0x%zx)", number);
    return arena_bytes(arena, bytes_make(text, (size_t)len));
}

struct bytes perl_text(struct perl_value *value, struct arena *arena)
{
    dPERL;
    if (numbers && perl_is_code(value))
        return numbered_text(aTHX_ SvRV(perl_sv(value)), arena);
    ENTER;
    SAVETMPS;
    struct bytes text = perl_sv_bytes(aTHX_ perl_sv(value), arena);
    FREETMPS;
    LEAVE;
    return text;
}

bool perl_true(struct perl_value *value)
{
    dPERL;
    ENTER;
    SAVETMPS;
    bool truth = cBOOL(SvTRUE(perl_sv(value)));
    FREETMPS;
    LEAVE;
    return truth;
}

/* ref($value) eq its type's name: blessed references do not count. */
static bool refers_to(struct perl_value *value, svtype type)
{
    SV *sv = perl_sv(value);
    return SvROK(sv) && SvTYPE(SvRV(sv)) == type && !SvOBJECT(SvRV(sv));
}

bool perl_is_code(struct perl_value *value)
{
    return refers_to(value, SVt_PVCV);
}

bool perl_is_hash(struct perl_value *value)
{
    return refers_to(value, SVt_PVHV);
}
