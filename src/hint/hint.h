/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for rules that do not load: what to do about a message.
 *
 * The parser says what is wrong and where, as upstream does; what was most likely meant is guessed
 * here from the text around that place.  A hint may be wrong, so it is worded as advice, and there
 * is none if nothing is likely. */
#ifndef SECANT_HINT_HINT_H
#define SECANT_HINT_HINT_H

#include "lang/rule_text.h"
#include "lint/lint.h"

/* Where a hint is wanted. */
struct hint {
    struct lint *lint;
    struct lint_finding *finding;
    const struct source *source;
    struct bytes at;
    struct bytes line;        /* the joined line with the place, without white space around it */
    struct bytes name, value; /* the line as keyword and value; empty: it has another form */
    struct bytes rule;        /* the text of the rule around the place */
    const struct rule_type *type; /* of this rule; NULL: none, or not known */
    struct bytes type_name;       /* as written in the rule; empty: it has no type */
    struct bytes message;         /* upstream's text */
};

#define hint_say(hint, ...) lint_hint((hint)->lint, (hint)->finding, __VA_ARGS__)

/* Gives the finding its hint, and a shorter text if upstream's is more than one line. */
void hint_add(struct lint *lint, struct lint_finding *finding, const struct finding *heard);

/* One for each kind of message; each may find nothing to say. */
void hint_rule_type(const struct hint *hint);
void hint_keyword_missing(const struct hint *hint);
void hint_keyword_unknown(const struct hint *hint);
void hint_value(const struct hint *hint);
void hint_time(const struct hint *hint);
void hint_pattern_type(const struct hint *hint);
void hint_pattern(const struct hint *hint);
void hint_varmap(const struct hint *hint);
void hint_context(const struct hint *hint);
void hint_action(const struct hint *hint);
void hint_action_list(const struct hint *hint);
void hint_variable(const struct hint *hint);
void hint_code(const struct hint *hint);
void hint_line(const struct hint *hint);
void hint_mark(const struct hint *hint);
void hint_invisible(const struct hint *hint);
void hint_label(const struct hint *hint);

/* For the first finding of a file that contains no rules. */
void hint_no_rules(struct lint *lint, struct lint_finding *first);

/* A piece of source for the middle of a sentence: a long one is cut and ends in "...". */
struct bytes hint_short(const struct hint *hint, struct bytes text);
/* Gives a hint if the text contains characters that look like others; the hint names all of the
 * field.  Returns false if there are none. */
bool hint_look_alike(const struct hint *hint, struct bytes text);
/* Finds the action of this name, ignoring case; NULL: there is none. */
const struct action_type *hint_find_action(const struct hint *hint, struct bytes name);
/* Finds a keyword of the rule around the place; returns false if the rule does not have it. */
bool hint_keyword(const struct hint *hint, struct bytes name, struct keyword *keyword);

/* The known word that is nearest to an unknown one, of those tried so far. */
struct nearest {
    struct bytes word, found; /* found is empty if none is near enough */
    size_t least;
};
struct nearest nearest_to(struct bytes word);
void nearest_try(struct nearest *nearest, struct bytes known);
/* Gives the hint "did you mean 'x'?", with x as the fix; returns false if nothing was near
 * enough. */
bool hint_nearest(const struct hint *hint, const struct nearest *nearest);

#endif
