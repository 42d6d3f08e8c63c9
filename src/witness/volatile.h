/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups of a pattern that differ from line to line: the time, a process ID, the port of a client.
 * The pattern around a group tells what it is; that the same line matches with another text in the
 * group is tried. */
#ifndef SECANT_WITNESS_VOLATILE_H
#define SECANT_WITNESS_VOLATILE_H

#include "base/arena.h"
#include "match/pattern.h"

enum volatile_kind {
    VOLATILE_NO,
    VOLATILE_LINE,    /* the line, or its start with the time */
    VOLATILE_TIME,    /* of the line */
    VOLATILE_PROCESS, /* ID of one that is there for a connection, a job, a command */
    VOLATILE_ANY_PROCESS,
    VOLATILE_PORT,    /* of a client */
    VOLATILE_ADDRESS, /* with such a port */
};

struct volatile_group {
    enum volatile_kind kind;
    /* A line that matches, and the text that makes another one of it when it replaces the group's;
     * both in the arena. */
    struct bytes line, other;
};

/* Is this group (0: the whole line) of such a kind?  Tried with lines as logs have them, with their
 * time.  false: it is not, and the kind is VOLATILE_NO. */
bool volatile_find(const struct pattern *pattern, uint32_t group, struct arena *arena,
                   struct volatile_group *found);

/* The opposite: is the group most likely an address that belongs in a description?  `found` gets
 * two lines with different ones, and no kind. */
bool volatile_is_address(const struct pattern *pattern, uint32_t group, struct arena *arena,
                         struct volatile_group *found);

#endif
