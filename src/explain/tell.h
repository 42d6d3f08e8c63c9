/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories told to people, or to programs. */
#ifndef SECANT_EXPLAIN_TELL_H
#define SECANT_EXPLAIN_TELL_H

#include "explain/story.h"

/* A part of a sentence that is another one each time that all else repeats. */
enum explain_span_kind {
    EXPLAIN_COUNT,  /* so many of those that a threshold wants */
    EXPLAIN_NUMBER, /* any other number */
    EXPLAIN_TIME,
    EXPLAIN_WORD, /* "created", "changed" */
};

struct explain_span {
    size_t from, to; /* bytes of the text */
    enum explain_span_kind kind;
};

enum explain_kind {
    EXPLAIN_DONE,    /* what a rule did */
    EXPLAIN_WAY,     /* into which files the line went */
    EXPLAIN_MISSED,  /* a rule's pattern matches, and why it did not act, or an action not */
    EXPLAIN_UNTAKEN, /* no rule matched */
    EXPLAIN_NEAREST, /* a rule that nearly did, or would have */
};

enum { EXPLAIN_SPANS = 6 };
#define EXPLAIN_VALUES "values"         /* of `about` */
#define EXPLAIN_BEGAN "began"           /* of `gist`: an operation began */
#define EXPLAIN_COUNTED "counted"       /* one has counted the line, and wants more */
#define EXPLAIN_SUPPRESSED "suppressed" /* one suppresses the line */

/* One sentence of a brief telling, without a newline; all of it lasts until the hearer returns. */
struct explain_sentence {
    enum explain_kind kind;
    unsigned depth; /* 0: of the line; of an event that it made, 1, and so on: text is indented */
    struct bytes rule; /* whose it is: "ssh.sec:3"; "": no rule's */
    struct bytes gist; /* what became of it or was done, in a word: "counted", "write" */
    struct bytes text;
    struct bytes key;   /* the same with '#' in place of each span */
    struct bytes about; /* "context C", "operation O": what it has touched; EXPLAIN_VALUES: only
                           variables and the like; "": nothing of these */
    struct bytes field; /* what of the rule's text decided it: "thresh=6"; "": not known, or long */
    struct bytes mark;  /* NEAREST: the line and a mark below it, each with its newline */
    size_t span_count;
    struct explain_span spans[EXPLAIN_SPANS]; /* in their order */
};

typedef void explain_say(void *arg, const struct explain_sentence *sentence);

/* A line's story in few sentences, for a trace: what matched and what came of it, where only the
 * context or a cached match was missing
 *     "ssh.sec:3 SingleWithThreshold: counted by "failures of root": 3 of 5, ends at 08:01:00"
 * and the nearest of the other rules, if that says something; with the stories of the events that
 * it made, indented.  nearest: they are looked for, as by near_find, which takes long.  To
 * be called while the rules are there, before another line comes. */
void explain_tell_brief(struct engine *engine, const struct story_line *line, bool nearest,
                        explain_say *hear, void *arg);

/* How much is told: the rules that nearly fired; all; and with all values. */
enum tell_depth { TELL_NEAR, TELL_RULES, TELL_VALUES };

/* The whole story of the last line that came, with its events, and the rules that did not fire;
 * to be called before another line comes. */
void explain_tell(struct engine *engine, const struct story_line *line, enum tell_depth depth,
                  struct buf *out);
/* The same as JSON, all of it, an object in each line: secant-explain(1) has its members. */
void explain_tell_json(struct engine *engine, const struct story_line *line, struct buf *out);

#endif
