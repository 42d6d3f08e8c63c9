/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a Perl regular expression into a tree.
 *
 * The tree answers two questions: may PCRE2 take the pattern (match/dialect.h), and which literals
 * does every match contain (match/literals.h)?  A construct that the reader is not certain about is
 * named in `unequal`; if it cannot even tell where a construct ends or what it matches, the pattern
 * is not `understood` and there is no tree. */
#ifndef SECANT_MATCH_SYNTAX_H
#define SECANT_MATCH_SYNTAX_H

#include "base/arena.h"
#include "base/bytes.h"

struct byte_set {
    uint64_t words[4]; /* a bit for each of the 256 bytes */
};

static inline bool set_has(const struct byte_set *set, unsigned byte)
{
    return set->words[byte >> 6] >> (byte & 63) & 1;
}

static inline bool set_has_all(const struct byte_set *set, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!set_has(set, (unsigned char)text.ptr[i]))
            return false;
    return true;
}

static inline void set_add(struct byte_set *set, unsigned byte)
{
    set->words[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

/* The number of bytes in the set; counting stops at the limit. */
static inline unsigned set_count(const struct byte_set *set, unsigned limit)
{
    unsigned count = 0;
    for (size_t i = 0; i < 4; i++)
        for (uint64_t word = set->words[i]; word && count < limit; word &= word - 1)
            count++;
    return count;
}

enum node_kind {
    NODE_BYTE,
    NODE_SET,
    NODE_ASSERT, /* ^ $ \b \B \A \Z \z and other simple assertions */
    NODE_GROUP,  /* one child */
    NODE_LOOK,   /* lookahead or lookbehind; one child */
    NODE_BACKREF,
    NODE_CONCAT,    /* children one after the other; none: matches the empty string */
    NODE_ALTERNATE, /* children from left to right */
    NODE_REPEAT,    /* one child */
    NODE_OPAQUE,    /* matches something unknown */
};

#define REPEAT_FOREVER UINT32_MAX

struct node {
    enum node_kind kind;
    bool caseless; /* NODE_BYTE, NODE_BACKREF: ASCII letters match in both cases */
    union {
        unsigned char byte;
        struct byte_set *set; /* in (?i) with both cases */
        struct {
            uint32_t capture; /* 0: does not capture */
            bool atomic;
        } group;
        struct {
            bool behind, negative;
        } look;
        uint32_t backref;
        struct {
            uint32_t min, max;
        } repeat;
    };
    struct node *first, *next; /* first child, next sibling */
    uint32_t from,
        to; /* in the pattern, of a concatenation and of its children, with quantifiers */
};

/* The first child; `next` leads to the others.  NULL: none. */
static inline const struct node *node_children(const struct node *node)
{
    switch (node->kind) {
    case NODE_GROUP:
    case NODE_LOOK:
    case NODE_CONCAT:
    case NODE_ALTERNATE:
    case NODE_REPEAT:
        return node->first;
    default:
        return NULL;
    }
}

struct group_name {
    struct bytes text;
    uint32_t group;
};

struct syntax {
    bool understood;
    const struct node *root;
    uint32_t groups;
    struct group_name *names; /* in order of their groups */
    size_t name_count;
    const char *unequal; /* the first construct that is not on the list of equals, or NULL */
    bool unicode;        /* a construct switches to Unicode rules, which fold more than ASCII */
    bool folds;          /* (?i) occurs */
};

/* Nodes and sets are allocated in the arena. */
void syntax_read(struct bytes text, struct arena *arena, struct syntax *syntax);

#endif
