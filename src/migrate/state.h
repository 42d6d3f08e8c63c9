/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two dumps in JSON (--dumpfjson) of the same moment, held against each other: contexts,
 * operations, pending events, windows, counts of matches; not what a dump says of the process. */
#ifndef SECANT_MIGRATE_STATE_H
#define SECANT_MIGRATE_STATE_H

#include "base/bytes.h"

enum state_result { STATE_SAME, STATE_DIFFERS, STATE_MISSING };

/* MISSING: one of them is none.  DIFFERS: lines "contexts.web.lifetime = 30" of what only one of
 * them has are appended to only[0] and only[1], a few at the most.  What SEC's release does not say
 * of things is not compared, but appended to *lacks, a line "contexts.inittime" each, once. */
enum state_result state_compare(struct bytes theirs, struct bytes ours, struct buf *only,
                                struct buf *lacks);

#endif
