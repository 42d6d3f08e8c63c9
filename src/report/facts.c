/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about the process. */
#include "report/facts.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

extern char **environ;

size_t facts_groups(struct arena *arena, gid_t **groups)
{
    int room = getgroups(0, NULL);
    *groups = arena_alloc(arena, (size_t)(room > 0 ? room : 0) * sizeof(**groups));
    int count = room > 0 ? getgroups(room, *groups) : 0;
    size_t kept = 0;
    for (int i = 0; i < count; i++) {
        size_t k = 0;
        while (k < kept && (*groups)[k] != (*groups)[i])
            k++;
        if (k == kept)
            (*groups)[kept++] = (*groups)[i];
    }
    return kept;
}

static int compare_entries(const void *a, const void *b)
{
    return bytes_cmp(((const struct environment_entry *)a)->name,
                     ((const struct environment_entry *)b)->name);
}

size_t facts_environment(struct arena *arena, struct environment_entry **entries)
{
    size_t room = 0, count = 0;
    while (environ[room])
        room++;
    *entries = arena_alloc(arena, room * sizeof(**entries));
    for (size_t i = 0; i < room; i++) {
        struct bytes text = bytes_of(environ[i]);
        ptrdiff_t equals = bytes_chr(text, '=', 0);
        if (equals >= 0)
            (*entries)[count++] = (struct environment_entry){bytes_slice(text, 0, (size_t)equals),
                                                             bytes_from(text, (size_t)equals + 1)};
    }
    if (count > 0)
        qsort(*entries, count, sizeof(**entries), compare_entries);
    return count;
}

struct cpu_times facts_times(void)
{
    struct tms t;
    times(&t);
    double tick = (double)sysconf(_SC_CLK_TCK);
    return (struct cpu_times){(double)t.tms_utime / tick, (double)t.tms_stime / tick,
                              (double)t.tms_cutime / tick, (double)t.tms_cstime / tick};
}

int64_t facts_offset(const struct input *input)
{
    return (int64_t)lseek(input->fd, 0, SEEK_CUR);
}

int64_t facts_size(const struct input *input)
{
    struct stat st;
    return fstat(input->fd, &st) == 0 ? (int64_t)st.st_size : -1;
}
