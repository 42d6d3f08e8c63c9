/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/frame.h"

#include <xxhash.h>

#include "base/pack.h"

enum {
    CHECK = 4,             /* where in a frame the check of its length is */
    HASH = 8,              /* and that of its payload */
    PAYLOAD = 16,          /* and the payload */
    BLOCK = 512,           /* bytes that a disk writes at once */
    MOST_FRAMES = 1 << 16, /* that may have been in the place of damage, */
    MOST_TRIES = 1 << 26,  /* and checks of lengths to know how many there were */
};
#define CLOSING 0x80000000u /* beside the length */

static void write_number(char *at, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (char)(number >> 8 * i);
}

static uint64_t read_number(const char *at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return number;
}

static uint64_t seed(uint64_t generation, uint64_t number)
{
    return generation * 0x9e3779b97f4a7c15u + number;
}

static uint32_t check_length(const char *frame, uint64_t with)
{
    return (uint32_t)XXH3_64bits_withSeed(frame, CHECK, with);
}

/* Writing. */

/* The place of a frame's 16 bytes; the payload goes after them. */
static size_t start_frame(struct buf *out)
{
    size_t at = out->len;
    buf_room(out, PAYLOAD);
    out->len += PAYLOAD;
    return at;
}

static void end_frame(struct buf *out, size_t at, uint32_t closing, uint64_t with)
{
    char *frame = out->ptr + at;
    size_t length = out->len - at - PAYLOAD;
    assert(length <= FRAME_LONGEST);
    write_number(frame, (uint32_t)length | closing, CHECK);
    write_number(frame + CHECK, check_length(frame, with), HASH - CHECK);
    write_number(frame + HASH, XXH3_64bits_withSeed(frame + PAYLOAD, length, with), PAYLOAD - HASH);
}

void frame_begin(struct frame_writer *writer, const struct frame_head *head, struct buf *out)
{
    size_t at = start_frame(out);
    pack_text(out, head->what);
    pack_number(out, head->version);
    pack_number(out, head->generation);
    end_frame(out, at, 0, 0);
    *writer = (struct frame_writer){head->generation, 1};
}

void frame_put(struct frame_writer *writer, struct bytes payload, struct buf *out)
{
    size_t at = start_frame(out);
    buf_add(out, payload);
    end_frame(out, at, 0, seed(writer->generation, writer->number++));
}

void frame_close(struct frame_writer *writer, struct buf *out)
{
    size_t at = start_frame(out);
    pack_number(out, writer->number - 1);
    end_frame(out, at, CLOSING, seed(writer->generation, writer->number++));
}

/* Reading. */

/* Do zeros begin with a block that starts before offset `end`, and go on to the end of the file?
 * One that starts with what is missing counts, too. */
static bool unwritten(const struct frame_reader *reader, size_t end)
{
    size_t zeros = reader->file.len;
    while (zeros > reader->at && reader->file.ptr[zeros - 1] == 0)
        zeros--;
    size_t block = zeros == reader->at ? zeros : (zeros + BLOCK - 1) / BLOCK * BLOCK;
    return block < end && block < reader->file.len;
}

static enum frame_found unsound(const struct frame_reader *reader, size_t end)
{
    return unwritten(reader, end) ? FRAME_CUT : FRAME_DAMAGED;
}

/* The frame that comes next; reader->at is after it when it is sound. */
static enum frame_found take_frame(struct frame_reader *reader, uint64_t with, uint32_t *closing,
                                   struct bytes *payload)
{
    size_t rest = reader->file.len - reader->at;
    if (rest < PAYLOAD)
        return FRAME_CUT;
    const char *frame = reader->file.ptr + reader->at;
    uint32_t length = (uint32_t)read_number(frame, CHECK);
    if (read_number(frame + CHECK, HASH - CHECK) != check_length(frame, with))
        return unsound(reader, reader->at + PAYLOAD);
    *closing = length & CLOSING;
    length &= ~CLOSING;
    if (length > rest - PAYLOAD)
        return FRAME_CUT;
    size_t end = reader->at + PAYLOAD + length;
    if (read_number(frame + HASH, PAYLOAD - HASH) !=
        XXH3_64bits_withSeed(frame + PAYLOAD, length, with))
        return unsound(reader, end);
    *payload = bytes_make(frame + PAYLOAD, length);
    reader->at = end;
    return FRAME_HAS;
}

