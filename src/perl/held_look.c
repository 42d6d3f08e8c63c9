/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What held user code checks without opening it: if another file is read in place of one
 * (perl_hold_reads), stat, -e and the like see that other file as well. */
#include "perl/held_inside.h"

static OP *hold_look(pTHX)
{
    SV *name = *PL_stack_sp;
    bool handle = PL_op->op_flags & OPf_REF;
    if (!handle && SvPOK(name) && !SvROK(name) && !isGV_with_GP(name)) {
        SV *instead = held_read_instead(aTHX_ perl_sv_view(aTHX_ name));
        if (instead)
            *PL_stack_sp = instead;
    }
    return held_perls(aTHX);
}

void held_watch_looks(void)
{
    for (int type = OP_LSTAT; type <= OP_FTBINARY; type++)
        held_intercept(type, hold_look);
}
