/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The regular files that outputs write to: how far they are written, whether that is on the disk,
 * and what the run before has written that it could not say any more.
 *
 * A file is known by its device and inode; the name is the one under which rules write to it.  Of a
 * name there may be several, as files are rotated. */
#ifndef SECANT_DURABLE_FILES_H
#define SECANT_DURABLE_FILES_H

#include <sys/types.h>

#include "durable/beyond.h"
#include "io/output.h"

struct durable_file {
    struct bytes name;
    dev_t device;
    ino_t inode;
    uint64_t length; /* all that effects have written so far ends there */
    /* Before it, but not yet written again: in order, all within the length. */
    const struct durable_range *left;
    size_t left_count;
};

/* The file lasts until this returns. */
typedef void durable_file_told(void *arg, const struct durable_file *file);

struct output_files;

/* They follow the outputs until they are freed. */
struct output_files *output_files_new(struct outputs *outputs, struct log *log);
void output_files_free(struct output_files *files);

/* Whoever is told of each file that is not known yet, once it is open and nothing has been written
 * to it; it must not write to outputs.  NULL, as at first: nobody. */
void output_files_tell_opened(struct output_files *files, durable_file_told *told, void *arg);
/* Tells of those of which something else is true than was told of last, or of all that are still
 * there.  After outputs_flush. */
void output_files_tell(struct output_files *files, bool all, durable_file_told *told, void *arg);
/* What has been written is on the disk (fdatasync); false: of some it is not, the log says why. */
bool output_files_sync(struct output_files *files);

/* How far the run before is known to have written a file: what a later call says of it counts. */
void output_files_expect(struct output_files *files, const struct durable_file *is);
bool output_files_expects(const struct output_files *files, const struct durable_file *is);
/* How much of a text that is about to be written to a file of that name the run before has written
 * already: all; nothing; or its beginning, with which the file ends. */
size_t output_files_use(struct output_files *files, struct bytes name, struct bytes text);
/* How often output_files_use has found some. */
uint64_t output_files_uses(const struct output_files *files);
/* When what is expected in files was written last, in seconds since 1970; INT64_MIN: there is
 * nothing. */
int64_t output_files_last_expected(const struct output_files *files);
/* Does the file of that name, to which this run has not written, end with a part of a line that the
 * run before has written?  After output_files_use, which knows no text that it is a part of. */
bool output_files_torn(const struct output_files *files, struct bytes name);
/* No text is written again from now on; what stands in files for none is said. */
void output_files_caught_up(struct output_files *files);

#endif
