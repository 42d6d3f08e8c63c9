/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The things in the records of a snapshot (store/record.h), one after the other, without an engine
 * and without rules.  Any bytes may be given. */
#ifndef SECANT_INSPECT_THINGS_H
#define SECANT_INSPECT_THINGS_H

#include "base/arena.h"
#include "io/place.h"
#include "store/record.h"

struct saved_thing {
    enum saved_kind kind;
    uint64_t number; /* of rules, and of lists, to which others refer */
    union {
        struct saved_head head;
        struct saved_rule rule;
        struct saved_list list;
        struct saved_context context;     /* with the store */
        struct saved_entries store;       /* or lines of an operation */
        struct saved_operation operation; /* with the times */
        struct saved_times times;
        struct saved_event event;
        struct saved_variable variable;
        struct saved_window window;
        struct saved_match match;
        struct input_place place;
        struct bytes pattern; /* of input files */
        struct saved_child child;
        struct saved_perl perl;
        struct saved_end end;
    };
};

struct things {
    struct arena arena; /* of the thing that came last */
    struct unpack record;
    enum saved_kind kind; /* of the record */
    int64_t second;       /* of the head */
    uint64_t contexts_armed, operations_armed, rules, lists;
    bool failed; /* something was no such record */
};

void things_begin(struct things *things);
void things_end(struct things *things);
/* The next record; false: it is none. */
bool things_take(struct things *things, struct bytes record);
/* The next thing of the record; its texts are parts of it, and the rest lasts until the next one.
 * false: there are no more, or things->failed. */
bool things_next(struct things *things, struct saved_thing *thing);
/* "context"; NULL: there are no such things. */
const char *thing_name(enum saved_kind kind);

#endif
