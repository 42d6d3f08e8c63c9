/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is put into JSON objects; each value belongs to the object from then on. */
#ifndef SECANT_PROVE_JSON_H
#define SECANT_PROVE_JSON_H

#include <jansson.h>

#include "base/bytes.h"

/* U+FFFD is in place of each byte that is not UTF-8. */
json_t *json_of(struct bytes text);
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, struct bytes text);
void json_put_number(json_t *object, const char *key, size_t number);
/* The text of the value, in one line, is added, and the value given back. */
void json_write(struct buf *out, json_t *value);

#endif
