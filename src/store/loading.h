/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of store/load that read records share: a load under way. */
#ifndef SECANT_STORE_LOADING_H
#define SECANT_STORE_LOADING_H

#include "store/load.h"
#include "store/mark.h"
#include "store/record.h"

/* Maps saved keys to present ones. */
struct key_map {
    size_t count;
    const uint32_t *present;     /* NULL: all are the same; NO_KEY: it does not exist any more */
    const struct var_keys *keys; /* the present ones; NULL: none */
    bool fewer;                  /* some of the present keys were not saved */
};

#define NO_KEY UINT32_MAX

struct loaded_rule {
    struct saved_rule saved;
    struct rule_state *state; /* NULL: there is no such rule any more */
    struct key_map map;
    size_t operations, lost; /* how many of its operations were taken over, and how many not */
    struct bytes why, desc;  /* of the first operation that is lost though the rule exists */
};

struct loaded_list {
    const struct action_list *list; /* NULL: it could not be read */
    struct rule_file *own;          /* the file of a list that no rule has; counted */
    struct key_map map;
};

/* A timer and when it was armed. */
struct loaded_timer {
    uint64_t armed;
    int64_t due;
    void *of; /* struct context, or struct operation */
};

struct loaded_timers {
    struct loaded_timer *items; /* heap */
    size_t count, room;
    bool unsorted;
};

/* A variable with code that the rules have made at the start. */
struct loaded_code {
    struct bytes name;
    struct perl_value *value; /* counted */
    struct bytes text;
};

struct state_loading {
    struct state_load *load;
    struct engine *engine;
    struct arena kept;  /* what lasts as long as the load */
    struct arena arena; /* what is needed for one thing */
    struct saved_head head;
    bool headed, ended;
    bool same;                               /* the rules are those of the earlier run */
    uint64_t context_armed, operation_armed; /* of the one before */
    struct saved_end sum;
    struct marks marks;
    struct loaded_rule *rules; /* heap */
    size_t rule_count, rule_room;
    struct loaded_list *lists; /* heap */
    size_t list_count, list_room;
    struct loaded_timers contexts, operations;
    struct context *context; /* the last one; NULL: it was not taken over */
    struct operation *taken; /* the last operation; NULL: it was not taken over */
    /* An operation whose times are still to come. */
    struct arena held;
    struct saved_operation operation;
    struct saved_time *times; /* heap */
    size_t time_room;
    bool holds;
    struct loaded_code *codes; /* kept */
    size_t code_count;
};

/* Adds a line to the problems: FILE: parts. */
#define load_problem(l, ...)                                                                       \
    load_problem_parts(l, (const struct bytes[]){__VA_ARGS__},                                     \
                       sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void load_problem_parts(struct state_loading *l, const struct bytes *parts, size_t count);

/* store/load_rules.c; these return false if the record is not sound. */
bool load_rule(struct state_loading *l, struct unpack *from);
bool load_list(struct state_loading *l, struct unpack *from);
void load_rules_end(struct state_loading *l); /* reports what is lost */
/* *binding is NULL if there is none. */
bool load_binding(struct state_loading *l, const struct saved_binding *saved,
                  const struct key_map *map, struct binding **binding);

/* store/load_things.c; these, too, return false if the record is not sound. */
bool load_context(struct state_loading *l, struct unpack *from);
bool load_store(struct state_loading *l, struct unpack *from);
bool load_operation(struct state_loading *l, struct unpack *from);
bool load_times(struct state_loading *l, struct unpack *from);
bool load_lines(struct state_loading *l, struct unpack *from);
void load_timers(struct state_loading *l); /* arms all timers in their old order */

/* store/load_rest.c */
void load_rest_begin(struct state_loading *l);
void load_rest_end(struct state_loading *l);
bool load_queued(struct state_loading *l, struct unpack *from);
bool load_pending(struct state_loading *l, struct unpack *from);
bool load_variable(struct state_loading *l, struct unpack *from);
bool load_window(struct state_loading *l, struct unpack *from);
bool load_match(struct state_loading *l, struct unpack *from);
bool load_child(struct state_loading *l, struct unpack *from);
bool load_perl(struct state_loading *l, struct unpack *from);

#endif
