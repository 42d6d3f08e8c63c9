/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files, taken apart as dirname and basename do, but without a copy: the result points
 * into the given path, or is constant. */
#ifndef SECANT_BASE_PATH_H
#define SECANT_BASE_PATH_H

#include "base/bytes.h"

/* "/etc" of "/etc/sec", "/" of "/etc", "." of "sec". */
struct bytes path_folder(struct bytes path);
/* "sec" of "/etc/sec" and of "sec". */
struct bytes path_name(struct bytes path);

#endif
