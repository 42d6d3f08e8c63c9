/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixes: the edits of findings are made in memory, and the rules are checked again after each round
 * as if the files had been written. */
#ifndef SECANT_CHECK_FIX_H
#define SECANT_CHECK_FIX_H

#include "lint/lint.h"

struct fixes;

struct fixes *fixes_new(void);
void fixes_free(struct fixes *fixes); /* NULL is allowed */
/* For parse_env.read: the text of a rule file with the edits so far. */
bool fixes_read(void *fixes, struct bytes name, struct buf *content);

struct fix_wish {
    const struct bytes *names; /* the checks to fix, including minor ones */
    size_t count;              /* 0: fix all that is reported */
    /* Checks all rules again. */
    void (*look)(void *arg);
    void *arg;
};
/* Makes fixes in rounds, until nothing is left to fix; a round makes all edits of one check.  A
 * round that leads to new findings is undone and tried again file by file; *why says where that
 * failed. */
void fixes_make(struct fixes *fixes, struct lint *lint, const struct fix_wish *wish,
                struct buf *why);

/* Does not count files that could not be written. */
struct fix_sum {
    size_t findings, files;
};
struct fix_sum fixes_sum(const struct fixes *fixes);
/* Appends what has changed as a unified diff. */
void fixes_show(const struct fixes *fixes, bool colour, struct buf *out);
/* Writes the files that have changed.  Returns false if some could not be written, and *why says
 * so. */
bool fixes_write(struct fixes *fixes, struct buf *why);

#endif
