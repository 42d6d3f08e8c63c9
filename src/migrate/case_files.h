/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and lines of a case, as files. */
#ifndef SECANT_MIGRATE_CASE_FILES_H
#define SECANT_MIGRATE_CASE_FILES_H

#include "migrate/minimal.h"

/* Rule files that a trial reads. */
struct case_files {
    struct string_list patterns; /* their paths, as --conf takes them */
};

/* Writes them below the folder, each with the last part of its name.  false: it cannot be; free
 * it all the same. */
bool case_files_place(struct case_files *files, const struct rule_text *rules, size_t count,
                      struct bytes folder);
void case_files_free(struct case_files *files); /* and removes them */

#endif
