/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the text and the JSON dump say of an event correlation operation. */
#ifndef SECANT_REPORT_OPERATION_H
#define SECANT_REPORT_OPERATION_H

#include "state/items.h"

/* Hands out the items in the order of the text dump; their texts live until the visit is over. */
void operation_items(struct engine *engine, const struct operation *operation, item_visit *visit,
                     void *arg);
/* The same with a mark before each text of an action, for those who take them apart again. */
void operation_items_marked(struct engine *engine, const struct operation *operation,
                            struct bytes text_mark, item_visit *visit, void *arg);

/* Its list of events. */
struct operation_events {
    const char *text; /* what introduces it in the text dump; NULL: the type keeps no list */
    const char *json; /* the same in the JSON dump */
    bool of_group;    /* EventGroup: each event has the number of its pattern */
    bool have_tokens; /* the rule has an egpattern: each event has a token */
};
struct operation_events operation_events(const struct operation *operation);

struct operation_event {
    int64_t time;
    uint32_t part; /* from 0 */
    struct bytes token;
    bool token_number; /* the token is the default, the pattern's number */
};
struct operation_event operation_event(const struct operation *operation, uint32_t index);

/* The type's name as dumps give it: "Pair", "EventGroup3"; appended. */
void operation_type(const struct operation *operation, struct buf *out);

#endif
