/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels of a rule file, and which rule follows after a match. */
#ifndef SECANT_LANG_LABELS_H
#define SECANT_LANG_LABELS_H

#include "base/table.h"
#include "lang/diag.h"

struct labels {
    struct arena arena;
    struct table table; /* struct label by name */
};

void labels_init(struct labels *labels);
void labels_free(struct labels *labels);
/* Sets the number of the rule that the label stands for.  The name is not copied: it must outlive
 * the labels. */
void labels_set(struct labels *labels, struct bytes name, int64_t rule);
/* Sets part.next of all parts of all rules.  Labels that do not exist or lead backwards are
 * reported and count as DontCont. */
void labels_resolve(const struct labels *labels, const struct parse_env *env,
                    const struct rule_file *file);

#endif
