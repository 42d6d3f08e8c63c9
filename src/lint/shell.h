/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses commands as a POSIX shell does.  Nothing is run. */
#ifndef SECANT_LINT_SHELL_H
#define SECANT_LINT_SHELL_H

#include "base/bytes.h"

/* The part of a command that the shell gets: a NUL byte ends it. */
struct bytes shell_gets(struct bytes command);

/* Writes how a shell parses the command; commands that differ only in letters have the same
 * shape. */
void shell_shape(struct bytes command, struct buf *shape);

enum shell_syntax {
    SHELL_VALID, /* as far as is known: case, functions and here-documents are not parsed */
    SHELL_OPEN,  /* a quote or parenthesis is not closed */
    SHELL_WRONG, /* an operator or a parenthesis where none is allowed */
};

/* What `sh -n` says about it.  Sets *open, which may be NULL, to where something begins that is not
 * closed. */
enum shell_syntax shell_syntax(struct bytes command, size_t *open);

#endif
