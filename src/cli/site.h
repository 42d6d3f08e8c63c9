/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the options with which a machine starts SEC: --from-unit, --from-default, --root. */
#ifndef SECANT_CLI_SITE_H
#define SECANT_CLI_SITE_H

#include "cli/arguments.h"
#include "site/site.h"

enum site_field { SITE_UNIT, SITE_DEFAULT, SITE_ROOT, SITE_FIELDS };

/* Their field is of the enum above plus `first`. */
#define SITE_SPECS(first)                                                                          \
    {"from-unit", NULL, OPTION_TEXT, (first) + SITE_UNIT},                                         \
        {"from-default", NULL, OPTION_TEXT, (first) + SITE_DEFAULT},                               \
    {                                                                                              \
        "root", NULL, OPTION_TEXT, (first) + SITE_ROOT                                             \
    }

/* What was given; texts last as long as the arguments. */
struct site_given {
    struct bytes texts[SITE_FIELDS];
};

static inline bool site_is_given(const struct site_given *given)
{
    return given->texts[SITE_UNIT].len > 0 || given->texts[SITE_DEFAULT].len > 0;
}
/* Reads what is named; returns false after a complaint.  The texts are in the arena. */
bool site_find(const struct site_given *given, struct arena *arena, struct site *site);
/* Returns argv with the site's options before the given ones, ended by NULL; owned by the
 * caller. */
char **site_arguments(const struct site *site, int argc, char **argv);
/* Returns the words that start SEC, ended by NULL: the given ones, or the site's, or the default;
 * owned by the caller.  NULL: there are none. */
char **site_reference(const struct site *site, struct bytes given, struct bytes by_default);
/* Puts the variables of a unit into the environment of this process, and so of its children. */
void site_enter_environment(const struct site *site);
/* Can each of these inputs be read from its start?  If not, a complaint names those that cannot. */
bool site_check_inputs(const struct bytes *patterns, size_t count);
/* "NAME (FILES):" */
void site_add_title(const struct site *site, struct buf *out);

#endif
