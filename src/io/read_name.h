/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rule files and the resource file hold, which may be the output of commands. */
#ifndef SECANT_IO_READ_NAME_H
#define SECANT_IO_READ_NAME_H

#include "base/bytes.h"

/* Appends all that the name stands for (base/open_name.h); false: it cannot be opened (errno).  A
 * command is waited for.  What can be opened but not read, as a folder, counts as empty. */
bool read_name(struct bytes name, struct buf *content);

#endif
