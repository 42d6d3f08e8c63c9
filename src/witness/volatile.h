/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups of a pattern that differ from line to line: the time, a process ID, the port of a client.
 * The pattern around a group tells what it is; it is then tried that the same line also matches
 * with another text in the group. */
#ifndef SECANT_WITNESS_VOLATILE_H
#define SECANT_WITNESS_VOLATILE_H

#include "base/arena.h"
#include "match/pattern.h"

enum volatile_kind {
    VOLATILE_NO,
    VOLATILE_LINE,    /* the line, or its start with the time */
    VOLATILE_TIME,    /* of the line */
    VOLATILE_PROCESS, /* the ID of a process for one connection, job or command */
    VOLATILE_ANY_PROCESS,
    VOLATILE_PORT,    /* of a client */
    VOLATILE_ADDRESS, /* with such a port */
};

struct volatile_group {
    enum volatile_kind kind;
    /* A line that matches, and a text for the group that makes another matching line of it; both in
     * the arena. */
    struct bytes line, other;
};

/* Is this group (0: the whole line) of such a kind?  It is tried with lines like those of logs,
 * with a time.  If it is not, returns false and sets the kind to VOLATILE_NO. */
bool volatile_find(const struct pattern *pattern, uint32_t group, struct arena *arena,
                   struct volatile_group *found);

/* The opposite: is the group most likely an address that belongs in a description?  `found` gets
 * two lines with different ones, and no kind. */
bool volatile_is_address(const struct pattern *pattern, uint32_t group, struct arena *arena,
                         struct volatile_group *found);

#endif
