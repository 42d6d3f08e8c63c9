/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a rule file, and where in the file each part of it is.
 *
 * What the parser reads and keeps are slices of this one text, in which lines continued by a
 * backslash are joined.  So values need no stored position: the position of a value, and of any
 * part of it, follows from its address.  A text that was made up (a default, a copy without its
 * masks) has none. */
#ifndef SECANT_LANG_SOURCE_H
#define SECANT_LANG_SOURCE_H

#include "base/bytes.h"

/* A line of the file, continued or not. */
struct source_line {
    size_t at;   /* where it begins in the text */
    size_t from; /* where it begins in the file */
};

struct source {
    struct bytes text; /* heap */
    size_t end;        /* where reading ends: before a last line that ends in a backslash */
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

/* Joins lines.  Takes over the content of the buffer and leaves it empty. */
void source_init(struct source *source, struct buf *content);
void source_free(struct source *source);
/* Is the text a part of the source? */
bool source_has(const struct source *source, struct bytes text);
/* Finds where the text is in the file.  Returns false with a zero *range if it is not in the
 * source. */
bool source_range(const struct source *source, struct bytes text, struct range *range);

/* The joined line in which the text begins, without its newline; the text must be in the source. */
struct bytes source_line_of(const struct source *source, struct bytes text);

/* Reads joined lines. */
struct source_reader {
    const struct source *source;
    size_t at;   /* in the text */
    size_t line; /* number of the last line of the file read so far */
};
/* Reads the next line, without its newline.  Returns false at the end. */
bool source_next_line(struct source_reader *reader, struct bytes *line);

#endif
