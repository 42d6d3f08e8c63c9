/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Invisible characters that an editor or a web page leaves in rule files: byte order marks, and
 * blanks that upstream does not take for white space.  They are reported as advice, in addition to
 * upstream's own messages about the lines that they spoil. */
#ifndef SECANT_LANG_INVISIBLE_H
#define SECANT_LANG_INVISIBLE_H

#include "lang/diag.h"

/* Checks the beginning of the file. */
void invisible_in_file(const struct diag *diag);
/* Checks a line, without white space at its ends. */
void invisible_in_line(const struct diag *diag, size_t number, struct bytes line);

#endif
