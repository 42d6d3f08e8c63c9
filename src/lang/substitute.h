/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass of substitution over text, exactly as upstream's regular expressions do it.  This is the
 * slow way, for spliced templates and for texts made at run time. */
#ifndef SECANT_LANG_SUBSTITUTE_H
#define SECANT_LANG_SUBSTITUTE_H

#include "lang/template.h"

/* A variable found by substitute_next. */
struct variable_ref {
    size_t start, end; /* where it is in the text */
    enum { REF_DOUBLED, REF_NUMBER, REF_NAME, REF_CACHE, REF_VARIABLE } kind;
    struct bytes name;  /* digits, name, or action list variable */
    struct bytes entry; /* REF_CACHE */
    bool open;          /* text appended to the end could lengthen the reference, or, if none was
                           found, could complete one */
};

/* Finds the next match variable (token '$' or '%') at or after `from`: a doubled token, $12, ${12},
 * $+{name}, $:{entry:name}.  Returns false if there is none; only ref->open is set then. */
bool substitute_next_match(struct bytes text, char token, size_t from, struct variable_ref *ref);
/* The same for action list variables: %name, %{name}, %.name, %{.name}, %%. */
bool substitute_next_variable(struct bytes text, size_t from, struct variable_ref *ref);

/* Appends text with every reference replaced by what `value` appends to out; a doubled token
 * becomes a single one. */
typedef void substitute_value(void *arg, const struct variable_ref *ref, struct buf *out);
void substitute_match(struct bytes text, char token, substitute_value *value, void *arg,
                      struct buf *out);
void substitute_variables(struct bytes text, substitute_value *value, void *arg, struct buf *out);
/* Appends value with every c doubled. */
void substitute_mask(struct bytes value, char c, struct buf *out);

#endif
