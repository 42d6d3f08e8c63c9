/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON objects, made and read with Jansson, for outcomes of tests and for reports. */
#ifndef SECANT_BASE_JSON_VALUES_H
#define SECANT_BASE_JSON_VALUES_H

#include <jansson.h>

#include "base/bytes.h"

/* -- Making; an object takes over each value that is put into it -- */

/* U+FFFD replaces each byte that is not UTF-8. */
json_t *json_of(struct bytes text);
/* Each byte becomes a character, as in SEC's dumps. */
json_t *json_of_bytes(struct bytes text);
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, struct bytes text);
void json_put_number(json_t *object, const char *key, size_t number);
/* Appends the value as text without newlines, and releases it (json_decref). */
void json_write(struct buf *out, json_t *value);

/* -- Reading -- */

/* The text of a string, which still owns it; "" if it is not a string. */
struct bytes json_bytes(const json_t *string);
/* The text of a string, number or truth value as Perl prints it, in UTF-8; "" for any other value.
 * A number's text is in `digits`; a string still owns its own. */
enum { JSON_DIGITS = 32 };
struct bytes json_scalar(const json_t *value, char digits[JSON_DIGITS]);
bool json_is_scalar(const json_t *value);
/* Members of an object; "" and 0 if there is none of that type. */
struct bytes json_text(const json_t *object, const char *key);
int64_t json_number(const json_t *object, const char *key);
bool json_is(const json_t *object, const char *key, const char *text);

#endif
