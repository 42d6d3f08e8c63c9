/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl variables of user code as bytes, and back: what rem=state names (lang/kept.h).
 *
 * Plain data of any depth is kept: undef, numbers, strings and their UTF-8 flag, booleans,
 * dualvars, arrays, hashes, and references to all of them.  Within one variable, values that are
 * shared or refer back to themselves are so again.  Weak references are weak again if something
 * else owns what they refer to.  The order of a hash is up to Perl each time.  Objects, code,
 * handles, formats, regular expressions and tied variables are not kept, nor is a variable that
 * contains one.
 *
 * A value is packed as a byte for its kind, with the highest bit set if others refer to it later,
 * and what the kind requires, in the form of base/pack.h (src/perl/keep_form.h has the kinds). */
#ifndef SECANT_PERL_KEEP_H
#define SECANT_PERL_KEEP_H

#include <stdbool.h>

#include "base/bytes.h"

/* A name is "%hits", "@queue" or "$last", in main::SEC, or has a package, "%My::hits". */

/* Appends the variable's value to *out.  Changes nothing in Perl, not even the position of `each`.
 * Returns false if it cannot be kept: nothing was appended then, and *why has the reason:
 * "$hits{a}[3] is code". */
bool perl_keep(struct bytes name, struct buf *out, struct buf *why);

/* Gives the variable this value in place of what it had, and creates it if there is none.
 * References to the variable itself stay valid.  The bytes may be anything.  Returns false with the
 * reason in *why; nothing has changed then. */
bool perl_keep_restore(struct bytes name, struct bytes value, struct buf *why);

/* Appends the value of a variable of this name as JSON; needs no interpreter.  Arrays, hashes and
 * references to them become arrays and objects, a reference to a scalar {"$scalar": VALUE}; a value
 * that has come before, or a reference to it, becomes {"$ref": "#/a/3"}, a JSON pointer, or null if
 * that would have more than a hundred steps; inf and nan become strings.  A string of bytes that is
 * not UTF-8 gets a character for each byte.  Returns false if the bytes are no such value; nothing
 * was appended then. */
bool perl_keep_json(struct bytes name, struct bytes value, struct buf *json);

#endif
