/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/lines.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "stage/interrupt.h"

static void name_inputs(struct lines *lines)
{
    lines->input_count = lines->logs.sets.count;
    lines->inputs = mem_zarray(lines->input_count + 1, sizeof(*lines->inputs));
    for (size_t i = 0; i < lines->input_count; i++)
        lines->inputs[i] = (struct input_name){lines->logs.inputs[i].source.name,
                                               lines->logs.sets.items[i].context};
}

bool lines_open(struct lines *lines, const struct bytes *patterns, size_t count,
                const struct line_options *options, bool *with_contexts, struct buf *why)
{
    *lines = (struct lines){.from = INT64_MIN, .until = INT64_MAX};
    bool sound = count > 0 && logs_open(&lines->logs, patterns, count, options, with_contexts);
    if (count == 0)
        buf_add(why, B("No input: --input is missing\n"));
    else if (sound && lines->logs.sets.count == 0)
        buf_add(why, B("No file matches --input\n"));
    else
        sound = !logs_complain(&lines->logs) && sound;
    name_inputs(lines);
    return sound && lines->input_count > 0;
}

void lines_list(struct lines *lines, const struct lines *others, const struct given_line *items,
                const size_t *chosen, size_t count)
{
    *lines = (struct lines){.listed = true, .items = items, .chosen = chosen, .count = count};
    lines->input_count = others->input_count;
    lines->inputs = mem_zarray(lines->input_count + 1, sizeof(*lines->inputs));
    memcpy(lines->inputs, others->inputs, lines->input_count * sizeof(*lines->inputs));
}

void lines_choose(struct lines *lines, const struct stretches *stretches, uint64_t first,
                  uint64_t last)
{
    lines->stretches = *stretches;
    lines->first = lines->stretch = first;
    lines->last = last;
}

/* Those before `from` are passed over. */
static bool read_line(struct lines *lines, struct given_line *line)
{
    struct logs *logs = &lines->logs;
    do
        logs_next(logs);
    while (logs->any && logs_input(logs)->order < lines->from);
    if (!logs->any || logs_input(logs)->order >= lines->until)
        return false;
    const struct replay_input *input = logs_input(logs);
    *line = (struct given_line){logs->line, (size_t)(input - logs->inputs), input->order};
    lines->number++;
    return true;
}

/* Those between stretches are passed over; what comes after the last one is not read. */
static bool next_of_stretches(struct lines *lines, struct given_line *line)
{
    const struct stretches *stretches = &lines->stretches;
    do {
        while (lines->stretch < lines->last &&
               lines->number >= stretches_end(stretches, lines->stretch))
            lines->stretch++;
        if (lines->stretch == lines->last || !read_line(lines, line))
            return false;
    } while (lines->number <= stretches_start(stretches, lines->stretch));
    return true;
}

static bool next_of_logs(struct lines *lines, struct given_line *line)
{
    return lines->stretches.count > 0 ? next_of_stretches(lines, line) : read_line(lines, line);
}

bool lines_next(struct lines *lines, struct given_line *line)
{
    if (!lines->listed)
        return next_of_logs(lines, line);
    if (lines->at == lines->count)
        return false;
    *line = lines->items[lines->chosen[lines->at++]];
    return true;
}

uint64_t lines_count(struct lines *lines, uint64_t *hash)
{
    XXH3_state_t *state = XXH3_createState();
    struct given_line line;
    uint64_t count = 0;
    XXH3_64bits_reset(state);
    for (size_t i = 0; i < lines->input_count; i++)
        XXH3_64bits_update(state, lines->inputs[i].name.ptr, lines->inputs[i].name.len);
    while (!interrupted && lines_next(lines, &line)) {
        int64_t place[] = {line.second, (int64_t)line.input, (int64_t)line.text.len};
        XXH3_64bits_update(state, place, sizeof(place));
        XXH3_64bits_update(state, line.text.ptr, line.text.len);
        count++;
    }
    *hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return count;
}

bool lines_whole(struct lines *lines)
{
    return lines->listed || !logs_complain(&lines->logs);
}

void lines_close(struct lines *lines)
{
    free(lines->inputs);
    for (size_t i = 0; i < lines->logs.sets.count; i++)
        replay_input_free(&lines->logs.inputs[i]);
    if (lines->logs.inputs)
        merge_free(&lines->logs.merge);
    free(lines->logs.inputs);
    file_sets_free(&lines->logs.sets);
}
