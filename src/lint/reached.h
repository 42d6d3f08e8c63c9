/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lines of a log reach in the rules, and how much time the rules take.
 *
 * An observer counts patterns, action lists and their branches as for tests (prove/cover.h), and
 * what became of lines at each rule.  Events that rules make count as lines. */
#ifndef SECANT_LINT_REACHED_H
#define SECANT_LINT_REACHED_H

#include "prove/cover.h"
#include "state/engine.h"

struct reached_rule {
    const struct rule *rule;
    uint64_t came;             /* lines that earlier rules left to it */
    uint64_t tried;            /* lines that contain what its pattern needs */
    uint64_t no_context_first; /* the context was checked first, and did not hold */
    uint64_t no_context;       /* the pattern matched, but the context did not hold */
    uint64_t matched;          /* including second patterns */
    double seconds;            /* without those of rules that it jumps to */
    bool *filled;              /* of rule->keys: has any match given it a value? */
};

struct reached {
    struct observer observer;
    struct engine *engine;       /* while it is observed */
    const struct ruleset *set;   /* rules of other loads are not counted */
    struct reached_rule **rules; /* by file and id */
    struct cover *cover;
    struct arena arena;
    struct trying *trying; /* heap: rules that are being tried, outer ones first */
    size_t depth, room;
    uint64_t lines; /* lines of the log */
    uint64_t all;   /* lines of the log and events that rules made */
    /* What is running: a rule that is tried, or an action list of a rule or of user code. */
    const struct rule *busy_rule;
    const struct action_list *busy_list; /* NULL: the rule's pattern or context */
};

/* Starts to observe the engine.  The set has the files that the engine has loaded; both are owned
 * by the caller, and the set with its files must outlive the result. */
struct reached *reached_new(struct engine *engine, const struct ruleset *set);
/* Stops observing and keeps the counts; to be called before the engine is freed. */
void reached_end(struct reached *reached);
void reached_free(struct reached *reached); /* NULL is allowed */

static inline const struct reached_rule *reached_rule(const struct reached *reached,
                                                      const struct rule *rule)
{
    return &reached->rules[rule->file->number][rule->id];
}

#endif
