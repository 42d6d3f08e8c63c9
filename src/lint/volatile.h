/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups of a pattern that hold something else in each line: the time, a process ID, the port of a
 * client.  What a group is, is seen from the pattern around it; that it holds other texts in lines
 * that are otherwise the same is tried. */
#ifndef SECANT_LINT_VOLATILE_H
#define SECANT_LINT_VOLATILE_H

#include "base/arena.h"
#include "match/pattern.h"

enum volatile_kind {
    VOLATILE_NO,
    VOLATILE_LINE,    /* the line, or its begin with the time */
    VOLATILE_TIME,    /* of the line */
    VOLATILE_PROCESS, /* ID of one that is there for a connection, a job, a command */
    VOLATILE_ANY_PROCESS,
    VOLATILE_PORT,    /* of a client */
    VOLATILE_ADDRESS, /* with such a port */
};

struct volatile_group {
    enum volatile_kind kind;
    /* A line, and what makes another one of it, in place of what it has there; in the arena. */
    struct bytes line, other;
};

/* group 0: the whole line.  Lines as they are in logs, with their time, are looked for.  false, and
 * the kind is VOLATILE_NO: no. */
bool volatile_find(const struct pattern *pattern, uint32_t group, struct arena *arena,
                   struct volatile_group *found);

/* The other way round: is the group most likely an address after some word of the message?  `found`
 * has two lines with different ones, and no kind. */
bool volatile_is_address(const struct pattern *pattern, uint32_t group, struct arena *arena,
                         struct volatile_group *found);

#endif
