/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known findings of old rules: a file that records how many findings of each check a rule has,
 * without line numbers, which any other change would shift.
 *
 * It has one JSON object a line, sorted by file, check and rule: {"file":"ssh.sec",
 * "check":"jump-to-no-set","rule":"Jump sshd","count":1}.  Names of files below the folder of the
 * baseline are relative to it.  The first line says what the file is. */
#ifndef SECANT_CHECK_BASELINE_H
#define SECANT_CHECK_BASELINE_H

#include "lint/lint.h"

/* Marks findings that are in the file, so that they are not reported.  If there are more of a kind
 * than in the file, all of that kind are reported; errors always are.  Sets *gone to the number of
 * findings in the file, for the files and checks looked at, that no longer exist.  Returns false if
 * the file cannot be read, and *why says why. */
bool baseline_heed(struct bytes path, struct lint *lint, size_t *gone, struct buf *why);
/* Writes all findings that would be reported, except errors, and marks them as known; sets *count
 * to their number.  Returns false if the file cannot be written, and *why says why. */
bool baseline_write(struct bytes path, struct lint *lint, size_t *count, struct buf *why);

#endif
