/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/place.h"

#include "base/utf8.h"

static size_t column_of(const struct source *source, const struct position *position)
{
    struct bytes rest = bytes_from(source->text, source->lines[position->line - 1].at);
    size_t column = 1;
    if (rest.len > position->column - 1)
        rest.len = position->column - 1;
    while (rest.len > 0) {
        size_t len = utf8_length(rest);
        column += len == 4 ? 2 : 1;
        rest = bytes_from(rest, len > 0 ? len : 1);
    }
    return column;
}

struct place place_utf16(const struct source *source, const struct range *range)
{
    if (range->from.line == 0)
        return (struct place){1, 1, 1, 1};
    struct place place = {range->from.line, column_of(source, &range->from), range->to.line,
                          column_of(source, &range->to)};
    size_t end = source->lines[range->to.line - 1].at + range->to.column - 1;
    if (range->to.offset > range->from.offset && source->text.ptr[end - 1] == '\n') {
        place.end_line++;
        place.end_column = 1;
    }
    return place;
}
