/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of all files of a set create and use by name: contexts, variables, entries of the
 * match cache, file sets.  They are collected in one pass over the rules; names that contain
 * variables are wildcards (lint/wildcard.h). */
#ifndef SECANT_LINT_FACTS_H
#define SECANT_LINT_FACTS_H

#include "lang/visit.h"
#include "lint/lint.h"
#include "lint/wildcard.h"

enum fact_kind {
    FACT_CONTEXT_MADE,  /* by create, add, prepend, fill, as an alias, or by rem=events: */
    FACT_CONTEXT_ASKED, /* by terms of expressions, and by actions on existing contexts */
    FACT_CACHE_MADE,    /* by variable maps */
    FACT_CACHE_ASKED,   /* by Cached patterns, $:{entry:name}, varset and :> */
    FACT_CACHE_PASSED,  /* to code, by :>, which may add to them */
    FACT_VARIABLE_SET,
    FACT_VARIABLE_READ, /* in texts, and by if, while and call; not those that are predefined */
    FACT_SET_ENTERED,   /* by Jump rules */
    FACT_EVENT_MADE,    /* by event, tevent and cevent: its text */
    FACT_KINDS
};

/* One place where a name is used. */
struct fact {
    struct wildcard name;
    struct bytes text; /* as it is written in the rule */
    struct bytes at;   /* its place in the source; {0}: none, as it is a default */
    struct visit_spot spot;
    const struct fact *same; /* the next fact of this kind with this known name, or NULL */
};

struct fact_list {
    struct fact *items; /* in the order of the rules */
    size_t count, room;
};

struct lint_facts;

/* Collects the facts of the rules that the engine has loaded; the options give the inputs, and so
 * their contexts. */
struct lint_facts *facts_new(struct engine *engine, const struct lint_options *options);
void facts_free(struct lint_facts *facts); /* NULL is allowed */

const struct fact_list *facts_of(const struct lint_facts *facts, enum fact_kind kind);
/* Can anything of the kind have this name?  Contexts of inputs and of the program count as made. */
bool facts_have(const struct lint_facts *facts, enum fact_kind kind, const struct wildcard *name);
/* The index of the first fact of this rule or a later one; the count of the list if there is
 * none. */
size_t facts_begin(const struct fact_list *list, const struct rule *rule);
/* Returns the first fact with this known name, from which `same` leads to the others, or NULL. */
const struct fact *facts_first(const struct lint_facts *facts, enum fact_kind kind,
                               struct bytes name);
/* The known name of that kind that was most likely meant; empty: none. */
struct bytes facts_nearest(struct lint_facts *facts, enum fact_kind kind, struct bytes name);
/* The same for a name that may contain variables; names in the rule of the fact are preferred. */
struct bytes facts_nearest_to(struct lint_facts *facts, enum fact_kind kind,
                              const struct fact *fact);
/* Does code in the rules use this word, such as "context_list", or load files that may?  Such code
 * creates things on its own. */
bool facts_code_may_use(struct lint_facts *facts, struct bytes word); /* a literal */
/* The same without files that may be loaded. */
bool facts_code_has(const struct lint_facts *facts, struct bytes word);
/* Were inputs given, so that their contexts are known? */
bool facts_inputs_known(const struct lint_facts *facts);
/* Is it a variable that exists without a rule, such as %s, %t, %u, %.mday?  variable: its ID among
 * the names. */
bool facts_predefined(const struct lint_facts *facts, uint32_t variable);

#endif
