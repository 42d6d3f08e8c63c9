/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of a journal as JSON; secant-state(1) tells what the members mean. */
#ifndef SECANT_INSPECT_ENTRY_JSON_H
#define SECANT_INSPECT_ENTRY_JSON_H

#include <jansson.h>

#include "durable/entries.h"

/* An object; the caller's. */
json_t *entry_json(const struct entry *entry);

#endif
