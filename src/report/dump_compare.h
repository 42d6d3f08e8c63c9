/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two JSON dumps (--dumpfjson) of the same moment: contexts, operations, pending events,
 * variables, input buffers and counts of matches, but not what they say about the process. */
#ifndef SECANT_REPORT_DUMP_COMPARE_H
#define SECANT_REPORT_DUMP_COMPARE_H

#include "base/bytes.h"

enum dump_result { DUMPS_SAME, DUMPS_DIFFERS, DUMPS_MISSING };

/* Returns DUMPS_MISSING if one of them is not a dump.  With DUMPS_DIFFERS, what only one of them
 * has is appended to only[0] or only[1] as lines like "contexts.web.lifetime = 30", a few at most.
 * Members that the dumps of SEC's release lack are not compared; each is appended once to *lacks,
 * as a line like "contexts.inittime". */
enum dump_result dump_compare(struct bytes theirs, struct bytes ours, struct buf *only,
                              struct buf *lacks);

#endif
