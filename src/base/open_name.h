/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files, read as Perl's open with two arguments reads them: blanks around a name do not
 * count, "-" is standard input or output, "&1", "&=1" and "&STDOUT" are the descriptor of that
 * number or name, a ">" before the name of a new file appends to it.  A file that is to be read may
 * also say how it is opened ("<file", "+<file", ">file"), or be a command ("command|", "|command").
 * It is read here rather than by Perl because the resource file and the log are opened before there
 * is an interpreter. */
#ifndef SECANT_BASE_OPEN_NAME_H
#define SECANT_BASE_OPEN_NAME_H

#include <stdbool.h>

#include "base/bytes.h"

enum name_use {
    NAME_READ,
    NAME_WRITE,  /* from the start: what was there is lost */
    NAME_CREATE, /* the same, but a file that is there is an error (EEXIST) */
    NAME_APPEND,
};

/* Is it standard output, which Perl's buffer is shared for, when it is written to? */
bool name_is_stdout(struct bytes name);
/* Is it, when it is read, a command?  *fed: "|command", which gets our end instead of giving. */
bool name_is_command(struct bytes name, struct bytes *command, bool *fed);
/* A descriptor that exec closes and that is the caller's; -1: errno says why.  No command. */
int open_name(struct bytes name, enum name_use use);

#endif
