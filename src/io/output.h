/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files of write, writen, owritecl and closef; standard output is "-".
 *
 * Files stay open between writes.  What is written is batched per file and kept in the order of
 * writing per file; outputs_flush empties the batches.  FIFOs are opened without blocking and
 * written at once.  Errors are logged here, in upstream's words, per event.
 */
#ifndef SECANT_IO_OUTPUT_H
#define SECANT_IO_OUTPUT_H

#include "base/bytes.h"
#include "log/log.h"

struct outputs;

/* flush_stdio empties Perl's buffer of standard output; may be NULL.  It is called where upstream's
 * perl does so: when "-" is opened, and at each print of outputs_print and owritecl to "-".  These
 * also make Perl's standard output unbuffered, by unbuffer_stdio (may be NULL).  Otherwise "-"
 * overtakes what Perl has printed, as upstream. */
struct outputs *outputs_new(struct log *log, void (*flush_stdio)(void),
                            void (*unbuffer_stdio)(void));
void outputs_free(struct outputs *outputs); /* flushes */
void outputs_write(struct outputs *outputs, struct bytes file, struct bytes event, bool newline);
void outputs_write_once(struct outputs *outputs, struct bytes file,
                        struct bytes event);                    /* owritecl */
void outputs_close(struct outputs *outputs, struct bytes file); /* closef */
/* Text of pipe and report without a command line: to standard output. */
void outputs_print(struct outputs *outputs, struct bytes text);
void outputs_flush(struct outputs *outputs);
void outputs_close_all(struct outputs *outputs);

#endif
