/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns as Perl's glob() reads them: split at blanks outside quotes, braces, tilde,
 * wildcards.  A word without wildcards stands for itself, whether it exists or not; the names that
 * a word matches are sorted. */
#ifndef SECANT_IO_GLOB_H
#define SECANT_IO_GLOB_H

#include "base/bytes.h"

struct file_names {
    size_t count;
    struct bytes *names; /* owned, each NUL-terminated */
};

void glob_names(struct bytes pattern, struct file_names *list); /* appends */
void file_names_free(struct file_names *list);

#endif
