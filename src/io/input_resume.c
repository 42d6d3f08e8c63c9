/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening an input where an earlier run was in it.
 *
 * What has happened to the file since is what would have happened to it while it was open: one that
 * was renamed is read to its end under its new name, and then its successor from the start. */
#include <sys/stat.h>

#include "io/input_state.h"
#include "io/trail.h"

const struct input_place *inputs_place(const struct inputs *inputs, struct bytes name)
{
    for (size_t i = 0; i < inputs->place_count; i++)
        if (bytes_eq(inputs->places[i].name, name))
            return &inputs->places[i];
    return NULL;
}

/* Can the place be looked for at all? */
static bool was_file(const struct input_place *place)
{
    return !place->pipe && !bytes_eq(place->name, B("-")) &&
           (place->device != 0 || place->inode != 0) && bytes_chr(place->name, '\0', 0) < 0;
}

bool input_place_found(const struct input_place *place)
{
    struct trail trail = {0};
    if (was_file(place))
        trail_find(place, &trail);
    bool found = trail.found;
    trail_free(&trail);
    return found;
}

static void begin_anew(struct input *input, const struct input_place *place, bool same)
{
    struct log *log = input->state->inputs->log;
    if (same)
        log_msg(log, LOG_NOTE, B("Input file "), place->name,
                B(" has been truncated, processing from the start"));
    else
        log_msg(log, LOG_WARN, B("Input file "), place->name,
                B(" is another one than it was, and the one that was read up to offset "),
                NUM(place->offset), B(" is no longer in its folder; processing from the start"));
    input_open(input, 0, B("0"));
}

static void go_on(struct input *input, const struct input_place *place, const char *path)
{
    input_open_as(input, path, (int64_t)place->offset, NUM(place->offset));
    if (input->fd >= 0)
        log_msg(input->state->inputs->log, LOG_NOTE, B("Going on at offset "), NUM(place->offset),
                B(" of input file "), bytes_of(path));
}

static bool is_pipe(const struct input *input)
{
    struct stat status;
    return input_is_stdin(input) ||
           (stat(input->source.name.ptr, &status) == 0 && !S_ISREG(status.st_mode));
}

void input_go_on(struct input *input, const struct input_place *place, int64_t offset)
{
    struct trail trail = {0};
    input->source.lines = place->lines;
    if (input->state->inputs->options->closed)
        return;
    if (!was_file(place) || is_pipe(input)) {
        input_open(input, place->pipe ? offset : 0, B("-1"));
        return;
    }
    trail_find(place, &trail);
    if (trail.found)
        go_on(input, place, trail.files[0].path);
    else
        begin_anew(input, place, trail.begun_anew);
    trail_free(&trail);
}

void inputs_go_on(struct inputs *inputs, const struct input_place *places, size_t count)
{
    inputs->going_on = true;
    inputs->places = places;
    inputs->place_count = count;
}

void inputs_knew(struct inputs *inputs, const struct bytes *patterns, size_t count)
{
    inputs->going_on = true;
    inputs->known = patterns;
    inputs->known_count = count;
}

void inputs_went_on(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->place_count && !inputs->options->closed; i++)
        if (!inputs_find(inputs, inputs->places[i].name))
            log_msg(inputs->log, LOG_WARN, B("Input file "), inputs->places[i].name,
                    B(" was read before, and is no input now"));
    inputs_go_on(inputs, NULL, 0);
    inputs_knew(inputs, NULL, 0);
    inputs->going_on = false;
}
