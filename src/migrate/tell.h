/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports what a comparison has found, for people and for programs. */
#ifndef SECANT_MIGRATE_TELL_H
#define SECANT_MIGRATE_TELL_H

#include "migrate/minimal.h"

/* version: of SEC. */
void tell_text(const struct course *course, struct bytes version, struct buf *out);

/* minimal: NULL: it was not looked for, or not found. */
void tell_json(const struct course *course, struct bytes version, const struct minimal *minimal,
               struct buf *out);
/* What is left of rules and lines, unless it is long. */
void tell_minimal(const struct minimal *minimal, const struct course *course, struct buf *out);
/* How many differences there are when those of chance are none. */
uint64_t tell_real(const struct course *course);

/* Why there are states that were not compared; "": there are none. */
struct bytes tell_missing_states(const struct course *course);

/* For all forms: a message as people read it, "write /tmp/x: text"; and "12,345". */
struct bytes tell_class(enum heard_class class);
void tell_words(struct buf *out, enum heard_class class, const struct words *words);
void tell_count(struct buf *out, uint64_t count, struct bytes noun);
/* "10 stretches of 10,000 lines of 2,000,000". */
void tell_stretches(struct buf *out, const struct stretches *stretches);

#endif
