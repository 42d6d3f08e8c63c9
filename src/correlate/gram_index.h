/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An index of literals that answers, for a line, which of them occur in it.
 *
 * Thousands of live Pair operations each wait for a text of their own, or for one of few.  Each
 * literal is entered under one gram (8 or 4 bytes) of its own, the one with the fewest others under
 * it, so that the part of the text that differs from operation to operation is found by itself.  A
 * line is looked up gram by gram.  To enter, to take out and to look at one place of a line cost
 * the same however many wait for one literal.
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
/* A literal of at least GRAM_MINIMUM bytes; it is copied. */
#define GRAM_MINIMUM 4
void gram_index_add(struct gram_index *index, struct gram_entry *entry, struct bytes literal);
void gram_index_remove(struct gram_index *index, struct gram_entry *entry);
/* Calls found for each entry whose literal occurs in the line, each once, in no order. */
void gram_index_find(struct gram_index *index, struct bytes line,
                     void (*found)(void *arg, struct gram_entry *entry), void *arg);

#endif
