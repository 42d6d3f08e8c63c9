/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between the releases of Perl, 5.36 and later; no other file depends on the release.
 * (What differs in modules and folders is asked of the installed perl: Makefile.PL-shim.)
 *
 * Groups of a regular expression.  Up to 5.36 the number of a group is its place in `offs`.  Since
 * 5.38 each alternative of (?|...) has places of its own, after which three tables, all NULL in a
 * pattern without (?|...), translate between places and the numbers that users see.  The count of
 * logical groups is set in every pattern and says nothing about the tables.  A name means places,
 * not numbers: of (?|(?<a>x)|(?<b>y)) only one is set now, where up to 5.36 both are group 1.
 *
 * What a hash keeps besides its entries (its iterator, weak references to it).  The flag that says
 * that this exists has a name of its own since 5.38, HvHasAUX; before, it is SvOOK, which scalars
 * also have.
 *
 * The argument stack.  Since 5.40 a perl can be built (-DPERL_RC_STACK) that counts what lies on
 * it.  Our calls do not count, so such a perl is refused at build time; Debian's is not built so.
 *
 * Context.  What call_sv is told for a list is G_LIST since 5.36, G_ARRAY before.
 *
 * Checked, and the same from 5.36 to 5.41: flags and types of scalars (SVt_PVOBJ was added after
 * all others), shared keys and the chains of a hash, ext magic, handles, the operators that
 * src/perl/outside.c intercepts (the new ones since 5.38 do not reach out), that calls go through
 * the table's OP_ENTERSUB, signal handlers, PL_cop_seqmax and PL_evalseq, the interpreter's end.
 */
#ifndef SECANT_PERL_RELEASE_H
#define SECANT_PERL_RELEASE_H

#include "perl/inside.h"

/* Where a place matched.  Returns false, with -1 and -1, if it did not. */
static inline bool perl_place_span(const regexp *program, I32 place, ptrdiff_t *span)
{
    span[0] = span[1] = -1;
    if (program->offs[place].start == -1 || program->offs[place].end == -1)
        return false;
    span[0] = program->offs[place].start;
    span[1] = program->offs[place].end;
    return true;
}

#ifdef PERL_RC_STACK
#error "this perl counts references on its stack (-DPERL_RC_STACK): not supported"
#endif

#ifndef HvHasAUX
#define HvHasAUX(hv) SvOOK(hv)
#endif

#ifndef G_LIST
#define G_LIST G_ARRAY
#endif

#ifdef RXp_PARNO_TO_LOGICAL

static inline bool perl_groups_mapped(const regexp *program)
{
    return RXp_PARNO_TO_LOGICAL(program) && RXp_LOGICAL_TO_PARNO(program);
}

/* How many groups users see. */
static inline I32 perl_group_count(const regexp *program)
{
    return perl_groups_mapped(program) ? (I32)RXp_LOGICAL_NPARENS(program)
                                       : (I32)RXp_NPARENS(program);
}

/* How many places there are, if they differ from the groups; otherwise 0. */
static inline I32 perl_place_count(const regexp *program)
{
    return perl_groups_mapped(program) ? (I32)RXp_NPARENS(program) : 0;
}

/* Where a group matched: the first of its places that took part; -1 and -1 if none did. */
static inline void perl_group_span(const regexp *program, I32 group, ptrdiff_t *span)
{
    if (group == 0 || !perl_groups_mapped(program)) {
        perl_place_span(program, group, span);
        return;
    }
    I32 place = RXp_LOGICAL_TO_PARNO(program)[group];
    while (!perl_place_span(program, place, span)) {
        place = RXp_PARNO_TO_LOGICAL_NEXT(program)[place];
        if (place == 0)
            return;
    }
}

#else

static inline I32 perl_group_count(const regexp *program)
{
    return (I32)program->nparens;
}

static inline I32 perl_place_count(const regexp *program)
{
    PERL_UNUSED_ARG(program);
    return 0;
}

static inline void perl_group_span(const regexp *program, I32 group, ptrdiff_t *span)
{
    perl_place_span(program, group, span);
}

#endif

#endif
