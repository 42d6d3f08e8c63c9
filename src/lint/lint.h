/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static analysis of rules: what is wrong with them, or most likely not intended.
 *
 * A check is a descriptor in a file of its own, check_NAME.c.  It is called for each rule, for each
 * file or once for all of them, looks at what was loaded (lang/, and the facts of lint/facts.h) and
 * reports what it finds:
 *
 *     struct lint_finding *found = lint_tell(lint, rule, at, B("the pattern has no group "), ...);
 *     lint_hint(lint, found, B("the last one is $"), NUM(groups));
 *     lint_fix(lint, found, at, B("$2"));
 *
 * A finding that is not exact needs a witness, a line with which it was tried: no witness, no
 * finding.  All texts of findings are in the arena of struct lint, pieces of source in their files.
 */
#ifndef SECANT_LINT_LINT_H
#define SECANT_LINT_LINT_H

#include "lang/diag.h"
#include "lang/source.h"
#include "state/engine.h"

enum lint_level { LINT_NOTE, LINT_WARNING, LINT_ERROR };

struct lint;

struct lint_check {
    const char *name; /* "no-such-group": what silences it, and its anchor on the manual page */
    enum lint_level level;
    bool of_log;         /* it looks at what a log has reached, and is reported at any level */
    const char *summary; /* what it finds, one line without a full stop */
    /* NULL: not called.  First for all rules of a file in order, then the file; last the set. */
    void (*rule)(struct lint *lint, const struct rule *rule);
    void (*file)(struct lint *lint, const struct rule_file *file);
    void (*set)(struct lint *lint);
};

/* All checks, in the order of their names; NULL ends the list. */
extern const struct lint_check *const lint_checks[];
const struct lint_check *lint_check_find(struct bytes name); /* NULL: none */
/* What the name of a finding is: that of a check, or of a message of loading. */
enum lint_name { LINT_NAME_NONE, LINT_NAME_CHECK, LINT_NAME_WARNING, LINT_NAME_ERROR };
enum lint_name lint_name_find(struct bytes name);
/* The name that was most likely meant, of those that can be turned off; "": none. */
struct bytes lint_name_nearest(struct bytes name);

/* A piece of source and what replaces it; an empty piece: the text is inserted there. */
struct lint_edit {
    struct bytes at, text;
};

/* Why a finding is not reported. */
enum lint_fate {
    LINT_TOLD,
    LINT_MINOR,    /* it is below the wanted level */
    LINT_SILENCED, /* a rule or a file says so */
    LINT_KNOWN,    /* it is in the baseline */
    LINT_FOLDED,   /* it is reported together with another one (check/fold.h) */
    LINT_BURIED,   /* it is in a rule that no line reaches, which is reported */
};

struct lint_finding {
    const char *check;   /* its name, or that of a message of loading (lang/diag.h) */
    const char *summary; /* that of the check, or of the kind of message */
    enum lint_level level;
    bool of_log; /* as in its check */
    enum lint_fate fate;
    bool asked;    /* its check was asked for, so it is reported at any level */
    size_t number; /* in the order in which findings are made */
    const struct rule_file *file;
    const struct rule *rule; /* NULL: not in a rule that was loaded */
    size_t rule_line;        /* where its rule begins, loaded or not; 0: not in a rule */
    struct bytes at;         /* {0}: the file as a whole */
    struct range range;      /* zero for {0} */
    struct bytes text;       /* what is wrong, without a full stop */
    struct bytes upstream;   /* SEC's message, in full as in the log; "": none */
    struct bytes hint;       /* what to do about it; "": nothing */
    struct bytes witness;    /* a line that shows it; "": none, as the finding is exact */
    struct bytes shows;      /* what the line shows; "" without a line */
    /* Another place that belongs to it; other_file NULL: none. */
    const struct rule_file *other_file;
    struct range other;
    struct bytes other_text;
    /* What findings of a check in a file must have in common to be reported as one; "": each is
     * reported. */
    struct bytes cause;
    const struct lint_finding *alike; /* the next one that this one stands for, or NULL */
    size_t more;             /* loading: how many more lines are as bad, but not reported */
    struct lint_edit *edits; /* what would fix it, in the order of the source */
    size_t edit_count;
};

