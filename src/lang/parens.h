/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parentheses in action lists and context expressions: where outer groups stand, and the textual
 * removal of parentheses and of the backslashes that mask them. */
#ifndef SECANT_LANG_PARENS_H
#define SECANT_LANG_PARENS_H

#include "base/arena.h"

struct group {
    size_t start, end; /* from its opening parenthesis to just after its closing one */
};

struct groups {
    size_t count, room;
    struct group *items; /* heap, in the order of the text */
    size_t fault;        /* not balanced: where a parenthesis is that has no counterpart */
};

/* Finds the outermost groups; a parenthesis after a backslash is none.
 * false: they are not balanced. */
bool groups_find(struct bytes text, struct groups *groups);
void groups_free(struct groups *groups);
/* The parenthesis without a counterpart, once they are known not to be balanced. */
static inline struct bytes groups_fault(const struct groups *groups, struct bytes text)
{
    return bytes_slice(text, groups->fault, groups->fault + 1);
}
/* The group that starts at this offset, or NULL. */
const struct group *groups_at(const struct groups *groups, size_t start);
/* What stands between its parentheses. */
static inline struct bytes group_inside(struct bytes text, const struct group *group)
{
    return bytes_slice(text, group->start + 1, group->end - 1);
}

/* " ( x ) " gives "x"; what is not in parentheses stays as it is. */
struct bytes parens_strip(struct bytes text);
/* \( and \) become ( and ); in the arena if there are any. */
struct bytes parens_unmask(struct arena *arena, struct bytes text);
/* The part of a text that has become this part of the unmasked one. */
struct bytes parens_place(struct bytes text, size_t from, size_t to);

#endif
