/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the library has and what is done, as text for people and as JSON, an object per line. */
#ifndef SECANT_LIBRARY_TELL_H
#define SECANT_LIBRARY_TELL_H

#include "library/plan.h"

/* All packages, a line each: state, name, and what it is about. */
void tell_list(struct buf *out, const struct library *library);
/* One package: its head, its files, and whether it is enabled. */
void tell_package(struct buf *out, const struct library *library, const struct package *package);
void tell_package_json(struct buf *out, const struct package *package);

void tell_steps(struct buf *out, const struct plan *plan);
void tell_steps_json(struct buf *out, const struct plan *plan);

#endif
