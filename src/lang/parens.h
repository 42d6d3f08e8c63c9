/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parentheses in action lists and context expressions: where groups are, and the textual removal
 * of parentheses and of the backslashes that mask them. */
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

/* The parentheses of a whole text, found once for all the groups inside each other. */
struct parens {
    struct bytes text; /* not owned */
    size_t *ends; /* heap; for each that opens, the offset after the one that closes it; 0: none.
                          NULL: the text has no parentheses */
};

/* A parenthesis after a backslash is none. */
void parens_find(struct bytes text, struct parens *parens);
void parens_free(struct parens *parens);
/* Finds the outermost groups of a part of the text, which must not begin after a backslash.
 * false: its parentheses are not balanced. */
bool groups_find(const struct parens *parens, struct bytes part, struct groups *groups);
void groups_free(struct groups *groups);
/* The parenthesis without a counterpart, once they are known not to be balanced. */
static inline struct bytes groups_fault(const struct groups *groups, struct bytes text)
{
    return bytes_slice(text, groups->fault, groups->fault + 1);
}
/* The group that starts at this offset, or NULL. */
const struct group *groups_at(const struct groups *groups, size_t start);
/* What is between its parentheses. */
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
