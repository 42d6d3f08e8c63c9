/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do two descriptors refer to the same file? */
#ifndef SECANT_BASE_SAME_FILE_H
#define SECANT_BASE_SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* True only for files in which the order of what is written can be seen: not for /dev/null and
 * similar devices. */
static inline bool same_file(int one, int other)
{
    struct stat a, b;
    if (fstat(one, &a) != 0 || fstat(other, &b) != 0 || a.st_dev != b.st_dev ||
        a.st_ino != b.st_ino)
        return false;
    return !S_ISCHR(a.st_mode) || isatty(one) == 1;
}

#endif
