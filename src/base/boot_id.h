/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which start of the machine this is. */
#ifndef SECANT_BASE_BOOT_ID_H
#define SECANT_BASE_BOOT_ID_H

#include "base/bytes.h"

/* Appends the kernel's boot_id, which is new after each start of the machine; nothing if it cannot
 * be read. */
void boot_id(struct buf *out);

#endif
