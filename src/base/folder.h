/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files below a folder. */
#ifndef SECANT_BASE_FOLDER_H
#define SECANT_BASE_FOLDER_H

#include "base/bytes.h"

/* Passes each file whose name is wanted to `take`, as FOLDER/NAME, or as NAME if the folder is `.`;
 * the path is valid during the call.  Files come in the order of their names, and before folders.
 * Leaves out hidden files and folders, and links to folders, which may lead back.  Appends to `why`
 * what cannot be read. */
void folder_files(struct bytes folder, bool (*wanted)(struct bytes name),
                  void (*take)(void *arg, struct bytes path), void *arg, struct buf *why);

#endif
