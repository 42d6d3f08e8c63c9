/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that are JSON objects, and the lines that a template makes of them for the rules.
 *
 * A template is text with
 *
 *     %{KEY}       the value of a key; of a key in an object, %{log.level}; %{A|B}: of the first of
 *                  them that is there
 *     %( ... %)    left out if one of the values in it is missing
 *     %t           the time of the line, "2026-11-27T08:00:01+01:00"
 *     %%           a percent sign
 *
 * A value that is missing, null or an empty string is nothing; numbers, arrays and objects are as
 * they are written; newlines in a value are blanks, and those at its end are dropped, so that an
 * object is one line.
 * In objects of journald an array of numbers is a text that holds any bytes.
 *
 * The template that is taken where none is given makes of journald's objects what journalctl shows
 * with -o short-iso, and leaves other objects as they are.
 */
#ifndef SECANT_REPLAY_OBJECTS_H
#define SECANT_REPLAY_OBJECTS_H

#include "replay/timed_line.h"

struct object_template;

/* text.ptr NULL: the one for journald.  NULL, with the reason in *why: it is none. */
struct object_template *object_template_new(struct bytes text, struct buf *why);
void object_template_free(struct object_template *template); /* NULL is allowed */

/* One input's. */
struct objects {
    const struct object_template *template; /* the caller's; NULL: lines stay as they are */
    struct bytes *values;                   /* owned; of the template's keys, in the line at hand */
    bool journal;                           /* it is journald's */
    int64_t date_second;
    char date[48]; /* of that second; "": not yet */

    uint64_t made, left; /* lines made; lines left as they were */
    uint64_t cut;        /* of those made: journalctl left a value out, as it does with long ones */
};

void objects_init(struct objects *objects, const struct object_template *template);
void objects_free(struct objects *objects);
/* Puts the text made of the line in place of that in *text; false: the line is no whole object, or
 * none for this template, and stays. */
bool objects_make(struct objects *objects, struct timed_line *line, struct buf *text);

#endif
