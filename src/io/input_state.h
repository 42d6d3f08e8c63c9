/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the inputs, shared by the input_*.c files and inputs.c, and for them only. */
#ifndef SECANT_IO_INPUT_STATE_H
#define SECANT_IO_INPUT_STATE_H

#include <assert.h>
#include <stddef.h>

#include "base/table.h"
#include "io/inputs.h"
#include "io/stream.h"
#include "io/trail.h"

/* Bytes that were read.  Those from start on are not handed out yet; between start and scanned
 * there is no newline.  Of those that were handed out, the last FILE_TAIL are kept. */
struct input_block {
    char *ptr; /* owned */
    size_t start, scanned, end, cap;
    uint64_t base; /* bytes of the source before those at ptr */
};

/* A source is one stream of bytes, whatever files they came from.  A stretch is the part of it
 * that came from one file; it ends where the next one begins. */
struct stretch {
    uint64_t from;           /* bytes of the source before it */
    struct feed_position at; /* where it begins in the file */
    bool pipe;
    struct file_bytes known; /* as of its beginning; reading adds to the head */
};

/* A file, whatever its name.  It is compared bytewise, so there must be no padding. */
struct file_identity {
    uint64_t device, inode;
    int64_t second; /* this and the next: when it was created */
    uint64_t nanosecond;
};

/* What --input-rescan remembers. */
struct rescan {
    struct table files; /* that are or were read */
    uint64_t scans;
    int64_t looked; /* time of the last rescan, of monotonic_ms() */
};

struct input_state {
    struct inputs *inputs;
    struct bytes pattern; /* of the command line; owned */
    size_t index;         /* place in the list */
    struct input_block block;
    struct stretch *stretches; /* heap; the last one is of the file opened last, those before it
                                * of files whose lines may not all have been handed out */
    size_t stretch_count, stretch_room;
    struct trail trail;     /* files of an earlier run that are read before the one with the name */
    size_t trail_at;        /* the next one to be opened */
    bool on_trail;          /* one of them is open */
    struct stream *stream;  /* content of a compressed file; owned */
    struct watch *readable; /* FIFOs, pipes: something can be read */
    struct watch *path;     /* the name, in tail mode */
    bool missing;           /* there was no file of this name at the last check */
    bool from_start;        /* the file was missing at first: it will be read from its start */
    bool script_ran;        /* --timeout-script was told of no input */
    int64_t check_at, opened, received; /* seconds */
    int64_t look_at;                    /* of monotonic_ms(): check then even without a note */
    struct file_identity identity;      /* of the file opened last */
    bool identified;                    /* that is known */
    bool appeared;                      /* a rescan has found it */
    bool over;                          /* its file is gone: a rest without newline is a line */
    unsigned gone;                      /* rescans since its name was found last */
    uint64_t matched;                   /* the rescan that found it last */
    struct input *next;                 /* of those that are not in the list */
};

/* A line of the present round. */
struct input_line {
    struct bytes text;
    struct input *from;
};

struct inputs {
    struct feed feed; /* first */
    struct loop *loop;
    struct log *log;
    const struct clock *clock;
    const struct input_options *options;
    input_timeout_run *run;
    void *run_arg;

    /* Where to continue, and the patterns of the earlier run; owned by the caller, and used until
     * inputs are opened. */
    bool going_on;
    const struct input_place *places;
    size_t place_count;
    const struct bytes *known;
    size_t known_count;

    input_opened *opened; /* NULL: nobody listens; called with opened_arg */
    void *opened_arg;
    input_arrived *arrived; /* the same, with arrived_arg; set together with was_taken */
    input_taken *was_taken;
    void *arrived_arg;

    struct input **list;      /* in the order of names */
    size_t count, open;       /* open: how many of them are */
    unsigned char *active;    /* by index, 1: has bytes or may have; one byte each for memchr */
    struct input_line *queue; /* room for one line of each input */
    size_t queued, taken;
    struct input *retired;  /* dropped ones, kept while the present line may point at them */
    struct input *remnants; /* of inputs that their own line has dropped */
    struct rescan rescan;
    unsigned rounds;
    int64_t looked; /* loop_freshen's time at the last look at all inputs */
};

static inline void input_set_active(struct input *input, bool active)
{
    input->state->inputs->active[input->state->index] = active;
}

static inline struct input *input_of(const struct line_source *source)
{
    static_assert(offsetof(struct input, source) == 0, "a source is an input");
    return (struct input *)source;
}

static inline bool input_is_stdin(const struct input *input)
{
    return input->source.name.len == 1 && input->source.name.ptr[0] == '-';
}

/* inputs.c: what the engine calls. */
extern const struct feed_type inputs_feed_type;

