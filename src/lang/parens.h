/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parentheses in action lists and context expressions: finding groups, and removing parentheses and
 * the backslashes that mask them. */
#ifndef SECANT_LANG_PARENS_H
#define SECANT_LANG_PARENS_H

#include "base/arena.h"

struct group {
    size_t start, end; /* from its opening parenthesis to just after its closing one */
};

struct groups {
    size_t count, room;
    struct group *items; /* heap, in the order of the text */
    size_t fault;        /* if not balanced: offset of a parenthesis without a counterpart */
};

/* The parentheses of a whole text, found once for all nested groups. */
struct parens {
    struct bytes text; /* not owned */
    size_t *ends; /* heap; for each opening one, the offset after its closing one; 0: it has none.
                          NULL: the text has no parentheses */
};

/* Finds the parentheses of the text; those after a backslash do not count. */
void parens_find(struct bytes text, struct parens *parens);
void parens_free(struct parens *parens);
/* Finds the outermost groups of a part of the text, which must not begin after a backslash.
 * Returns false if its parentheses are not balanced; groups->fault then says where. */
bool groups_find(const struct parens *parens, struct bytes part, struct groups *groups);
void groups_free(struct groups *groups);
/* The parenthesis without a counterpart; only after groups_find has returned false. */
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

/* " ( x ) " gives "x"; a text that is not in parentheses is returned unchanged. */
struct bytes parens_strip(struct bytes text);
/* Replaces \( and \) by ( and ).  The result is in the arena if there are any, else the text. */
struct bytes parens_unmask(struct arena *arena, struct bytes text);
/* The part of a masked text that corresponds to bytes from..to of the unmasked one. */
struct bytes parens_place(struct bytes text, size_t from, size_t to);

#endif
