/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which start of the machine this is. */
#ifndef SECANT_BASE_BOOT_ID_H
#define SECANT_BASE_BOOT_ID_H

#include "base/bytes.h"

/* Appends the kernel's boot_id, another one after each start; nothing where it is not told. */
void boot_id(struct buf *out);

#endif
