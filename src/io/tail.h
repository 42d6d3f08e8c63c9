/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input files: standard input, regular files and FIFOs, followed across rotation.
 *
 * Lines come in upstream's order: in rounds, one line from each open file in the order of the
 * sorted names.  A line's text lies in its file's block buffer and is valid until the next call
 * of inputs_next.  All messages (opening, rotation, errors) are logged here, in upstream's words.
 */
#ifndef SECANT_IO_TAIL_H
#define SECANT_IO_TAIL_H

#include <sys/types.h>

#include "base/bytes.h"
#include "clock/clock.h"
#include "io/loop.h"
#include "log/log.h"

struct input_options {
    bool tail, rwfifo;
    size_t blocksize;                                     /* bytes per read */
    int64_t reopen_timeout, check_timeout, input_timeout; /* seconds; 0: off */
};

struct input {
    struct bytes name;    /* owned; "-" is standard input */
    struct bytes context; /* owned; of its lines; NULL: none, see inputs_count_line */
    int fd;               /* -1: closed */
    bool regular;
    dev_t device;
    ino_t inode;
    uint64_t lines; /* received, counted by inputs_count_line */
    bool dynamic;   /* came by addinput */
    void *window; /* its own input window (match/window.h) with --nojointbuf; owned by the engine */
    struct input_state *state; /* private to io/ */
};

struct inputs;

/* The internal context of an input without one of its own: this and its name. */
#define INPUT_CONTEXT_PREFIX "_FILE_EVENT_"

/* Logs upstream's message ("No input, executing script ...", "Input received, ...") and runs the
 * --timeout-script: with "1" and the name (no input for long), or with "0" and the name. */
typedef void input_timeout_run(void *arg, bool received, struct bytes name);

/* options is read at each use and may change between calls. */
struct inputs *inputs_new(struct loop *loop, struct log *log, const struct clock *clock,
                          const struct input_options *options, input_timeout_run *run, void *arg);
void inputs_free(struct inputs *inputs);

/* Opens the files that the patterns name now (glob as Perl does it; "PATTERN=CONTEXT" sets
 * *with_contexts). offset: 0 from the start, -1 from the end.  keep_open: files that are open stay
 * so, with their buffers; otherwise all is closed and buffered lines are dropped, dynamic files
 * included. An input that is opened again stays the same struct input and keeps its window. */
void inputs_open(struct inputs *inputs, const struct bytes *patterns, size_t count, int64_t offset,
                 bool keep_open, bool *with_contexts);
/* HUP: forgets which files are dynamic, so that the next inputs_open closes them. */
void inputs_forget_dynamic(struct inputs *inputs);

enum input_result {
    INPUT_LINE,    /* *line and *from are set */
    INPUT_PARTIAL, /* bytes came, but no whole line yet: ask again before waiting */
    INPUT_NONE,    /* nothing now */
};
enum input_result inputs_next(struct inputs *inputs, struct bytes *line, struct input **from);

/* The engine has processed a line of this input, and perhaps dropped the input by
 * it.  Where that is so, upstream's list holds the name afterwards, without
 * anything that makes it an input. */
void inputs_count_line(struct inputs *inputs, struct input *from);

/* Are lines at hand that no read is needed for? */
bool inputs_buffered(const struct inputs *inputs);
bool inputs_any_open(const struct inputs *inputs);
/* Milliseconds until a file must be looked at again without a note from the loop, or -1. */
int inputs_wait_limit(const struct inputs *inputs);

/* addinput / dropinput with their log messages; offset text as the action has it ("-" or digits).
 */
void inputs_add(struct inputs *inputs, struct bytes name, struct bytes offset,
                struct bytes context);
void inputs_drop(struct inputs *inputs, struct bytes name);

size_t inputs_count(const struct inputs *inputs);
size_t inputs_count_open(const struct inputs *inputs);
struct input *inputs_at(const struct inputs *inputs, size_t index); /* in the order of names */
struct input *inputs_find(const struct inputs *inputs, struct bytes name);
/* Called when an input appears or is about to go away: the engine keeps its window there. */
void inputs_on_change(struct inputs *inputs,
                      void (*changed)(void *arg, struct input *input, bool gone), void *arg);

#endif
