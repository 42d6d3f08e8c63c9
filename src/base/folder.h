/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files below a folder. */
#ifndef SECANT_BASE_FOLDER_H
#define SECANT_BASE_FOLDER_H

#include "base/bytes.h"

/* Tells each file whose name is wanted, in the order of names and before folders, as FOLDER/NAME;
 * those of `.` as NAME.  Hidden ones are left out, and links to folders, which may lead back.
 * Appends to `why` what cannot be looked into. */
void folder_files(struct bytes folder, bool (*wanted)(struct bytes name),
                  void (*take)(void *arg, struct bytes path), void *arg, struct buf *why);

#endif
