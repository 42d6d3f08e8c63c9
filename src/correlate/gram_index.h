/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An index of literals that finds those that occur in a line.
 *
 * Thousands of live Pair operations may each wait for a text of their own, or for one of a few.
 * Each literal is entered under one of its grams (8 or 4 bytes), the one with the fewest other
 * literals, so that the part of the text that differs between operations is found automatically.  A
 * line is looked up gram by gram.  The costs of adding, removing, and looking up one position of a
 * line do not depend on how many entries wait for one literal.
 */
#ifndef SECANT_CORRELATE_GRAM_INDEX_H
#define SECANT_CORRELATE_GRAM_INDEX_H

#include "base/bytes.h"

struct gram_literal;

/* Embedded in what is indexed. */
struct gram_entry {
    struct gram_literal *literal;   /* NULL: not in an index */
    struct gram_entry *next, *prev; /* with the same literal */
};

struct gram_index;

struct gram_index *gram_index_new(void);
void gram_index_free(struct gram_index *index); /* not the entries */
/* The literal has at least GRAM_MINIMUM bytes, and is copied. */
#define GRAM_MINIMUM 4
void gram_index_add(struct gram_index *index, struct gram_entry *entry, struct bytes literal);
void gram_index_remove(struct gram_index *index, struct gram_entry *entry);
/* Calls found once for each entry whose literal occurs in the line, in no particular order. */
void gram_index_find(struct gram_index *index, struct bytes line,
                     void (*found)(void *arg, struct gram_entry *entry), void *arg);

#endif
