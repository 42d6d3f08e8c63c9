/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A variable to bytes.  There is no recursion, since a linked list of a million elements is as many
 * levels deep. */
#include "perl/keep_form.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/pack.h"
#include "perl/keep_inside.h"
#include "perl/release.h"

struct keeper {
    struct buf *out;
    struct bytes name;
    PTR_TBL_t *marked; /* the numbers, from 1, of those that may be referred to again */
    size_t count;
    size_t depth, room;
    struct level {
        SV *sv;       /* an array or a hash */
        SSize_t next; /* index or bucket */
        HE *entry;    /* of a hash: the one under way */
    } * levels;
};

/* -- What is not kept -- */

static const char *type_not_kept(SV *sv)
{
    switch (SvTYPE(sv)) {
    case SVt_PVCV:
        return "code";
    case SVt_PVGV:
    case SVt_PVIO:
        return "a handle";
    case SVt_PVFM:
        return "a format";
    case SVt_REGEXP:
        return "a regular expression";
    case SVt_PVLV:
        return isGV_with_GP(sv) ? "a handle" : NULL;
    default:
        return NULL;
    }
}

/* What the value is that is not kept; NULL: it is. */
static const char *not_kept(SV *sv)
{
    const char *type = type_not_kept(sv);
    if (type)
        return type;
    if (SvOBJECT(sv))
        return "an object";
    if (SvMAGICAL(sv) && (mg_find(sv, PERL_MAGIC_tied) || mg_find(sv, PERL_MAGIC_tiedscalar)))
        return "tied";
    return SvGMAGICAL(sv) ? "made when it is asked for" : NULL;
}

/* -- Where it is: "$hits{a}[3]" -- */

static void add_key(struct buf *out, const HE *entry)
{
    enum { LONGEST = 40 };
    struct bytes key = bytes_make(HeKEY(entry), (size_t)HeKLEN(entry));
    buf_char(out, '{');
    for (size_t i = 0; i < key.len && i < LONGEST; i++)
        buf_char(out, (unsigned char)key.ptr[i] < ' ' ? '?' : key.ptr[i]);
    buf_cat(out, key.len > LONGEST ? B("...") : B(""), B("}"));
}

static void add_place(const struct keeper *keeper, struct buf *out)
{
    enum { MOST_STEPS = 20 };
    bool inner = keeper->depth > 0;
    buf_char(out, inner ? '$' : keeper->name.ptr[0]);
    buf_add(out, bytes_from(keeper->name, 1));
    if (inner && keeper->name.ptr[0] == '$')
        buf_add(out, B("->"));
    for (size_t i = 0; i < keeper->depth && i < MOST_STEPS; i++) {
        const struct level *level = &keeper->levels[i];
        if (level->entry)
            add_key(out, level->entry);
        else
            buf_cat(out, B("["), NUM(level->next - 1), B("]"));
    }
    if (keeper->depth > MOST_STEPS)
        buf_add(out, B("..."));
}

/* -- Scalars -- */

static void put_kind(const struct keeper *keeper, enum keep_kind kind, unsigned mark)
{
    buf_char(keeper->out, (char)((unsigned)kind | mark));
}

static void put_real(struct buf *out, NV number)
{
    double real = (double)number;
    uint64_t bits;
    memcpy(&bits, &real, sizeof(bits));
    pack_number(out, bits);
}

static void put_number(const struct keeper *keeper, SV *sv, unsigned mark)
{
    if (SvIsUV(sv) && (SvIOK(sv) || (SvIOKp(sv) && !SvNOK(sv)))) {
        put_kind(keeper, KEEP_UNSIGNED, mark);
        pack_number(keeper->out, SvUVX(sv));
    } else if (SvIOK(sv) || !SvNOKp(sv)) {
        put_kind(keeper, KEEP_INTEGER, mark);
        pack_signed(keeper->out, SvIVX(sv));
    } else {
        put_kind(keeper, KEEP_REAL, mark);
        put_real(keeper->out, SvNVX(sv));
    }
}

static void put_text(const struct keeper *keeper, struct bytes text, bool wide, unsigned mark)
{
    put_kind(keeper, wide ? KEEP_WIDE : KEEP_BYTES, mark);
    pack_text(keeper->out, text);
}

/* Has it a number that is not what its text says? */
static bool is_dual(pTHX_ SV *sv)
{
    if (!SvNIOK(sv))
        return false;
    NV number = SvNOK(sv) ? SvNVX(sv) : SvIsUV(sv) ? (NV)SvUVX(sv) : (NV)SvIVX(sv);
    NV said = my_atof(SvPVX_const(sv));
    return !(number == said);
}

static void put_scalar(pTHX_ const struct keeper *keeper, SV *sv, unsigned mark)
{
    if (SvIsBOOL(sv)) {
        put_kind(keeper, SvTRUE_nomg(sv) ? KEEP_TRUE : KEEP_FALSE, mark);
    } else if (SvPOK(sv) || (SvPOKp(sv) && !SvNIOK(sv))) {
        if (is_dual(aTHX_ sv)) {
            put_kind(keeper, KEEP_DUAL, mark);
            put_number(keeper, sv, 0);
            mark = 0;
        }
        put_text(keeper, bytes_make(SvPVX_const(sv), SvCUR(sv)), SvUTF8(sv), mark);
    } else if (SvOK(sv)) {
        put_number(keeper, sv, mark);
    } else {
        put_kind(keeper, KEEP_UNDEF, mark);
    }
}

/* -- All values -- */

