/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The form of an action: splits its text into the parameters of its type. */
#ifndef SECANT_LANG_ACTION_FORM_H
#define SECANT_LANG_ACTION_FORM_H

#include "lang/action.h"
#include "lang/parens.h"

/* A parameter as it is in the text, including parentheses. */
struct form_arg {
    bool given;
    struct bytes text;  /* BLOCK, ELSE: what is between the parentheses; CODE: the code;
                           RULE: the digits, without leading zeros */
    struct bytes words; /* CODE: what comes before the operator */
    bool cache_entries; /* CODE: the operator is :> */
    char sign;          /* RULE: '+', '-' or 0 */
};

/* An action inside its list. */
struct form_text {
    struct bytes list; /* the whole list; groups are relative to it */
    const struct groups *groups;
    struct bytes rest; /* what follows the action's name */
};

/* Returns false if the text does not have the form that the type requires; *misfit is then the word
 * that does not fit, or empty if something is missing. */
bool action_form(const struct action_type *type, const struct form_text *text,
                 struct form_arg args[ACTION_PARAMS], struct bytes *misfit);

#endif
