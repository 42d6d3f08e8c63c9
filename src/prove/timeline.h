/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that was heard while a test ran, in order; and what the lines met on their way.
 *
 * All texts are copies and belong to the timeline. */
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
    struct bytes rule; /* whose action it was: "ssh.sec:3"; "" if none; before it those that
                          made its event, if that is known: "ssh.sec:3 > alerts.sec:9" */
    int64_t passage;   /* during which it happened; NO_PASSAGE: before the first one */
    bool effect;       /* something that reaches out: one of those `nothing else` asks for */
    int64_t taken;     /* the step whose expectation took it, or TAKEN_BY_NONE */
};

/* A line on its way, and what rules made of it; or what time alone has done. */
struct passage {
    int64_t second;
    int64_t step;
    struct bytes text; /* idle: "" */
    size_t head;       /* so much of it tells the time */
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
    struct table told; /* by what a passage says, which one has said it last */
    int64_t step;      /* that runs */
    const struct clock *clock;
    struct buf output; /* of standard output, what has no newline yet */
    struct bytes output_rule;
    struct bytes origins; /* the rules that made the event in process: "ssh.sec:3 > "; "": none */
};

/* Have they the same text, but for its time? */
bool passages_alike(const struct passage *a, const struct passage *b);

void timeline_begin(struct timeline *timeline);
void timeline_free(struct timeline *timeline);

/* What is heard; clock must be set. */
void timeline_effect(struct timeline *timeline, const struct effect *effect);
void timeline_message(struct timeline *timeline, struct bytes text);
void timeline_record(struct timeline *timeline, const struct record *record);
/* The same of somebody who has no records: "ssh.sec:3", its desc; what the event is. */
void timeline_rule(struct timeline *timeline, struct bytes name, struct bytes desc);
void timeline_event(struct timeline *timeline, struct bytes text);
/* A line comes, `head` bytes of it are its time; and what is said of it, one sentence after
 * another. */
void timeline_line(struct timeline *timeline, struct bytes text, size_t head);
void timeline_say(struct timeline *timeline, const struct explain_sentence *sentence);
/* Of the last line all has been said but for the nearest rules.  If an earlier line with the same
 * text has the same to say, they are taken over from it; false: there is none, and what has been
 * said is taken back. */
bool timeline_say_again(struct timeline *timeline);
/* No line, but time; at its end it is forgotten if there was nothing to be said. */
void timeline_idle(struct timeline *timeline);
void timeline_idle_end(struct timeline *timeline);
/* Rules whose actions made the event in process, the newest first. */
void timeline_origins(struct timeline *timeline, const struct rule *const *rules, size_t count);
/* The step has ended: what standard output has got of a line is one now. */
void timeline_settle(struct timeline *timeline);

/* "+10s", since `start`. */
void timeline_add_when(struct buf *out, int64_t second, int64_t start);
/* "write /var/log/alerts: text": one line. */
void timeline_add_happening(struct buf *out, const struct happening *happening);
/* "write", "run": the word of the language. */
struct bytes subject_word(enum test_subject subject);

#endif
