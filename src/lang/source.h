/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a rule file, and where in the file each piece of it is.
 *
 * What the parser reads and keeps are slices of this one text, in which lines that a backslash
 * continues are joined.  So no value carries a position: its address is its position, and that of
 * any part of it.  A text that was made up (a default, a copy without its masks) has none. */
#ifndef SECANT_LANG_SOURCE_H
#define SECANT_LANG_SOURCE_H

#include "base/bytes.h"

/* A line of the file, continued or not. */
struct source_line {
    size_t at;   /* where it begins in the text */
    size_t from; /* and in the file */
};

struct source {
    struct bytes text; /* heap */
    size_t end;        /* how far it is read: without a last line that a missing one continues */
    size_t line_count;
    struct source_line *lines; /* heap */
};

struct position {
    size_t offset;       /* bytes before it in the file */
    size_t line, column; /* from 1; columns are bytes */
};

struct range {
    struct position from, to; /* to: just after */
};

/* Joins lines; takes what the buffer holds and leaves it empty. */
void source_init(struct source *source, struct buf *content);
void source_free(struct source *source);
/* Does the text lie in the source? */
bool source_has(const struct source *source, struct bytes text);
/* Where it is in the file; false, and *range is zero, when it is not in the source. */
bool source_range(const struct source *source, struct bytes text, struct range *range);

/* The joined line that the text, which lies in the source, begins in; without its newline. */
struct bytes source_line_of(const struct source *source, struct bytes text);

/* Reads joined lines. */
struct source_reader {
    const struct source *source;
    size_t at;   /* in the text */
    size_t line; /* number of the last line of the file read so far */
};
/* The next line without its newline; false at the end. */
bool source_next_line(struct source_reader *reader, struct bytes *line);

#endif
