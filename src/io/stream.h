/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a file from its beginning to its end: as they are, or decompressed.
 *
 * A file is compressed if it begins as those of gzip, xz, zstd or bzip2 do, whatever its name.
 * libarchive decompresses it in a thread that is some blocks ahead; other files are read when their
 * bytes are asked for.
 */
#ifndef SECANT_IO_STREAM_H
#define SECANT_IO_STREAM_H

#include <signal.h>
#include <sys/stat.h>

#include "base/bytes.h"

struct stream;

/* As stat(2): the file is not opened, which the writer of a pipe would notice.  "-" is standard
 * input, as for stream_open.  Returns false with errno if it fails. */
bool stream_stat(struct bytes name, struct stat *info);
/* Returns NULL with errno if it cannot be opened. */
struct stream *stream_open(struct bytes name);
void stream_close(struct stream *stream); /* NULL is allowed */
/* From now on a signal ends a wait for input if it has made *flag true; for the reader that is the
 * end of the stream.  The flag must last as long as streams are read. */
void stream_interrupt(const volatile sig_atomic_t *flag);
bool stream_compressed(const struct stream *stream);
/* Puts up to `size` bytes at `room` and returns their number; 0 at the end, -1 if the rest cannot
 * be read. */
ptrdiff_t stream_read(struct stream *stream, char *room, size_t size);
/* Why the rest cannot be read; lives as long as the stream. */
struct bytes stream_error(const struct stream *stream);
/* How many bytes of the file itself, compressed or not, have been read. */
uint64_t stream_taken(const struct stream *stream);

#endif
