/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/logs.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/mem.h"

enum { LONGEST_LINE = 16 * 1024 * 1024 };

/* A device has no end; logs are read twice. */
static bool are_files(const struct file_sets *sets)
{
    struct stat st;
    for (size_t i = 0; i < sets->count; i++)
        for (size_t f = 0; f < sets->items[i].count; f++)
            if (stat(sets->items[i].files[f].ptr, &st) == 0 &&
                (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))) {
                fprintf(stderr, "Can't read input file %s (it is a device)\n",
                        sets->items[i].files[f].ptr);
                return false;
            }
    return true;
}

bool logs_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts)
{
    file_sets_find(&logs->sets, patterns, count, with_contexts);
    logs->inputs = mem_zalloc((logs->sets.count + 1) * sizeof(*logs->inputs));
    if (!are_files(&logs->sets))
        return false;
    bool sound = true;
    for (size_t i = 0; i < logs->sets.count; i++) {
        replay_input_open(&logs->inputs[i], &logs->sets.items[i], options);
        replay_input_limit(&logs->inputs[i], LONGEST_LINE);
        sound = replay_input_survey(&logs->inputs[i]) && sound;
    }
    if (sound && logs->sets.count > 0)
        merge_start(&logs->merge, logs->inputs, logs->sets.count);
    return sound;
}

void logs_next(struct logs *logs)
{
    struct line_source *source;
    enum feed_result result;
    do
        result = feed_next(&logs->merge.feed, &logs->line, &source);
    while (result == FEED_PARTIAL);
    logs->any = result == FEED_LINE;
}

bool logs_complain(struct logs *logs)
{
    for (size_t i = 0; i < logs->sets.count; i++) {
        struct buf *troubles = &logs->inputs[i].troubles;
        logs->complained |= troubles->len > 0;
        if (troubles->len > 0)
            fwrite(troubles->ptr, 1, troubles->len, stderr);
        buf_clear(troubles);
    }
    return logs->complained;
}
