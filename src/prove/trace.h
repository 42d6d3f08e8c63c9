/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trace of a failure: the lines that have to do with it, and what they did. */
#ifndef SECANT_PROVE_TRACE_H
#define SECANT_PROVE_TRACE_H

#include <jansson.h>

#include "prove/judge.h"

/* Adds these members of a failure (see prove/outcome.h): trace, trace_before, because, cause. */
void trace_put(json_t *object, const struct evidence *evidence, const struct failure *failure);

#endif
