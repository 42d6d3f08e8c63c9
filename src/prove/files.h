/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a test: its fixtures, and what rules write.
 *
 * They are kept in memory, since disks are slow, and are written only once Perl wants to read them:
 * into a folder of the test's own, which has two: `here`, which the test runs in, for relative
 * names, and `root` for absolute ones. */
#ifndef SECANT_PROVE_FILES_H
#define SECANT_PROVE_FILES_H

#include "effect/effect.h"
#include "prove/sectest.h"

struct files;

/* Where folders are made: under that one, or $TMPDIR or /tmp if it is "". */
struct bytes files_under(struct bytes under);
/* A new folder under that one, or under $TMPDIR or /tmp if it is ""; the caller's.  "": there is
 * none, errno says why. */
struct bytes files_folder(struct bytes under);
void files_remove_folder(struct bytes folder);

/* In that folder, which is the caller's; test: whose fixtures they are. */
struct files *files_new(struct bytes folder, const struct test *test);
void files_free(struct files *files);
/* The folder is as it is to be from now on: with the fixtures, and what code in the head, or rules
 * at their start, made of them. */
void files_settle(struct files *files);
/* It is so again, whichever copy of this process has touched it since. */
void files_reset(struct files *files);
/* Is something in the folder that was not there then, or something missing? */
bool files_touched(const struct files *files);
/* Makes `here` the present folder; false: errno says why. */
bool files_enter(const struct files *files);
/* What of an effect happens to files. */
void files_effect(struct files *files, const struct effect *effect);
/* The text of the file is added; false: there is none. */
bool files_text(const struct files *files, struct bytes name, struct buf *text);
/* perl_find: where Perl finds one of these files. */
bool files_find(void *files, struct bytes name, struct buf *path);

#endif
