/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New names survive the machine. */
#ifndef SECANT_BASE_SYNC_FOLDER_H
#define SECANT_BASE_SYNC_FOLDER_H

#include "base/bytes.h"

/* The folder in which a file, or folder, of that name lies has it on the disk, and all its other
 * names.  Where that cannot be asked for nothing can be done: the folder may not be read, or its
 * file system knows no such thing. */
void sync_folder_of(struct bytes path);

#endif
