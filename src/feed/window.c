/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A ring of lines.  The newest is in slot `newest`; the line `back` steps before it is that many
 * slots further down, and the last slot follows the first.
 *
 * The last N lines, joined, are the end of the last M > N lines, joined.  So a new text is made for
 * an event only if more lines are asked for than before. */
#include "feed/window.h"

#include <assert.h>

#include "base/mem.h"

struct slot {
    struct bytes line, source;
    struct buf line_copy, source_copy; /* what they point to, unless the window has one slot */
    bool pushed;
};

struct window {
    struct slot *slots;
    size_t size, newest;
    struct bytes joined; /* the last `joined_count` lines, in the event's arena */
    size_t joined_count; /* 0: not made since the last change */
    char **retired;      /* texts that were replaced; matches of this event may still point there */
    size_t retired_count;
};

static struct slot *slots_new(size_t size)
{
    struct slot *slots = mem_zarray(size, sizeof(*slots));
    for (size_t i = 0; i < size; i++) {
        slots[i].line = B("");
        slots[i].source = B("");
    }
    return slots;
}

static void slot_free(struct slot *slot)
{
    buf_free(&slot->line_copy);
    buf_free(&slot->source_copy);
}

static void forget_retired(struct window *window)
{
    for (size_t i = 0; i < window->retired_count; i++)
        free(window->retired[i]);
    free(window->retired);
    window->retired = NULL;
    window->retired_count = 0;
}

struct window *window_new(size_t size)
{
    assert(size > 0);
    struct window *window = mem_zalloc(sizeof(*window));
    window->slots = slots_new(size);
    window->size = size;
    window->newest = size - 1;
    return window;
}

void window_free(struct window *window)
{
    if (!window)
        return;
    for (size_t i = 0; i < window->size; i++)
        slot_free(&window->slots[i]);
    forget_retired(window);
    free(window->slots);
    free(window);
}

static size_t index_of(const struct window *window, size_t back)
{
    return (window->newest + window->size - back % window->size) % window->size;
}

/* Makes the slot the owner of its texts. */
static void slot_keep(struct slot *slot)
{
    if (slot->line.ptr != slot->line_copy.ptr) {
        buf_clear(&slot->line_copy);
        buf_add(&slot->line_copy, slot->line);
        slot->line = buf_bytes(&slot->line_copy);
    }
    if (slot->source.ptr && slot->source.ptr != slot->source_copy.ptr) {
        buf_clear(&slot->source_copy);
        buf_add(&slot->source_copy, slot->source);
        slot->source = buf_bytes(&slot->source_copy);
    }
}

void window_resize(struct window *window, size_t size)
{
    assert(size > 0);
    if (size == window->size)
        return;
    struct slot *slots = slots_new(size);
    for (size_t back = 0; back < window->size; back++) {
        struct slot *from = &window->slots[index_of(window, back)];
        if (back < size) {
            slot_keep(from);
            slots[size - 1 - back] = *from;
        } else {
            slot_free(from);
        }
    }
    free(window->slots);
    window->slots = slots;
    window->size = size;
    window->newest = size - 1;
    window->joined_count = 0;
}

void window_fit(struct window **window, size_t size)
{
    if (size == 0) {
        window_free(*window);
        *window = NULL;
    } else if (!*window) {
        *window = window_new(size);
    } else {
        window_resize(*window, size);
    }
}

void window_clear(struct window *window)
{
    for (size_t i = 0; i < window->size; i++) {
        window->slots[i].line = window->slots[i].source = B("");
        window->slots[i].pushed = false;
    }
    window->newest = window->size - 1;
    window->joined_count = 0;
}

size_t window_size(const struct window *window)
{
    return window->size;
}

void window_push(struct window *window, struct bytes line, struct bytes source)
{
    if (window->retired_count > 0)
        forget_retired(window);
    window->joined_count = 0;
    window->newest = window->newest + 1 < window->size ? window->newest + 1 : 0;
    struct slot *slot = &window->slots[window->newest];
    slot->line = line;
    slot->source = source;
    slot->pushed = true;
    if (window->size > 1)
        slot_keep(slot);
}

void window_keep(struct window *window)
{
    slot_keep(&window->slots[window->newest]);
}

struct bytes window_line(const struct window *window, size_t back)
{
    return window->slots[index_of(window, back)].line;
}

struct bytes window_source(const struct window *window, size_t back)
{
    return window->slots[index_of(window, back)].source;
}

bool window_pushed(const struct window *window, size_t back)
{
    return window->slots[index_of(window, back)].pushed;
}

static size_t joined_length(const struct window *window, size_t count)
{
    size_t length = count - 1;
    for (size_t back = 0; back < count; back++)
        length += window_line(window, back).len;
    return length;
}

struct bytes window_joined(struct window *window, size_t count, struct arena *arena)
{
    if (count <= 1)
        return window_line(window, 0);
    size_t length = joined_length(window, count);
    if (count <= window->joined_count)
        return bytes_from(window->joined, window->joined.len - length);
    char *text = arena_alloc(arena, length);
    size_t at = 0;
    for (size_t back = count; back-- > 0;) {
        struct bytes line = window_line(window, back);
        if (line.len > 0)
            memcpy(text + at, line.ptr, line.len);
        at += line.len;
        if (back > 0)
            text[at++] = '\n';
    }
    window->joined = bytes_make(text, length);
    window->joined_count = count;
    return window->joined;
}

void window_rewrite(struct window *window, const struct bytes *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        window_set_at(window, index_of(window, count - 1 - i), lines[i]);
}

size_t window_position(const struct window *window)
{
    return window->newest;
}

void window_set_position(struct window *window, size_t position)
{
    window->newest = position % window->size;
    window->joined_count = 0;
}

struct bytes window_at(const struct window *window, size_t position)
{
    return window->slots[position % window->size].line;
}

void window_set_at(struct window *window, size_t position, struct bytes line)
{
    struct slot *slot = &window->slots[position % window->size];
    window->joined_count = 0;
    if (slot->line_copy.ptr) {
        window->retired = mem_array(window->retired, window->retired_count + 1, sizeof(char *));
        window->retired[window->retired_count++] = slot->line_copy.ptr;
        slot->line_copy = (struct buf){0};
    }
    buf_add(&slot->line_copy, line);
    slot->line = buf_bytes(&slot->line_copy);
}
