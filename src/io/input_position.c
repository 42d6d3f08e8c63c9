/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in which file a line of an input ended, and how that file can be recognized later.
 *
 * All that is recorded for a line is how many bytes of its input come before its end, whatever
 * files they came from.  That is one number, which never decreases, so lines cost nothing more.
 * Where each file began is kept for as long as somebody may ask about a line of it. */
#include <assert.h>
#include <string.h>

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

/* --- places ---------------------------------------------------------------------------------- */

/* The bytes are those of the block, and before the first of them those known at the opening. */
static struct file_mark mark_tail(const struct input *input, const struct stretch *stretch,
                                  uint64_t end)
{
    const struct input_block *block = &input->state->block;
    const struct file_bytes *known = &stretch->known;
    char tail[FILE_TAIL];
    uint64_t read = end - stretch->from;
    size_t own = read < FILE_TAIL ? (size_t)read : FILE_TAIL;
    size_t rest = FILE_TAIL - own < known->tail_len ? FILE_TAIL - own : known->tail_len;
    if (end < block->base + own)
        return (struct file_mark){0};
    if (rest > 0)
        memcpy(tail, known->tail + known->tail_len - rest, rest);
    if (own > 0)
        memcpy(tail + rest, block->ptr + (end - block->base) - own, own);
    return file_mark_of(bytes_make(tail, rest + own));
}

/* Of the byte of the source after `end` others, the last of which is the stretch's. */
static void make_place(const struct input *input, const struct stretch *stretch, uint64_t end,
                       struct input_place *place)
{
    const struct input_state *state = input->state;
    *place = (struct input_place){
        .name = input->source.name,
        .lines = input->source.lines,
        .second = clock_now(state->inputs->clock),
        .context = input->source.context,
        .pattern = state->pattern,
        .dynamic = input->dynamic,
        .open = input->fd >= 0,
    };
    if (!stretch)
        return;
    place->device = stretch->at.device;
    place->inode = stretch->at.inode;
    place->offset = stretch->at.offset + (end - stretch->from);
    place->pipe = stretch->pipe;
    if (stretch->pipe)
        return;
    place->head = file_mark_of(bytes_make(stretch->known.head, stretch->known.head_len));
    place->tail = mark_tail(input, stretch, end);
}

/* A pipe that is opened again goes on where it was. */
static bool goes_on(const struct input *input, const struct feed_position *at)
{
    const struct stretch *last = last_stretch(input);
    return !input->regular && last && last->pipe && last->at.device == at->device &&
           last->at.inode == at->inode;
}

static struct stretch *add_stretch(struct input_state *state)
{
    MEM_GROW(state->stretches, state->stretch_count, state->stretch_room, LEAST);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room, so there is an array */
    return &state->stretches[state->stretch_count++];
}

static void tell_stretch(const struct input *input, const struct stretch *stretch, uint64_t from)
{
    struct inputs *inputs = input->state->inputs;
    struct input_place place;
    if (!inputs->opened)
        return;
    make_place(input, stretch, from, &place);
    inputs->opened(inputs->opened_arg, (struct input *)input, from, &place);
}

void input_begin_stretch(struct input *input, off_t offset, const struct file_bytes *known)
{
    struct input_state *state = input->state;
    struct feed_position at = {input->device, input->inode, (uint64_t)offset};
    if (goes_on(input, &at))
        return;
    forget_past(input);
    struct stretch *last = last_stretch(input);
    if (last && last->from == bytes_read(input))
        state->stretch_count--; /* nothing was read of that file */
    struct stretch *stretch = add_stretch(state);
    *stretch = (struct stretch){.from = bytes_read(input), .at = at, .pipe = !input->regular};
    if (known)
        stretch->known = *known;
    tell_stretch(input, stretch, stretch->from);
}

void input_begin_put_back(struct input *input, size_t size)
{
    struct input_state *state = input->state;
    struct stretch file = {0}, *last = last_stretch(input);
    if (last && last->pipe)
        return;
    if (last)
        file = *last;
    else
        last = add_stretch(state);
    *last = (struct stretch){.from = bytes_read(input), .pipe = true};
    if (state->stretch_count == 1 && file.at.device == 0 && file.at.inode == 0)
        return;
    file.from += size;
    *add_stretch(state) = file;
}

void input_note_read(struct input *input, struct bytes bytes)
{
    struct stretch *last = last_stretch(input);
    struct file_bytes *known = &last->known;
    if (last->pipe || known->head_len == FILE_HEAD)
        return;
    uint64_t offset = last->at.offset + (bytes_read(input) - bytes.len - last->from);
    if (file_bytes_begin(known, offset, bytes))
        tell_stretch(input, last, last->from);
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

void input_place_now(const struct input *input, struct input_place *place)
{
    uint64_t end = input->source.end;
    make_place(input, find_stretch(input->state, end), end, place);
}

void input_place_read(const struct input *input, struct input_place *place)
{
    make_place(input, last_stretch(input), bytes_read(input), place);
}

/* -- Once more -- */

/* Those of a pipe. */
static void tell_unread(struct input *input, const struct stretch *stretch)
{
    const struct input_state *state = input->state;
    const struct input_block *block = &state->block;
    struct inputs *inputs = state->inputs;
    bool last = stretch + 1 == state->stretches + state->stretch_count;
    uint64_t from = stretch->from > input->source.end ? stretch->from : input->source.end;
    uint64_t end = last ? bytes_read(input) : stretch[1].from;
    if (!stretch->pipe || from >= end)
        return;
    assert(from >= block->base);
    struct bytes bytes = {block->ptr + (from - block->base), (size_t)(end - from)};
    inputs->arrived(inputs->arrived_arg, input, bytes);
    inputs->was_taken(inputs->arrived_arg, input);
}

void inputs_tell_again(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct input *input = inputs->list[i];
        const struct input_state *state = input->state;
        const struct stretch *stretch = find_stretch(state, input->source.end);
        if (!stretch)
            continue;
        tell_stretch(input, stretch, input->source.end);
        tell_unread(input, stretch);
        while (++stretch < state->stretches + state->stretch_count) {
            tell_stretch(input, stretch, stretch->from);
            tell_unread(input, stretch);
        }
    }
}

void inputs_on_opening(struct inputs *inputs, input_opened *opened, void *arg)
{
    inputs->opened = opened;
    inputs->opened_arg = arg;
}
