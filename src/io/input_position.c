/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in which file a line of an input ended.
 *
 * A line only knows how many bytes of its input it ended after, whatever files they came from:
 * that is one number, it never goes back, and is all that the way of a line pays.  Where each file
 * began is kept for as long as a line of it may still be asked for. */
#include <assert.h>

#include "base/mem.h"
#include "io/input_state.h"

enum { LEAST = 2 };

static struct stretch *last_stretch(const struct input *input)
{
    const struct input_state *state = input->state;
    return state->stretch_count > 0 ? &state->stretches[state->stretch_count - 1] : NULL;
}

/* The stretch of the byte before `end`; of the first byte, at the very beginning. */
static const struct stretch *find_stretch(const struct input_state *state, uint64_t end)
{
    size_t at = state->stretch_count;
    while (at > 1 && state->stretches[at - 1].from >= end)
        at--;
    return at > 0 ? &state->stretches[at - 1] : NULL;
}

static uint64_t bytes_read(const struct input *input)
{
    return input->state->block.base + input->state->block.end;
}

/* Nobody asks any more for what came before the line given last. */
static void forget_past(struct input *input)
{
    struct input_state *state = input->state;
    const struct stretch *present = find_stretch(state, input->source.end);
    size_t past = present ? (size_t)(present - state->stretches) : 0;
    state->stretch_count -= past;
    if (past > 0)
        memmove(state->stretches, state->stretches + past,
                state->stretch_count * sizeof(*state->stretches));
}

/* A pipe that is opened again goes on where it was. */
static bool goes_on(const struct input *input, const struct feed_position *at)
{
    const struct stretch *last = last_stretch(input);
    return !input->regular && last && last->pipe && last->at.device == at->device &&
           last->at.inode == at->inode;
}

void input_begin_stretch(struct input *input, off_t offset)
{
    struct input_state *state = input->state;
    struct feed_position at = {input->device, input->inode, (uint64_t)offset};
    if (goes_on(input, &at))
        return;
    forget_past(input);
    struct stretch *last = last_stretch(input);
    if (last && last->from == bytes_read(input))
        state->stretch_count--; /* nothing was read of that file */
    MEM_GROW(state->stretches, state->stretch_count, state->stretch_room, LEAST);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room, so there is an array */
    state->stretches[state->stretch_count++] =
        (struct stretch){bytes_read(input), at, !input->regular};
}

void input_forget_stretches(struct input *input)
{
    input->state->stretch_count = 0;
    input->source.end = bytes_read(input);
}

off_t input_offset(const struct input *input)
{
    const struct stretch *last = last_stretch(input);
    assert(last);
    return (off_t)(last->at.offset + (bytes_read(input) - last->from));
}

struct feed_position input_position(const struct line_source *source)
{
    const struct stretch *stretch = find_stretch(input_of(source)->state, source->end);
    if (!stretch)
        return (struct feed_position){0};
    struct feed_position at = stretch->at;
    at.offset += source->end - stretch->from;
    return at;
}
