/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are written anew, whole or not at all. */
#ifndef SECANT_BASE_REWRITE_H
#define SECANT_BASE_REWRITE_H

#include "base/bytes.h"

/* Appends the text of a file.  Returns false with errno on failure, which is EINVAL for a device or
 * a pipe. */
bool file_read(const char *path, struct buf *text);
/* Replaces the file of that name by a new one with its mode and owner; the old one stays whole
 * until then.  If there is none, the new one has the default mode.  A link is kept: the file that
 * it leads to is replaced.  Into a pipe or a device the text is written.  Returns false with errno
 * on failure; a file that nobody may write is not replaced (EACCES). */
bool file_replace(struct bytes path, struct bytes text);
/* Could file_replace succeed, as far as that can be seen beforehand?  Leaves everything as it is;
 * returns false with errno if not. */
bool file_replaceable(struct bytes path);
/* As file_replace, but only if the file still holds `was`.  Returns false with *changed set if it
 * does not, and with *changed false and errno if anything else fails. */
bool file_rewrite(struct bytes path, struct bytes was, struct bytes text, bool *changed);

#endif
