/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about the process that both dumps give. */
#ifndef SECANT_REPORT_FACTS_H
#define SECANT_REPORT_FACTS_H

#include <sys/types.h>

#include "base/arena.h"
#include "io/inputs.h"

/* Supplementary groups, each once; in the arena. */
size_t facts_groups(struct arena *arena, gid_t **groups);

struct environment_entry {
    struct bytes name, value; /* the environment's own */
};
/* Sorted by name; in the arena. */
size_t facts_environment(struct arena *arena, struct environment_entry **entries);

/* CPU seconds. */
struct cpu_times {
    double user, system, child_user, child_system;
};
struct cpu_times facts_times(void);

/* Of an open regular input file, in bytes; -1: unknown. */
int64_t facts_offset(const struct input *input);
int64_t facts_size(const struct input *input);
/* Standard input has neither device nor inode. */
static inline bool facts_stdin(const struct input *input)
{
    return bytes_eq(input->source.name, B("-"));
}

#endif
