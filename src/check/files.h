/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule files the words of a command line name. */
#ifndef SECANT_CHECK_FILES_H
#define SECANT_CHECK_FILES_H

#include "base/bytes.h"

struct lint_files {
    struct bytes *names; /* owned, as the texts */
    size_t count, room;
};

/* Adds what the word names: a file, the rule files below a folder, or the files that match a
 * pattern as SEC reads it.  false: it names none, and *why says so. */
bool lint_files_add(struct lint_files *files, struct bytes word, struct buf *why);
void lint_files_free(struct lint_files *files);
/* The pattern that names this file and no other, whatever is in its name; the caller's. */
struct bytes lint_file_pattern(struct bytes name);

#endif
