/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts in rules that are in another language: Perl code and commands.  In these $1, ${x} and %
 * may belong to that language. */
#ifndef SECANT_LINT_EMBEDDED_H
#define SECANT_LINT_EMBEDDED_H

#include "lang/visit.h"

enum embedded_language {
    EMBEDDED_PERL,
    EMBEDDED_SHELL,
    EMBEDDED_ARGV, /* a command that is started without a shell */
};

struct embedded {
    const char *action; /* its name */
    size_t arg;         /* index of the argument */
    enum embedded_language language;
    bool quoting;              /* --quoting is for the %s in it */
    const char *without_shell; /* the action that starts such a command without one; NULL: none */
};

/* Returns a constant that describes the argument of the action that is in another language, or
 * NULL. */
const struct embedded *embedded_in(const struct action *action);
/* Is the text at this place in another language? */
bool embedded_at(const struct visit_spot *spot);

#endif
