/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about the process that both kinds of dumps contain. */
#ifndef SECANT_REPORT_FACTS_H
#define SECANT_REPORT_FACTS_H

#include <sys/types.h>

#include "base/arena.h"
#include "io/inputs.h"

/* Stores the supplementary groups, each once, in the arena, and returns how many there are. */
size_t facts_groups(struct arena *arena, gid_t **groups);

struct environment_entry {
    struct bytes name, value; /* point into the environment */
};
/* Stores the entries of the environment, sorted by name, in the arena, and returns how many there
 * are. */
size_t facts_environment(struct arena *arena, struct environment_entry **entries);

/* CPU seconds. */
struct cpu_times {
    double user, system, child_user, child_system;
};
struct cpu_times facts_times(void);

/* Offset and size of an open regular input file in bytes; -1 if unknown. */
int64_t facts_offset(const struct input *input);
int64_t facts_size(const struct input *input);
/* Is it standard input?  Dumps give neither device nor inode of it. */
static inline bool facts_stdin(const struct input *input)
{
    return bytes_eq(input->source.name, B("-"));
}

#endif
