/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of store/frame: what is written is read, and of what was changed or cut only what comes
 * before it is. */
#include "base/mem.h"
#include "store/frame.h"
#include "unit.h"

enum { GENERATION = 12 };
static const struct frame_head head = {B("secant-journal"), 1, GENERATION};
static const struct bytes payloads[] = {B("first"), B(""), B("a\0b\0\0"), B("last")};
enum { PAYLOADS = sizeof(payloads) / sizeof(*payloads) };

/* ends: where each frame ends, the head's first. */
static void write_file(struct buf *out, bool closed, size_t ends[PAYLOADS + 2])
{
    struct frame_writer writer;
    frame_begin(&writer, &head, out);
    ends[0] = out->len;
    for (size_t i = 0; i < PAYLOADS; i++) {
        frame_put(&writer, payloads[i], out);
        ends[i + 1] = out->len;
    }
    if (closed)
        frame_close(&writer, out);
    ends[PAYLOADS + 1] = out->len;
}

/* How the reading ends; *count: payloads that were read, which are those that were written. */
static enum frame_found read_file(struct frame_reader *reader, struct bytes file, size_t *count)
{
    struct frame_head read = {0};
    struct bytes payload;
    *count = 0;
    enum frame_found found = frame_open(reader, file, &read);
    if (found != FRAME_HAS)
        return found;
    ck_bytes_eq(read.what, head.what);
    ck_assert_uint_eq(read.version, head.version);
    ck_assert_uint_eq(read.generation, head.generation);
    for (; (found = frame_next(reader, &payload)) == FRAME_HAS; ++*count) {
        ck_assert_uint_lt(*count, PAYLOADS);
        ck_bytes_eq(payload, payloads[*count]);
    }
    ck_assert_int_eq(frame_next(reader, &payload), found);
    return found;
}

START_TEST(what_is_written_is_read)
{
    for (int closed = 0; closed < 2; closed++) {
        struct buf out = {0};
        struct frame_reader reader;
        size_t count, ends[PAYLOADS + 2];
        write_file(&out, closed, ends);
        ck_assert_int_eq(read_file(&reader, buf_bytes(&out), &count), FRAME_END);
        ck_assert_uint_eq(count, PAYLOADS);
        ck_assert_int_eq(reader.closed, closed);
        ck_assert_uint_eq(reader.at, out.len);
        buf_free(&out);
    }
}
END_TEST

/* How many frames are whole in so many bytes. */
static size_t whole(const size_t ends[PAYLOADS + 2], size_t length)
{
    size_t count = 0;
    while (count < PAYLOADS + 2 && ends[count] <= length)
        count++;
    return count;
}

START_TEST(of_what_is_cut_all_that_is_whole_is_read)
{
    struct buf out = {0};
    size_t ends[PAYLOADS + 2];
    write_file(&out, true, ends);
    for (size_t length = 0; length < out.len; length++) {
        struct frame_reader reader;
        size_t count, frames = whole(ends, length);
        struct bytes copy = bytes_dup(bytes_make(out.ptr, length));
        enum frame_found found = read_file(&reader, copy, &count);
        ck_assert_uint_eq(count, frames > 0 ? frames - 1 : 0);
        ck_assert_uint_eq(reader.at, frames > 0 ? ends[frames - 1] : 0);
        bool edge = frames > 0 && ends[frames - 1] == length;
        ck_assert_int_eq(found, edge ? FRAME_END : FRAME_CUT);
        ck_assert(!reader.closed);
        bytes_free(copy);
    }
    buf_free(&out);
}
END_TEST

