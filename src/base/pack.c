/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/pack.h"

enum { LONGEST = 10 }; /* bytes of a number */

void pack_number(struct buf *out, uint64_t number)
{
    char bytes[LONGEST];
    size_t count = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[count++] = (char)(number | 0x80);
    bytes[count++] = (char)number;
    buf_add(out, bytes_make(bytes, count));
}

void pack_signed(struct buf *out, int64_t number)
{
    uint64_t sign = number < 0 ? UINT64_MAX : 0;
    pack_number(out, ((uint64_t)number << 1) ^ sign);
}

void pack_text(struct buf *out, struct bytes text)
{
    pack_number(out, text.len);
    buf_add(out, text);
}

static uint64_t fail(struct unpack *from)
{
    from->failed = true;
    from->at = from->end;
    return 0;
}

uint64_t unpack_number(struct unpack *from)
{
    uint64_t number = 0;
    for (unsigned shift = 0; from->at < from->end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*from->at++;
        uint64_t bits = byte & 0x7f;
        if (bits << shift >> shift != bits)
            return fail(from);
        number |= bits << shift;
        if (byte < 0x80)
            return number;
    }
    return fail(from);
}

int64_t unpack_signed(struct unpack *from)
{
    uint64_t number = unpack_number(from);
    return (int64_t)((number >> 1) ^ (0 - (number & 1)));
}

struct bytes unpack_text(struct unpack *from)
{
    uint64_t length = unpack_number(from);
    if (length > (uint64_t)(from->end - from->at)) {
        fail(from);
        return B("");
    }
    struct bytes text = bytes_make(from->at, (size_t)length);
    from->at += length;
    return text;
}

size_t unpack_count(struct unpack *from)
{
    uint64_t count = unpack_number(from);
    return count > (uint64_t)(from->end - from->at) ? (size_t)fail(from) : (size_t)count;
}
