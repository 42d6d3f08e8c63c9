/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the sentence of a trace that says best why a test failed, and what it is based on. */
#ifndef SECANT_PROVE_FINDING_H
#define SECANT_PROVE_FINDING_H

#include <jansson.h>

#include "prove/judge.h"

/* Arrays by the number of the passage. */
struct traced {
    const bool *chosen, *base; /* it is in the trace; it is there not only for what it touched */
    bool unexpected;           /* something happened that should not */
};

/* Adds these members of a failure (see prove/outcome.h): because, cause, findings, notes. */
void finding_put(json_t *object, const struct evidence *evidence, const struct failure *failure,
                 const struct traced *traced);

#endif
