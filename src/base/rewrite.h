/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are written anew: whole or not at all. */
#ifndef SECANT_BASE_REWRITE_H
#define SECANT_BASE_REWRITE_H

#include "base/bytes.h"

/* Any file, but no device or pipe: its text is added; false: errno says why. */
bool file_read(const char *path, struct buf *text);
/* A new file takes the place of the one of that name, which is whole until then, and gets its mode
 * and owner; without one it has the mode that files get.  A link stays one, and into a pipe or a
 * device the text is written.  false: errno; one that nobody may write is not replaced. */
bool file_replace(struct bytes path, struct bytes text);
/* Could it, as far as can be seen before?  Nothing is changed; false: errno. */
bool file_replaceable(struct bytes path);
/* The same for a file that still holds `was`; false: *changed, or errno says why. */
bool file_rewrite(struct bytes path, struct bytes was, struct bytes text, bool *changed);

#endif
