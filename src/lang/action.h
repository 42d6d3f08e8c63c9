/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actions: what an action is (struct action_type), and action lists as parsed.
 *
 * A new action needs one struct action_type; the parser, the dump and the documentation check take
 * its name and parameters from there.
 */
#ifndef SECANT_LANG_ACTION_H
#define SECANT_LANG_ACTION_H

#include "lang/template.h"
#include "perl/interp.h"

struct engine;
struct scope;
struct rule;
struct rule_file;

enum param_kind {
    PARAM_END,      /* ends the list */
    PARAM_WORD,     /* \S+; outer parentheses removed; a template */
    PARAM_TEXT,     /* the rest; outer parentheses removed; a template */
    PARAM_WORDS,    /* the rest, split at white space; a list of templates */
    PARAM_QUOTED,   /* '...' (pipe): a template */
    PARAM_VARIABLE, /* %name */
    PARAM_DIGITS,   /* optional leading number (event): a number */
    PARAM_RULE,     /* [+-]number: a rule of this file */
    PARAM_ACTIONS,  /* the rest, outer parentheses removed: an action list (create, set) */
    PARAM_BLOCK,    /* ( action list ) of if and while */
    PARAM_ELSE,     /* else ( action list ) */
    PARAM_CODE,     /* [words] -> or :> code (lcall): words, code and operator */
};

struct param {
    enum param_kind kind;
    const char *what;     /* for "Empty <what> given for <name> action"; NULL: may be empty */
    bool optional;        /* may be missing */
    const char *fallback; /* text when missing or empty: "%s", "0", "-"; NULL: "" */
    bool and_first;       /* after the fallback comes the text of the first parameter */
};

enum flow { FLOW_BREAK = -1, FLOW_CONTINUE = 0, FLOW_NEXT = 1 };

#define ACTION_PARAMS 4

struct action;

/* What user code calls a rule type or an action, and its number in SEC's data (%main::corr_list,
 * saved action lists).  Those that SEC does not have get no name (NULL) and a unique number from
 * 1000 on, which t/unit/check_types.c checks. */
struct constant {
    const char *name;
    int number;
};

struct action_type {
    const char *name; /* lower case */
    struct constant constant;
    struct param params[ACTION_PARAMS + 1];
    enum flow (*run)(struct engine *engine, const struct action *action, const struct scope *scope);
    /* Instead of run, for actions that hold action lists: returns the one to run now, or NULL. */
    const struct action_list *(*enter)(struct engine *engine, const struct action *action);
    bool loops; /* enter is called again at the end of the list */
};

struct arg {
    struct bytes source;         /* where it is in the rule file; CODE: its code; else {0} */
    const struct template *text; /* WORD, TEXT, QUOTED */
    const struct template *const *words; /* WORDS, CODE */
    size_t count;                        /* of words */
    struct bytes name;                   /* VARIABLE: without %; empty when optional and missing */
    uint32_t variable;                   /* VARIABLE: names id */
    bool given;                     /* RULE: false when missing (reset: all rules of the file) */
    bool cache_entries;             /* CODE: the operator is :> */
    int64_t number;                 /* DIGITS; RULE: index of the rule, may be out of range */
    const struct action_list *list; /* ACTIONS, BLOCK, ELSE; never NULL, may be empty */
    struct perl_value *code;        /* CODE; the rule file's */
};

struct action {
    const struct action_type *type;
    struct bytes source;              /* all of it in the rule file; {0}: it comes from Perl */
    const struct action_list *within; /* the list it is in: its file, its keys */
    struct arg args[];                /* parallel to type->params */
};

/* Allocates an action whose arguments are all zero. */
struct action *action_new(struct arena *arena, const struct action_type *type,
                          const struct action_list *within);

struct action_list {
    size_t count;
    struct action **actions;
    struct rule_file *file;      /* owns its memory; whoever keeps a list must retain the file */
    const struct var_keys *keys; /* of its rule */
    const struct rule *rule;     /* NULL: user code made the list */
    const uint32_t *uses;        /* indices of the keys used in it and in lists inside it */
    size_t use_count;
    bool reads_cache; /* some key is KEY_CACHE: values are taken before it runs */
};

/* Prints the list as upstream's dumps do ("write - %s; "), with variables unexpanded.  If scope is
 * not NULL, match variables are replaced by its values, as in a list kept by an operation. */
void action_list_print(const struct action_list *list, struct engine *engine,
                       const struct scope *scope, struct buf *out);
/* The same with a mark before each text of an action, so that the output can be parsed. */
void action_list_print_marked(const struct action_list *list, struct engine *engine,
                              const struct scope *scope, struct bytes mark, struct buf *out);

#endif
