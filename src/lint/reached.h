/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the lines of a log reach in the rules, and the time that the rules take for it.
 *
 * An observer: patterns, action lists and their branches are counted as tests count them
 * (prove/cover.h), and of each rule what became of the lines there.  Events that rules make are
 * lines as well. */
#ifndef SECANT_LINT_REACHED_H
#define SECANT_LINT_REACHED_H

#include "prove/cover.h"
#include "state/engine.h"

struct reached_rule {
    const struct rule *rule;
    uint64_t came;             /* lines that earlier rules left to it */
    uint64_t tried;            /* those that hold what its pattern needs */
    uint64_t no_context_first; /* the context was asked for first, and did not hold */
    uint64_t no_context;       /* the pattern matched, the context did not hold */
    uint64_t matched;          /* second patterns count, too */
    double seconds;            /* without those of rules that it jumps to */
    bool *filled;              /* of rule->keys: has any match given it a value? */
};

struct reached {
    struct observer observer;
    struct engine *engine;       /* while it listens */
    const struct ruleset *set;   /* rules of other loads are not counted */
    struct reached_rule **rules; /* by file and id */
    struct cover *cover;
    struct arena arena;
    struct trying *trying; /* heap: rules that are being tried, outer ones first */
    size_t depth, room;
    uint64_t lines; /* of the log, */
    uint64_t all;   /* and events that rules made */
    /* What is at work: a rule that is tried, or an action list, of a rule or of user code. */
    const struct rule *busy_rule;
    const struct action_list *busy_list; /* NULL: the rule's pattern or context */
};

/* Listens from now on.  The set has the files that the engine has loaded; both are the caller's,
 * and the set with its files outlives it. */
struct reached *reached_new(struct engine *engine, const struct ruleset *set);
/* Stops listening and keeps the counts; call it before the engine is freed. */
void reached_end(struct reached *reached);
void reached_free(struct reached *reached); /* NULL is allowed */

static inline const struct reached_rule *reached_rule(const struct reached *reached,
                                                      const struct rule *rule)
{
    return &reached->rules[rule->file->number][rule->id];
}

#endif
