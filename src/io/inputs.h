/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input files: standard input, regular files and FIFOs, followed across rotation.
 *
 * Lines come in upstream's order: in rounds, one line from each open file in the order of the
 * sorted names.  A line's text lies in its file's block buffer and is valid until the next one is
 * asked for.  All messages (opening, rotation, errors) are logged here, in upstream's words.
 */
#ifndef SECANT_IO_INPUTS_H
#define SECANT_IO_INPUTS_H

#include <sys/types.h>

#include "base/bytes.h"
#include "clock/clock.h"
#include "feed/feed.h"
#include "io/loop.h"
#include "io/place.h"
#include "log/log.h"

struct input_options {
    bool tail, rwfifo;
    bool closed;      /* inputs are names only: nothing is opened */
    size_t blocksize; /* bytes per read */
    int64_t reopen_timeout, check_timeout, input_timeout; /* seconds; 0: off */
    int64_t rescan; /* seconds between two searches for new files; 0: off */
};

struct input {
    struct line_source source; /* its name is "-" for standard input */
    int fd;                    /* -1: closed */
    bool regular;
    dev_t device; /* of the file opened last */
    ino_t inode;
    bool dynamic;              /* added by addinput */
    struct input_state *state; /* private to io/ */
};

struct inputs;

/* The internal context of an input without one of its own: this and its name. */
#define INPUT_CONTEXT_PREFIX "_FILE_EVENT_"

/* Takes "=CONTEXT" off a pattern; returns false if there is none.  The context is what follows the
 * last '=' that has something on both sides; it contains no white space. */
bool input_split_context(struct bytes *pattern, struct bytes *context);

/* Logs upstream's message ("No input, executing script ...", "Input received, ...") and runs the
 * --timeout-script: with "1" and the name if there was no input for too long, with "0" and the name
 * once there is input again. */
typedef void input_timeout_run(void *arg, bool received, struct bytes name);

/* options is read at each use and may change between calls. */
struct inputs *inputs_new(struct loop *loop, struct log *log, const struct clock *clock,
                          const struct input_options *options, input_timeout_run *run, void *arg);
void inputs_free(struct inputs *inputs);
struct feed *inputs_feed(struct inputs *inputs);

/* Opens the files that the patterns name now (glob as Perl does it; "PATTERN=CONTEXT" sets
 * *with_contexts). offset: 0 from the start, -1 from the end.  keep_open: files that are open stay
 * so, with their buffers; otherwise all is closed and buffered lines are dropped, dynamic files
 * included. An input that is opened again stays the same source and keeps its window. */
void inputs_open(struct inputs *inputs, const struct bytes *patterns, size_t count, int64_t offset,
                 bool keep_open, bool *with_contexts);
/* --input-rescan: milliseconds until the next inputs_rescan is due; INT64_MAX: never. */
int64_t inputs_rescan_wait(const struct inputs *inputs);
/* Searches for new files.  One that has appeared since the last search becomes an input that is
 * read from its start, unless it was already read under another name.  If an input that came this
 * way is missing at two searches, it is closed when it is read to its end, and removed at the next
 * search; if its file was only renamed, it is not closed before an hour has passed since it was
 * written to last.  The text of the present line may be freed when the next one is asked for.
 * Returns true if the list of inputs has changed. */
bool inputs_rescan(struct inputs *inputs, const struct bytes *patterns, size_t count,
                   bool *with_contexts);
/* Where an earlier run was.  The next inputs_open continues there, whatever its `offset`: with what
 * is left of the file, whatever name it has by then, with the files that have had its name since,
 * and then with the one that has it now.  Dynamic inputs are added.  Line counts are taken from
 * the places; an input without a place keeps its own.  The places are owned by the caller and must
 * last until then. */
void inputs_go_on(struct inputs *inputs, const struct input_place *places, size_t count);
/* The patterns of that run, from its command line, for the next inputs_open.  A file that one of
 * them names now, but that has no place, is new, and read from its start.  An input that one of
 * them named remains one as long as its file can be found, if the pattern is still given.  Owned
 * by the caller, as the places are. */
void inputs_knew(struct inputs *inputs, const struct bytes *patterns, size_t count);
/* The place where it is now: the end of the line handed out last, or the beginning of the first. */
void input_place_now(const struct input *input, struct input_place *place);
/* Called when a file has been opened or begins again: what will be read of it begins at that
 * place, and `from` bytes of the source (as source.end counts them) come before it.  Called again
 * when more of the file's first bytes are known, by which it can be found later. */
typedef void input_opened(void *arg, struct input *input, uint64_t from,
                          const struct input_place *place);
void inputs_on_opening(struct inputs *inputs, input_opened *opened, void *arg);
/* Called with bytes that cannot be read again, those of pipes and FIFOs: right after each read,
 * before a line of them is handed out. */
typedef void input_arrived(void *arg, struct input *input, struct bytes bytes);
/* Called when those of a FIFO have also been taken out of it. */
typedef void input_taken(void *arg, struct input *input);
void inputs_on_arrival(struct inputs *inputs, input_arrived *arrived, input_taken *taken,
                       void *arg);
/* Tells these functions the present state again: for each input its file, as if that had just been
 * opened at the end of the line handed out last, the files after that, and the bytes of pipes that
 * were not handed out yet. */
void inputs_tell_again(struct inputs *inputs);
/* For bytes of which an earlier run was told that they had arrived, but not that they were taken:
 * takes them out of the FIFO if they are still in it; returns false if they are not. */
bool input_take_again(struct input *input, struct bytes bytes);
/* Puts bytes of a pipe that an earlier run had read before everything that will be read.  Nothing
 * may have been read yet; the pipe need not exist any more. */
void input_put_back(struct input *input, struct bytes bytes);
/* HUP: forgets which files are dynamic, so that the next inputs_open closes them. */
void inputs_forget_dynamic(struct inputs *inputs);

/* addinput and dropinput, with their log messages; offset is the text of the action ("-" or
 * digits).  Returns the input that was added, or NULL if it cannot be. */
struct input *inputs_add(struct inputs *inputs, struct bytes name, struct bytes offset,
                         struct bytes context);
void inputs_drop(struct inputs *inputs, struct bytes name);

size_t inputs_count(const struct inputs *inputs);
size_t inputs_count_open(const struct inputs *inputs);
struct input *inputs_at(const struct inputs *inputs, size_t index); /* in the order of names */
struct input *inputs_find(const struct inputs *inputs, struct bytes name);

#endif
