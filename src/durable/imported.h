/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `secant migrate import` leaves in a new folder: the state of SEC, with which the first run
 * begins.  It is removed once a snapshot is on the disk. */
#ifndef SECANT_DURABLE_IMPORTED_H
#define SECANT_DURABLE_IMPORTED_H

#include "durable/folder.h"

#define IMPORTED "imported.json"

bool imported_is_there(const struct state_folder *folder);
/* "FOLDER/imported.json"; the caller frees it. */
char *imported_path(const struct state_folder *folder);
/* Writes this text there, and to the disk, and creates the folder if there is none.  Returns false
 * with the reason in *why, for instance if there is a state already. */
bool imported_put(struct bytes path, struct bytes text, struct buf *why);
bool imported_remove(const struct state_folder *folder, struct buf *why);

#endif
