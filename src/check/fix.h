/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixes: the edits that findings carry are made in memory, and the rules are looked at again after
 * each round as if the files had been written. */
#ifndef SECANT_CHECK_FIX_H
#define SECANT_CHECK_FIX_H

#include "lint/lint.h"

struct fixes;

struct fixes *fixes_new(void);
void fixes_free(struct fixes *fixes); /* NULL is allowed */
/* For parse_env.read: the text of a rule file with the edits so far. */
bool fixes_read(void *fixes, struct bytes name, struct buf *content);

struct fix_wish {
    const struct bytes *names; /* of checks; those that are minor, too */
    size_t count;              /* 0: all that is reported */
    /* Looks at all rules again. */
    void (*look)(void *arg);
    void *arg;
};
/* Round by round, until nothing is left to fix; a round is all the edits of one check.  A round
 * that leads to new findings is undone and tried again file by file; *why says where it could not
 * be done. */
void fixes_make(struct fixes *fixes, struct lint *lint, const struct fix_wish *wish,
                struct buf *why);

/* Without files that could not be written. */
struct fix_sum {
    size_t findings, files;
};
struct fix_sum fixes_sum(const struct fixes *fixes);
/* What has changed, as a unified diff. */
void fixes_show(const struct fixes *fixes, bool colour, struct buf *out);
/* Writes the files that have changed; false: some could not be, *why says so. */
bool fixes_write(struct fixes *fixes, struct buf *why);

#endif
