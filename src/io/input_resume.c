/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening an input where an earlier run has left it.
 *
 * What has happened to the file since is treated as if it had happened while the file was open: one
 * that was renamed is read to its end under its new name, then its successor from the start. */
#include <sys/stat.h>

#include "io/input_state.h"
#include "io/past.h"

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

/* --- files that had the name before ---------------------------------------------------------- */

/* Without a message for one that is read from its start. */
static bool open_file(struct input *input, const struct trail_file *file, uint64_t offset)
{
    if (file->compressed)
        return input_open_compressed(input, file, offset);
    bool has_name = bytes_eq(bytes_of(file->path), input->source.name);
    input_open_as(input, has_name ? input->source.name.ptr : file->path, file, (int64_t)offset,
                  NUM(offset));
    return input->fd >= 0;
}

/* Those that come after what was read, wherever they are by now. */
static bool find_next(struct input *input)
{
    struct input_place place;
    struct trail trail = {0};
    input_place_read(input, &place);
    if (was_file(&place))
        trail_find(&place, &trail);
    if (!trail.found || trail.count < 2) {
        trail_free(&trail);
        return false;
    }
    input_forget_trail(input);
    input->state->trail = trail;
    input->state->trail_at = 1; /* the one that was read */
    return true;
}

bool input_open_next(struct input *input)
{
    struct input_state *state = input->state;
    while (input_has_next(input)) {
        if (!trail_is_there(&state->trail.files[state->trail_at]) && find_next(input))
            continue;
        const struct trail_file *file = &state->trail.files[state->trail_at++];
        log_msg(state->inputs->log, LOG_NOTE, B("Processing "), bytes_of(file->path),
                B(", which was input file "), input->source.name,
                B(" in the meantime, from the start"));
        if (open_file(input, file, 0))
            return true;
        if (!trail_is_there(file) && find_next(input))
            continue; /* it has another name again */
        log_msg(state->inputs->log, LOG_WARN, B("Input file "), input->source.name, B(" was "),
                bytes_of(file->path), B(" in the meantime, which cannot be read and is left out"));
    }
    return false;
}

void input_forget_trail(struct input *input)
{
    trail_free(&input->state->trail);
    input->state->trail_at = 0;
    input->state->on_trail = false;
}

bool input_open_between(struct input *input)
{
    return input->state->inputs->opened && input->regular && find_next(input) &&
           input_open_next(input);
}

/* --- where to go on -------------------------------------------------------------------------- */

static void begin_anew(const struct input *input, const struct input_place *place, bool same)
{
    struct log *log = input->state->inputs->log;
    if (same)
        log_msg(log, LOG_WARN, B("Input file "), place->name,
                B(" has begun anew since it was read up to offset "), NUM(place->offset),
                B("; processing from the start"));
    else
        log_msg(log, LOG_WARN, B("Input file "), place->name,
                B(" is another one than it was, and the one that was read up to offset "),
                NUM(place->offset), B(" is no longer in its folder; processing from the start"));
}

static void go_on(struct input *input, const struct input_place *place)
{
    struct input_state *state = input->state;
    struct trail *trail = &state->trail;
    bool opened;
    while (!(opened = open_file(input, &trail->files[0], place->offset)) &&
           !trail_is_there(&trail->files[0])) {
        trail_free(trail);
        trail_find(place, trail);
        if (!trail->found)
            break;
    }
    state->trail_at = trail->found ? 1 : 0;
    if (opened)
        log_msg(state->inputs->log, LOG_NOTE, B("Going on at offset "), NUM(place->offset),
                B(" of input file "), bytes_of(trail->files[0].path));
    else
        input_open_next(input);
}

static bool is_no_file(const struct input *input)
{
    struct stat status;
    return stat(input->source.name.ptr, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Not where it was in a file; one that was not there then is read from its start. */
static void open_other(struct input *input, const struct input_place *place, int64_t offset)
{
    if (input_is_stdin(input) && past_is_stdin(place))
        input_open(input, (int64_t)place->offset, NUM(place->offset));
    else
        input_open(input, place->pipe || input_is_stdin(input) ? offset : 0, B("-1"));
}

void input_go_on(struct input *input, const struct input_place *place, int64_t offset)
{
    struct trail *trail = &input->state->trail;
    input->source.lines = place->lines;
    if (input->state->inputs->options->closed)
        return;
    if (!was_file(place) || is_no_file(input)) {
        open_other(input, place, offset);
        return;
    }
    trail_find(place, trail);
    if (trail->found) {
        go_on(input, place);
        return;
    }
    begin_anew(input, place, trail->begun_anew);
    if (!input_open_next(input))
        input_open(input, 0, B("0"));
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
