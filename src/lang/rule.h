/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules as loaded, and what a rule type is.
 *
 * Rules do not change after loading; their state is in state/rule_state.h.
 * A new rule type needs one struct rule_type; the parser and dumps take its fields from there.
 */
#ifndef SECANT_LANG_RULE_H
#define SECANT_LANG_RULE_H

#include "base/table.h"
#include "lang/action.h"
#include "lang/context_expr.h"
#include "match/pattern.h"
#include "observe/verdict.h"

struct rule;
struct rule_state;
struct rule_type;
struct operation;
struct items;

/* Minutes, hours and so on of a Calendar rule, a bit each. */
struct calendar_time {
    uint64_t minutes;  /* 0-59 */
    uint32_t hours;    /* 0-23 */
    uint32_t days;     /* 1-31; 0: the last day of the month */
    uint32_t months;   /* 0-11 */
    uint32_t weekdays; /* 0-6, Sunday is 0 */
    uint64_t years[2]; /* 0-99 */
};

enum what_next { NEXT_DONTCONT, NEXT_TAKENEXT, NEXT_GOTO, NEXT_ENDMATCH };

#define RULE_END (-1) /* part.next: end all matching of this line */

/* One pattern of a rule and what belongs to it (ptypeN, patternN, varmapN, contextN, ...). */
struct part {
    struct pattern pattern;
    struct varmap *varmap;              /* NULL: none */
    const struct context_expr *context; /* NULL: none */
    bool context_first;                 /* []: tested before the pattern */
    enum what_next what_next;
    struct bytes label; /* NEXT_GOTO, until resolved */
    int64_t next;       /* rule to continue with; the file's count: stop here; or RULE_END */
    /* EventGroup only */
    const struct action_list *count;
    int64_t threshold;
    const struct template *token; /* egtoken; NULL without egpattern */
    bool token_given;
};

struct rule {
    const struct rule_type *type;
    struct rule_file *file;
    int64_t id;        /* index in its file */
    size_t line;       /* of the rule file, where the rule begins */
    struct bytes text; /* all of it, from the first keyword to the last value; see lang/source.h */
    struct bytes own_name; /* rem=id:NAME (lang/kept.h); empty: none */
    struct var_keys keys;
    size_t part_count;
    struct part *parts; /* Pair: [1] is the second pattern; EventGroup: N */
    const struct template *desc, *desc2;
    const struct template *events; /* rem=events:, the context's name (lang/kept.h); NULL: none */
    uint32_t events_most;          /* lines */
    struct bytes desc_text;        /* for statistics; made up for Suppress and Jump */
    /* Never NULL for types that have them. */
    const struct action_list *action, *action2, *init, *slide, *end;
    const struct template *script; /* SingleWithScript, shell=yes; else: */
    const struct template *const *script_words;
    size_t script_count;
    const struct template *const *cfsets; /* Jump */
    size_t cfset_count;
    int64_t window, window2; /* seconds; 0: infinite (Pair) */
    int64_t threshold, threshold2;
    bool multact;
    bool has_group_pattern;
    struct pattern group_pattern;         /* egpattern */
    struct calendar_time *time;           /* Calendar */
    bool pattern2_open;                   /* pattern2 is a regexp with variables: pattern2_text */
    const struct template *pattern2_text; /* pattern2 as a template: regexp or substring */
};

/* Fields, for the parser, which checks them in the order of the type's list. */
enum field_kind {
    FIELD_END,
    FIELD_CONTINUE,     /* continue: TakeNext ... */
    FIELD_PATTERN,      /* ptype; read together with the pattern */
    FIELD_PATTERN_TEXT, /* the pattern of the same part */
    FIELD_VARMAP,
    FIELD_CONTEXT,
    FIELD_DESC,
    FIELD_ACTION,
    FIELD_POSITIVE,       /* 1 or more */
    FIELD_NATURAL,        /* 0 or more */
    FIELD_PART_THRESHOLD, /* EventGroup: of each pattern, 1 or more; 1 when it is missing */
    FIELD_SCRIPT,
    FIELD_SHELL,
    FIELD_TIME,
    FIELD_CFSET,
    FIELD_CONSTSET,
    FIELD_MULTACT,
    FIELD_COUNT,
    FIELD_EGTOKEN,
    FIELD_EGPTYPE,
    FIELD_EGPATTERN,
};

struct field {
    enum field_kind kind;
    const char *name;
    bool required;
    uint8_t part;     /* which pattern or which of desc/desc2, action/action2 it belongs to */
    size_t offset;    /* ACTION, POSITIVE, NATURAL: of the member of struct rule to be set */
    const char *noun; /* what messages call a number: "time window", "1st threshold" */
};

struct rule_type {
    const char *keyword; /* upper case, as in messages: "SINGLEWITHSUPPRESS" */
    const char *name;    /* as in dumps: "SingleWithSuppress" */
    struct constant constant;
    /* 0: driven by time, not by lines.  2: the second one ends what the first one began. */
    uint8_t patterns;
    bool numbered;   /* the keyword ends in a number: fields repeat for so many patterns */
    bool is_options; /* not a rule, but options of the file */
    const struct field *fields;
    /* Called when the rule's pattern `part` and its context have matched. */
    enum verdict (*matched)(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars);
    /* For two patterns: tries the second ones of the rule's live operations against the current
     * line; an operation that matches runs its second action list and ends.  Returns true if at
     * least one did. */
    bool (*matched_second)(struct engine *engine, struct rule_state *state);
    /* Called when the operation's window has ended (its timer fired).  NULL: the type has no
     * operations. */
    void (*due)(struct engine *engine, struct operation *operation);
    /* For setwpos: moves the beginning of the window forward to `time`.  Earlier events are
     * forgotten, and an operation with none left ends.  NULL: only the window moves. */
    void (*move_window)(struct engine *engine, struct operation *operation, int64_t time);
    /* Restores what the type keeps for an operation that began in another run, besides its times
     * and values.  Returns false if that is not possible; *error says why.  NULL: nothing to do. */
    bool (*resumed)(struct engine *engine, struct operation *operation, bool reached,
                    struct buf *error);
    /* What dumps show of an operation.  NULL: its first pattern, description, action and window. */
    void (*show)(struct items *items);
    bool counts_events; /* rem=events: has an effect */
    bool keeps_times;   /* user code can see and change the times of an operation's events */
    /* What introduces the events of an operation in dumps; {0}: they are not listed. */
    struct status {
        const char *text, *json;
    } counting, reached; /* before its threshold, and after */
};

/* "don't continue", "take next", "goto rule" (whose number follows), "end matching". */
const char *what_next_text(enum what_next what);

#endif
