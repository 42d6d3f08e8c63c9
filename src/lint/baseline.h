/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of old rules that are known: a file of how many each rule has of a check, without the
 * numbers of lines, which other changes move.
 *
 * A JSON object a line, in the order of file, check and rule: {"file":"ssh.sec",
 * "check":"jump-to-no-set","rule":"Jump sshd","count":1}.  File names are relative to the folder of
 * the baseline where they are below it.  The first line says what it is. */
#ifndef SECANT_LINT_BASELINE_H
#define SECANT_LINT_BASELINE_H

#include "lint/lint.h"

/* What the file knows of is not told: where it has as many of a kind as there are, or more; if
 * there are more than it has, all of them are told.  Errors always are.  *gone: how many
 * it knows of that are no more, of what was looked at.  false: it cannot be read, *why says so. */
bool baseline_heed(struct bytes path, struct lint *lint, size_t *gone, struct buf *why);
/* Writes what would be told, except errors, which then is known; *count: how many. */
bool baseline_write(struct bytes path, struct lint *lint, size_t *count, struct buf *why);

#endif
