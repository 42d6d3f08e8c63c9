/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a machine runs SEC: from a systemd unit, or from a file of defaults that an init script
 * reads.  Files are read, nothing is run. */
#ifndef SECANT_SITE_SITE_H
#define SECANT_SITE_SITE_H

#include "site/unit_file.h"
#include "site/unit_words.h"

struct site {
    struct arena *arena;            /* the caller's; owns all texts, each with a NUL after it */
    struct bytes root;              /* of the machine's files, "" as a rule */
    struct bytes name;              /* "sec.service"; the file of defaults */
    struct unit unit;               /* empty without a unit */
    struct buf files;               /* what was read: "FILE, FILE" */
    struct word_list reference;     /* of the unit: the words that start SEC, before its options */
    struct word_list options;       /* SEC's */
    struct environment environment; /* that the unit sets, or the file of defaults has */
};

void site_init(struct site *site, struct arena *arena, struct bytes root);
/* A unit's name, with or without ".service", or with a slash its file; false: *why has lines. */
bool site_from_unit(struct site *site, struct bytes unit, struct buf *why);
bool site_from_default(struct site *site, struct bytes path, struct buf *why);
/* A file of that machine, as far as links go from there. */
bool site_read(const struct site *site, struct bytes path, struct buf *text);
/* Its path from here. */
struct bytes site_path(const struct site *site, struct bytes path);
void site_free(struct site *site);

#endif
