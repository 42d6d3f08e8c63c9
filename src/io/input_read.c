/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading an input file block by block and cutting its lines in place.
 *
 * A block is only moved or enlarged right before a read, and a read only happens when no whole
 * line is left, so the bytes that move are at most one partial line.  The search for a newline
 * continues where it stopped, so that a very long line is searched only once.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/huge_pages.h"
#include "base/mem.h"
#include "io/input_state.h"
#include "io/peek.h"

enum {
    DEFAULT_BLOCK = 8192, /* --blocksize when it was not given */
    BLOCK = 64 * 1024,
    LARGEST_BLOCK = 1024 * 1024, /* an empty block that has grown beyond twice that is given back */
};

/* Bytes per read.  Larger reads than asked for make no difference for a regular file, but for
 * the order between several inputs where a line is longer than a block; what is read from a pipe
 * is lost at SIGHUP, so a size that was asked for is kept there. */
static size_t read_size(const struct input *input)
{
    size_t asked = input->state->inputs->options->blocksize;
    if (asked == DEFAULT_BLOCK || (input->regular && asked < BLOCK))
        return BLOCK;
    return asked < LARGEST_BLOCK ? asked : LARGEST_BLOCK;
}

/* What was handed out goes, but for its last bytes. */
static void compact(struct input_block *block)
{
    size_t kept = block->start < FILE_TAIL ? block->start : FILE_TAIL;
    size_t gone = block->start - kept;
    if (gone == 0)
        return;
    memmove(block->ptr, block->ptr + gone, block->end - gone);
    block->base += gone;
    block->scanned -= gone;
    block->start -= gone;
    block->end -= gone;
}

/* What a very long line has made of the block, once it is empty. */
static void give_block_back(struct input_block *block)
{
    if (block->start != block->end || block->cap <= 2 * LARGEST_BLOCK)
        return;
    compact(block);
    char *large = block->ptr;
    block->ptr = mem_alloc(block->end);
    memcpy(block->ptr, large, block->end);
    block->cap = block->end;
    free_large(large);
}

void input_give_back(struct input *input)
{
    give_block_back(&input->state->block);
}

/* Makes room for a good part of a read; returns how much room there is. */
static size_t room_in_block(struct input_block *block, size_t size)
{
    give_block_back(block);
    compact(block);
    if (block->cap - block->end < size / 2 + 1) {
        size_t twice = 2 * block->cap, least = block->end + size + FILE_TAIL;
        block->cap = twice > least ? twice : least;
        block->ptr = mem_realloc(block->ptr, block->cap);
    }
    return block->cap - block->end;
}

/* Can what it had be asked of it by a later run? */
static bool outlives(const struct input *input)
{
    return !input->regular && !input_is_stdin(input);
}

static void note_read(struct input *input, size_t got, bool seen)
{
    struct inputs *inputs = input->state->inputs;
    struct input_block *block = &input->state->block;
    struct bytes bytes = {block->ptr + block->end, got};
    block->end += got;
    input_note_read(input, bytes);
    if (inputs->arrived && !input->regular)
        inputs->arrived(inputs->arrived_arg, input, bytes);
    if (!seen)
        return;
    pipe_take(input->fd, got);
    inputs->was_taken(inputs->arrived_arg, input);
}

