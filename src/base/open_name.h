/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files that are opened for writing, read as Perl's open with two arguments reads them:
 * blanks around a name do not count, "-" is standard output, "&1", "&=1" and "&STDOUT" are the
 * descriptor of that number or name, and a ">" before the name of a new file appends to it. */
#ifndef SECANT_BASE_OPEN_NAME_H
#define SECANT_BASE_OPEN_NAME_H

#include <stdbool.h>

#include "base/bytes.h"

/* Is it standard output, which Perl's buffer is shared for? */
bool name_is_stdout(struct bytes name);
/* A descriptor that exec closes and that is the caller's; -1: errno says why. */
int open_name(struct bytes name, bool append);

#endif
