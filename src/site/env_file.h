/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of the environment, and the two kinds of files that set them. */
#ifndef SECANT_SITE_ENV_FILE_H
#define SECANT_SITE_ENV_FILE_H

#include "base/arena.h"

struct environment {
    struct arena *arena; /* the caller's; owns all texts, each with a NUL after it */
    struct environment_item {
        struct bytes name, value;
    } * items; /* owned */
    size_t count, room;
};

/* Copies both. */
void environment_set(struct environment *environment, struct bytes name, struct bytes value);
/* The value, or "". */
struct bytes environment_get(const struct environment *environment, struct bytes name);
/* "NAME=VALUE"; false: it is none. */
bool environment_put(struct environment *environment, struct bytes assignment);
void environment_free(struct environment *environment);

/* A file of EnvironmentFile=.  What systemd would pass over with a warning is passed over. */
void environment_read(struct environment *environment, struct bytes text);
/* A file that a shell reads, such as /etc/default/sec, as far as it has nothing but assignments of
 * fixed texts and of variables set before.  Anything else could mean anything: false, *why says
 * what is there, with "FILE:LINE: ".  Nothing is run. */
bool environment_read_shell(struct environment *environment, struct bytes file, struct bytes text,
                            struct buf *why);

#endif
