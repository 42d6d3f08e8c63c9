/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/streams.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/ordered.h"

enum { OVER = 64 * 1024 }; /* bytes that are read at once to get over them */

#define PROBLEM(streams, ...) buf_cat((streams)->problems, __VA_ARGS__, B("\n"))

/* -- All of them -- */

static struct input_place keep_place(struct redo_streams *streams, const struct input_place *place)
{
    struct input_place kept = *place;
    kept.name = arena_bytes(&streams->arena, place->name);
    kept.context = arena_bytes(&streams->arena, place->context);
    kept.pattern = arena_bytes(&streams->arena, place->pattern);
    return kept;
}

static void stream_free(struct redo_stream *stream)
{
    past_close(stream->past);
    free(stream->parts);
    buf_free(&stream->bytes);
    free(stream);
}

void redo_streams_clear(struct redo_streams *streams)
{
    for (size_t i = 0; i < streams->count; i++)
        stream_free(streams->items[i]);
    streams->count = 0;
}

static uint64_t number_of(const void *items, size_t index)
{
    return ((struct redo_stream *const *)items)[index]->number;
}

/* Where the stream of that number is, or would be. */
static size_t stream_at(const struct redo_streams *streams, uint64_t number)
{
    return ordered_at(streams->items, streams->count, number, number_of);
}

struct redo_stream *redo_streams_find(const struct redo_streams *streams, uint64_t number)
{
    size_t at = stream_at(streams, number);
    bool found = at < streams->count && streams->items[at]->number == number;
    return found ? streams->items[at] : NULL;
}

/* An action has dropped an input and added it again, or a rescan has. */
static void replace_streams(struct redo_streams *streams, struct bytes name)
{
    for (size_t i = 0; i < streams->count; i++)
        if (bytes_eq(streams->items[i]->place.name, name))
            streams->items[i]->replaced = true;
}

void redo_streams_begin(struct redo_streams *streams, uint64_t number,
                        const struct input_place *place)
{
    size_t at = stream_at(streams, number);
    if (place->dynamic || place->pattern.len > 0)
        replace_streams(streams, place->name);
    struct redo_stream *stream = mem_zalloc(sizeof(*stream));
    stream->number = number;
    stream->place = keep_place(streams, place);
    if (redo_streams_find(streams, number)) {
        stream_free(streams->items[at]);
    } else {
        MEM_GROW(streams->items, streams->count, streams->room, 16);
        memmove(streams->items + at + 1, streams->items + at,
                (streams->count++ - at) * sizeof(*streams->items));
    }
    streams->items[at] = stream;
}

bool redo_streams_left(const struct redo_streams *streams, size_t index, struct redo_left *left)
{
    for (size_t i = 0; i < streams->count; i++) {
        const struct redo_stream *stream = streams->items[i];
        if (stream->replaced || stream->bytes.len == stream->taken || index-- > 0)
            continue;
        left->name = stream->place.name;
        left->bytes = bytes_from(buf_bytes(&stream->bytes), stream->taken);
        left->seen = stream->seen < left->bytes.len ? stream->seen : left->bytes.len;
        return true;
    }
    return false;
}

void redo_streams_init(struct redo_streams *streams, struct buf *problems)
{
    *streams = (struct redo_streams){.problems = problems};
    arena_init(&streams->arena);
}

void redo_streams_free(struct redo_streams *streams)
{
    redo_streams_clear(streams);
    free(streams->items);
    arena_free(&streams->arena);
}

/* -- Parts -- */

void redo_stream_add_part(struct redo_stream *stream, uint64_t from,
                          const struct input_place *place)
{
    MEM_GROW(stream->parts, stream->count, stream->room, 4);
    struct stream_part *part = &stream->parts[stream->count++];
    *part = (struct stream_part){.from = from, .pipe = place == NULL};
    if (place) {
        part->place = *place;
        part->place.name = stream->place.name;
        part->place.context = stream->place.context;
        part->place.pattern = stream->place.pattern;
    }
    stream->place.pipe = part->pipe;
    if (stream->count == 1)
        stream->at = from;
}

/* Parts that were read to their end, so many of them, go. */
static void drop_parts(struct redo_stream *stream, size_t done)
{
    if (done == 0)
        return;
    past_close(stream->past);
    stream->past = NULL;
    stream->broken = false;
    stream->count -= done;
    memmove(stream->parts, stream->parts + done, stream->count * sizeof(*stream->parts));
}

