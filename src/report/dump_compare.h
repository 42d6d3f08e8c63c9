/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two dumps in JSON (--dumpfjson) of the same moment, held against each other: contexts,
 * operations, pending events, windows, counts of matches; not what a dump says of the process. */
#ifndef SECANT_REPORT_DUMP_COMPARE_H
#define SECANT_REPORT_DUMP_COMPARE_H

#include "base/bytes.h"

enum dump_result { DUMPS_SAME, DUMPS_DIFFERS, DUMPS_MISSING };

/* MISSING: one of them is none.  DIFFERS: lines "contexts.web.lifetime = 30" of what only one of
 * them has are appended to only[0] and only[1], a few at the most.  What SEC's release does not say
 * of things is not compared, but appended to *lacks, a line "contexts.inittime" each, once. */
enum dump_result dump_compare(struct bytes theirs, struct bytes ours, struct buf *only,
                              struct buf *lacks);

#endif
