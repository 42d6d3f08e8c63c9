/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visits everything in a rule, for code that looks for one kind of thing everywhere. */
#ifndef SECANT_LANG_VISIT_H
#define SECANT_LANG_VISIT_H

#include "lang/ruleset.h"

/* Where a piece is. */
struct visit_spot {
    const struct rule *rule;
    const struct field *field;      /* of the rule's type */
    size_t part;                    /* which pattern's; 0 where there is one, or of all */
    const struct action_list *list; /* the innermost list around; NULL: none */
    const struct action *action;    /* whose argument it is; NULL: none */
    size_t arg;                     /* which one */
    const struct expr_item *term;   /* whose text it is; NULL: none */
    bool negated;                   /* a term under an odd number of ! */
};

/* Each may be NULL. */
struct visitor {
    void *arg;
    /* Each action, before its arguments.  Nested lists come after the list that contains them. */
    void (*action)(void *arg, const struct visit_spot *spot);
    /* Each operand of a context expression. */
    void (*term)(void *arg, const struct visit_spot *spot, const struct expr_item *term);
    /* Each text that may hold variables, constant or not. */
    void (*text)(void *arg, const struct visit_spot *spot, const struct template *text);
};

/* Visits the rule field by field, in the order of its type. */
void visit_rule(const struct rule *rule, const struct visitor *visitor);
/* Visits all rules of all files, in order. */
void visit_set(const struct ruleset *set, const struct visitor *visitor);

#endif
