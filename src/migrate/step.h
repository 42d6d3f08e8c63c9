/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a side does, step by step: all that it says of one line in one second, or of a second
 * without a line. */
#ifndef SECANT_MIGRATE_STEP_H
#define SECANT_MIGRATE_STEP_H

#include "migrate/side.h"

/* What can be heard; those of a class have an order among themselves only. */
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
    size_t from, to;  /* in the step's text: its words, as base/words.h has them */
    size_t file, len; /* there as well: whose effect it is; len 0: nobody knows */
    uint64_t line;
};

struct place {
    uint64_t line; /* lines that were taken */
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

/* Goes through what a side says. */
struct reader {
    struct side *side; /* the caller's */
    struct step step;  /* the one at hand */
    struct place next; /* where it goes on after that */
    bool whole;        /* nothing more comes to the step at hand */
    bool stranger;     /* it is no SEC */
    bool ended;        /* it has said how it has ended */
    struct bytes by;   /* owned; whose the next effect is */
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

/* Reads what is there, up to the end of the step at hand: true: it has something, and is whole. */
bool reader_look(struct reader *reader);
/* Done with the step at hand. */
void reader_drop(struct reader *reader);
void reader_free(struct reader *reader);

/* Below, above, or 0. */
int compare_places(const struct place *a, const struct place *b);
static inline struct bytes heard_words(const struct step *step, const struct heard *heard)
{
    return bytes_slice(buf_bytes(&step->text), heard->from, heard->to);
}

#endif
