/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/shell_word.h"

void shell_quote(struct buf *out, struct bytes text)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            buf_add(out, B("'\\''"));
        else
            buf_char(out, text.ptr[i]);
    }
    buf_char(out, '\'');
}

void shell_word(struct buf *out, struct bytes text)
{
    size_t i = 0;
    while (i < text.len && (is_word(text.ptr[i]) || bytes_chr(B("-=/.,:+@%"), text.ptr[i], 0) >= 0))
        i++;
    if (text.len > 0 && i == text.len)
        buf_add(out, text);
    else
        shell_quote(out, text);
}
