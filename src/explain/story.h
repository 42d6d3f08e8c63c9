/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a line: arranges the records that an observer receives (observe/observer.h).
 *
 *     struct story *story = story_new(every_rule, values);
 *     observers_add(&engine->observers, story_observer(story, engine));
 *     ... lines ...
 *     for (line = story_lines(story); line; line = line->next) ...
 *     story_clear(story);          forgets them; more may come
 *     story_free(story);           after the engine, or after observers_remove
 *
 * An event that rules made is a line of its own, attached to the deed that made it.  Texts are
 * copies owned by the story, so that it can be told long after its lines were processed; rules and
 * their states are owned by the engine.
 */
#ifndef SECANT_EXPLAIN_STORY_H
#define SECANT_EXPLAIN_STORY_H

#include "state/engine.h"

struct story;
struct story_line;

/* What was done. */
enum deed_kind {
    DEED_EFFECT,          /* what, name: target or command, text */
    DEED_EVENT,           /* text, name: its context; line: what became of it, or NULL */
    DEED_EVENT_LATER,     /* the same, at `until` */
    DEED_BEGUN,           /* an operation `name` began, until: its window's end; 0: none */
    DEED_COUNTED,         /* an operation counted the line: count of `of`, until */
    DEED_HELD,            /* an operation suppresses the line: since, until */
    DEED_ENDED,           /* an operation ended */
    DEED_CONTEXT_MADE,    /* a context `name` was made; until: 0 for ever */
    DEED_CONTEXT_ALIAS,   /* a context got another name: text */
    DEED_CONTEXT_CHANGED, /* a context changed; until: its end; count: its events */
    DEED_CONTEXT_GONE,    /* a name of a context was removed */
    DEED_CONTEXT_EXPIRED, /* the lifetime of a context ended */
    DEED_MISSING,         /* nothing, as there is no context `name`; what: the action */
    DEED_LOG,             /* text: a message of logonly, or an error */
};

struct deed {
    enum deed_kind kind;
    int64_t second;
    const struct rule *rule; /* the rule that did it or has the operation; NULL: not known */
    struct bytes list;       /* the action list of the rule, if it has several: "action2" */
    struct bytes what;       /* DEED_EFFECT: as returned by effect_name */
    struct bytes name, text;
    int64_t count, of, since, until; /* `of` is 0 if no number is wanted */
    const uint32_t *parts;           /* EventGroup: the count of each pattern; otherwise NULL */
    struct story_line *line;
    struct deed *next;
};

/* An operand of a context expression, with its values filled in, and its truth. */
struct story_term {
    const struct expr_item *item;
    struct bytes text;
    bool truth;
    struct story_term *next;
};

/* A rule that a line reached, or passed by. */
struct decision {
    const struct rule *rule;
    struct rule_state *state;
    enum verdict verdict;
    size_t part; /* the pattern that was tried last */
    bool tried;
    const struct decision *by;     /* the Jump rule that brought the line here; NULL: none */
    const struct decision *taker;  /* not reached, passed: the rule that took the line, or sent it
                                      on; NULL: not known */
    struct bytes subject;          /* the lines that its patterns look at */
    struct story_term *terms;      /* in the order of evaluation */
    struct deed *deeds;            /* in order */
    struct named_value *variables; /* of its match, if the story keeps them */
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
    int64_t second;                /* on the engine's clock, when it came */
    struct decision *decisions;    /* in order */
    struct deed *deeds;            /* done by none of its rules: contexts that expired meanwhile */
    const struct story_line *from; /* the line whose deed made this event; NULL: none */
    const struct deed *made_by;    /* that deed */
    bool internal;                 /* an event, not a line of an input */
    bool idle;                     /* not a line, but what the passing of time has done */
    struct story_line *next;       /* skips events that lines of the story made */
};

/* Returns the last deed of this kind that the rule itself did, or NULL. */
const struct deed *story_deed_of(const struct decision *decision, enum deed_kind kind);

/* every_rule: include rules that are not tried; values: keep match variables. */
struct story *story_new(bool every_rule, bool values);
void story_free(struct story *story); /* NULL is allowed */
/* The observer to be added to those of the engine; owned by the story. */
struct observer *story_observer(struct story *story, const struct engine *engine);
/* Passes on a log message, if the caller has it: those of logonly and errors become deeds. */
void story_hear_message(struct story *story, int level, struct bytes message);
/* From now on no line comes, but time passes: what that does, and what becomes of events that it
 * makes, is the story of a line without text. */
void story_idle(struct story *story);
/* Stores the rule whose action made the event being processed, then the rule that made the event
 * which led to that, and so on.  Returns how many are in the list, at most `room`. */
size_t story_origins(const struct story *story, const struct rule **list, size_t room);
/* What has been observed since story_clear, in order; valid until the next story_clear. */
const struct story_line *story_lines(const struct story *story);
void story_clear(struct story *story);
/* To be called before the rules are freed: also forgets which of them have delayed events. */
void story_forget(struct story *story);

#endif
