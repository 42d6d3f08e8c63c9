/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/monotonic.h"
#include "replay/show.h"

enum { FIRST = 500, NEXT = 250 }; /* milliseconds */

uint64_t progress_size(const struct replay_input *inputs, size_t count)
{
    uint64_t sum = 0;
    struct stat info;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < inputs[i].set->count; j++) {
            if (!stream_stat(inputs[i].set->files[j], &info))
                continue;
            if (!S_ISREG(info.st_mode))
                return 0;
            sum += (uint64_t)info.st_size;
        }
    return sum;
}

uint64_t progress_taken(const struct replay_input *inputs, size_t count)
{
    uint64_t taken = 0;
    for (size_t i = 0; i < count; i++)
        taken += replay_input_taken(&inputs[i]);
    return taken;
}

void progress_start(struct progress *progress, const struct replay_input *inputs, size_t count,
                    bool quiet)
{
    *progress = (struct progress){.inputs = inputs, .count = count, .begun = monotonic_ms()};
    progress->on = !quiet && isatty(STDERR_FILENO);
    progress->due = progress->begun + FIRST;
    progress->size = progress->on ? progress_size(inputs, count) : 0;
}

static void show(struct progress *progress, uint64_t lines, uint64_t effects, int64_t second,
                 int64_t passed)
{
    uint64_t taken = progress_taken(progress->inputs, progress->count);
    char date[48];
    fprintf(stderr, "\r\033[K");
    if (progress->size > 0)
        fprintf(stderr, "%3.0f %%  ", 100.0 * (double)taken / (double)progress->size);
    if (second != 0)
        fprintf(stderr, "%s  ", (show_date(date, second, false), date));
    fprintf(stderr, "%llu lines  %.0f lines/s  %llu effects", (unsigned long long)lines,
            (double)lines * 1000.0 / (double)passed, (unsigned long long)effects);
    fflush(stderr);
    progress->shown = true;
}

void progress_look(struct progress *progress, uint64_t lines, uint64_t effects, int64_t second)
{
    if (!progress->on)
        return;
    int64_t now = monotonic_ms();
    if (now < progress->due)
        return;
    progress->due = now + NEXT;
    show(progress, lines, effects, second, now - progress->begun);
}

void progress_hide(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
