/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the rule files that are named on a command line. */
#ifndef SECANT_CHECK_FILES_H
#define SECANT_CHECK_FILES_H

#include "base/bytes.h"

struct lint_files {
    struct bytes *names; /* owned, like the texts */
    size_t count, room;
};

/* Adds what the word names: a file, the rule files below a folder, or the files that match a
 * pattern as in SEC.  Returns false if it names none, and *why says so. */
bool lint_files_add(struct lint_files *files, struct bytes word, struct buf *why);
void lint_files_free(struct lint_files *files);
/* Returns a pattern that matches only this file, whatever is in its name; owned by the caller. */
struct bytes lint_file_pattern(struct bytes name);

#endif
