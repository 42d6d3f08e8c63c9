/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context expressions as parsed: operands and operators in upstream's postfix order, which
 * determines how it evaluates "a && b || c && d" (state/condition.c). */
#ifndef SECANT_LANG_CONTEXT_EXPR_H
#define SECANT_LANG_CONTEXT_EXPR_H

#include "lang/template.h"
#include "perl/interp.h"

enum expr_op {
    EXPR_OPERAND, /* a context name */
    EXPR_NOT,
    EXPR_AND,
    EXPR_OR,
    EXPR_GROUP,  /* ( ... ) */
    EXPR_CODE,   /* =( code ) */
    EXPR_CALL,   /* words -> code */
    EXPR_CALL2,  /* words :> code */
    EXPR_VARSET, /* varset name */
};

struct expr_item {
    enum expr_op op;
    struct bytes source;      /* where it is in the rule file: the operator, or the whole operand */
    struct bytes code_source; /* CALL, CALL2: its code */
    const struct template *text;         /* OPERAND, CODE, VARSET */
    const struct template *const *words; /* CALL, CALL2 */
    size_t count;
    struct perl_value *code;          /* CALL, CALL2; the rule file's */
    const struct context_expr *group; /* GROUP */
};

struct context_expr {
    size_t count;
    struct expr_item *items;
    const uint32_t *uses; /* keys used, as in struct action_list */
    size_t use_count;
    bool reads_cache;
    bool may_act; /* evaluation may run Perl: such a []-expression is always looked at */
};

#endif
