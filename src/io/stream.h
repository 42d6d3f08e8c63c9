/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a file, one after another: as they are, or what a compressed one holds.
 *
 * Compressed is what begins as gzip, xz, zstd or bzip2 do, whatever its name.  libarchive
 * decompresses it in a thread that is some blocks ahead; other files are read where they are
 * asked for.
 */
#ifndef SECANT_IO_STREAM_H
#define SECANT_IO_STREAM_H

#include <signal.h>
#include <sys/stat.h>

#include "base/bytes.h"

struct stream;

/* What a file is, without opening it: the writer of a pipe would notice.  "-" is standard input,
 * as for stream_open.  false: errno says why. */
bool stream_stat(struct bytes name, struct stat *info);
/* NULL: it cannot be opened, errno says why. */
struct stream *stream_open(struct bytes name);
void stream_close(struct stream *stream); /* NULL is allowed */
/* From now on a signal ends a wait for input if this has become true: that is the end then. */
void stream_interrupt(const volatile sig_atomic_t *flag);
bool stream_compressed(const struct stream *stream);
/* Bytes put at `room`, up to `size`; 0: the end; -1: the rest cannot be read. */
ptrdiff_t stream_read(struct stream *stream, char *room, size_t size);
/* Why not: lives as long as the stream. */
struct bytes stream_error(const struct stream *stream);
/* Bytes of the file itself that have been read. */
uint64_t stream_taken(const struct stream *stream);

#endif
