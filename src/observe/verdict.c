/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts in words. */
#include "observe/verdict.h"

#include <assert.h>

const char *verdict_text(enum verdict verdict)
{
    static const char *const texts[] = {
        [VERDICT_NOT_REACHED] = "not reached",
        [VERDICT_PASSED] = "passed over",
        [VERDICT_NO_LITERAL] = "the line lacks a text that the pattern needs",
        [VERDICT_CONTEXT_FIRST] = "the context does not hold (asked before the pattern)",
        [VERDICT_NO_MATCH] = "the pattern does not match",
        [VERDICT_NO_CACHE_ENTRY] = "there is no such cached match",
        [VERDICT_CONTEXT] = "the pattern matches, the context does not hold",
        [VERDICT_MATCHED] = "matches",
        [VERDICT_ACTED] = "matches, the actions ran",
        [VERDICT_BEGUN] = "matches, an operation began",
        [VERDICT_COUNTED] = "matches, counted",
        [VERDICT_HELD] = "matches, suppressed by an operation",
        [VERDICT_ENDED] = "the second pattern matches, an operation ended",
        [VERDICT_STARTED] = "matches, the command began",
        [VERDICT_FAILED] = "matches, but nothing could begin",
        [VERDICT_DROPPED] = "matches, the line is dropped",
        [VERDICT_JUMPED] = "matches, other rule files had the line",
        [VERDICT_JUMPED_TO_END] = "matches, a rule of another file ended the matching",
        [VERDICT_NO_SET] = "matches, but no set of rule files could be entered",
    };
    static_assert(sizeof(texts) / sizeof(*texts) == VERDICT_NO_SET + 1, "one of each");
    return texts[verdict];
}
