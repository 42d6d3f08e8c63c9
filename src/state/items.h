/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dump says about an event correlation operation, item by item.
 *
 * A rule type's `show` passes the items to a visitor (of the text dump or the JSON dump), in the
 * order of the text dump.  An item's text is valid until the visitor returns. */
#ifndef SECANT_STATE_ITEMS_H
#define SECANT_STATE_ITEMS_H

#include "state/engine.h"

enum item_kind { ITEM_TEXT, ITEM_NUMBER, ITEM_SECONDS };

struct item {
    const char *label; /* text dump */
    const char *key;   /* JSON dump */
    size_t part;       /* number appended to label and key if it is 2 or more */
    enum item_kind kind;
    struct bytes text; /* ITEM_TEXT */
    int64_t number;    /* the others */
};

typedef void item_visit(void *arg, const struct item *item);

/* One round of visits. */
struct items {
    struct engine *engine;
    const struct operation *operation;
    const struct rule *rule;
    struct scope scope; /* match variables that the operation keeps */
    struct bytes mark;  /* before each text of an action; "": none */
    item_visit *visit;
    void *arg;
    struct buf out; /* text of the current item */
};

/* Each passes one item to the visitor.  part: as in struct item. */
void items_text(struct items *items, const char *label, const char *key, size_t part,
                struct bytes text);
void items_number(struct items *items, enum item_kind kind, const char *label, const char *key,
                  size_t part, int64_t number);
void items_pattern(struct items *items, size_t part, const struct pattern *pattern);
/* scope NULL: the expression as the rule has it; context NULL: empty. */
void items_context(struct items *items, size_t part, const struct context_expr *context,
                   const struct scope *scope);
/* Behavior after a match of this part; number is its number. */
void items_next(struct items *items, size_t number, const struct part *part);
/* list NULL: empty. */
void items_list(struct items *items, const char *label, const char *key, size_t part,
                const struct action_list *list, const struct scope *scope);

/* What most types have. */
void items_first_pattern(struct items *items); /* with context and continue */
void items_desc(struct items *items);
void items_action(struct items *items);
void items_action2(struct items *items);
void items_window(struct items *items);

#endif
