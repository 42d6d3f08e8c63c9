/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of systemd's units: settings in sections, systemd.syntax(7).
 *
 * Own code: libsystemd reads no units, and systemd need not be there where SEC runs or where the
 * files of a machine are looked at. */
#ifndef SECANT_SITE_UNIT_FILE_H
#define SECANT_SITE_UNIT_FILE_H

#include "base/arena.h"

struct unit_line {
    struct bytes section, key, value; /* value: as it is written, continued lines joined */
    struct bytes file;
    size_t line; /* from 1; of its beginning */
};

/* The settings of a unit and its drop-ins, in their order. */
struct unit {
    struct arena *arena; /* the caller's; owns all texts */
    struct unit_line *lines;
    size_t count, room;
    struct buf errors; /* a line for each one that could not be understood */
};

/* Appends what a file says. */
void unit_read(struct unit *unit, struct bytes file, struct bytes text);
/* The value given last; NULL: none, or an empty one. */
const struct unit_line *unit_setting(const struct unit *unit, const char *section, const char *key);
/* The values of a list, from the one after `last`, or from its beginning if that is NULL; an empty
 * one has made away with those before it.  NULL: that was all. */
const struct unit_line *unit_next(const struct unit *unit, const char *section, const char *key,
                                  const struct unit_line *last);
/* "FILE:LINE: " */
void unit_add_place(struct buf *out, const struct unit_line *line);
void unit_free(struct unit *unit);

#endif
