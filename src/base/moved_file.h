/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that may have been given another name since, as by a rotation of logs. */
#ifndef SECANT_BASE_MOVED_FILE_H
#define SECANT_BASE_MOVED_FILE_H

#include <sys/types.h>

#include "base/bytes.h"

/* Puts there the name that a regular file has now, that one or another of the same folder; false:
 * there is none. */
bool moved_file_find(struct bytes name, dev_t device, ino_t inode, struct buf *path);

#endif
