/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static analysis of rules: what is wrong with them, or most likely not intended.
 *
 * A check is a descriptor in a file of its own, check_NAME.c: it is called for each rule, for each
 * file or once for all of them, looks at what was loaded (lang/, and the facts of lint/facts.h) and
 * reports what it finds:
 *
 *     struct lint_finding *found = lint_tell(lint, rule, at, B("the pattern has no group "), ...);
 *     lint_hint(lint, found, B("the last one is $"), NUM(groups));
 *     lint_fix(lint, found, at, B("$2"));
 *
 * What is not exact needs a witness, a line for which it was tried: no witness, no finding.
 * All texts that findings hold are in the arena of the look, pieces of source in their files.
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
    bool of_log; /* it looks at what a log has reached, and is reported whatever its level */
    const char *summary; /* what it finds, one line without a full stop */
    /* NULL: not called.  First all rules and then the file, in their order; the set at last. */
    void (*rule)(struct lint *lint, const struct rule *rule);
    void (*file)(struct lint *lint, const struct rule_file *file);
    void (*set)(struct lint *lint);
};

/* All checks, in the order of their names; NULL ends the list. */
extern const struct lint_check *const lint_checks[];
const struct lint_check *lint_check_find(struct bytes name); /* NULL: none */
/* What a finding may be called: a check, or what loading says. */
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
    LINT_MINOR,    /* below the level that is asked for */
    LINT_SILENCED, /* a rule or a file says so */
    LINT_KNOWN,    /* the baseline has it */
    LINT_FOLDED,   /* it is in the report of another one (check/fold.h) */
    LINT_BURIED,   /* it is in a rule that no line reaches, which is reported */
};

struct lint_finding {
    const char *check;   /* its name, or that of a message of loading (lang/diag.h) */
    const char *summary; /* the check's, or of the kind of message */
    enum lint_level level;
    bool of_log; /* of a check of that kind */
    enum lint_fate fate;
    bool asked;    /* its check had to be asked for: it is reported whatever its level */
    size_t number; /* counts findings as they are made */
    const struct rule_file *file;
    const struct rule *rule; /* NULL: of no rule that was loaded */
    size_t rule_line;        /* where its rule begins, loaded or not; 0: of none */
    struct bytes at;         /* {0}: the file as a whole */
    struct range range;      /* zero for {0} */
    struct bytes text;       /* what is wrong, without a full stop */
    struct bytes upstream;   /* a message of SEC's, the whole as the log has it; else "" */
    struct bytes hint;       /* what to do about it; "": nothing */
    struct bytes witness;    /* a line that shows it; "": it is exact */
    struct bytes shows;      /* what the line shows; "" without one */
    /* Another place that belongs to it; other_file NULL: none. */
    const struct rule_file *other_file;
    struct range other;
    struct bytes other_text;
    /* What findings of a check in a file must have in common to be reported as one; "": each is
     * reported. */
    struct bytes cause;
    const struct lint_finding *alike; /* the next one that this one stands for; NULL: the last */
    size_t more;             /* loading: that many lines are as bad, and not reported one by one */
    struct lint_edit *edits; /* what would mend it, in the order of the source */
    size_t edit_count;
};

struct lint_options {
    const struct bytes *only, *off; /* names of checks */
    size_t only_count, off_count;
    const struct bytes *inputs; /* as --input has them: their contexts are there */
    size_t input_count;
    const struct settings *settings; /* lint/settings.h; NULL: none */
    enum lint_level least;           /* that is reported */
    bool every_line; /* loading: lines that are bad for one reason are reported one by one */
    bool cost;       /* checks of what is slow, not wrong, as well */
};

struct lint {
    struct engine *engine; /* its rules are loaded, nothing has run */
    const struct ruleset *set;
    const struct lint_options *options;
    struct lint_facts *facts; /* lint/facts.h */
    struct arena arena;
    const struct lint_check *check; /* at work */
    /* Of this set and those before it. */
    struct lint_finding **findings;
    size_t count, room;
    size_t first; /* of this set's findings */
    struct rule_file **files;
    size_t file_count, file_room;
    struct bytes bad_line;         /* loading: the last line that was none */
    struct lint_finding *template; /* loading: of the last file that is none of rules yet */
    struct bytes refused;          /* of this set: the text of rules that did not load */
    struct lint_buried {
        const struct rule *rule;
        const struct lint_finding *by;
    } * buried; /* of this set: rules that no line reaches (lint/buried.h) */
    size_t buried_count, buried_room;
    size_t tried; /* lines that were tried on earlier rules (lint/preconditions.h) */
    /* Sends a log through the rules, after all checks but those that look at what it has reached;
     * NULL: there is no log. */
    struct reached *(*play)(void *arg, struct lint *lint);
    void *play_arg;
    struct reached *reached; /* lint/reached.h; owned; NULL: no log has gone through */
};

/* A finding of the present check, with the joined parts as its text.  rule: NULL if it is of none;
 * at: a piece of a source, that of the rule's file or else of `file`; {0}: the whole file. */
#define lint_tell(lint, rule, at, ...)                                                             \
    lint_tell_parts(lint, rule, at, (const struct bytes[]){__VA_ARGS__},                           \
                    sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
struct lint_finding *lint_tell_parts(struct lint *lint, const struct rule *rule, struct bytes at,
                                     const struct bytes *parts, size_t count);
/* A finding without a check or a text yet. */
struct lint_finding *lint_add(struct lint *lint, const struct rule_file *file);
struct lint_finding *lint_tell_file(struct lint *lint, const struct rule_file *file,
                                    struct bytes at, struct bytes text);
#define lint_hint(lint, finding, ...) ((finding)->hint = arena_cat(&(lint)->arena, __VA_ARGS__))
/* The hint asks whether this was meant; false: `nearest` is empty, and there is no hint. */
bool lint_hint_nearest(struct lint *lint, struct lint_finding *finding, struct bytes nearest);
/* shows: "matches both patterns" */
void lint_witness(struct lint *lint, struct lint_finding *finding, struct bytes line,
                  struct bytes shows);
void lint_other(struct lint *lint, struct lint_finding *finding, const struct rule_file *file,
                struct bytes at, struct bytes text);
/* One more edit; `at` is in the source of the finding's file, after those before it. */
void lint_fix(struct lint *lint, struct lint_finding *finding, struct bytes at, struct bytes text);

/* Is the check (or the kind of message) wanted, and can it be answered without a log? */
bool lint_wanted(const struct lint *lint, struct bytes check);

/* -- The course of it -- */

void lint_init(struct lint *lint, const struct lint_options *options);
void lint_free(struct lint *lint);
/* Before the rules of a set are loaded. */
void lint_begin(struct lint *lint, struct engine *engine);
/* After that: all checks, and what silences them; the set's findings are sorted by file and place.
 * They outlive the engine, as do the files. */
void lint_look(struct lint *lint);

#endif
