/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `secant migrate import` leaves in a new folder: the state of a SEC, which the first run
 * begins with.  It is gone once a snapshot is on the disk. */
#ifndef SECANT_DURABLE_IMPORTED_H
#define SECANT_DURABLE_IMPORTED_H

#include "durable/folder.h"

#define IMPORTED "imported.json"

bool imported_is_there(const struct state_folder *folder);
/* "FOLDER/imported.json", the caller's. */
char *imported_path(const struct state_folder *folder);
/* Puts this text there, on the disk.  The folder is made if there is none; false: *why says why it
 * cannot be, as when a state is there already. */
bool imported_put(struct bytes path, struct bytes text, struct buf *why);
bool imported_remove(const struct state_folder *folder, struct buf *why);

#endif
