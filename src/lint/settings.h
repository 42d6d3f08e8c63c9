/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings beside rules: .secant-check in the folder of a rule file and in those above, up to one
 * with the line `root`.
 *
 *     off NAME ...                 these checks are not for the files here
 *     on NAME ...                  they are, whatever a folder above says
 *     level note|warning NAME ...  findings of these have that level
 *     option --quoting ...         as the rules are run with
 *     root
 *
 * The nearest folder counts, and in a file the last line. */
#ifndef SECANT_LINT_SETTINGS_H
#define SECANT_LINT_SETTINGS_H

#include "lint/lint.h"

struct settings;
struct settings_folder;

struct settings *settings_new(void);
void settings_free(struct settings *settings); /* NULL is allowed */
/* Reads what is for this rule file; false: appends what is wrong, as FILE:LINE: ..., to *why. */
bool settings_read(struct settings *settings, struct bytes rule_file, struct buf *why);

/* SEC's options that were read, in their order; the settings own them.  Returns how many. */
size_t settings_options(const struct settings *settings, const struct bytes **options);

struct setting {
    bool off;
    bool has_level;
    enum lint_level level;
};
/* What is for that rule file; NULL: nothing was read for it. */
const struct settings_folder *settings_of(const struct settings *settings, struct bytes rule_file);
/* What the settings from that folder upwards say of the check; nearest may be NULL. */
struct setting settings_find(const struct settings_folder *nearest, struct bytes check);

#endif
