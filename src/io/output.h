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
#include "base/patience.h"
#include "log/log.h"

struct outputs;

/* Perl's standard output.  Its buffer is emptied where upstream's perl does so: when "-" is opened,
 * and at each print of outputs_print and of owritecl to "-".  These prints also make it unbuffered.
 * Otherwise text for "-" overtakes what Perl has printed, as it does upstream.  Once a print has
 * failed, text is handed to Perl, which keeps it until its end and then says whether it is lost. */
struct output_perl {
    void (*flush)(void);
    void (*unbuffer)(void);
    int (*fileno)(void); /* -1: user code has closed it */
    bool (*failed)(void);
    void (*print)(struct bytes text);
};

/* perl may be NULL if there is none.  patience is for standard output that takes nothing; NULL
 * waits for ever.  Both must outlive the outputs. */
struct outputs *outputs_new(struct log *log, const struct output_perl *perl,
                            const struct patience *patience);
void outputs_free(struct outputs *outputs); /* flushes */
void outputs_write(struct outputs *outputs, struct bytes file, struct bytes event, bool newline);
void outputs_write_once(struct outputs *outputs, struct bytes file,
                        struct bytes event);                    /* owritecl */
void outputs_close(struct outputs *outputs, struct bytes file); /* closef */
/* Prints the text of pipe and report without a command line to standard output. */
void outputs_print(struct outputs *outputs, struct bytes text);
void outputs_flush(struct outputs *outputs);
/* Does text wait because standard output did not take it? */
bool outputs_wait(const struct outputs *outputs);
void outputs_close_all(struct outputs *outputs);
/* Follows what is written to files, except standard output.  Neither function may write to
 * outputs. */
struct output_watch {
    /* The file has been opened, and nothing has been written to it since. */
    void (*opened)(void *arg, struct bytes file, int fd);
    /* Text has been written to the file, perhaps only in part; fd is open until this returns. */
    void (*written)(void *arg, struct bytes file, int fd);
};
void outputs_watch(struct outputs *outputs, const struct output_watch *watch, void *arg);
/* For the end: flushes, even if a jump has left a flush unfinished, and logs what standard output
 * did not take. */
void outputs_finish(struct outputs *outputs);

#endif
