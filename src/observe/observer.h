/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listeners to the engine's decisions.
 *
 * An observer is told of every rule that a line comes to, of the result there, and of what follows:
 * operations, contexts, events, effects.  It must not change any of them.  Without an observer this
 * costs no more than a comparison.
 */
#ifndef SECANT_OBSERVE_OBSERVER_H
#define SECANT_OBSERVE_OBSERVER_H

#include "base/bytes.h"
#include "observe/verdict.h"

struct action_list;
struct context;
struct effect;
struct expr_item;
struct match_vars;
struct operation;
struct rule_state;

enum record_kind {
    RECORD_LINE,            /* text: comes to the rules; context: its internal context, or empty */
    RECORD_LINE_END,        /* the text has left the rules */
    RECORD_TRY,             /* rule: is about to be tried */
    RECORD_RULE,            /* rule, part, verdict, vars, tried: what became of the line there */
    RECORD_TERM,            /* term, text, truth: an operand of a context expression */
    RECORD_ACTIONS,         /* list: its actions run next; the branches of `if` as well */
    RECORD_OPERATION_BEGUN, /* operation */
    RECORD_OPERATION_MET,   /* operation: it has counted the line, or suppresses it */
    RECORD_OPERATION_ENDED, /* operation */
    RECORD_CONTEXT_NAMED,   /* of, text: it gets this name; the first one creates it */
    RECORD_CONTEXT_UNNAMED, /* of, text */
    RECORD_CONTEXT_GONE,    /* of: it has no name left */
    RECORD_CONTEXT_CHANGED, /* of: times, lifetime, actions, description or store */
    RECORD_CONTEXT_EXPIRED, /* of: its lifetime has ended; its actions run next */
    RECORD_EVENT,           /* text, context: an event was made and waits for its turn */
    RECORD_EVENT_LATER,     /* text, context, due: an event was made for that second */
    RECORD_EFFECT,          /* effect: is about to happen */
};

/* All that it points to is valid until the observer returns. */
struct record {
    enum record_kind kind;
    enum verdict verdict;
    struct rule_state *rule;
    size_t part;                   /* which pattern of the rule */
    bool tried;                    /* with RECORD_RULE: a RECORD_TRY came before it */
    const struct match_vars *vars; /* NULL: the pattern did not match */
    const struct expr_item *term;  /* `text` has its values filled in: what was looked up or run */
    bool truth;
    const struct action_list *list;
    const struct operation *operation;
    const struct context *of; /* RECORD_CONTEXT_... */
    const struct effect *effect;
    struct bytes text, context;
    int64_t due;
};

struct observer {
    void (*hear)(struct observer *observer, const struct record *record);
    bool every_rule;       /* also wants rules that are not tried, and why */
    struct observer *next; /* set by observers_add */
};

/* The observers of an engine, in the order in which they were added. */
struct observers {
    struct observer *first;
    bool every_rule; /* one of them has it set */
};

/* The observer belongs to the caller and must stay valid until it is removed.  While it is called
 * it may remove itself, but no other observer. */
void observers_add(struct observers *observers, struct observer *observer);
void observers_remove(struct observers *observers, struct observer *observer); /* if present */
void observers_tell(const struct observers *observers, const struct record *record);

/* observe(&engine->observers, .kind = RECORD_EVENT, .text = text) */
#define observe(observers, ...)                                                                    \
    do {                                                                                           \
        if ((observers)->first)                                                                    \
            observers_tell(observers, &(struct record){__VA_ARGS__});                              \
    } while (0)

#endif
