/* An index of literals that answers, for a line, which of them may occur in it.
 *
 * Thousands of live Pair operations each wait for a text of their own.  Each is entered under one
 * gram (8 or 4 bytes) of its literal, the one with the fewest others under it, so that the part of
 * the text that differs from operation to operation is found by itself.  A line is looked up gram by
 * gram; what is found may occur in the line, what is not found cannot.
 */
#ifndef SECANT_CORRELATE_GRAM_INDEX_H
#define SECANT_CORRELATE_GRAM_INDEX_H

#include "base/bytes.h"

/* Embedded in what is indexed. */
struct gram_entry {
    struct gram_entry *next;  /* under the same gram */
    struct bytes literal;     /* must stay as long as the entry is in the index */
    uint64_t gram;
    uint64_t serial;          /* order of entering */
    uint8_t width;            /* of its gram in bytes; 0: not in an index */
};

struct gram_index;

struct gram_index *gram_index_new(void);
void gram_index_free(struct gram_index *index); /* not the entries */
/* A literal of at least GRAM_MINIMUM bytes. */
#define GRAM_MINIMUM 4
void gram_index_add(struct gram_index *index, struct gram_entry *entry, struct bytes literal);
void gram_index_remove(struct gram_index *index, struct gram_entry *entry);
/* Calls found for each entry whose literal occurs in the line, each once, in no order. */
void gram_index_find(const struct gram_index *index, struct bytes line,
                     void (*found)(void *arg, struct gram_entry *entry), void *arg);

#endif
