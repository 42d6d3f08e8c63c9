/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl's own regular expression engine, without Perl code around it.
 *
 * A match runs the compiled program on our bytes in place: nothing is copied, and no variable of
 * user code ($1, $&, pos) is touched, because the regex belongs to no operator of a Perl program.
 */
#include "perl/inside.h"

#include "base/mem.h"
#include "perl/release.h"

struct regex_group_name {
    struct bytes name;
    int32_t *groups;
    size_t count;
};

struct perl_regex {
    SV *sv;         /* the qr// object, a reference */
    REGEXP *regexp; /* what it refers to */
    SV *target;     /* an empty byte string: the engine wants a scalar to ask for flags */
    size_t groups;
    size_t places; /* that names mean, where these are not the groups */
    size_t name_count;
    struct regex_group_name *names;
};

static void read_name(pTHX_ struct perl_regex *regex, HE *entry, struct regex_group_name *name)
{
    SV *list = HeVAL(entry);
    const I32 *groups = (const I32 *)SvPVX(list);
    ENTER;
    name->name = bytes_dup(perl_sv_view(aTHX_ sv_2mortal(newSVsv(hv_iterkeysv(entry)))));
    LEAVE;
    name->groups = mem_array(NULL, (size_t)SvIVX(list), sizeof(*name->groups));
    for (IV i = 0; i < SvIVX(list); i++) {
        int32_t group = (int32_t)(regex->places ? regex->groups : 0) + groups[i];
        if (name->count == 0 || name->groups[name->count - 1] != group)
            name->groups[name->count++] = group;
    }
}

static void read_names(pTHX_ struct perl_regex *regex)
{
    HV *names = RXp_PAREN_NAMES(ReANY(regex->regexp));
    if (!names)
        return;
    regex->places = (size_t)perl_place_count(ReANY(regex->regexp));
    size_t room = HvTOTALKEYS(names);
    regex->names = mem_zalloc(room * sizeof(*regex->names));
    hv_iterinit(names);
    for (HE *entry; regex->name_count < room && (entry = hv_iternext(names));)
        read_name(aTHX_ regex, entry, &regex->names[regex->name_count++]);
}

static struct perl_regex *regex_new(pTHX_ SV *object)
{
    struct perl_regex *regex = mem_zalloc(sizeof(*regex));
    regex->sv = newSVsv(object);
    regex->regexp = SvRX(regex->sv);
    regex->target = newSVpvs("");
    regex->groups = (size_t)perl_group_count(ReANY(regex->regexp));
    read_names(aTHX_ regex);
    return regex;
}

bool perl_regex_compile(struct bytes text, struct perl_regex **regex, struct buf *error)
{
    dPERL;
    ENTER;
    SAVETMPS;
    SV *source = sv_2mortal(perl_bytes_sv(aTHX_ text));
    SSize_t returned = perl_call_own(aTHX_ "Secant::regex", source, NULL);
    SV **values = PL_stack_sp - returned + 1;
    bool ok = returned > 0 && SvRX(values[0]);
    if (ok)
        *regex = regex_new(aTHX_ values[0]);
    else if (returned > 1)
        buf_add(error, perl_sv_view(aTHX_ values[1]));
    PL_stack_sp -= returned;
    FREETMPS;
    LEAVE;
    return ok;
}

void perl_regex_free(struct perl_regex *regex)
{
    if (!regex)
        return;
    dPERL;
    for (size_t i = 0; i < regex->name_count; i++) {
        bytes_free(regex->names[i].name);
        free(regex->names[i].groups);
    }
    free(regex->names);
    SvREFCNT_dec_NN(regex->target);
    SvREFCNT_dec_NN(regex->sv);
    free(regex);
}

size_t perl_regex_groups(const struct perl_regex *regex)
{
    return regex->groups;
}

size_t perl_regex_spans(const struct perl_regex *regex)
{
    return 1 + regex->groups + regex->places;
}

bool perl_regex_name(const struct perl_regex *regex, size_t index, struct bytes *name,
                     const int32_t **groups, size_t *count)
{
    if (index >= regex->name_count)
        return false;
    *name = regex->names[index].name;
    *groups = regex->names[index].groups;
    *count = regex->names[index].count;
    return true;
}

static void read_spans(const struct perl_regex *regex, ptrdiff_t *offsets)
{
    const regexp *program = ReANY(regex->regexp);
    for (size_t i = 0; i <= regex->groups; i++, offsets += 2)
        perl_group_span(program, (I32)i, offsets);
    for (size_t i = 1; i <= regex->places; i++, offsets += 2)
        perl_place_span(program, (I32)i, offsets);
}

bool perl_regex_match(struct perl_regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    dPERL;
    char *text = subject.ptr ? (char *)subject.ptr : "";
    ENTER;
    SAVETMPS;
    /* "nosave": the subject is not copied, and nobody asks this regex for $& later. */
    bool matched = pregexec(regex->regexp, text, text + subject.len, text, 0, regex->target, 1);
    if (matched)
        read_spans(regex, offsets);
    FREETMPS;
    LEAVE;
    return matched;
}

struct bytes perl_regex_text(const struct perl_regex *regex)
{
    return bytes_make(RX_WRAPPED(regex->regexp), RX_WRAPLEN(regex->regexp));
}
