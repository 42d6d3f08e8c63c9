/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of `secant migrate import` share: the dump, the engine with the rules, the state
 * that is being made of both, and what there is to tell. */
#ifndef SECANT_IMPORT_IMPORTING_H
#define SECANT_IMPORT_IMPORTING_H

#include "base/json_values.h"
#include "import/pieces.h"
#include "store/places.h"

/* What is known of a name that a rule makes: how it begins and ends. */
struct name_form {
    struct bytes begin, end;
};

/* An action list of the rules that a context may have been given. */
struct candidate {
    const struct rule *rule;
    struct given_list given;
    int64_t number;  /* among those of its rule */
    bool may_vanish; /* the name that the context was given with it may have been taken away */
};

struct importing {
    struct engine *engine;
    json_t *dump;
    json_t *state;
    struct fields fields; /* its arena is emptied after each thing */
    struct arena arena;   /* to the end */
    struct candidate *candidates;
    size_t candidate_count;
    struct name_form *unaliased; /* names that actions take from contexts */
    size_t unaliased_count;
    bool trims;           /* some action goes by the times of stored lines */
    struct buf of_code;   /* variables that code in actions sets: a newline before and after each */
    bool knows_variables; /* code names the table of all variables */
    int64_t second;       /* of the dump */
    struct bytes release; /* of the SEC: "2.9.4" */
    struct buf errors;    /* of the dump: a line each */
    struct buf missing;   /* a line for each thing that could not be taken over, or not all of it */
    struct buf made_good; /* a line for each thing that the dump lacks and that is certain */
    struct {
        size_t there, taken;
    } contexts, operations, inputs;
    bool asleep; /* SEC was: it had read nothing that it had not processed, but part of a line */
    size_t lines, events, variables, matches;
};

/* A line "PLACE: TEXT". */
#define import_tell(out, place, ...)                                                               \
    (buf_cat((out), B("  "), (place), B(": ")), buf_cat((out), __VA_ARGS__),                       \
     buf_add((out), B("\n")))

/* All lists that rules give to contexts, and what else of the rules matters to them. */
void import_candidates(struct importing *import);
/* Each takes over its part of the dump. */
void import_contexts(struct importing *import);
void import_operations(struct importing *import);
void import_windows(struct importing *import);
void import_rules(struct importing *import); /* matches, and Calendar rules that have acted */
void import_variables(struct importing *import);
void import_events(struct importing *import);
void import_processes(struct importing *import); /* what cannot be */
void import_inputs(struct importing *import);
void import_code(struct importing *import); /* what of Perl's is lost */

/* What a text of actions reads: is it %s? */
bool import_reads_s(struct bytes text);

#endif