static ssize_t read_again(int fd, char *room, size_t size)
{
    ssize_t got;
    do {
        got = read(fd, room, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* What cannot be read is the end. */
static ssize_t read_stream(struct input *input, char *room, size_t size)
{
    struct input_state *state = input->state;
    ssize_t got = stream_read(state->stream, room, size);
    if (got >= 0)
        return got;
    log_msg(state->inputs->log, LOG_ERROR, B("Can't read all of "),
            bytes_of(state->trail.files[state->trail_at - 1].path), B(" for input file "),
            input->source.name, B(" ("), stream_error(state->stream), B(")"));
    stream_close(state->stream);
    state->stream = NULL;
    return 0;
}

static ssize_t read_block(struct input *input, size_t size)
{
    struct input_block *block = &input->state->block;
    size_t room = room_in_block(block, size);
    char *to = block->ptr + block->end;
    bool seen = input->state->inputs->arrived && outlives(input);
    ssize_t got = 0;
    room = size < room ? size : room;
    if (input->state->stream)
        got = read_stream(input, to, room);
    else if (seen)
        got = pipe_peek(input->fd, to, room);
    if (!input->state->stream && (!seen || (got < 0 && errno != EAGAIN))) {
        seen = false;
        got = read_again(input->fd, to, room);
    }
    if (got > 0)
        note_read(input, (size_t)got, seen);
    return got;
}

void input_read_rest(struct input *input, size_t size)
{
    while (size > 0) {
        ssize_t got = read_block(input, size < BLOCK ? size : BLOCK);
        if (got <= 0)
            return;
        size -= (size_t)got;
    }
}

/* Moves `scanned` to the next newline; false: there is none. */
static bool find_newline(struct input_block *block)
{
    if (block->scanned == block->end)
        return false;
    const char *from = block->ptr + block->scanned;
    const char *newline = memchr(from, '\n', block->end - block->scanned);
    block->scanned = newline ? (size_t)(newline - block->ptr) : block->end;
    return newline != NULL;
}

static bool cut_line(struct input_block *block, struct bytes *line)
{
    if (!find_newline(block))
        return false;
    *line = bytes_make(block->ptr + block->start, block->scanned - block->start);
    block->start = ++block->scanned;
    return true;
}

/* The end of a file makes its last, unfinished line a whole one. */
static bool cut_rest(struct input_block *block, struct bytes *line)
{
    *line = bytes_make(block->ptr + block->start, block->end - block->start);
    block->start = block->scanned = block->end;
    return line->len > 0;
}

static void report_error(struct input *input, struct bytes what, struct bytes kind)
{
    log_msg(input->state->inputs->log, LOG_ERROR, B("Input "), kind, B(" "), input->source.name,
            B(" "), what, B(" error ("), error_text(errno), B("), closing the "), kind);
    input_close(input);
}

static bool read_regular(struct input *input, struct bytes *line)
{
    ssize_t got = read_block(input, read_size(input));
    if (got > 0)
        return cut_line(&input->state->block, line);
    if (got < 0) {
        report_error(input, B("IO"), B("file"));
        return false;
    }
    if (input->state->inputs->options->tail || input_left_behind(input))
        return false;
    input_close(input);
    return cut_rest(&input->state->block, line);
}

/* The last writer has closed the pipe.  A FIFO is opened again, to wait for the next one. */
static bool end_pipe(struct input *input, struct bytes *line)
{
    const struct inputs *inputs = input->state->inputs;
    log_msg(inputs->log, LOG_DETAIL, B("No writers on input pipe "), input->source.name,
            B(", closing the pipe"));
    input_close(input);
    if (inputs->options->tail && !input_is_stdin(input)) {
        log_msg(inputs->log, LOG_DETAIL, B("Reopening input pipe "), input->source.name);
        input_open(input, -1, B("-1"));
        if (inputs->options->reopen_timeout)
            input->state->opened = clock_now(inputs->clock);
    }
    return cut_rest(&input->state->block, line);
}

static bool read_pipe(struct input *input, struct bytes *line)
{
    struct pollfd pipe = {.fd = input->fd, .events = POLLIN};
    int ready = poll(&pipe, 1, 0);
    if (ready < 0 && errno != EINTR)
        report_error(input, B("select"), B("pipe"));
    if (ready <= 0)
        return false;
    ssize_t got = read_block(input, read_size(input));
    if (got > 0)
        return cut_line(&input->state->block, line);
    if (got == 0)
        return end_pipe(input, line);
    if (errno != EAGAIN)
        report_error(input, B("IO"), B("pipe"));
    return false;
}

bool input_read_line(struct input *input, struct bytes *line)
{
    if (cut_line(&input->state->block, line))
        return true;
    if (input->fd < 0)
        return input->state->over && cut_rest(&input->state->block, line);
    return input->regular ? read_regular(input, line) : read_pipe(input, line);
}

bool input_has_line(const struct input *input)
{
    return find_newline(&input->state->block);
}

void input_drop_unread(struct input *input)
{
    struct input_block *block = &input->state->block;
    block->start = block->scanned = block->end;
}

void input_put_back(struct input *input, struct bytes bytes)
{
    struct input_block *block = &input->state->block;
    input_begin_put_back(input, bytes.len);
    while (bytes.len > 0) {
        size_t room = room_in_block(block, bytes.len);
        size_t len = bytes.len < room ? bytes.len : room;
        memcpy(block->ptr + block->end, bytes.ptr, len);
        block->end += len;
        bytes = bytes_from(bytes, len);
    }
    input_set_active(input, true);
}

bool input_take_again(struct input *input, struct bytes bytes)
{
    if (input->fd < 0 || !outlives(input) || bytes.len == 0)
        return false;
    char *room = mem_alloc(bytes.len);
    ssize_t got = pipe_peek(input->fd, room, bytes.len);
    bool same = got == (ssize_t)bytes.len && memcmp(room, bytes.ptr, bytes.len) == 0;
    free(room);
    if (same)
        pipe_take(input->fd, bytes.len);
    return same;
}

void inputs_on_arrival(struct inputs *inputs, input_arrived *arrived, input_taken *taken, void *arg)
{
    inputs->arrived = arrived;
    inputs->was_taken = taken;
    inputs->arrived_arg = arg;
}