/* input_list.c: frees the inputs that were dropped while the line handed out last might point at
 * them. */
void inputs_free_retired(struct inputs *inputs);
/* To be called when a line that dropped its own input has been processed.  Upstream's list holds
 * the name again afterwards, without anything that makes it an input. */
void input_outlived(struct line_source *source);

/* Adds an input that this pattern names, and opens it from its start. */
struct input *inputs_follow(struct inputs *inputs, struct bytes name, struct bytes context,
                            struct bytes pattern);
/* Takes the input out of the list; it is freed when the next line is asked for. */
void inputs_take_away(struct input *input);

/* input_rescan.c: remembers the file that has just been opened, so that it is not taken for a new
 * one, whatever its name will be. */
void input_remember_file(struct input *input);
/* The time until the next rescan starts now. */
void inputs_rescan_later(struct inputs *inputs);
void inputs_forget_files(struct inputs *inputs);

/* input_position.c: which bytes of the source came from which file.
 *
 * What is read from now on comes from the file just opened, from that offset on.  known may be
 * NULL. */
void input_begin_stretch(struct input *input, off_t offset, const struct file_bytes *known);
/* To be called after a read: these bytes stand at the end of the block. */
void input_note_read(struct input *input, struct bytes bytes);
/* This many bytes of a pipe come before everything that is read from now on. */
void input_begin_put_back(struct input *input, size_t size);
/* Forgets all files; the next line counts as the first one. */
void input_forget_stretches(struct input *input);
/* The place where what was read ends, whether it was handed out or not. */
void input_place_read(const struct input *input, struct input_place *place);
/* The offset of the next read; the file must be open. */
off_t input_offset(const struct input *input);
struct feed_position input_position(const struct line_source *source);

/* input_file.c: opens the file at `offset` (-1: at its end).  text is the offset as the user wrote
 * it, for messages.  If this fails, fd stays -1, and the log says why. */
void input_open(struct input *input, int64_t offset, struct bytes text);
/* The same for a file that has the name `path` now.  If that is another one than `file` by the time
 * it is opened, fd stays -1 without a message.  file NULL: opens whatever has the name. */
void input_open_as(struct input *input, const char *path, const struct trail_file *file,
                   int64_t offset, struct bytes text);
/* Opens a compressed file after `offset` bytes of its content.  Returns false if it cannot be
 * opened, which is logged, or if its path names another file by now. */
bool input_open_compressed(struct input *input, const struct trail_file *file, uint64_t offset);
void input_close(struct input *input);
/* With --notail: is a file of the trail open, with more to come after it: another one of the trail,
 * or the file that has the name now? */
bool input_left_behind(const struct input *input);
/* Has another file taken the name, or was the file truncated?  Reads what is left of a file that
 * has lost its name.  Returns false while there is no file of the name. */
bool input_shuffled(struct input *input);
/* Notes whether the file could not be opened because there is none: then it will be read from its
 * start once it appears. */
void input_remember_missing(struct input *input);

/* input_resume.c: the earlier run's place in the input of this name; NULL: there is none. */
const struct input_place *inputs_place(const struct inputs *inputs, struct bytes name);
/* Can its file still be found, under whatever name? */
bool input_place_found(const struct input_place *place);
/* Opens the input at this place.  A pipe is opened at `offset`, and so is standard input unless it
 * is the same file as then. */
void input_go_on(struct input *input, const struct input_place *place, int64_t offset);
/* Opens the next file of the trail; returns false if none is left. */
bool input_open_next(struct input *input);
/* To be called when another file has the name.  If somebody keeps track of places (see
 * inputs_on_opening), the files that had the name in between become the trail, and the first of
 * them is opened.  Returns false if there are none. */
bool input_open_between(struct input *input);
static inline bool input_has_next(const struct input *input)
{
    return input->state->trail_at < input->state->trail.count;
}
void input_forget_trail(struct input *input);
/* To be called when all inputs are open: warns of places that belong to none of them, and forgets
 * all places. */
void inputs_went_on(struct inputs *inputs);

/* input_read.c: the next line; reads once if there is none yet.  Returns false if there is still
 * none.  The line may be the rest of a file that has ended, which is then closed (a FIFO is opened
 * again). */
bool input_read_line(struct input *input, struct bytes *line);
static inline size_t input_unread(const struct input *input)
{
    return input->state->block.end - input->state->block.start;
}
void input_drop_unread(struct input *input);
/* To be called when the input comes to rest: frees the memory that a very long line took. */
void input_give_back(struct input *input);
/* Does the block hold a whole line? */
bool input_has_line(const struct input *input);
/* Appends at most `size` bytes of the file to its block, without cutting lines. */
void input_read_rest(struct input *input, size_t size);

#endif
