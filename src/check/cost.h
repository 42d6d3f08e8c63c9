/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much time the rules take with a log: those that were tried on lines, the slowest first. */
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

/* A log must have gone through the rules (lint->reached).  The rules are owned by `lint`. */
void cost_find(const struct lint *lint, struct cost *cost);
void cost_free(struct cost *cost);
/* Appends a table for people, of all rules or only the first COST_SHOWN. */
void cost_table(const struct lint *lint, bool all, struct buf *out);

#endif
