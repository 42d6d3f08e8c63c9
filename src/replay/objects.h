/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns lines that are JSON objects into lines for the rules, by a template.
 *
 * A template is text with
 *
 *     %{KEY}       the value of a key, or of one in a nested object: %{log.level}; %{A|B} is the
 *                  value of the first of these keys that has one
 *     %( ... %)    is left out if one of the values in it is missing
 *     %t           the time of the line, "2026-11-27T08:00:01+01:00"
 *     %%           a percent sign
 *
 * Null and the empty string count as missing values.  Numbers, arrays and objects are copied as
 * they are written.  Newlines at the end of a value are dropped and others become blanks, so that
 * an object makes one line.  In journald's objects an array of numbers is a text of arbitrary
 * bytes.
 *
 * The default template turns journald's objects into what journalctl shows with -o short-iso, and
 * leaves other objects as they are.
 */
#ifndef SECANT_REPLAY_OBJECTS_H
#define SECANT_REPLAY_OBJECTS_H

#include "replay/timed_line.h"

struct object_template;

/* If text.ptr is NULL, makes the default template.  Returns NULL if the text is not a template, and
 * appends the reason to *why. */
struct object_template *object_template_new(struct bytes text, struct buf *why);
void object_template_free(struct object_template *template); /* NULL is allowed */

/* The objects of one input. */
struct objects {
    const struct object_template *template; /* owned by the caller; NULL: lines stay as they are */
    struct bytes *values;                   /* owned; the present object's, for each key */
    bool journal;                           /* the present object is journald's */
    int64_t date_second;
    char date[48]; /* the date of that second; "": none yet */

    uint64_t made, left; /* lines made; lines left as they were */
    uint64_t cut;        /* lines made without a value that journalctl left out for its length */
};

void objects_init(struct objects *objects, const struct object_template *template);
void objects_free(struct objects *objects);
/* Replaces *text with the line made of the object, to which *line then refers.  Returns false, and
 * leaves both alone, if the line is not a complete object or not one for this template. */
bool objects_make(struct objects *objects, struct timed_line *line, struct buf *text);

#endif
