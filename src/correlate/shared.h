/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rule types of correlate/ share: common fields, scopes, and running the action lists of
 * an operation. */
#ifndef SECANT_CORRELATE_SHARED_H
#define SECANT_CORRELATE_SHARED_H

#include "state/condition.h"
#include "state/engine.h"
#include "state/event_lines.h"

/* Fields of every rule with one pattern, in the order in which they are checked. */
/* clang-format off */
#define FIELDS_PATTERN                                                                             \
    {.kind = FIELD_CONTINUE, .name = "continue"},                                                  \
    {.kind = FIELD_PATTERN, .name = "ptype", .required = true},                                    \
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern", .required = true},                             \
    {.kind = FIELD_VARMAP, .name = "varmap"}, {.kind = FIELD_CONTEXT, .name = "context"}
/* clang-format on */

#define FIELD_DESC_REQUIRED                                                                        \
    {                                                                                              \
        .kind = FIELD_DESC, .name = "desc", .required = true                                       \
    }

#define FIELD_ACTIONS(keyword, member, needed, which)                                              \
    {                                                                                              \
        .kind = FIELD_ACTION, .name = keyword, .required = needed, .part = which,                  \
        .offset = offsetof(struct rule, member)                                                    \
    }

/* what: FIELD_POSITIVE or FIELD_NATURAL; words: what messages call the number. */
#define FIELD_NUMBER(what, keyword, member, needed, words)                                         \
    {                                                                                              \
        .kind = what, .name = keyword, .required = needed,                                         \
        .offset = offsetof(struct rule, member), .noun = words                                     \
    }

/* The scope of a match: its variables, and as %s the description expanded with them. */
struct scope match_scope(struct engine *engine, const struct rule *rule,
                         const struct match_vars *vars);
/* The scope of an operation: what it bound when it began. */
struct scope operation_scope(const struct operation *operation);
/* Runs an action list of the operation, which stays readable even if the list ends it.  Meanwhile
 * the lines of its events are in the context of rem=events:. */
void operation_run(struct engine *engine, struct operation *operation,
                   const struct action_list *list, struct bytes text);

/* The same, but then ends the operation unless it has already ended. */
void operation_finish(struct engine *engine, struct operation *operation,
                      const struct action_list *list, struct bytes text);

/* If the rule has rem=events:, keeps the current line for the event counted last, at `time`. */
static inline void keep_line(struct engine *engine, struct operation *operation, size_t part,
                             int64_t time)
{
    const struct rule *rule = operation->rule;
    if (rule->events)
        event_lines_push(operation,
                         match_text(&engine->line.place, rule->parts[part].pattern.lines), time);
}

/* Thresholds: counts an event. */
static inline void count_time(struct engine *engine, struct operation *operation, int64_t time)
{
    operation_push_time(operation, time);
    keep_line(engine, operation, 0, time);
}

/* Tells observers that the operation has counted the current line, or suppresses it. */
static inline void operation_met(const struct engine *engine, const struct operation *operation)
{
    observe(&engine->observers, .kind = RECORD_OPERATION_MET, .operation = operation);
}

static inline bool operation_over(const struct operation *operation, int64_t now)
{
    return now - operation->time > operation->window;
}

/* Thresholds: forgets event times before `time`.  The window then begins at the oldest time that is
 * left, or at `time` if there is none or `exact` is set. */
void times_forget(struct engine *engine, struct operation *operation, int64_t time, bool exact);

#endif
