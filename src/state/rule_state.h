/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of rules: counters, operations, and the tables of the walk.
 *
 * Rules themselves do not change once they are loaded.  Each engine has one struct file_state for
 * each file of its rule set.  It is reference-counted: operations keep it after a reload has
 * dropped the file.
 */
#ifndef SECANT_STATE_RULE_STATE_H
#define SECANT_STATE_RULE_STATE_H

#include "lang/ruleset.h"

struct file_state;

/* The minute in which a Calendar rule last ran its action list, as in struct tm; initially zero,
 * like upstream's. */
struct last_action {
    int minute, hour, day, month, year;
};

struct rule_state {
    const struct rule *rule;
    struct file_state *of;
    uint64_t match_count;
    uint64_t event_count;    /* with --ruleperf */
    double cpu_seconds;      /* with --ruleperf */
    struct table operations; /* struct operation by description */
    void *second_index;      /* Pair: second patterns of its operations; see correlate/second.c */
    void (*second_index_free)(void *index); /* NULL: there are none */
    struct last_action last_action;
    /* For the walk (engine/walk.c). */
    uint32_t *slots;      /* EventGroup: for each pattern its own prefilter slot, or SLOT_NONE */
    bool second_filtered; /* Pair: the prefilter finds lines that pattern2 may match */
};

#define SLOT_NONE UINT32_MAX

struct file_state {
    unsigned refs;
    struct rule_file *file; /* retained */
    unsigned since;         /* file_states.loads when it was added */
    /* The candidate walk; filled in and explained by engine/walk.c. */
    uint32_t first_slot;       /* prefilter slot of rule 0; rule i has first_slot + i */
    uint32_t *next_always;     /* by id: the first rule at or after it that is always tried */
    struct hits each_line;     /* by id: Pair rules to be tried against each line for their
                                operations */
    struct rule_state rules[]; /* by id */
};

/* Returns it with one reference, which is the caller's. */
struct file_state *file_state_new(struct rule_file *file);
void file_state_retain(struct file_state *state);
void file_state_release(struct file_state *state);

/* One for each file of the set, in its order. */
struct file_states {
    struct file_state **items;
    size_t count;
    unsigned loads; /* how often the rule set was loaded */
};

/* To be called after each load; files that stay in the set keep their states. */
void file_states_follow(struct file_states *states, const struct ruleset *set);
void file_states_free(struct file_states *states);

/* The state of a rule of the current rule set. */
static inline struct rule_state *rule_state_of(const struct file_states *states,
                                               const struct rule *rule)
{
    return &states->items[rule->file->number]->rules[rule->id];
}

#endif
