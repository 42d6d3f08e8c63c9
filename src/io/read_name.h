/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading rule files and the resource file, either of which may be the output of a command. */
#ifndef SECANT_IO_READ_NAME_H
#define SECANT_IO_READ_NAME_H

#include "base/bytes.h"

/* Appends everything that the name stands for (base/open_name.h); returns false (errno) if it
 * cannot be opened.  Waits for the end of a command.  What can be opened but not read, such as a
 * folder, counts as empty. */
bool read_name(struct bytes name, struct buf *content);

#endif
