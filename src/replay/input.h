/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One input of a replay: the lines of its files, one file after another, each with its time.
 *
 * A line whose time is not sure yet waits, and those after it wait for it.  They stay in the
 * input's block, which only grows for them and for long lines.
 */
#ifndef SECANT_REPLAY_INPUT_H
#define SECANT_REPLAY_INPUT_H

#include "clock/timestamp.h"
#include "feed/feed.h"
#include "replay/objects.h"
#include "replay/reorder.h"
#include "replay/sets.h"
#include "io/stream.h"

/* A line that was read and has not been handed out. */
struct waiting {
    uint64_t start; /* in the input's bytes, as base */
    size_t len;
    int64_t second;
    int32_t nanoseconds;
    uint32_t time_at, time_len; /* where in the line its time is */
    bool own, untold;           /* it tells its time; it waits for the first one that is told */
};

/* What is done with the lines of all inputs; what it points to is the caller's, to outlive them. */
struct line_options {
    struct time_options *times;
    int64_t reorder;                  /* seconds that lines are held; 0: they are not */
    struct object_template *template; /* for lines that are JSON objects; NULL: they stay */
};

struct replay_input {
    struct line_source source;  /* first: what the engine is given */
    const struct file_set *set; /* the caller's */
    size_t next_file;           /* of the set */
    struct stream *stream;      /* NULL: none is open */
    uint64_t taken;             /* bytes of the files that are closed again */
    struct time_reader *times;  /* owned */

    char *block; /* owned; bytes from start to end are there, those from scanned on not yet read */
    size_t start, scanned, end, room;
    size_t newline; /* that ends the line at `scanned`, or `end` if it has not come yet */
    uint64_t base;  /* of the block's first byte in the input */

    struct waiting *queue; /* owned; from first to count */
    size_t first, count, queue_room;
    bool unsure; /* those that wait have no sure time yet */

    struct objects objects; /* makes lines of them, if it has a template */
    struct reorder reorder; /* holds lines, if it has seconds */
    /* Texts of lines that are not in the block any more, or never were: the one at hand and the one
     * before it, to which a window may still point. */
    struct buf texts[2];
    bool text;       /* the one at hand is texts[text] */
    struct buf made; /* of an object, before it is held */

    struct timed_line line; /* at hand */
    int64_t order;          /* the second by which it is merged, which never goes back */
    int32_t order_nanoseconds;

    size_t longest;      /* bytes that a line may have; 0: any number */
    struct buf troubles; /* what could not be read, a line each */
    bool refused;        /* its times cannot be understood: it has ended there */
};

/* The set is the caller's and outlives the input; no file is opened yet. */
void replay_input_open(struct replay_input *input, const struct file_set *set,
                       const struct line_options *options);
void replay_input_free(struct replay_input *input);

/* A file with a longer line ends before that, and troubles say so: it may be one line without end.
 * To be called before any is read. */
static inline void replay_input_limit(struct replay_input *input, size_t longest)
{
    input->longest = longest;
}

/* Looks at the files for what their lines do not tell; false: the input is refused. */
bool replay_input_survey(struct replay_input *input);
/* Its times cannot be understood: troubles say why, and it ends. */
void replay_input_refuse(struct replay_input *input);

/* Is the next line there without a read, which moves the line at hand? */
static inline bool replay_input_has_line(const struct replay_input *input)
{
    return (input->first < input->count ? !input->unsure : input->newline < input->end) ||
           (input->reorder.seconds > 0 && reorder_ready(&input->reorder));
}

enum replay_advance { ADVANCE_LINE, ADVANCE_NEEDS_READ, ADVANCE_END };
/* To the next line, which becomes the one at hand.  Without may_read: as far as it goes. */
enum replay_advance replay_input_advance(struct replay_input *input, bool may_read);

/* The steps of that, for the survey of what can be read only once: the next file is opened; bytes
 * are added to the block.  false: there are none. */
bool replay_input_open_next(struct replay_input *input);
bool replay_input_read(struct replay_input *input);

/* Bytes of its files, compressed ones as they are, that have been read. */
uint64_t replay_input_taken(const struct replay_input *input);

#endif
