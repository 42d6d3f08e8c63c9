/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes about rules: counters, operations, and the tables of the walk.
 *
 * Rules themselves do not change once they are loaded.  Each engine has one struct file_state for
 * each file of its rule set.  It is counted: operations keep it after a reload has dropped the
 * file.
 */
#ifndef SECANT_STATE_RULE_STATE_H
#define SECANT_STATE_RULE_STATE_H

#include "lang/ruleset.h"

struct file_state;

/* The minute in which a Calendar rule acted last: struct tm's values, zero at first as upstream. */
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
    void *second_index;      /* Pair: second patterns of its operations; correlate/second.c's own */
    void (*second_index_free)(void *index); /* NULL: there are none */
    struct last_action last_action;
    /* The walk's. */
    uint32_t *slots;      /* EventGroup: for each pattern its own prefilter slot, or SLOT_NONE */
    bool second_filtered; /* Pair: the prefilter finds lines that pattern2 may match */
};

#define SLOT_NONE UINT32_MAX

struct file_state {
    unsigned refs;
    struct rule_file *file; /* retained */
    unsigned since;         /* file_states.loads when it came */
    /* The candidate walk; filled in and explained by engine/walk.c. */
    uint32_t first_slot;       /* prefilter slot of rule 0; rule i has first_slot + i */
    uint32_t *next_always;     /* by id: the first rule at or after it that is always looked at */
    struct hits each_line;     /* by id: Pair rules to be tried against each line for their
                                operations */
    struct rule_state rules[]; /* by id */
};

/* Counted once. */
struct file_state *file_state_new(struct rule_file *file);
void file_state_retain(struct file_state *state);
void file_state_release(struct file_state *state);

/* One for each file of the set, in its order; files that were there keep theirs. */
struct file_states {
    struct file_state **items;
    size_t count;
    unsigned loads; /* how often the rule set was loaded */
};

void file_states_follow(struct file_states *states, const struct ruleset *set);
void file_states_free(struct file_states *states);

/* The state of a rule of the present rule set. */
static inline struct rule_state *rule_state_of(const struct file_states *states,
                                               const struct rule *rule)
{
    return &states->items[rule->file->number]->rules[rule->id];
}

#endif
