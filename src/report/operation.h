/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the text and the JSON dump say about an event correlation operation. */
#ifndef SECANT_REPORT_OPERATION_H
#define SECANT_REPORT_OPERATION_H

#include "state/items.h"

/* Calls `visit` for each item, in the order of the text dump.  Texts are valid during the call. */
void operation_items(struct engine *engine, const struct operation *operation, item_visit *visit,
                     void *arg);
/* The same with a mark before each text of an action, for callers that parse them again. */
void operation_items_marked(struct engine *engine, const struct operation *operation,
                            struct bytes text_mark, item_visit *visit, void *arg);

/* The list of events of an operation. */
struct operation_events {
    const char *text; /* its heading in the text dump; NULL: the type keeps no list */
    const char *json; /* its key in the JSON dump */
    bool of_group;    /* EventGroup: each event has the number of its pattern */
    bool have_tokens; /* the rule has an egpattern: each event has a token */
};
struct operation_events operation_events(const struct operation *operation);

struct operation_event {
    int64_t time;
    uint32_t part; /* index of the pattern, from 0 */
    struct bytes token;
    bool token_number; /* the token is the default, the pattern's number */
};
struct operation_event operation_event(const struct operation *operation, uint32_t index);

/* Appends the name of the type as in dumps: "Pair", "EventGroup3". */
void operation_type(const struct operation *operation, struct buf *out);

#endif