/* Can there be more than one reference to it, or a weak one? */
static bool may_be_shared(pTHX_ SV *sv)
{
    if (SvIMMORTAL(sv))
        return false;
    return SvREFCNT(sv) > 1 || (SvTYPE(sv) >= SVt_PVMG && SvMAGIC(sv)) ||
           (SvTYPE(sv) == SVt_PVHV && HvHasAUX((HV *)sv));
}

static void open_level(pTHX_ struct keeper *keeper, SV *sv, unsigned mark)
{
    bool hash = SvTYPE(sv) == SVt_PVHV;
    size_t count = hash ? HvTOTALKEYS((HV *)sv) - (size_t)HvPLACEHOLDERS_get((HV *)sv)
                        : (size_t)(AvFILLp((AV *)sv) + 1);
    put_kind(keeper, hash ? KEEP_HASH : KEEP_ARRAY, mark);
    pack_number(keeper->out, count);
    MEM_GROW(keeper->levels, keeper->depth, keeper->room, 16);
    keeper->levels[keeper->depth++] = (struct level){.sv = sv};
}

/* The value, and what it refers to, up to an array or hash, whose elements come later.  What is
 * not kept, or NULL. */
static const char *put_value(pTHX_ struct keeper *keeper, SV *sv)
{
    for (;; sv = SvRV(sv)) {
        const char *refusal = not_kept(sv);
        bool shared = !refusal && may_be_shared(aTHX_ sv);
        size_t number = shared ? PTR2UV(ptr_table_fetch(keeper->marked, sv)) : 0;
        if (refusal)
            return refusal;
        if (number > 0) {
            put_kind(keeper, KEEP_SAME, 0);
            pack_number(keeper->out, number - 1);
            return NULL;
        }
        if (shared)
            ptr_table_store(keeper->marked, sv, INT2PTR(void *, ++keeper->count));
        unsigned mark = shared ? KEEP_MARK : 0;
        if (SvTYPE(sv) == SVt_PVHV || SvTYPE(sv) == SVt_PVAV) {
            open_level(aTHX_ keeper, sv, mark);
            return NULL;
        }
        if (!SvROK(sv)) {
            put_scalar(aTHX_ keeper, sv, mark);
            return NULL;
        }
        put_kind(keeper, SvWEAKREF(sv) ? KEEP_WEAK : KEEP_REFERENCE, mark);
    }
}

/* The next entry, without the iterator that user code has.  NULL: the end. */
static HE *next_entry(struct level *level)
{
    HV *hv = (HV *)level->sv;
    HE *entry = level->entry ? HeNEXT(level->entry) : NULL;
    for (;; entry = HeNEXT(entry)) {
        while (!entry && HvARRAY(hv) && level->next <= (SSize_t)HvMAX(hv))
            entry = HvARRAY(hv)[level->next++];
        if (!entry || HeVAL(entry) != &PL_sv_placeholder)
            return entry;
    }
}

/* The next element; false: there is none, and the level is closed.  An element that an array has
 * not is NULL. */
static bool next_element(pTHX_ struct keeper *keeper, SV **sv)
{
    struct level *level = &keeper->levels[keeper->depth - 1];
    bool more;
    if (SvTYPE(level->sv) == SVt_PVHV) {
        level->entry = next_entry(level);
        more = level->entry;
        if (more)
            put_text(keeper, bytes_make(HeKEY(level->entry), (size_t)HeKLEN(level->entry)),
                     HeKUTF8(level->entry), 0);
        *sv = more ? HeVAL(level->entry) : NULL;
    } else {
        more = level->next <= AvFILLp((AV *)level->sv);
        *sv = more ? AvARRAY((AV *)level->sv)[level->next++] : NULL;
    }
    keeper->depth -= !more;
    return more;
}

static const char *put_all(pTHX_ SV *sv, struct keeper *keeper)
{
    const char *refusal = put_value(aTHX_ keeper, sv);
    while (!refusal && keeper->depth > 0) {
        if (!next_element(aTHX_ keeper, &sv))
            continue;
        if (sv)
            refusal = put_value(aTHX_ keeper, sv);
        else
            put_kind(keeper, KEEP_HOLE, 0);
    }
    return refusal;
}

SV *keep_variable(pTHX_ struct bytes name, bool make)
{
    struct buf full = {0};
    I32 flags = make ? GV_ADD : 0;
    assert(name.len > 1);
    if (bytes_find(name, B("::"), 0) < 0)
        buf_add(&full, B("main::SEC::"));
    buf_add(&full, bytes_from(name, 1));
    buf_char(&full, '\0');
    SV *sv = name.ptr[0] == '%'   ? (SV *)get_hv(full.ptr, flags)
             : name.ptr[0] == '@' ? (SV *)get_av(full.ptr, flags)
                                  : get_sv(full.ptr, flags);
    buf_free(&full);
    return sv;
}

bool perl_keep(struct bytes name, struct buf *out, struct buf *why)
{
    dPERL;
    SV *sv = keep_variable(aTHX_ name, false);
    struct keeper keeper = {.out = out, .name = name};
    size_t before = out->len;
    if (!sv) {
        buf_cat(why, B("no code has a variable "), name);
        return false;
    }
    keeper.marked = ptr_table_new();
    const char *refusal = put_all(aTHX_ sv, &keeper);
    if (refusal) {
        add_place(&keeper, why);
        buf_cat(why, B(" is "), bytes_of(refusal));
        out->len = before;
    }
    ptr_table_free(keeper.marked);
    free(keeper.levels);
    return !refusal;
}
