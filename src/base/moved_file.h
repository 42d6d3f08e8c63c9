/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that may have been renamed since, for example by log rotation. */
#ifndef SECANT_BASE_MOVED_FILE_H
#define SECANT_BASE_MOVED_FILE_H

#include <sys/types.h>

#include "base/bytes.h"

/* Sets *path to the name that this regular file has now: `name`, or another one in the same folder.
 * Returns false if there is none; *path is then undefined. */
bool moved_file_find(struct bytes name, dev_t device, ino_t inode, struct buf *path);

#endif
