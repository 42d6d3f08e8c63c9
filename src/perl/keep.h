/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl variables of user code as bytes, and back: what rem=state names (lang/kept.h).
 *
 * Plain data of any depth is kept: undef, numbers, strings and their UTF-8 flag, booleans,
 * dualvars, arrays, hashes, references to all of them; what several references share, and what
 * refers back to itself, is so again, within one variable.  Weak references are weak again where
 * something else owns what they refer to.  The order of a hash is Perl's own each time.
 * Objects, code, handles, formats and what is tied are not kept, nor is a variable that has one.
 *
 * A value is the kind of it, a byte, with its highest bit set where others refer to it later, and
 * what the kind has, in the form of base/pack.h (src/perl/keep_form.h has the kinds). */
#ifndef SECANT_PERL_KEEP_H
#define SECANT_PERL_KEEP_H

#include <stdbool.h>

#include "base/bytes.h"

/* name: "%hits", "@queue", "$last", of main::SEC, or with a package, "%My::hits". */

/* Adds the variable's value to *out.  Nothing of Perl changes, nor the place of `each`.
 * false: it is not kept, nothing was added, and *why has the reason: "$hits{a}[3] is code". */
bool perl_keep(struct bytes name, struct buf *out, struct buf *why);

/* The variable, made if it is not there, has the value again, in place of what it had; references
 * to the variable itself stay good.  The bytes may be anything.  false: nothing has changed, and
 * *why has the reason. */
bool perl_keep_restore(struct bytes name, struct bytes value, struct buf *why);

/* Adds the value of a variable of that name as JSON; asks no Perl.  Arrays, hashes and references
 * to them are arrays and objects, a reference to a scalar is {"$scalar": VALUE}; what was there
 * before, and a reference to it, is {"$ref": "#/a/3"}, a JSON pointer, or null where that has
 * more than a hundred steps; inf and nan are strings.  A string of bytes that is no UTF-8 has a
 * character for each of its bytes.
 * false: the bytes are no such value, and nothing was added. */
bool perl_keep_json(struct bytes name, struct bytes value, struct buf *json);

#endif
