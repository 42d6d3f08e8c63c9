/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules cost with a log: those that lines were tried on, the most expensive first. */
#ifndef SECANT_CHECK_COST_H
#define SECANT_CHECK_COST_H

#include "lint/lint.h"
#include "lint/reached.h"

enum { COST_SHOWN = 20 };

struct cost {
    const struct reached_rule **rules; /* heap */
    size_t count;
    double seconds; /* of all rules */
};

/* Of the log that has gone through; there is one (lint->reached).  The rules are the look's. */
void cost_find(const struct lint *lint, struct cost *cost);
void cost_free(struct cost *cost);
/* As a table for people; all: not only the first COST_SHOWN. */
void cost_table(const struct lint *lint, bool all, struct buf *out);

#endif
