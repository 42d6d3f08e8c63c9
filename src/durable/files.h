/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The regular files that outputs write to: how far they are written, whether that is on the disk,
 * and what the previous run wrote but had no time to record.
 *
 * A file is identified by its device and inode; the name is the one under which rules write to it.
 * As files are rotated, there may be several of one name. */
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
    /* Ranges that are not written again yet: in order, all within the length. */
    const struct durable_range *left;
    size_t left_count;
};

/* The file is valid until this returns. */
typedef void durable_file_told(void *arg, const struct durable_file *file);

struct output_files;

/* They follow the outputs until they are freed. */
struct output_files *output_files_new(struct outputs *outputs, struct log *log);
void output_files_free(struct output_files *files);

/* Sets who is told of each new file, once it is open and before anything is written to it; the
 * callback must not write to outputs.  NULL, the default: nobody. */
void output_files_tell_opened(struct output_files *files, durable_file_told *told, void *arg);
/* Tells of the files that have changed since the last call, or of all that still exist.  Call
 * outputs_flush first. */
void output_files_tell(struct output_files *files, bool all, durable_file_told *told, void *arg);
/* Brings to the disk what was written (fdatasync).  Returns false if that fails for a file, and
 * logs why. */
bool output_files_sync(struct output_files *files);

/* How far the previous run is known to have written a file; a later call for it replaces this. */
void output_files_expect(struct output_files *files, const struct durable_file *is);
bool output_files_expects(const struct output_files *files, const struct durable_file *is);
/* How many bytes of a text that is about to be written to the file of that name the previous run
 * has already written: all; none; or its beginning, if the file ends with that. */
size_t output_files_use(struct output_files *files, struct bytes name, struct bytes text);
/* How often output_files_use has found any. */
uint64_t output_files_uses(const struct output_files *files);
/* When the expected files were last written to, in seconds since 1970; INT64_MIN: none is
 * expected. */
int64_t output_files_last_expected(const struct output_files *files);
/* Does the file of that name, to which this run has not written, end with a partial line of the
 * previous run?  To be asked after output_files_use has found no text that it belongs to. */
bool output_files_torn(const struct output_files *files, struct bytes name);
/* No text is written again from now on.  Logs what files hold that nothing was about to write. */
void output_files_caught_up(struct output_files *files);

#endif
