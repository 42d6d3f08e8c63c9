/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules and lines of a case as files. */
#ifndef SECANT_MIGRATE_CASE_FILES_H
#define SECANT_MIGRATE_CASE_FILES_H

#include "migrate/minimal.h"

/* Rule files that a trial reads. */
struct case_files {
    struct string_list patterns; /* their paths, as for --conf */
};

/* Writes them below the folder, each with the last part of its name.  Returns false if that fails;
 * they have to be freed nevertheless. */
bool case_files_place(struct case_files *files, const struct rule_text *rules, size_t count,
                      struct bytes folder);
void case_files_free(struct case_files *files); /* also removes the files */

/* The name of a file in a case to keep: FOLDER/rules-1-auth.sec, FOLDER/log-1-auth.log; it has a
 * number as two files may have the same name.  kind: "rules-" or "log-".  Owned by the caller. */
struct bytes case_file_name(struct bytes folder, struct bytes kind, size_t number,
                            struct bytes name);
/* Appends the lines of this input. */
void case_lines(struct buf *out, const struct minimal *minimal, size_t input);
/* Appends the command that shows the difference, to be run in the folder. */
void case_command(struct buf *out, const struct minimal *minimal, const struct course *course);

#endif
