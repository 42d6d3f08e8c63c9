/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule file as its author laid it out: blocks of lines separated by empty lines and comments,
 * whether or not they load as rules. */
#ifndef SECANT_LINT_BLOCKS_H
#define SECANT_LINT_BLOCKS_H

#include "lang/rule_text.h"

struct block {
    struct bytes text;            /* in the source, to the end of its last line */
    const struct rule_type *type; /* NULL: it has none, or an unknown one */
};

/* Finds the next block at or after *at in the text of the source, and sets *at to its end; returns
 * false if there is none. */
bool blocks_next(const struct parse_env *env, const struct source *source, size_t *at,
                 struct block *block);
/* Is the keyword in this text of a block? */
bool block_has(struct bytes text, struct bytes keyword);

#endif
