/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about rule files: each has a code, a place and a text, and goes to a listener, by
 * default the log. */
#ifndef SECANT_LANG_DIAG_H
#define SECANT_LANG_DIAG_H

#include "lang/ruleset.h"

enum severity {
    SEVERITY_ADVICE, /* what upstream does not say */
    SEVERITY_WARNING,
    SEVERITY_ERROR, /* the rule is skipped */
};

/* A message that fits none of these needs a new code and an entry in the table of diag.c. */
enum diag_code {
    DIAG_FILE_UNREADABLE,
    DIAG_NO_RULES,
    DIAG_BYTE_ORDER_MARK,
    DIAG_INVISIBLE_CHARACTER,
    DIAG_LINE_FORM,
    DIAG_KEYWORD_TWICE,
    DIAG_RULES_JOINED,
    DIAG_KEYWORD_MISSING,
    DIAG_KEYWORD_UNKNOWN,
    DIAG_RULE_TYPE,
    DIAG_FIELD_VALUE,
    DIAG_TIME,
    DIAG_OPTION_VALUE,
    DIAG_PATTERN_TYPE,
    DIAG_PATTERN_LINES,
    DIAG_PATTERN,
    DIAG_VARMAP,
    DIAG_VARMAP_UNUSED,
    DIAG_CONTEXT,
    DIAG_ACTION_LIST,
    DIAG_ACTION,
    DIAG_ACTION_EMPTY,
    DIAG_VARIABLE_NAME,
    DIAG_PERL_CODE,
    DIAG_LABEL_UNKNOWN,
    DIAG_LABEL_BACKWARD,
    DIAG_HIDDEN_VARIABLE,
    DIAG_STATE_COMMENT,
};

/* What a code means. */
struct diag_kind {
    const char *name; /* stable: "field-value" */
    enum severity severity;
    const char *summary;
};
const struct diag_kind *diag_kind(enum diag_code code); /* NULL: no code */

/* Valid until the listener returns; `file` and `at` are valid as long as the rule file exists. */
struct finding {
    const struct rule_file *file;
    struct bytes at;    /* part of the file's source; {0}: the file as a whole */
    struct range range; /* where that is; zero for {0} */
    size_t rule_line;   /* where its rule begins; 0: it belongs to no rule */
    enum diag_code code;
    struct bytes place; /* what the log has before the text: "Rule in FILE at line 5: " */
    struct bytes text;
};

/* Where a message belongs. */
struct diag {
    const struct parse_env *env;
    const struct rule_file *file;
    size_t line; /* where its rule begins; 0: it belongs to no rule */
};

#define NOWHERE ((struct bytes){0})

/* Reports "Rule in FILE at line N: <parts>"; at: the part of the file's source that is meant. */
#define diag_rule(diag, code, at, ...)                                                             \
    diag_rule_parts(diag, code, at, (const struct bytes[]){__VA_ARGS__},                           \
                    sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void diag_rule_parts(const struct diag *diag, enum diag_code code, struct bytes at,
                     const struct bytes *parts, size_t count);
/* Reports "<place><parts>". */
#define diag_place(diag, code, at, place, ...)                                                     \
    diag_place_parts(diag, code, at, place, (const struct bytes[]){__VA_ARGS__},                   \
                     sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void diag_place_parts(const struct diag *diag, enum diag_code code, struct bytes at,
                      struct bytes place, const struct bytes *parts, size_t count);
/* Does anybody listen to messages of this code? */
bool diag_wanted(const struct parse_env *env, enum diag_code code);

/* Writes the message to the log, as is done when env->on_finding is NULL. */
void diag_to_log(struct log *log, const struct finding *finding);

#endif
