/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/words.h"

#include <stdlib.h>

#include "base/mem.h"

static void put_number(char bytes[4], size_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(number >> (24 - 8 * i) & 0xff);
}

static size_t number_at(const char *bytes)
{
    size_t number = 0;
    for (int i = 0; i < 4; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

size_t words_length(struct bytes message)
{
    assert(message.len >= 4);
    return number_at(message.ptr);
}

static void add_number(struct buf *out, size_t number)
{
    put_number(buf_room(out, 4), number);
    out->len += 4;
}

void words_add(struct buf *out, const struct bytes *words, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += 4 + words[i].len;
    add_number(out, length);
    for (size_t i = 0; i < count; i++) {
        add_number(out, words[i].len);
        buf_add(out, words[i]);
    }
}

/* The text that a number at the front counts; false: it is not all there. */
static bool take_counted(struct bytes *rest, struct bytes *text)
{
    if (rest->len < 4)
        return false;
    size_t length = number_at(rest->ptr);
    if (length > rest->len - 4)
        return false;
    *text = bytes_slice(*rest, 4, 4 + length);
    *rest = bytes_from(*rest, 4 + length);
    return true;
}

enum words_result words_take(struct words *words, struct bytes *rest)
{
    struct bytes message;
    words->count = 0;
    if (rest->len >= 4 && number_at(rest->ptr) > LARGEST_MESSAGE)
        return WORDS_WRONG;
    if (!take_counted(rest, &message))
        return WORDS_MORE;
    while (message.len > 0) {
        MEM_GROW(words->items, words->count, words->room, 8);
        if (!take_counted(&message, &words->items[words->count]))
            return WORDS_WRONG;
        words->count++;
    }
    return WORDS_TAKEN;
}

void words_free(struct words *words)
{
    free(words->items);
    *words = (struct words){0};
}
