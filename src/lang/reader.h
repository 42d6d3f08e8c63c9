/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading one rule file. */
#ifndef SECANT_LANG_READER_H
#define SECANT_LANG_READER_H

#include "lang/ruleset.h"

/* Fills file, which so far has only its name and times.  Returns true if the file could be read and
 * every rule in it is sound.  Messages go to env's listener, or the log. */
bool read_rule_file(const struct parse_env *env, struct rule_file *file);

#endif
