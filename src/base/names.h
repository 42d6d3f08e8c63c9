/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names as small numbers: every distinct name gets the next number and keeps it. */
#ifndef SECANT_BASE_NAMES_H
#define SECANT_BASE_NAMES_H

#include "base/bytes.h"

struct names;

struct names *names_new(void);
void names_free(struct names *names);
uint32_t names_id(struct names *names, struct bytes name); /* enters a new name */
/* Finds a name without entering it; returns false if it is not known. */
bool names_find(const struct names *names, struct bytes name, uint32_t *id);
struct bytes names_text(const struct names *names, uint32_t id); /* valid as long as `names` */
uint32_t names_count(const struct names *names);

#endif
