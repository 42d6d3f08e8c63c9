/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a trace says why: the sentence that says most, and what it rests on. */
#ifndef SECANT_PROVE_FINDING_H
#define SECANT_PROVE_FINDING_H

#include <jansson.h>

#include "prove/judge.h"

/* Passages by number. */
struct traced {
    const bool *chosen, *base; /* it is in the trace; and not only for what it touched */
    bool unexpected;           /* something happened that should not */
};

/* The members of a failure that prove/outcome.h says: because, cause, findings, notes. */
void finding_put(json_t *object, const struct evidence *evidence, const struct failure *failure,
                 const struct traced *traced);

#endif
