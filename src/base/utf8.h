/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, for texts that must be nothing else, or are cut or measured by characters. */
#ifndef SECANT_BASE_UTF8_H
#define SECANT_BASE_UTF8_H

#include "base/arena.h"

/* The length in bytes of the character at the start of the text; 0 if there is none. */
size_t utf8_length(struct bytes text);
/* Does the byte continue a character that began before it? */
static inline bool utf8_goes_on(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}
/* How many characters the text has, which is taken as its width. */
size_t utf8_count(struct bytes text);
/* Does the text begin with one of U+0080 to U+009F?  They take two bytes, and are control
 * characters as well, which some terminals obey. */
static inline bool utf8_is_control(struct bytes text)
{
    return text.len > 1 && text.ptr[0] == '\xC2' && (unsigned char)text.ptr[1] >= 0x80 &&
           (unsigned char)text.ptr[1] < 0xA0;
}
/* Appends the text, with U+FFFD in place of each byte that belongs to no character. */
void utf8_add(struct buf *out, struct bytes text);
/* Takes each byte for the character of that number, as SEC's dumps do; the result is in the
 * arena. */
struct bytes utf8_of_bytes(struct arena *arena, struct bytes text);
/* The inverse of utf8_of_bytes.  Returns false if the text has characters beyond U+00FF or is not
 * UTF-8; *text is then a copy of it.  Both kinds of result are in the arena. */
bool utf8_to_bytes(struct arena *arena, struct bytes utf8, struct bytes *text);

#endif
