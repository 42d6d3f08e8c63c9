/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/place.h"

#include "base/utf8.h"

/* Not from inside of a character. */
static bool can_go_on(const struct place_walk *walk, const struct source *source,
                      const struct position *position, struct bytes line)
{
    return walk->source == source && walk->line == position->line &&
           walk->bytes < position->column && walk->bytes <= line.len &&
           !(walk->bytes < line.len && utf8_goes_on(line.ptr[walk->bytes]));
}

static size_t column_of(struct place_walk *walk, const struct source *source,
                        const struct position *position)
{
    struct bytes line = bytes_from(source->text, source->lines[position->line - 1].at);
    if (!can_go_on(walk, source, position, line))
        *walk = (struct place_walk){source, position->line, 0, 1};
    if (line.len > position->column - 1)
        line.len = position->column - 1;
    for (struct bytes rest = bytes_from(line, walk->bytes); rest.len > 0;) {
        size_t len = utf8_length(rest);
        walk->column += len == 4 ? 2 : 1;
        rest = bytes_from(rest, len > 0 ? len : 1);
    }
    walk->bytes = line.len;
    return walk->column;
}

struct place place_utf16(struct place_walk *walk, const struct source *source,
                         const struct range *range)
{
    if (range->from.line == 0)
        return (struct place){1, 1, 1, 1};
    struct place place = {.line = range->from.line, .end_line = range->to.line};
    place.column = column_of(walk, source, &range->from);
    struct place_walk on = *walk; /* the next piece may begin inside of this one */
    place.end_column = column_of(&on, source, &range->to);
    size_t end = source->lines[range->to.line - 1].at + range->to.column - 1;
    if (range->to.offset > range->from.offset && source->text.ptr[end - 1] == '\n') {
        place.end_line++;
        place.end_column = 1;
    }
    return place;
}
