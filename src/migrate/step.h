/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a side does, step by step: a step is all that it says about one line in one second, or about
 * a second without a line. */
#ifndef SECANT_MIGRATE_STEP_H
#define SECANT_MIGRATE_STEP_H

#include "migrate/side.h"

/* Classes of messages; order matters only within a class. */
enum heard_class {
    HEARD_EFFECT,
    HEARD_EVENT,
    HEARD_MESSAGE, /* of the log */
    HEARD_LOAD,    /* how many rules there are */
    HEARD_STATE,   /* a dump */
    HEARD_END,     /* the program has ended, and how */
    HEARD_CLASSES
};

/* A message, without what differs from run to run: addresses and process IDs. */
struct heard {
    enum heard_class class;
    size_t from, to;  /* its words in the text of the step, in the form of base/words.h */
    size_t file, len; /* the rule file, in the same text; len 0: not known */
    uint64_t line;
};

struct place {
    uint64_t line; /* number of lines that were taken */
    int64_t second;
};

struct step {
    struct place place;
    struct buf text;
    struct heard *items; /* owned */
    size_t count, room;
};

/* A rule and what it has done in all. */
struct rule_count {
    struct bytes file, desc; /* owned */
    uint64_t line, matches;
};

/* What the kernel has refused, and how often. */
struct refusal {
    struct bytes what; /* owned; "connect 192.0.2.1:25" */
    uint64_t count;
};

/* Reads what a side says. */
struct reader {
    struct side *side; /* owned by the caller */
    struct step step;  /* the current step */
    struct place next; /* where the next step begins */
    bool whole;        /* the current step is complete */
    bool stranger;     /* the side is not a SEC */
    bool ended;        /* the side has said how it ended */
    struct bytes by;   /* owned; file of the rule whose effect is next */
    uint64_t by_line;
    bool printing; /* something has been printed, and more of it may come: it is no item yet */
    struct buf print_target, print;
    struct bytes print_by; /* owned */
    uint64_t print_line;
    struct buf notes;         /* what it has noted, a line each */
    struct buf lacks;         /* what the other side does not know, a line each */
    struct rule_count *rules; /* owned; Secant's, at the end */
    size_t rule_count, rule_room;
    struct refusal
        *refusals; /* owned; without an order; after so many the last one counts others */
    size_t refusal_count, refusal_room;
};

/* Reads what is there, up to the end of the current step; returns true if that is complete and not
 * empty. */
bool reader_look(struct reader *reader);
/* Drops the current step. */
void reader_drop(struct reader *reader);
void reader_free(struct reader *reader);

/* Returns less than 0, more than 0, or 0. */
int compare_places(const struct place *a, const struct place *b);
static inline struct bytes heard_words(const struct step *step, const struct heard *heard)
{
    return bytes_slice(buf_bytes(&step->text), heard->from, heard->to);
}

#endif
