/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds which of many literals occur in a text; each is reported once per scan. */
#ifndef SECANT_MATCH_MATCHER_H
#define SECANT_MATCH_MATCHER_H

#include "match/regex.h"

typedef void matcher_report(void *arg, uint32_t literal); /* its index */

struct matcher;
/* The literals must not be empty, and must outlive the matcher. */
struct matcher *matcher_new(const struct required *literals, size_t count);
void matcher_free(struct matcher *matcher);
void matcher_scan(struct matcher *matcher, struct bytes text, matcher_report *report, void *arg);

#endif
