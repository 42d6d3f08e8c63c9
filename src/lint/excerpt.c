/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line is cells: a character, how it is shown, and how many columns that takes.
 *
 * The width of characters is determined here and not by wcwidth(3), which depends on the locale:
 * that is set for the Perl code of the rules, and is usually C where checks run. */
#include "lint/excerpt.h"

#include <stdio.h>

#include "base/utf8.h"

enum {
    MOST_COLUMNS = 120, /* of a line that is shown */
    BEFORE_MARK = 40,   /* of a line that is cut */
    TAB = 8,
};

struct span {
    uint32_t first, last;
};

/* East Asian Width W and F of Unicode, in whole blocks. */
static const struct span wide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

/* Marks above and below letters. */
static const struct span combining[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F},
};

/* What is not seen, or looks like a blank; and what changes the direction of writing. */
static const struct span unseen[] = {
    {0x80, 0xA0},     {0xAD, 0xAD},     {0x061C, 0x061C},   {0x1680, 0x1680}, {0x180E, 0x180E},
    {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F},   {0x3000, 0x3000}, {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

#define IS_IN(spans, c) is_in(spans, sizeof(spans) / sizeof(*(spans)), c)

static bool is_in(const struct span *spans, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= spans[i].first && c <= spans[i].last)
            return true;
    return false;
}

struct cell {
    size_t len; /* bytes of the text */
    size_t columns;
    char shown[12]; /* "": as it is */
};

static uint32_t code_point(const char *text, size_t len)
{
    uint32_t c = (unsigned char)*text & (len == 1 ? 0x7Fu : 0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        c = c << 6 | ((unsigned char)text[i] & 0x3Fu);
    return c;
}

/* The first cell of the text, which is not empty; tabs are left to the caller. */
static struct cell cell_of(struct bytes text)
{
    struct cell cell = {.len = utf8_length(text), .columns = 1};
    unsigned char byte = (unsigned char)*text.ptr;
    uint32_t c = cell.len > 0 ? code_point(text.ptr, cell.len) : 0;
    if (cell.len == 0 || c < ' ' || c == 0x7F) {
        cell.len = 1;
        cell.columns = (size_t)snprintf(cell.shown, sizeof(cell.shown), "\\x%02x", byte);
    } else if (IS_IN(unseen, c)) {
        cell.columns = (size_t)snprintf(cell.shown, sizeof(cell.shown), "<U+%04X>", c);
    } else {
        cell.columns = IS_IN(combining, c) ? 0 : IS_IN(wide, c) ? 2 : 1;
    }
    return cell;
}

static void add_cell(struct buf *out, const struct cell *cell, struct bytes text)
{
    buf_add(out, *cell->shown ? bytes_of(cell->shown) : bytes_slice(text, 0, cell->len));
}

void visible_add(struct buf *out, struct bytes text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    while (text.len > 0) {
        struct cell cell = cell_of(text);
        if (*text.ptr == '\n' || *text.ptr == '\t')
            buf_char(out, *text.ptr == '\n' ? ' ' : '\t');
        else
            add_cell(out, &cell, text);
        text = bytes_from(text, cell.len);
    }
}

/* Columns of the text from column `at` on, at most a little more than `most`. */
static size_t columns_of(struct bytes text, size_t at, size_t most)
{
    size_t from = at;
    while (text.len > 0 && at - from <= most) {
        struct cell cell = cell_of(text);
        at += *text.ptr == '\t' ? TAB - at % TAB : cell.columns;
        text = bytes_from(text, cell.len);
    }
    return at - from;
}

/* Where to begin, so that the mark is seen: a character's beginning. */
static size_t cut_before(struct bytes line, size_t mark)
{
    size_t from = mark > BEFORE_MARK ? mark - BEFORE_MARK : 0;
    while (from > 0 && utf8_goes_on(line.ptr[from]))
        from--;
    return from;
}

static void add_line(struct excerpt *e, struct bytes line, size_t from, size_t mark, size_t end)
{
    struct buf *out = &e->line;
    size_t column = from > 0 ? 3 : 0, at = from, most = MOST_COLUMNS;
    buf_add(out, from > 0 ? B("...") : B(""));
    while (at < line.len && column < most) {
        struct bytes rest = bytes_from(line, at);
        struct cell cell = cell_of(rest);
        size_t width = *rest.ptr == '\t' ? TAB - column % TAB : cell.columns;
        if (at < mark)
            e->indent = column + width;
        else if (at < end)
            e->width += width;
        for (size_t i = 0; *rest.ptr == '\t' && i < width; i++)
            buf_char(out, ' ');
        if (*rest.ptr != '\t')
            add_cell(out, &cell, rest);
        column += width;
        at += cell.len;
    }
    buf_add(out, at < line.len ? B("...") : B(""));
}

void excerpt_make(struct excerpt *excerpt, const struct source *source, const struct range *range)
{
    size_t number = range->from.line - 1, mark = range->from.column - 1;
    size_t begin = source->lines[number].at;
    size_t next = number + 1 < source->line_count ? source->lines[number + 1].at : source->text.len;
    bool newline = next > begin && source->text.ptr[next - 1] == '\n';
    struct bytes line = bytes_slice(source->text, begin, next - newline);
    size_t end = range->to.line == range->from.line ? range->to.column - 1 : line.len;
    bool whole = columns_of(line, 0, MOST_COLUMNS) <= MOST_COLUMNS;
    *excerpt = (struct excerpt){.indent = !whole && mark > BEFORE_MARK ? 3 : 0};
    add_line(excerpt, line, whole ? 0 : cut_before(line, mark), mark, end);
    if (!newline && number + 1 < source->line_count)
        buf_char(&excerpt->line, '\\');
    if (excerpt->width == 0)
        excerpt->width = 1;
}
