/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doubly linked lists of items that hold their own links: members `next` and `prev`, NULL at the
 * ends.  A list is its `first` item and, where items are appended, its `last`; it owns nothing. */
#ifndef SECANT_BASE_LIST_H
#define SECANT_BASE_LIST_H

#include <assert.h>

/* Does the item before this one, or the start of the list, point to it? */
#define LIST_HOLDS(first, item) (((item)->prev ? (item)->prev->next : (first)) == (item))

/* Appends the item, which must be in no list. */
#define LIST_APPEND(list, item)                                                                    \
    ((item)->next = NULL, (item)->prev = (list)->last,                                             \
     *((item)->prev ? &(item)->prev->next : &(list)->first) = (item), (list)->last = (item))

/* Removes the item from a list with both ends; the item keeps its own links. */
#define LIST_REMOVE(list, item)                                                                    \
    (assert(LIST_HOLDS((list)->first, item)),                                                      \
     *((item)->prev ? &(item)->prev->next : &(list)->first) = (item)->next,                        \
     *((item)->next ? &(item)->next->prev : &(list)->last) = (item)->prev)

/* The same for lists that know only their first item; new items go to the front. */
#define CHAIN_PREPEND(first, item)                                                                 \
    ((item)->prev = NULL, (item)->next = (first), (void)((first) && ((first)->prev = (item))),     \
     (first) = (item))

#define CHAIN_REMOVE(first, item)                                                                  \
    (assert(LIST_HOLDS(first, item)),                                                              \
     *((item)->prev ? &(item)->prev->next : &(first)) = (item)->next,                              \
     (void)((item)->next && ((item)->next->prev = (item)->prev)))

#endif
