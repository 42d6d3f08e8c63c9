/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known findings of old rules: a file that has how many findings of a check each rule has, without
 * line numbers, which any other change would move.
 *
 * A JSON object a line, in the order of file, check and rule: {"file":"ssh.sec",
 * "check":"jump-to-no-set","rule":"Jump sshd","count":1}.  File names are relative to the folder of
 * the baseline where they are below it.  The first line says what it is. */
#ifndef SECANT_CHECK_BASELINE_H
#define SECANT_CHECK_BASELINE_H

#include "lint/lint.h"

/* Findings that the file knows are not reported.  If there are more of a kind than it has, all of
 * that kind are; errors always are.  *gone: how many of those that it has for the files and checks
 * looked at are there no more.  false: it cannot be read, and *why says so. */
bool baseline_heed(struct bytes path, struct lint *lint, size_t *gone, struct buf *why);
/* Writes what would be reported, except errors; it is known from then on.  *count: how many.
 * false: it cannot be written, and *why says so. */
bool baseline_write(struct bytes path, struct lint *lint, size_t *count, struct buf *why);

#endif
