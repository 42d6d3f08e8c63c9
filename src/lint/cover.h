/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does one pattern match every line that another one matches?
 *
 * Said only where it follows from the patterns: both are the same; the one is a text, or one of
 * several, that each match of the other holds; the one is the beginning of the other; the one
 * matches every line. */
#ifndef SECANT_LINT_COVER_H
#define SECANT_LINT_COVER_H

#include "base/arena.h"
#include "match/pattern.h"
#include "match/syntax.h"

struct cover {
    const struct pattern *pattern;
    bool every_line; /* it matches each; some: but an empty one */
    bool some_byte;
    /* The pattern is one of these texts, any of which is enough; 0: it is something else. */
    const struct bytes *texts;
    size_t text_count;
    /* For each alternative, the texts that all its matches hold, with newlines between. */
    const struct bytes *rows;
    size_t row_count;
    /* Where a beginning of the pattern ends that is a pattern of its own. */
    const uint32_t *cuts;
    size_t cut_count;
};

/* Of an understood pattern (SubStr, RegExp, TValue); of another type or form nothing is known.
 * Texts are in the arena or the pattern's. */
void cover_read(const struct pattern *pattern, struct arena *arena, struct cover *cover);
/* Of the texts of `by` each row of `cover` holds one. */
bool cover_holds(const struct cover *by, const struct cover *cover);
bool cover_every(const struct cover *by, const struct cover *cover);

#endif
