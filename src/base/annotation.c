/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/annotation.h"

/* What would end the line or the value is written as %XX. */
static void add_escaped(struct buf *out, struct bytes text, const char *special)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c && strchr(special, c))
            buf_printf(out, "%%%02X", (unsigned)c);
        else
            buf_char(out, c);
    }
}

static void add_property(struct buf *out, struct bytes name, struct bytes value)
{
    buf_cat(out, B(","), name, B("="));
    add_escaped(out, value, "%\r\n:,");
}

static void add_number(struct buf *out, struct bytes name, int64_t number)
{
    if (number > 0)
        add_property(out, name, NUM(number));
}

void annotation_begin(struct buf *out, const struct annotation *annotation)
{
    buf_cat(out, B("::"), bytes_of(annotation->level), B(" file="));
    add_escaped(out, annotation->file, "%\r\n:,");
    add_number(out, B("line"), annotation->line);
    add_number(out, B("col"), annotation->column);
    add_number(out, B("endLine"), annotation->end_line);
    add_number(out, B("endColumn"), annotation->end_column);
    add_property(out, B("title"), annotation->title);
    buf_add(out, B("::"));
}

void annotation_add(struct buf *out, struct bytes text)
{
    add_escaped(out, text, "%\r\n");
}

void annotation_end(struct buf *out)
{
    buf_char(out, '\n');
}