enum frame_found frame_open(struct frame_reader *reader, struct bytes file, struct frame_head *head)
{
    struct bytes payload;
    uint32_t closing = 0;
    *reader = (struct frame_reader){.file = file};
    enum frame_found found = take_frame(reader, 0, &closing, &payload);
    if (found != FRAME_HAS)
        return found;
    struct unpack fields = unpack_of(payload);
    head->what = unpack_text(&fields);
    head->version = unpack_number(&fields);
    head->generation = unpack_number(&fields);
    if (closing || !unpack_ended(&fields)) {
        reader->at = 0;
        return FRAME_DAMAGED;
    }
    reader->generation = head->generation;
    reader->number = 1;
    return FRAME_HAS;
}

/* A closing frame has counted those before it, and nothing comes after it. */
static bool closes(const struct frame_reader *reader, struct bytes payload)
{
    struct unpack fields = unpack_of(payload);
    return unpack_number(&fields) == reader->number - 1 && unpack_ended(&fields);
}

enum frame_found frame_next(struct frame_reader *reader, struct bytes *payload)
{
    uint32_t closing = 0;
    size_t start = reader->at;
    if (start == reader->file.len)
        return FRAME_END;
    if (reader->closed)
        return FRAME_DAMAGED;
    enum frame_found found =
        take_frame(reader, seed(reader->generation, reader->number), &closing, payload);
    if (found == FRAME_HAS && closing) {
        reader->closed = closes(reader, *payload);
        if (!reader->closed)
            reader->at = start;
        return reader->closed ? frame_next(reader, payload) : FRAME_DAMAGED;
    }
    if (found == FRAME_HAS)
        reader->number++;
    return found;
}

/* Finding. */

/* Is it sound if this is its number? */
static bool is_frame(const struct frame_reader *reader, size_t at, uint64_t number, size_t length)
{
    const char *frame = reader->file.ptr + at;
    uint64_t with = seed(reader->generation, number);
    return read_number(frame + CHECK, HASH - CHECK) == check_length(frame, with) &&
           read_number(frame + HASH, PAYLOAD - HASH) ==
               XXH3_64bits_withSeed(frame + PAYLOAD, length, with);
}

/* The number of the frame at this offset, which may be one of those after reader->number; 0: there
 * is none that is asked for. */
static uint64_t number_at(const struct frame_reader *reader, size_t at, char begin, size_t *tries)
{
    const char *frame = reader->file.ptr + at;
    size_t rest = reader->file.len - at - PAYLOAD;
    uint32_t length = (uint32_t)read_number(frame, CHECK);
    bool closing = length & CLOSING;
    length &= ~CLOSING;
    if (length == 0 || length > rest)
        return 0;
    if (closing) {
        struct unpack fields = unpack_of(bytes_make(frame + PAYLOAD, length));
        uint64_t number = unpack_number(&fields) + 1;
        bool fits = unpack_ended(&fields) && number > reader->number;
        return fits && is_frame(reader, at, number, length) ? number : 0;
    }
    size_t most = (at - reader->at) / PAYLOAD;
    if (frame[PAYLOAD] != begin)
        return 0;
    for (size_t i = 1; i <= most && i <= MOST_FRAMES && *tries < MOST_TRIES; i++, ++*tries)
        if (is_frame(reader, at, reader->number + i, length))
            return reader->number + i;
    return 0;
}

bool frame_find(struct frame_reader *reader, char begin)
{
    size_t tries = 0;
    if (reader->number == 0)
        return false;
    for (size_t at = reader->at + PAYLOAD; at + PAYLOAD < reader->file.len; at++) {
        uint64_t number = number_at(reader, at, begin, &tries);
        if (number == 0)
            continue;
        reader->at = at;
        reader->number = number;
        return true;
    }
    return false;
}