static void drop_past(struct redo_stream *stream)
{
    size_t done = 0;
    while (done + 1 < stream->count && stream->parts[done + 1].from <= stream->at)
        done++;
    drop_parts(stream, done);
}

/* -- Reading -- */

static void open_past(struct redo_streams *streams, struct redo_stream *stream,
                      const struct input_place *place)
{
    struct buf why = {0};
    stream->past = past_open(place, &why);
    if (!stream->past)
        PROBLEM(streams, B("Input file "), stream->place.name, B(": "), buf_bytes(&why));
    buf_free(&why);
}

/* The marks of a part are those of its beginning: what was processed of it is read over. */
static bool open_part(struct redo_streams *streams, struct redo_stream *stream)
{
    const struct stream_part *part = &stream->parts[0];
    uint64_t left = stream->at - part->from;
    struct bytes over;
    open_past(streams, stream, &part->place);
    while (stream->past && left > 0) {
        size_t size = left < OVER ? (size_t)left : OVER;
        if (!past_read(stream->past, size, &over))
            return false;
        left -= size;
    }
    return stream->past != NULL;
}

/* The next bytes of the present part, at most so many. */
static bool read_part(struct redo_streams *streams, struct redo_stream *stream, uint64_t size,
                      struct bytes *bytes)
{
    struct stream_part *part = &stream->parts[0];
    if (part->pipe) {
        *bytes = bytes_from(buf_bytes(&stream->bytes), stream->taken);
        if (bytes->len < size)
            return false;
        bytes->len = (size_t)size;
        stream->taken += (size_t)size;
        return true;
    }
    if (!stream->past && !open_part(streams, stream))
        return false;
    return past_read(stream->past, (size_t)size, bytes);
}

/* What came of them has happened, and the lines that follow must not be taken for them. */
static void pass_over(struct redo_streams *streams, struct redo_stream *stream, uint64_t bytes)
{
    if (!stream->broken)
        PROBLEM(
            streams, B("Input file "), stream->place.name,
            B(" cannot be read again from where it was at the snapshot: what its lines did to the "
              "state is lost"));
    stream->broken = true;
    stream->at += bytes;
}

bool redo_stream_read(struct redo_streams *streams, struct redo_stream *stream, uint64_t *size,
                      struct bytes *bytes)
{
    drop_past(stream);
    if (stream->count > 1 && stream->parts[1].from - stream->at < *size)
        *size = stream->parts[1].from - stream->at;
    if (stream->broken || !read_part(streams, stream, *size, bytes)) {
        pass_over(streams, stream, *size);
        return false;
    }
    stream->at += *size;
    return true;
}

void redo_stream_forget_arrivals(struct redo_stream *stream, uint64_t from)
{
    uint64_t begin = stream->at - stream->taken;
    if (stream->place.pipe && from >= stream->at && from - begin < stream->bytes.len)
        stream->bytes.len = (size_t)(from - begin);
}

/* -- The end -- */

/* But the last file of which more is known than its number stays: another one may get the number
 * of one that was empty, and what follows is found from there. */
static void drop_known_past(struct redo_stream *stream)
{
    const struct stream_part *parts = stream->parts;
    size_t done = 0;
    for (size_t i = 1; i < stream->count && parts[i].from <= stream->at; i++)
        if (parts[i].pipe || parts[i].place.head.len > 0 || parts[done].pipe)
            done = i;
    drop_parts(stream, done);
}

struct input_place redo_stream_place(struct redo_stream *stream, int64_t second)
{
    struct input_place place = stream->place;
    drop_known_past(stream);
    if (stream->count > 0 && !stream->parts[0].pipe) {
        const struct stream_part *part = &stream->parts[0];
        struct bytes pattern = place.pattern;
        bool dynamic = place.dynamic;
        place = part->place;
        place.pattern = pattern;
        place.dynamic = dynamic;
        place.second = second;
        place.offset += stream->at - part->from;
        if (stream->past && !stream->broken)
            past_place(stream->past, &place);
        else if (stream->at > part->from)
            place.tail = (struct file_mark){0}; /* it is not known */
    }
    return place;
}
