/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One input of a replay: the lines of its files, one file after another, each with its time.
 *
 * A line whose time is not certain yet waits, and so do the lines after it.  They stay in the
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
    uint64_t start; /* its offset in the input, as base */
    size_t len;
    int64_t second;
    int32_t nanoseconds;
    uint32_t time_at, time_len; /* where in the line its time is */
    bool own, untold;           /* it has a time; it waits for the first line that has one */
};

/* What is done with the lines of all inputs.  Owned by the caller, with all that it points to;
 * must outlive the inputs. */
struct line_options {
    struct time_options *times;
    int64_t reorder;                  /* seconds that lines are held back; 0: not at all */
    struct object_template *template; /* for lines that are JSON objects; NULL: left as they are */
};

struct replay_input {
    struct line_source source;  /* must be first: what the engine is given */
    const struct file_set *set; /* owned by the caller */
    size_t next_file;           /* index in the set */
    struct stream *stream;      /* the file being read; NULL: none is open */
    uint64_t taken;             /* bytes read from the files that are closed again */
    struct time_reader *times;  /* owned */

    char *block; /* owned; holds bytes from start to end; those from scanned on are not cut yet */
    size_t start, scanned, end, room;
    size_t newline; /* where the line at `scanned` ends; `end` if its newline has not come yet */
    uint64_t base;  /* offset of the block's first byte in the input */

    struct waiting *queue; /* owned; the entries from first to count are in use */
    size_t first, count, queue_room;
    bool unsure; /* the times of the waiting lines are not certain yet */

    struct objects objects; /* turns JSON objects into lines, if it has a template */
    struct reorder reorder; /* holds lines back, if its seconds are more than 0 */
    /* Texts of lines that are no longer in the block, or never were: the current line and the one
     * before it, to which a window may still point. */
    struct buf texts[2];
    bool text;       /* the current line is texts[text] */
    struct buf made; /* the line made of an object, before it is held back */

    struct timed_line line; /* the current line */
    int64_t order;          /* the second by which it is merged, which never goes back */
    int32_t order_nanoseconds;

    size_t longest;      /* the most bytes that a line may have; 0: no limit */
    struct buf troubles; /* what could not be read, one line each */
    bool refused;        /* its times cannot be understood, so it has ended */
};

/* The set is owned by the caller and must outlive the input, and have a file.  No file is opened
 * yet. */
void replay_input_open(struct replay_input *input, const struct file_set *set,
                       const struct line_options *options);
void replay_input_free(struct replay_input *input);

/* Makes a file end before the first line that is longer than this, which may be without end;
 * troubles say so.  To be called before anything is read. */
static inline void replay_input_limit(struct replay_input *input, size_t longest)
{
    input->longest = longest;
}

/* Looks into the files for what a single line does not tell, such as the year.  Returns false if
 * the input is refused. */
bool replay_input_survey(struct replay_input *input);
/* Ends the input because its times cannot be understood; troubles say why. */
void replay_input_refuse(struct replay_input *input);

/* Is the next line available without a read?  A read moves the text of the current line. */
static inline bool replay_input_has_line(const struct replay_input *input)
{
    return (input->first < input->count ? !input->unsure : input->newline < input->end) ||
           (input->reorder.seconds > 0 && reorder_ready(&input->reorder));
}

enum replay_advance { ADVANCE_LINE, ADVANCE_NEEDS_READ, ADVANCE_END };
/* Advances to the next line, which becomes the current one.  Without may_read, returns
 * ADVANCE_NEEDS_READ if the next line is not in memory. */
enum replay_advance replay_input_advance(struct replay_input *input, bool may_read);

/* The single steps, for the survey of input that can be read only once.
 *
 * Opens the next file, unless one is open; returns false if there is none. */
bool replay_input_open_next(struct replay_input *input);
/* Adds bytes of the open file to the block; returns false, and closes the file, at its end. */
bool replay_input_read(struct replay_input *input);

/* How many bytes of its files have been read; of compressed files, compressed bytes. */
uint64_t replay_input_taken(const struct replay_input *input);

#endif
