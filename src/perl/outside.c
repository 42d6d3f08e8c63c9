/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where user code reaches out of the interpreter.
 *
 * What the engine has to write waits in batches, and must be written before user code can tell the
 * difference: before a Perl operator that talks to the system, and before a function that is not
 * Perl code.  Perl keeps the C function of each operator in a table, from which it is taken when
 * code is compiled.  Ours are put there in front of perl's own from the start, so that modules are
 * covered as well. */
#include "perl/inside.h"

static struct {
    void (*before)(void *arg);
    void *arg;
    OP *(*perls[MAXO])(pTHX); /* what was in the table */
} outside;

void perl_on_outside(void (*before)(void *arg), void *arg)
{
    outside.arg = arg;
    outside.before = before;
}

/* Threads of user code have interpreters of their own, and no business with the engine. */
static void tell_engine(pTHX)
{
    if (outside.before && aTHX == perl_interpreter)
        outside.before(outside.arg);
}

static OP *reach_out(pTHX)
{
    tell_engine(aTHX);
    return outside.perls[PL_op->op_type](aTHX);
}

/* Is what is about to be called surely Perl code? */
static bool is_perl_code(SV *sv)
{
    if (SvROK(sv) && !SvOBJECT(SvRV(sv)))
        sv = SvRV(sv);
    return SvTYPE(sv) == SVt_PVCV && !CvISXSUB((CV *)sv);
}

/* Perl also calls this one directly, without an operator of that type. */
static OP *enter_sub(pTHX)
{
    if (!is_perl_code(*PL_stack_sp))
        tell_engine(aTHX);
    return outside.perls[OP_ENTERSUB](aTHX);
}

static void intercept(int type, OP *(*ours)(pTHX))
{
    outside.perls[type] = PL_ppaddr[type];
    PL_ppaddr[type] = ours;
}

void perl_watch_outside(void)
{
    /* In the order of opnames.h. */
    static const struct {
        int first, last;
    } operators[] = {
        {OP_BACKTICK, OP_RCATLINE}, {OP_WARN, OP_WARN},       {OP_DUMP, OP_GOTO},
        {OP_OPEN, OP_SETPRIORITY},  {OP_ALARM, OP_SLEEP},     {OP_SHMGET, OP_SEMCTL},
        {OP_REQUIRE, OP_DOFILE},    {OP_SYSCALL, OP_SYSCALL},
    };
    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        for (int type = operators[i].first; type <= operators[i].last; type++)
            intercept(type, reach_out);
    }
    intercept(OP_ENTERSUB, enter_sub);
}
