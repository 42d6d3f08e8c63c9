/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, for those whose texts must be nothing else, or are cut or measured by characters. */
#ifndef SECANT_BASE_UTF8_H
#define SECANT_BASE_UTF8_H

#include "base/arena.h"

/* The length of the character that the text begins with; 0: there is none. */
size_t utf8_length(struct bytes text);
/* A byte that goes on with a character that began before it. */
static inline bool utf8_goes_on(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}
/* How many characters there are: so wide is the text. */
size_t utf8_count(struct bytes text);
/* U+0080 to U+009F, of two bytes: control characters as well, which some terminals obey. */
static inline bool utf8_is_control(struct bytes text)
{
    return text.len > 1 && text.ptr[0] == '\xC2' && (unsigned char)text.ptr[1] >= 0x80 &&
           (unsigned char)text.ptr[1] < 0xA0;
}
/* The text with U+FFFD in place of each byte that belongs to no character. */
void utf8_add(struct buf *out, struct bytes text);
/* Each byte is taken for the character of its number, as SEC's dumps have them; in the arena. */
struct bytes utf8_of_bytes(struct arena *arena, struct bytes text);
/* The bytes again; false: it has characters beyond U+00FF, or is no UTF-8, and is itself taken for
 * bytes. */
bool utf8_to_bytes(struct arena *arena, struct bytes utf8, struct bytes *text);

#endif
