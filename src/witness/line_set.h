/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that a pattern matches, as far as the pattern itself tells: does one pattern subsume
 * another, so that it matches every line that the other one matches?
 *
 * It does if both are the same; if it is a text, or one of several, that each match of the other
 * holds; if it is the beginning of the other; if it matches every line.  Of the rest
 * witness/inclusion.h knows more, at a price. */
#ifndef SECANT_WITNESS_LINE_SET_H
#define SECANT_WITNESS_LINE_SET_H

#include "base/arena.h"
#include "match/pattern.h"
#include "match/syntax.h"

struct line_set {
    const struct pattern *pattern;
    const struct node *root; /* NULL: no RegExp that is read for certain */
    bool every_line;         /* it matches each one, */
    bool some_byte;          /* or each one but the empty one */
    /* The pattern is one of these texts, any of which is enough; 0: it is something else. */
    const struct bytes *texts;
    size_t text_count;
    /* For each alternative, the texts that all its matches hold, with newlines between. */
    const struct bytes *rows;
    size_t row_count;
    /* Offsets in the pattern: up to each of them it is a pattern of its own. */
    const uint32_t *cuts;
    size_t cut_count;
};

/* Of a SubStr, RegExp or TValue pattern that is understood.  Texts are in the arena or the
 * pattern's, which outlive the set. */
void line_set_read(const struct pattern *pattern, struct arena *arena, struct line_set *set);
/* Does each row of `set` hold one of the texts of `by`? */
bool line_set_subsumes(const struct line_set *by, const struct line_set *set);
/* Is `by` every line, or every one but the empty one, which `set` does not have? */
bool line_set_is_all(const struct line_set *by, const struct line_set *set);

/* A set of all bytes that a line has? */
bool line_set_takes_all(const struct node *node);

#endif
