/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells stories to people or programs. */
#ifndef SECANT_EXPLAIN_TELL_H
#define SECANT_EXPLAIN_TELL_H

#include "explain/story.h"

/* A part of a sentence that may differ each time while all else repeats. */
enum explain_span_kind {
    EXPLAIN_COUNT,  /* how many of those that a threshold wants have come */
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
    EXPLAIN_MISSED,  /* why a rule whose pattern matches did not act, or an action did nothing */
    EXPLAIN_UNTAKEN, /* no rule matched */
    EXPLAIN_NEAREST, /* a rule that nearly matched, or would have */
};

enum { EXPLAIN_SPANS = 6 };
#define EXPLAIN_VALUES "values"         /* for `about` */
#define EXPLAIN_BEGAN "began"           /* for `gist`: an operation began */
#define EXPLAIN_COUNTED "counted"       /* an operation counted the line, and wants more */
#define EXPLAIN_SUPPRESSED "suppressed" /* an operation suppresses the line */

/* One sentence of a brief telling, without a newline; valid until the callback returns. */
struct explain_sentence {
    enum explain_kind kind;
    unsigned depth; /* 0: of the line; 1: of an event that it made, and so on; text is indented */
    struct bytes rule; /* the rule: "ssh.sec:3"; "": none */
    struct bytes gist; /* what became of it or was done, in a word: "counted", "write" */
    struct bytes text;
    struct bytes key;   /* the text with '#' in place of each span */
    struct bytes about; /* what it touched: "context C", "operation O"; EXPLAIN_VALUES: only
                           variables and the like; "": none of these */
    struct bytes field; /* the field of the rule that decided it: "thresh=6"; "": not known, or
                           too long */
    struct bytes mark;  /* NEAREST: the line and a mark below it, each with its newline */
    size_t span_count;
    struct explain_span spans[EXPLAIN_SPANS]; /* in their order */
};

typedef void explain_say(void *arg, const struct explain_sentence *sentence);

/* Tells the story of a line in few sentences, for a trace: which rules matched and what came of it
 *     "ssh.sec:3 SingleWithThreshold: counted by "failures of root": 3 of 5, ends at 08:01:00"
 * which ones lacked only their context or a cached match, and the nearest of the other rules if
 * that is informative; the stories of events that it made are indented.  Without `nearest` the
 * nearest rule is not looked for, which takes long, as near_find does.  To be called while the
 * rules are there, before another line comes. */
void explain_tell_brief(struct engine *engine, const struct story_line *line, bool nearest,
                        explain_say *hear, void *arg);

/* Which rules that did not fire are told: those that nearly did; all; or all, with all values. */
enum tell_depth { TELL_NEAR, TELL_RULES, TELL_VALUES };

/* Appends the whole story of the last line that came, with its events and the rules that did not
 * fire.  To be called before another line comes. */
void explain_tell(struct engine *engine, const struct story_line *line, enum tell_depth depth,
                  struct buf *out);
/* The same in full as JSON, one object a line; secant-explain(1) describes its members. */
void explain_tell_json(struct engine *engine, const struct story_line *line, struct buf *out);

#endif
