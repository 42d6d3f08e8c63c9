/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that a pattern matches, as far as the pattern itself tells: does it subsume another
 * one, that is, match every line that the other one matches?
 *
 * It does if both are the same; if it is one or several texts of which each match of the other one
 * contains one; if it is the beginning of the other; or if it matches every line.  For other cases
 * there is witness/inclusion.h, which is more expensive. */
#ifndef SECANT_WITNESS_LINE_SET_H
#define SECANT_WITNESS_LINE_SET_H

#include "base/arena.h"
#include "match/pattern.h"
#include "match/syntax.h"

struct line_set {
    const struct pattern *pattern;
    const struct node *root; /* NULL: not a RegExp that is fully understood */
    bool every_line;         /* it matches every line */
    bool some_byte;          /* it matches every line except the empty one */
    /* The pattern matches if any of these texts is there; count 0: it is something else. */
    const struct bytes *texts;
    size_t text_count;
    /* For each alternative, the texts that all its matches contain, with newlines between them. */
    const struct bytes *rows;
    size_t row_count;
    /* Offsets in the pattern at which it can be cut, so that its beginning is a pattern. */
    const uint32_t *cuts;
    size_t cut_count;
};

/* For SubStr, RegExp or TValue patterns that are understood.  Texts are in the arena or belong to
 * the pattern; both must outlive the set. */
void line_set_read(const struct pattern *pattern, struct arena *arena, struct line_set *set);
/* Does each row of `set` contain one of the texts of `by`? */
bool line_set_subsumes(const struct line_set *by, const struct line_set *set);
/* Is `by` every line, or every line except the empty one, which `set` does not have? */
bool line_set_is_all(const struct line_set *by, const struct line_set *set);

/* Is the node a set of all bytes that a line can have? */
bool line_set_takes_all(const struct node *node);

#endif
