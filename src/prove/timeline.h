/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that happened while a test ran, in order, and what became of the lines.
 *
 * All texts are copies owned by the timeline. */
#ifndef SECANT_PROVE_TIMELINE_H
#define SECANT_PROVE_TIMELINE_H

#include "base/arena.h"
#include "base/table.h"
#include "effect/effect.h"
#include "explain/tell.h"
#include "observe/observer.h"
#include "prove/sectest.h"

enum { NO_STEP = -1, TAKEN_BY_NONE = -1, NO_PASSAGE = -1 };

struct happening {
    int64_t second;
    int64_t step; /* of the test; NO_STEP: before the first one */
    enum test_subject subject;
    struct bytes name; /* FILE, PEER, FUNCTION, SIGNAL, the rule as "ssh.sec:3" */
    struct bytes text; /* or COMMAND, the rule's desc */
    struct bytes fed;  /* PIPE */
    struct bytes rule; /* the rule whose action it was: "ssh.sec:3"; "" if none; preceded by
                          those that made its event, if known: "ssh.sec:3 > alerts.sec:9" */
    int64_t passage;   /* during which it happened; NO_PASSAGE: before the first one */
    bool effect;       /* it has an effect outside: `nothing else` is about those */
    int64_t taken;     /* the step whose expectation took it, or TAKEN_BY_NONE */
};

/* A line and what rules made of it; or what the passing of time has done. */
struct passage {
    int64_t second;
    int64_t step;
    struct bytes text; /* idle: "" */
    size_t head;       /* how many bytes of it are its time */
    bool idle;
    struct explain_sentence *said; /* owned */
    size_t said_count, said_room;
};

struct timeline {
    struct arena arena;
    struct happening *items; /* owned */
    size_t count, room;
    struct passage *passages; /* owned; their texts lie in the arena */
    size_t passage_count, passage_room;
    struct table told; /* the last passage for each text that passages say */
    int64_t step;      /* the present one */
    const struct clock *clock;
    struct buf output; /* the part of standard output that has no newline yet */
    struct bytes output_rule;
    struct bytes origins; /* the rules that made the present event: "ssh.sec:3 > "; "": none */
};

/* Do they have the same text, except for the time? */
bool passages_alike(const struct passage *a, const struct passage *b);

void timeline_begin(struct timeline *timeline);
void timeline_free(struct timeline *timeline);

/* Record what happens; clock must be set. */
void timeline_effect(struct timeline *timeline, const struct effect *effect);
void timeline_message(struct timeline *timeline, struct bytes text);
void timeline_record(struct timeline *timeline, const struct record *record);
/* The same for players without records.  name: "ssh.sec:3"; desc: of the rule; text: the event. */
void timeline_rule(struct timeline *timeline, struct bytes name, struct bytes desc);
void timeline_event(struct timeline *timeline, struct bytes text);
/* Begins the passage of a line; its first `head` bytes are its time.  Then timeline_say adds what
 * is said about it, one sentence after another. */
void timeline_line(struct timeline *timeline, struct bytes text, size_t head);
void timeline_say(struct timeline *timeline, const struct explain_sentence *sentence);
/* To be called when all has been said about the last line except the nearest rules.  If the same
 * was said about an earlier line with the same text, copies the nearest rules from that one.
 * Otherwise returns false, and what has been said is dropped. */
bool timeline_say_again(struct timeline *timeline);
/* Begin and end a passage of time without a line; it is dropped if nothing was said. */
void timeline_idle(struct timeline *timeline);
void timeline_idle_end(struct timeline *timeline);
/* Sets the rules whose actions made the event being processed, the newest first. */
void timeline_origins(struct timeline *timeline, const struct rule *const *rules, size_t count);
/* To be called at the end of a step: an unfinished line of standard output counts as a line. */
void timeline_settle(struct timeline *timeline);

/* Appends the time since `start`: "+10s". */
void timeline_add_when(struct buf *out, int64_t second, int64_t start);
/* Appends it as one line: "write /var/log/alerts: text". */
void timeline_add_happening(struct buf *out, const struct happening *happening);
/* "write", "run": the word of the language. */
struct bytes subject_word(enum test_subject subject);

#endif
