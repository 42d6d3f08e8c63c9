/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items of a rule file that tests should reach; for cover.c. */
#ifndef SECANT_PROVE_COVER_ITEMS_H
#define SECANT_PROVE_COVER_ITEMS_H

#include "base/arena.h"
#include "lang/ruleset.h"

enum cover_want { WANT_MATCHED, WANT_ENTERED, WANT_TRUE, WANT_FALSE, WANT_RUN };

struct cover_item {
    const void *spot; /* struct part, expr_item, action_list; the rule for a Jump's files */
    size_t rule;      /* its number in the file */
    size_t line, column;
    struct bytes at; /* the text at this place; {0}: the place is that of the rule */
    const struct action_list *around; /* the list of the action that contains it; NULL: none */
    struct bytes name;
    enum cover_want want;
    size_t order; /* in which it was found, to sort items of the same place */
    uint64_t hits;
};

/* In the order of the file; items of the same spot are next to each other. */
struct cover_items {
    struct cover_item *items; /* owned */
    size_t count, room;
    struct arena names;
};

/* The spots are valid as long as the rules. */
void cover_items_read(struct cover_items *items, const struct rule_file *file);
void cover_items_free(struct cover_items *items); /* may also be all zero */
/* "matched", "entered", "true", "false", "run". */
const char *cover_want_text(enum cover_want want);

#endif