START_TEST(no_bit_changes_unseen)
{
    struct buf out = {0};
    size_t ends[PAYLOADS + 2];
    write_file(&out, true, ends);
    for (size_t bit = 0; bit < out.len * 8; bit++) {
        struct frame_reader reader;
        size_t count, frame = whole(ends, bit / 8);
        out.ptr[bit / 8] ^= (char)(1 << bit % 8);
        ck_assert_int_eq(read_file(&reader, buf_bytes(&out), &count), FRAME_DAMAGED);
        ck_assert_uint_eq(count, frame > 0 ? frame - 1 : 0);
        ck_assert_uint_eq(reader.at, frame > 0 ? ends[frame - 1] : 0);
        out.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    buf_free(&out);
}
END_TEST

START_TEST(frames_are_sound_in_their_place_alone)
{
    struct buf out = {0}, moved = {0};
    struct frame_reader reader;
    size_t count, ends[PAYLOADS + 2];
    write_file(&out, false, ends);
    /* The second frame is left out. */
    buf_cat(&moved, bytes_make(out.ptr, ends[1]),
            bytes_slice(buf_bytes(&out), ends[2], ends[PAYLOADS]));
    ck_assert_int_eq(read_file(&reader, buf_bytes(&moved), &count), FRAME_DAMAGED);
    ck_assert_uint_eq(count, 1);
    /* The first one comes from another generation. */
    struct frame_writer other;
    buf_clear(&moved);
    frame_begin(&other, &head, &moved);
    other.generation++;
    frame_put(&other, payloads[0], &moved);
    ck_assert_int_eq(read_file(&reader, buf_bytes(&moved), &count), FRAME_DAMAGED);
    ck_assert_uint_eq(count, 0);
    buf_free(&out);
    buf_free(&moved);
}
END_TEST

START_TEST(nothing_comes_after_the_closing_frame)
{
    struct buf out = {0};
    struct frame_reader reader;
    size_t count, ends[PAYLOADS + 2];
    write_file(&out, true, ends);
    buf_char(&out, '\0');
    ck_assert_int_eq(read_file(&reader, buf_bytes(&out), &count), FRAME_DAMAGED);
    ck_assert_uint_eq(count, PAYLOADS);
    ck_assert_uint_eq(reader.at, ends[PAYLOADS + 1]);
    buf_free(&out);
}
END_TEST

START_TEST(a_closing_frame_counts_those_before_it)
{
    struct buf out = {0};
    struct frame_reader reader;
    struct frame_writer writer;
    size_t count;
    frame_begin(&writer, &head, &out);
    frame_put(&writer, payloads[0], &out);
    size_t end = out.len;
    writer.number = 3;
    frame_close(&writer, &out);
    ck_assert_int_eq(read_file(&reader, buf_bytes(&out), &count), FRAME_DAMAGED);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(reader.at, end);
    buf_free(&out);
}
END_TEST

/* After a power failure: the length is there, the bytes are not. */
START_TEST(blocks_that_were_never_written_are_a_cut)
{
    struct buf out = {0}, large = {0};
    struct frame_reader reader;
    struct frame_writer writer;
    size_t count;
    while (large.len < 5000)
        buf_add(&large, B("0123456789abcdef"));
    frame_begin(&writer, &head, &out);
    frame_put(&writer, payloads[0], &out);
    size_t start = out.len;
    frame_put(&writer, buf_bytes(&large), &out);
    for (size_t from = 512; from < out.len; from += 512) {
        size_t first = from > start ? from : start;
        struct bytes copy = bytes_dup(buf_bytes(&out));
        memset((char *)copy.ptr + first, 0, copy.len - first);
        ck_assert_int_eq(read_file(&reader, copy, &count), FRAME_CUT);
        ck_assert_uint_eq(count, 1);
        ck_assert_uint_eq(reader.at, start);
        bytes_free(copy);
    }
    /* Zeros that begin within a block are no disk's. */
    memset(out.ptr + 600, 0, out.len - 600);
    memset(out.ptr + 1023, 1, out.len - 1023);
    ck_assert_int_eq(read_file(&reader, buf_bytes(&out), &count), FRAME_DAMAGED);
    buf_free(&out);
    buf_free(&large);
}
END_TEST

START_TEST(what_is_something_else_is_no_file_of_frames)
{
    static const struct bytes others[] = {
        B("{\"format\":\"secant-state\",\"version\":1}"),
        B("a text of more than sixteen bytes"),
    };
    struct frame_reader reader;
    struct frame_head read;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        ck_assert_int_eq(frame_open(&reader, others[i], &read), FRAME_DAMAGED);
    ck_assert_int_eq(frame_open(&reader, (struct bytes){NULL, 0}, &read), FRAME_CUT);
}
END_TEST

RUN_TESTS("frame", what_is_written_is_read, of_what_is_cut_all_that_is_whole_is_read,
          no_bit_changes_unseen, frames_are_sound_in_their_place_alone,
          nothing_comes_after_the_closing_frame, a_closing_frame_counts_those_before_it,
          blocks_that_were_never_written_are_a_cut, what_is_something_else_is_no_file_of_frames)
