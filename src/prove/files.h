/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a test: its fixtures, and what rules write.
 *
 * They are kept in memory, since disks are slow, and are written only when Perl wants to read them:
 * into a folder of the test, which contains two others: `here`, in which the test runs, for
 * relative names, and `root` for absolute ones. */
#ifndef SECANT_PROVE_FILES_H
#define SECANT_PROVE_FILES_H

#include "effect/effect.h"
#include "prove/sectest.h"

struct files;

/* The folder in which folders are made: this one, or $TMPDIR or /tmp if it is "". */
struct bytes files_under(struct bytes under);
/* Makes a folder in this one, or in $TMPDIR or /tmp if it is "".  Returns its name, owned by the
 * caller, or "" with errno. */
struct bytes files_folder(struct bytes under);
void files_remove_folder(struct bytes folder);

/* The folder is owned by the caller; the fixtures are those of the test. */
struct files *files_new(struct bytes folder, const struct test *test);
void files_free(struct files *files);
/* Remembers the present state of the folder: the fixtures, with what code in the head, or rules
 * when they were loaded, have made of them. */
void files_settle(struct files *files);
/* Restores that state, whichever copy of this process has changed the folder since. */
void files_reset(struct files *files);
/* Has something been added to the folder since files_settle, or is something missing? */
bool files_touched(const struct files *files);
/* Makes `here` the current folder; returns false with errno if that fails. */
bool files_enter(const struct files *files);
/* Does to the files what the effect does to files. */
void files_effect(struct files *files, const struct effect *effect);
/* Appends the text of the file; returns false if there is no such file. */
bool files_text(const struct files *files, struct bytes name, struct buf *text);
/* A perl_find callback: tells where Perl finds one of these files. */
bool files_find(void *files, struct bytes name, struct buf *path);

#endif
