/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings for rule files: .secant-check in the folder of a rule file and in those above it, up to
 * one with the line `root`.
 *
 *     off NAME ...                 these checks are turned off for the files here
 *     on NAME ...                  they are turned on, whatever a folder above says
 *     level note|warning NAME ...  findings of these have that level
 *     option --quoting ...         as the rules are run with
 *     root
 *
 * The nearest folder takes precedence, and within a file the last line. */
#ifndef SECANT_LINT_SETTINGS_H
#define SECANT_LINT_SETTINGS_H

#include "lint/lint.h"

struct settings;
struct settings_folder;

struct settings *settings_new(void);
void settings_free(struct settings *settings); /* NULL is allowed */
/* Reads the settings for this rule file.  If something is wrong, returns false and appends it to
 * *why as FILE:LINE: ... */
bool settings_read(struct settings *settings, struct bytes rule_file, struct buf *why);

/* SEC's options that were read, in their order; the settings own them.  Returns how many. */
size_t settings_options(const struct settings *settings, const struct bytes **options);

struct setting {
    bool off;
    bool has_level;
    enum lint_level level;
};
/* The settings for this rule file; NULL: nothing was read for it. */
const struct settings_folder *settings_of(const struct settings *settings, struct bytes rule_file);
/* What the settings from this folder upwards say about the check; nearest may be NULL. */
struct setting settings_find(const struct settings_folder *nearest, struct bytes check);

#endif
