/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where lines come from, as the engine sees it.
 *
 * A source is one named stream of lines: what rules, windows and dumps know of it, and where its
 * last line ended.  A feed hands out the lines of its sources in an order of its own.  Input files
 * and standard input are one kind of feed (io/inputs.h); nothing here needs a file or a descriptor.
 */
#ifndef SECANT_FEED_FEED_H
#define SECANT_FEED_FEED_H

#include <sys/types.h>

#include "base/bytes.h"
#include "feed/window.h"

struct feed;

/* Where a line ended.  Within one file, offsets never go back; a file that starts over, because
 * another one took its name or because it was truncated, begins at 0 again. */
struct feed_position {
    dev_t device; /* both 0 if it is not from a file */
    ino_t inode;
    uint64_t offset; /* of the byte after the line's newline; of a pipe: since its first opening */
};

struct line_source {
    struct bytes name;     /* owned */
    struct bytes context;  /* owned; exists while its lines are processed; NULL: it has none */
    struct window *window; /* owned; its last lines, if sources have windows of their own */
    struct feed *feed;     /* NULL: none; whoever has lines calls process_line */
    uint64_t lines;        /* processed */
    uint64_t end;          /* its bytes up to the end of the line given last */
    bool dropped;          /* taken out of its feed; its last line may still be in process */
    uint32_t number;       /* its number in a journal (durable/); 0: none yet */
    uint64_t noted;        /* how many of its bytes that journal covers */
};

enum feed_result {
    FEED_LINE,    /* *line and *source are set */
    FEED_PARTIAL, /* bytes came, but no whole line yet: ask again before waiting */
    FEED_NONE,    /* nothing now */
};

struct feed_type {
    /* The text of a line and its source stay valid until the next call. */
    enum feed_result (*next)(struct feed *feed, struct bytes *line, struct line_source **source);
    /* Is the next line available without reading?  If not, `next` may take some time: the engine
     * first lets go of the text of the line before, and writes what is to be written. */
    bool (*has_line)(const struct feed *feed);
    /* Will there never be a line again? */
    bool (*ended)(const struct feed *feed);
    /* Milliseconds until `next` must be called even without a note from the loop; -1: no limit. */
    int (*wait_limit)(const struct feed *feed);
    /* Where the line given last ended; before the first one: where that begins. */
    struct feed_position (*position)(const struct line_source *source);
    /* Called when a line that dropped its own source has been processed. */
    void (*outlived)(struct line_source *source);
};

/* The first member of every kind of feed. */
struct feed {
    const struct feed_type *type;
};

static inline enum feed_result feed_next(struct feed *feed, struct bytes *line,
                                         struct line_source **source)
{
    return feed->type->next(feed, line, source);
}

static inline bool feed_has_line(const struct feed *feed)
{
    return feed->type->has_line(feed);
}

static inline bool feed_ended(const struct feed *feed)
{
    return feed->type->ended(feed);
}

static inline int feed_wait_limit(const struct feed *feed)
{
    return feed->type->wait_limit(feed);
}

/* To be called when the line given last has been processed. */
static inline void source_count_line(struct line_source *source)
{
    source->lines++;
    if (source->dropped)
        source->feed->type->outlived(source);
}

/* The source must have a feed. */
static inline struct feed_position source_position(const struct line_source *source)
{
    return source->feed->type->position(source);
}

/* Frees what the source owns, but not the source itself. */
void source_close(struct line_source *source);

#endif
