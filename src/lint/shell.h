/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands as a POSIX shell reads them.  Nothing is run. */
#ifndef SECANT_LINT_SHELL_H
#define SECANT_LINT_SHELL_H

#include "base/bytes.h"

/* What of a command the shell gets: a NUL byte ends it. */
struct bytes shell_gets(struct bytes command);

/* Writes how a shell divides the command: of equal shapes are commands that differ in letters
 * only. */
void shell_shape(struct bytes command, struct buf *shape);

enum shell_syntax {
    SHELL_VALID, /* as far as is known: case, functions and here-documents are not read */
    SHELL_OPEN,  /* a quote or parenthesis has no end */
    SHELL_WRONG, /* an operator or a parenthesis where none may be */
};

/* What `sh -n` says of it; *open, if it is not NULL: where what has no end begins. */
enum shell_syntax shell_syntax(struct bytes command, size_t *open);

#endif
