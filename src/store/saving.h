/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of store/save share: a save under way. */
#ifndef SECANT_STORE_SAVING_H
#define SECANT_STORE_SAVING_H

#include "store/mark.h"
#include "store/record.h"
#include "store/save.h"

struct saving {
    struct engine *engine;
    saved_record *put;
    void *arg;
    struct buf *lost;
    struct buf out;     /* the record under way; empty: there is none */
    int64_t base;       /* the head's second */
    uint64_t armed;     /* of the previous thing */
    struct arena arena; /* what is needed for one thing */
    struct saved_end sum;
    /* store/save_rules.c */
    struct marks marks;
    size_t *first;             /* heap; for each file of the set: how many rules are before it */
    uint64_t *numbers;         /* heap; for each rule its number + 1; 0: it has none yet */
    uint64_t rules, lists;     /* how many have a number */
    struct table list_numbers; /* struct numbered_list; owned */
};

/* The buffer for the next thing of this kind; to be called for each one. */
struct buf *saving_room(struct saving *s, enum saved_kind kind);

void save_rules_begin(struct saving *s);
void save_rules_end(struct saving *s);
/* Saves the rules that have counts or operations, or that are Calendar rules that have acted. */
void save_rules(struct saving *s);
/* The number of a rule of the present set, which is saved if it has none yet. */
uint64_t saved_rule_number(struct saving *s, const struct rule_state *state);
/* The number + 1 of a list, which is saved if it has none yet; 0 if it cannot be kept, which is
 * noted in `lost` with the name of the context. */
uint64_t saved_list_number(struct saving *s, const struct action_list *list, struct bytes name);

#endif
