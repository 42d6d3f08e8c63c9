/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes new names survive a crash of the machine. */
#ifndef SECANT_BASE_SYNC_FOLDER_H
#define SECANT_BASE_SYNC_FOLDER_H

#include "base/bytes.h"

/* Brings the folder that holds this file or folder to the disk, with all names in it.  Does nothing
 * where that is not possible: if the folder may not be read, or its file system does not support
 * it. */
void sync_folder_of(struct bytes path);

#endif