struct lint_options {
    const struct bytes *only, *off; /* names of checks */
    size_t only_count, off_count;
    const struct bytes *inputs; /* as for --input: their contexts exist */
    size_t input_count;
    const struct settings *settings; /* lint/settings.h; NULL: none */
    enum lint_level least;           /* the lowest level that is reported */
    bool every_line; /* loading: report lines one by one that are bad for the same reason */
    bool cost;       /* include checks for what is slow, not wrong */
};

struct lint {
    struct engine *engine; /* its rules are loaded, but nothing has run */
    const struct ruleset *set;
    const struct lint_options *options;
    struct lint_facts *facts; /* lint/facts.h */
    struct arena arena;
    const struct lint_check *check; /* the one that is running */
    /* Of this set and the ones before it. */
    struct lint_finding **findings;
    size_t count, room;
    size_t first; /* of this set's findings */
    struct rule_file **files;
    size_t file_count, file_room;
    struct bytes bad_line;         /* loading: the last line that is not keyword=value */
    struct lint_finding *template; /* loading: of the last file, while it has no rules */
    struct bytes refused;          /* of this set: the text of rules that did not load */
    struct lint_buried {
        const struct rule *rule;
        const struct lint_finding *by;
    } * buried; /* of this set: rules that no line reaches (lint/buried.h) */
    size_t buried_count, buried_room;
    size_t tried; /* lines that were tried on earlier rules (lint/preconditions.h) */
    /* Runs a log through the rules, after all checks except those that look at what it has reached;
     * NULL: there is no log. */
    struct reached *(*play)(void *arg, struct lint *lint);
    void *play_arg;
    struct reached *reached; /* lint/reached.h; owned; NULL: no log has gone through */
};

/* Adds a finding of the running check, with the joined parts as its text.  rule: may be NULL; at: a
 * piece of the source of the rule's file, or of `file`; {0}: the whole file. */
#define lint_tell(lint, rule, at, ...)                                                             \
    lint_tell_parts(lint, rule, at, (const struct bytes[]){__VA_ARGS__},                           \
                    sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
struct lint_finding *lint_tell_parts(struct lint *lint, const struct rule *rule, struct bytes at,
                                     const struct bytes *parts, size_t count);
/* Adds a finding that has neither check nor text yet. */
struct lint_finding *lint_add(struct lint *lint, const struct rule_file *file);
struct lint_finding *lint_tell_file(struct lint *lint, const struct rule_file *file,
                                    struct bytes at, struct bytes text);
#define lint_hint(lint, finding, ...) ((finding)->hint = arena_cat(&(lint)->arena, __VA_ARGS__))
/* Makes the hint ask whether this was meant; returns false, without a hint, if `nearest` is
 * empty. */
bool lint_hint_nearest(struct lint *lint, struct lint_finding *finding, struct bytes nearest);
/* shows: "matches both patterns" */
void lint_witness(struct lint *lint, struct lint_finding *finding, struct bytes line,
                  struct bytes shows);
void lint_other(struct lint *lint, struct lint_finding *finding, const struct rule_file *file,
                struct bytes at, struct bytes text);
/* Adds an edit; `at` is in the source of the finding's file, after the earlier edits. */
void lint_fix(struct lint *lint, struct lint_finding *finding, struct bytes at, struct bytes text);

/* Is the check (or the kind of message) wanted, and can it be answered without a log? */
bool lint_wanted(const struct lint *lint, struct bytes check);

/* -- The course of it -- */

void lint_init(struct lint *lint, const struct lint_options *options);
void lint_free(struct lint *lint);
/* To be called before the rules of a set are loaded. */
void lint_begin(struct lint *lint, struct engine *engine);
/* To be called after that: runs all checks, applies what silences them, and sorts the findings of
 * the set by file and place.  Findings and files outlive the engine. */
void lint_look(struct lint *lint);

#endif
