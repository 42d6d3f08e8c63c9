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

/* Bytes that were read: those from start are not handed out yet, those before scanned hold no
 * newline.  FILE_TAIL of those that were handed out stay, if there were so many. */
struct input_block {
    char *ptr; /* owned */
    size_t start, scanned, end, cap;
    uint64_t base; /* bytes of the source before those at ptr */
};

/* A source is one stream of bytes, whatever files it came from: this part of it came from this
 * file, as far as to the next part. */
struct stretch {
    uint64_t from;           /* bytes of the source before it */
    struct feed_position at; /* where it begins in the file */
    bool pipe;
    struct file_bytes known; /* where it begins; what is read is added to the head */
};

/* A file, whatever its name; bytes of it are compared, so there are none between the members. */
struct file_identity {
    uint64_t device, inode;
    int64_t second; /* at which it was made, */
    uint64_t nanosecond;
};

/* What --input-rescan remembers. */
struct rescan {
    struct table files; /* that are or were read */
    uint64_t scans;
    int64_t looked; /* of monotonic_ms() */
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
    size_t trail_at;        /* those before are read, or being read */
    bool on_trail;          /* one of them is open */
    struct stream *stream;  /* what it holds, if it is compressed; owned */
    struct watch *readable; /* FIFOs, pipes: something can be read */
    struct watch *path;     /* the name, in tail mode */
    bool missing;           /* there was no file of this name at the last look */
    bool from_start;        /* the file was missing at first: it will be read from its start */
    bool script_ran;        /* --timeout-script was told of no input */
    int64_t check_at, opened, received; /* seconds */
    int64_t look_at;                    /* of monotonic_ms(): look even without a note */
    struct file_identity identity;      /* of the file opened last, */
    bool identified;                    /* if it is known */
    bool appeared;                      /* a rescan has found it */
    bool over;                          /* its file is gone, and its rest is a line */
    unsigned gone;                      /* rescans at which its name was missing, */
    uint64_t matched;                   /* since the last one that found it */
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

    /* The caller's, until inputs are opened: where to go on, and what patterns there were. */
    bool going_on;
    const struct input_place *places;
    size_t place_count;
    const struct bytes *known;
    size_t known_count;

    input_opened *opened; /* NULL: nobody listens; called with opened_arg */
    void *opened_arg;
    input_arrived *arrived; /* the same, with arrived_arg; then there is was_taken as well */
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

/* input_list.c: inputs that were dropped while the line handed out last might point at them. */
void inputs_free_retired(struct inputs *inputs);
/* The line that dropped its own input has been processed.  Upstream's list holds the name again
 * afterwards, without anything that makes it an input. */
void input_outlived(struct line_source *source);

/* A new input, which the pattern names, opened from its start. */
struct input *inputs_follow(struct inputs *inputs, struct bytes name, struct bytes context,
                            struct bytes pattern);
/* It is none any more, and is freed when the next line is asked for. */
void inputs_take_away(struct input *input);

/* input_rescan.c: the file that has just been opened is no new one, whatever its name will be. */
void input_remember_file(struct input *input);
/* From now on the next rescan is awaited. */
void inputs_rescan_later(struct inputs *inputs);
void inputs_forget_files(struct inputs *inputs);

/* input_position.c: which bytes of the source came from which file.  What is read from now on
 * comes from the file just opened, from that offset on; known NULL: nothing is. */
void input_begin_stretch(struct input *input, off_t offset, const struct file_bytes *known);
/* These bytes have been read, and stand at the end of the block. */
void input_note_read(struct input *input, struct bytes bytes);
/* So many bytes of a pipe come before all that is read from now on. */
void input_begin_put_back(struct input *input, size_t size);
/* Forgets all files; the first line to come is the first one of the source. */
void input_forget_stretches(struct input *input);
/* Where what was read ends, handed out or not. */
void input_place_read(const struct input *input, struct input_place *place);
/* Of an open file: where the next read begins. */
off_t input_offset(const struct input *input);
struct feed_position input_position(const struct line_source *source);

/* input_file.c: opens the file at `offset` (-1: at its end; text: the offset as it was written,
 * for messages); fd stays -1 after a logged failure. */
void input_open(struct input *input, int64_t offset, struct bytes text);
/* The same of a file that has another name now.  If path names another one than `file` by the time
 * it is opened, fd stays -1 without a message; NULL: whatever has the name. */
void input_open_as(struct input *input, const char *path, const struct trail_file *file,
                   int64_t offset, struct bytes text);
/* What a compressed file holds after so many bytes; false: that was logged, or its path names
 * another one. */
bool input_open_compressed(struct input *input, const struct trail_file *file, uint64_t offset);
void input_close(struct input *input);
/* With --notail: is the file that is open another one than that which has the name? */
bool input_left_behind(const struct input *input);
/* Was the file removed, recreated or truncated?  What is left of a removed one is read first. */
bool input_shuffled(struct input *input);
/* Notes whether a name that could not be opened exists at all. */
void input_remember_missing(struct input *input);

/* input_resume.c: where an input of this name was; NULL: nowhere. */
const struct input_place *inputs_place(const struct inputs *inputs, struct bytes name);
/* Is its file still there, under whatever name? */
bool input_place_found(const struct input_place *place);
/* Opens the input there; at `offset` where it is a pipe. */
void input_go_on(struct input *input, const struct input_place *place, int64_t offset);
/* The next file of the trail is opened; false: there is none any more. */
bool input_open_next(struct input *input);
/* Another file has the name now; if somebody keeps where inputs are, those that had it in between
 * become the trail, and the first of them is opened; false: there were none. */
bool input_open_between(struct input *input);
static inline bool input_has_next(const struct input *input)
{
    return input->state->trail_at < input->state->trail.count;
}
void input_forget_trail(struct input *input);
/* All inputs are open: places that belong to none are told, and all are forgotten. */
void inputs_went_on(struct inputs *inputs);

/* input_read.c: the next line, reading once if there is none yet; the line may be the rest of a
 * file that has ended, which is closed then (or opened again, a FIFO). */
bool input_read_line(struct input *input, struct bytes *line);
static inline size_t input_unread(const struct input *input)
{
    return input->state->block.end - input->state->block.start;
}
void input_drop_unread(struct input *input);
/* The input rests: the room that a very long line took is given back. */
void input_give_back(struct input *input);
/* Is a whole line at hand? */
bool input_has_line(const struct input *input);
/* Appends at most `size` bytes of the file to its block, without cutting lines. */
void input_read_rest(struct input *input, size_t size);

#endif
