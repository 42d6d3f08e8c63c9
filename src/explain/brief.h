/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internals of the brief telling, for the brief*.c files only. */
#ifndef SECANT_EXPLAIN_BRIEF_H
#define SECANT_EXPLAIN_BRIEF_H

#include "explain/tell.h"

struct telling {
    struct engine *engine;
    bool nearest; /* look for the nearest rules */
    explain_say *say;
    void *arg;
    struct buf text, key, rule, about, field; /* texts of the sentence; owned */
    struct explain_sentence sentence;
    unsigned depth; /* how deep events that make events are nested */
};

/* brief_say.c: begin a sentence, put its pieces together, say it. */
void brief_begin(struct telling *t, const struct rule *rule); /* NULL: of no rule */
void brief_begin_plain(struct telling *t);
void brief_say(struct telling *t);
void brief_put(struct telling *t, struct bytes text);
void brief_put_shown(struct telling *t, struct bytes text); /* without control characters */
void brief_put_quoted(struct telling *t, struct bytes text);
void brief_put_gist(struct telling *t, const char *gist);
void brief_put_name(struct telling *t, const struct rule *rule); /* "ssh.sec:3" */
/* Puts the rule with its type, and makes this a sentence of the rule. */
void brief_put_rule(struct telling *t, const struct rule *rule);
/* Pieces that may differ each time, and become spans of the sentence. */
void brief_put_number(struct telling *t, int64_t number, enum explain_span_kind kind);
void brief_put_word(struct telling *t, struct bytes word);
void brief_put_time(struct telling *t, int64_t second, int64_t now);
void brief_put_end(struct telling *t, const struct deed *deed, int64_t now); /* NULL is allowed */
void brief_set_about(struct telling *t, const char *what, struct bytes name);
/* Notes that this field of the rule decided it, if the rule has the field and it is short.  Fields
 * of part 1 are the second ones, such as "thresh2". */
void brief_add_field(struct telling *t, const struct rule *rule, const char *name, size_t part);

/* brief_deeds.c */
void brief_tell_deeds(struct telling *t, const struct decision *decision, const struct deed *deed,
                      int64_t now);
/* Has the verdict, or the deed before it, told this deed already? */
bool brief_is_told(const struct decision *decision, const struct deed *deed,
                   const struct deed *before);

/* brief_verdict.c */
void brief_tell_verdict(struct telling *t, const struct decision *decision, int64_t now);
/* taken: a rule matched the line. */
void brief_tell_no_entry(struct telling *t, const struct decision *decision, bool taken);
void brief_tell_context(struct telling *t, const struct decision *decision);

/* brief_near.c */
/* Has a rule taken the line, or would have, if its context had held? */
bool brief_is_taken(const struct story_line *line);
/* Says that no rule matched, and which one nearly did. */
void brief_tell_rest(struct telling *t, const struct story_line *line);

/* brief.c */
void brief_tell_line(struct telling *t, const struct story_line *line);

#endif
