/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two halves of the reader share: syntax.c (groups, quantifiers, flags) and
 * syntax_atoms.c (escapes and bracketed classes). */
#ifndef SECANT_MATCH_SYNTAX_READER_H
#define SECANT_MATCH_SYNTAX_READER_H

#include "match/syntax.h"

struct reader {
    struct bytes text;
    size_t at;
    struct arena *arena;
    struct syntax *syntax;
    struct reader_flags {
        bool caseless, multiline, dotall, extended;
    } flags;
    unsigned depth; /* of groups */
    bool failed;    /* not understood; reading has ended */
    bool *closed;   /* by group number: it is complete */
};

static inline bool reader_ended(const struct reader *reader)
{
    return reader->at >= reader->text.len;
}

/* The byte `ahead` bytes on, or -1 past the end. */
static inline int reader_peek(const struct reader *reader, size_t ahead)
{
    size_t at = reader->at + ahead;
    return at < reader->text.len ? (unsigned char)reader->text.ptr[at] : -1;
}

/* The pattern is understood, but this construct is left to Perl. */
void reader_unequal(struct reader *reader, const char *why);
/* The pattern is not understood: moves to its end.  Returns a dummy node. */
struct node *reader_fail(struct reader *reader, const char *why);
struct node *reader_node(struct reader *reader, enum node_kind kind);
struct node *reader_byte(struct reader *reader, unsigned byte);
struct node *reader_set(struct reader *reader, const struct byte_set *set);

/* These begin at the backslash, or the opening bracket. */
struct node *reader_escape(struct reader *reader);
struct node *reader_class(struct reader *reader);

#endif
