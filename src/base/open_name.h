/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files, understood as Perl's open with two arguments does: blanks around a name are
 * ignored; "-" is standard input or output; "&1", "&=1" and "&STDOUT" are the descriptor of that
 * number or name; with ">" before its name, a file to be written is appended to.  A file to be read
 * may also say how it is opened ("<file", "+<file", ">file"), or be a command ("command|",
 * "|command").  This is not left to Perl because the resource file and the log are opened before
 * there is an interpreter. */
#ifndef SECANT_BASE_OPEN_NAME_H
#define SECANT_BASE_OPEN_NAME_H

#include <stdbool.h>

#include "base/bytes.h"

enum name_use {
    NAME_READ,
    NAME_WRITE,  /* from the start: old content is lost */
    NAME_CREATE, /* the same, but an existing file is an error (EEXIST) */
    NAME_APPEND,
};

/* Does the name, when it is written to, mean standard output?  For upstream, the log and what Perl
 * prints then share a buffer. */
bool name_is_stdout(struct bytes name);
/* Is the name, when it is read, a command?  Sets *fed for "|command", which reads from us instead
 * of writing to us. */
bool name_is_command(struct bytes name, struct bytes *command, bool *fed);
/* Opens the name, which must not be a command.  Returns a descriptor that belongs to the caller and
 * is closed by exec; -1 with errno on failure. */
int open_name(struct bytes name, enum name_use use);

#endif
