/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keep.c and keep_restore.c share of Perl. */
#ifndef SECANT_PERL_KEEP_INSIDE_H
#define SECANT_PERL_KEEP_INSIDE_H

#include "perl/inside.h"
#undef NDEBUG /* perl.h has set it */
#include <assert.h>

/* The variable of this name, created if `make`; NULL if there is none. */
SV *keep_variable(pTHX_ struct bytes name, bool make);

#endif
