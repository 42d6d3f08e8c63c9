/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a brief telling, shared by the brief*.c files, and for them only. */
#ifndef SECANT_EXPLAIN_BRIEF_H
#define SECANT_EXPLAIN_BRIEF_H

#include "explain/tell.h"

struct telling {
    struct engine *engine;
    bool nearest; /* they are looked for */
    explain_say *say;
    void *arg;
    struct buf text, key, rule, about, field; /* of the sentence */
    struct explain_sentence sentence;
    unsigned depth; /* of events that make events */
};

/* brief_say.c: a sentence is begun, gets its pieces and is said. */
void brief_begin(struct telling *t, const struct rule *rule); /* NULL: no rule's */
void brief_begin_plain(struct telling *t);
void brief_say(struct telling *t);
void brief_put(struct telling *t, struct bytes text);
void brief_put_shown(struct telling *t, struct bytes text); /* nothing in it moves the cursor */
void brief_put_quoted(struct telling *t, struct bytes text);
void brief_put_gist(struct telling *t, const char *gist);
void brief_put_name(struct telling *t, const struct rule *rule); /* "ssh.sec:3" */
/* With its type; the sentence is this rule's. */
void brief_put_rule(struct telling *t, const struct rule *rule);
/* What may be another one each time. */
void brief_put_number(struct telling *t, int64_t number, enum explain_span_kind kind);
void brief_put_word(struct telling *t, struct bytes word);
void brief_put_time(struct telling *t, int64_t second, int64_t now);
void brief_put_end(struct telling *t, const struct deed *deed, int64_t now); /* NULL is allowed */
void brief_set_about(struct telling *t, const char *what, struct bytes name);
/* The rule's field is what decides it, if it has it and that is short: part 1 has "thresh2". */
void brief_add_field(struct telling *t, const struct rule *rule, const char *name, size_t part);

/* brief_deeds.c */
void brief_tell_deeds(struct telling *t, const struct decision *decision, const struct deed *deed,
                      int64_t now);
/* Has the verdict said it already, or the deed before it? */
bool brief_is_told(const struct decision *decision, const struct deed *deed,
                   const struct deed *before);

/* brief_verdict.c */
void brief_tell_verdict(struct telling *t, const struct decision *decision, int64_t now);
/* taken: a rule matched the line. */
void brief_tell_no_entry(struct telling *t, const struct decision *decision, bool taken);
void brief_tell_context(struct telling *t, const struct decision *decision);

/* brief_near.c: has a rule taken the line, or would have but for its context; that no rule matched,
 * and which one nearly did. */
bool brief_is_taken(const struct story_line *line);
void brief_tell_rest(struct telling *t, const struct story_line *line);

/* brief.c */
void brief_tell_line(struct telling *t, const struct story_line *line);

#endif
