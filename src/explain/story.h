/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a line: the records that an observer hears (observe/observer.h), put in order.
 *
 *     struct story *story = story_new(every_rule, values);
 *     observers_add(&engine->observers, story_observer(story, engine));
 *     ... lines ...
 *     for (line = story_lines(story); line; line = line->next) ...
 *     story_clear(story);          forgets them; more may come
 *     story_free(story);           after the engine, or after observers_remove
 *
 * An event that rules made is a line of its own, which hangs on the deed that made it.  Texts are
 * copies and belong to the story, so that a story may be told long after its lines; rules and their
 * states are the engine's.
 */
#ifndef SECANT_EXPLAIN_STORY_H
#define SECANT_EXPLAIN_STORY_H

#include "state/engine.h"

struct story;
struct story_line;

/* What was done. */
enum deed_kind {
    DEED_EFFECT,          /* what, name: target or command, text */
    DEED_EVENT,           /* text, name: its context; line: what became of it, NULL: not yet */
    DEED_EVENT_LATER,     /* the same, at `until` */
    DEED_BEGUN,           /* an operation `name` began, until: its window's end; 0: none */
    DEED_COUNTED,         /* it has counted the line: count of `of`, until */
    DEED_HELD,            /* it suppresses the line: since, until */
    DEED_ENDED,           /* it has ended */
    DEED_CONTEXT_MADE,    /* a context `name`, until; 0: for ever */
    DEED_CONTEXT_ALIAS,   /* it has one more name, text */
    DEED_CONTEXT_CHANGED, /* it lives until ..., has so many events: count */
    DEED_CONTEXT_GONE,    /* a name of it has gone */
    DEED_CONTEXT_EXPIRED, /* its lifetime has ended */
    DEED_MISSING,         /* nothing: of a context `name` that is not there; what: the action */
    DEED_LOG,             /* text: a message of logonly, or of something that went wrong */
};

struct deed {
    enum deed_kind kind;
    int64_t second;
    const struct rule *rule; /* that did it or has the operation; NULL: not known */
    struct bytes list;       /* the action list of the rule, if it has several: "action2" */
    struct bytes what;       /* DEED_EFFECT: as effect_name has it */
    struct bytes name, text;
    int64_t count, of, since, until; /* of 0: there is no such number */
    const uint32_t *parts;           /* EventGroup: how many of each pattern; NULL: no such rule */
    struct story_line *line;
    struct deed *next;
};

/* An operand of a context expression, with its values, and what it came to. */
struct story_term {
    const struct expr_item *item;
    struct bytes text;
    bool truth;
    struct story_term *next;
};

/* A rule that a line came to, or passed. */
struct decision {
    const struct rule *rule;
    struct rule_state *state;
    enum verdict verdict;
    size_t part; /* the pattern that was tried last */
    bool tried;
    const struct decision *by;     /* the Jump rule that brought the line here; NULL: none */
    const struct decision *taker;  /* not reached, passed: the rule that took the line, or sent it
                                      on; NULL: not known */
    struct bytes subject;          /* what the pattern of its first part looked at */
    struct story_term *terms;      /* in the order in which they were asked for */
    struct deed *deeds;            /* in order */
    struct named_value *variables; /* of its match, where the story wants them */
    size_t variable_count;
    bool acted; /* an action list ran */
    struct decision *next;
};

/* Has the rule taken the line, to act on it or to count it? */
static inline bool decision_fired(const struct decision *decision)
{
    return decision->verdict > VERDICT_MATCHED && decision->verdict != VERDICT_HELD;
}

struct story_line {
    struct bytes text, context;    /* context: its internal context, "" if none */
    int64_t second;                /* the engine's, when it came */
    struct decision *decisions;    /* in order */
    struct deed *deeds;            /* what no rule of it did: contexts that expired meanwhile */
    const struct story_line *from; /* the line whose deed made this event; NULL: none */
    const struct deed *made_by;    /* that deed */
    bool internal;                 /* an event, not a line of an input */
    bool idle;                     /* no line: what time alone has done */
    struct story_line *next;       /* the next one that is no event of a line here */
};

/* The last deed of that kind that the rule itself did; NULL: none. */
const struct deed *story_deed_of(const struct decision *decision, enum deed_kind kind);

/* every_rule: hears of rules that are not tried, too; values: keeps match variables. */
struct story *story_new(bool every_rule, bool values);
void story_free(struct story *story); /* NULL is allowed */
/* The observer to be added to the engine's; it lasts as long as the story. */
struct observer *story_observer(struct story *story, const struct engine *engine);
/* A message of the log, if the owner has it: logonly's, and what went wrong. */
void story_hear_message(struct story *story, int level, struct bytes message);
/* From now on no line comes, but time passes: what it does, and what becomes of events that it
 * makes, is the story of a line without text. */
void story_idle(struct story *story);
/* Rules whose actions made the event that is in process, and the event that it is of, the newest
 * first; returns how many are in the list, at most `room`. */
size_t story_origins(const struct story *story, const struct rule **list, size_t room);
/* What has been heard since story_clear, in order; to last until that. */
const struct story_line *story_lines(const struct story *story);
void story_clear(struct story *story);
/* The rules end: which of them had events put off is forgotten as well. */
void story_forget(struct story *story);

#endif
