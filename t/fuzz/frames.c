/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of frames.  The first byte of an input says what it is: 0, the bytes of a file; 1, the same
 * with all checks set right, as only who knows them can; else payloads, a line each, of a file that
 * is written, and what then becomes of it, which must not go unseen. */
#include <xxhash.h>

#include "base/pack.h"
#include "fuzz.h"
#include "store/frame.h"

enum { PAYLOADS = 16, HEADER = 16 };

static void start(void)
{
}

/* Any file: every payload is within it, in order, and the end stays the end. */
static enum frame_found read_any(struct bytes file, struct frame_reader *reader)
{
    struct frame_head head = {0};
    struct bytes payload;
    enum frame_found found = frame_open(reader, file, &head);
    size_t at = reader->at;
    while (found == FRAME_HAS && (found = frame_next(reader, &payload)) == FRAME_HAS) {
        if (reader->at <= at || reader->at > file.len || reader->closed ||
            payload.ptr + payload.len != file.ptr + reader->at)
            abort();
        at = reader->at;
    }
    if (reader->at > file.len || (found == FRAME_END && reader->at != file.len))
        abort();
    struct frame_reader later = *reader;
    while (found == FRAME_DAMAGED && !later.closed && frame_find(&later, 'D')) {
        at = later.at;
        if ((frame_next(&later, &payload) != FRAME_HAS && !later.closed) || later.at <= at)
            abort();
    }
    return found;
}

/* The checks of a frame, as the header of store/frame.h has them. */
static void mend(struct buf *file, size_t at, uint64_t generation, uint64_t number)
{
    uint64_t seed = number ? generation * 0x9e3779b97f4a7c15u + number : 0;
    unsigned char *frame = (unsigned char *)file->ptr + at;
    size_t length = frame[0] | (size_t)frame[1] << 8;
    frame[2] = 0; /* short ones are enough */
    frame[3] &= 0x80;
    uint64_t check = XXH3_64bits_withSeed(frame, 4, seed), hash = 0;
    if (length <= file->len - at - HEADER)
        hash = XXH3_64bits_withSeed(frame + HEADER, length, seed);
    for (int i = 0; i < 4; i++)
        frame[4 + i] = (unsigned char)(check >> 8 * i);
    for (int i = 0; i < 8; i++)
        frame[8 + i] = (unsigned char)(hash >> 8 * i);
}

static void read_mended(struct bytes input)
{
    struct buf file = {0};
    struct frame_reader reader;
    struct frame_head head;
    uint64_t generation = 0, number = 0;
    buf_add(&file, input);
    for (size_t at = 0; file.len - at >= HEADER;) {
        mend(&file, at, generation, number++);
        size_t length = (unsigned char)file.ptr[at] | (size_t)(unsigned char)file.ptr[at + 1] << 8;
        if (length > file.len - at - HEADER)
            break;
        at += HEADER + length;
        if (number == 1) {
            if (frame_open(&reader, bytes_make(file.ptr, at), &head) != FRAME_HAS)
                break;
            generation = head.generation;
        }
    }
    read_any(buf_bytes(&file), &reader);
    buf_free(&file);
}

/* What may become of a file: it is cut, a byte is changed, a stretch becomes zeros. */
static bool change(struct buf *file, struct bytes *input)
{
    unsigned what = take_byte(input);
    size_t at = take_byte(input) | (size_t)take_byte(input) << 8;
    unsigned how = take_byte(input);
    bool changed = false;
    at %= file->len;
    if (what % 3 == 0) {
        changed = true;
        file->len = at;
    } else if (what % 3 == 1) {
        changed = how != 0;
        file->ptr[at] ^= (char)how;
    } else {
        for (size_t i = at; i < file->len && i < at + how; i++) {
            changed |= file->ptr[i] != 0;
            file->ptr[i] = 0;
        }
    }
    return changed;
}

static void write_and_change(struct bytes input)
{
    struct frame_head head = {B("what"), 1, 3};
    struct bytes payloads[PAYLOADS], changes = take_bytes(&input, 4), payload;
    struct frame_writer writer;
    struct frame_reader reader;
    struct buf file = {0};
    size_t count = 0, read = 0;
    frame_begin(&writer, &head, &file);
    for (; count < PAYLOADS && input.len > 0; count++) {
        payloads[count] = take_line(&input);
        frame_put(&writer, payloads[count], &file);
    }
    frame_close(&writer, &file);
    bool changed = change(&file, &changes);
    enum frame_found found = frame_open(&reader, buf_bytes(&file), &head);
    while (found == FRAME_HAS && (found = frame_next(&reader, &payload)) == FRAME_HAS)
        if (read == count || !bytes_eq(payload, payloads[read++]))
            abort();
    bool whole = found == FRAME_END && reader.closed;
    if (whole == changed || (whole && read != count))
        abort();
    buf_free(&file);
}

static void one(struct bytes input)
{
    struct frame_reader reader;
    unsigned what = take_byte(&input);
    if (what == 0)
        read_any(input, &reader);
    else if (what == 1)
        read_mended(input);
    else
        write_and_change(input);
}

FUZZ_TARGET(start, one)
