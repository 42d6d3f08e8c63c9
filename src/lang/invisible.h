/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that an editor or a web page leaves in rule files, where nobody sees them: byte
 * order marks and blanks that are no white space to upstream.  They are told as advice;
 * what upstream says of the lines that they spoil is said as ever. */
#ifndef SECANT_LANG_INVISIBLE_H
#define SECANT_LANG_INVISIBLE_H

#include "lang/diag.h"

/* The beginning of the file. */
void invisible_in_file(const struct diag *diag);
/* A line, without white space at its ends. */
void invisible_in_line(const struct diag *diag, size_t number, struct bytes line);

#endif
