/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening an input where an earlier run was in it.
 *
 * What has happened to the file since is what would have happened to it while it was open: one that
 * was renamed is read to its end under its new name, and then its successor from the start. */
#include "base/moved_file.h"
#include "io/input_state.h"

/* NULL: it was not read. */
static const struct input_place *find_place(const struct inputs *inputs, struct bytes name)
{
    for (size_t i = 0; i < inputs->place_count; i++)
        if (bytes_eq(inputs->places[i].name, name))
            return &inputs->places[i];
    return NULL;
}

/* The file is there: at that place, or, since it has become shorter, at its start. */
static void go_on(struct input *input, const struct input_place *place, const char *path)
{
    struct log *log = input->state->inputs->log;
    input_open_as(input, path, (int64_t)place->offset, NUM(place->offset));
    if (input->fd < 0)
        return;
    if (input_offset(input) < (off_t)place->offset) {
        log_msg(log, LOG_NOTE, B("Input file "), input->source.name,
                B(" has been truncated, processing from the start"));
        input_close(input);
        input_open_as(input, path, 0, B("0"));
        return;
    }
    log_msg(log, LOG_NOTE, B("Going on at offset "), NUM(place->offset), B(" of input file "),
            bytes_of(path));
}

bool input_go_on(struct input *input)
{
    const struct inputs *inputs = input->state->inputs;
    const struct input_place *place = find_place(inputs, input->source.name);
    struct buf path = {0};
    if (!place || input_is_stdin(input) || bytes_chr(place->name, '\0', 0) >= 0)
        return false;
    input->source.lines = place->lines;
    if (moved_file_find(place->name, place->device, place->inode, &path)) {
        go_on(input, place, path.ptr);
    } else {
        log_msg(inputs->log, LOG_WARN, B("Input file "), place->name,
                B(" is another one than it was, and the one that was read up to offset "),
                NUM(place->offset), B(" is no longer in its folder; processing from the start"));
        input_open(input, 0, B("0"));
    }
    buf_free(&path);
    return true;
}

void inputs_go_on(struct inputs *inputs, const struct input_place *places, size_t count)
{
    inputs->places = places;
    inputs->place_count = count;
}

void inputs_went_on(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->place_count; i++)
        if (!inputs_find(inputs, inputs->places[i].name))
            log_msg(inputs->log, LOG_WARN, B("Input file "), inputs->places[i].name,
                    B(" was read before, and is no input now"));
    inputs_go_on(inputs, NULL, 0);
}
