/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advice for a person at a terminal beyond upstream's messages (log_advise): that there is nothing
 * to do, and why. */
#ifndef SECANT_CLI_ADVICE_H
#define SECANT_CLI_ADVICE_H

#include "state/engine.h"

/* After the rules have been loaded: patterns that name no rule file, names that are none, and
 * names of match cache entries and file sets that nothing makes. */
void advise_on_rules(const struct engine *engine);
/* The end of --testonly: how much there was, and how much of it is wrong. */
void advise_in_sum(const struct engine *engine);
/* After the inputs have been opened: none, or no rules for them. */
void advise_on_inputs(const struct engine *engine);
/* To be called first; writes to standard error, at a terminal or not.  SEC ignores a first word
 * that is not an option, and so do we; but this mentions one that was perhaps meant as a command,
 * or is a file of rules or tests that nothing else names. */
void advise_on_word(int argc, char **argv);

#endif
