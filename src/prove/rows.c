/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the table of a test, which is then read once for each row. */
#include "prove/reading.h"

/* The next cell, and past the bar after it; blanks around it do not count, "\|" is a bar. */
static struct bytes take_cell(struct arena *arena, struct bytes *rest)
{
    struct buf buf = {0};
    size_t i = 0;
    bool bars = false;
    for (; i < rest->len && rest->ptr[i] != '|'; i++) {
        bool bar = rest->ptr[i] == '\\' && i + 1 < rest->len && rest->ptr[i + 1] == '|';
        i += bar;
        bars |= bar;
        buf_char(&buf, rest->ptr[i]);
    }
    struct bytes cell = bytes_trim(bytes_slice(*rest, 0, i));
    if (bars)
        cell = arena_bytes(arena, bytes_trim(buf_bytes(&buf)));
    buf_free(&buf);
    *rest = bytes_from(*rest, i < rest->len ? i + 1 : i);
    return cell;
}

typedef LIST(struct bytes) cell_list;

/* | a | b |: the last bar may be left out. */
static bool read_row(struct reader *reader, const struct line *line, cell_list *cells)
{
    struct bytes rest = bytes_trim(line->text);
    if (rest.len == 0 || *rest.ptr != '|') {
        FAULT(reader, line, rest, B("like: | a cell | another |"), B("a row begins with a bar"));
        return false;
    }
    for (rest = bytes_from(rest, 1); rest.len > 0;)
        *LIST_ADD(reader->arena, cells) = take_cell(reader->arena, &rest);
    return true;
}

/* |---|:--:|, which other tables have below their head. */
static bool is_rule_off(const cell_list *cells)
{
    for (size_t i = 0; i < cells->count; i++) {
        struct bytes cell = cells->items[i];
        if (cell.len == 0)
            return false;
        for (size_t j = 0; j < cell.len; j++)
            if (cell.ptr[j] != '-' && cell.ptr[j] != ':')
                return false;
    }
    return true;
}

static bool check_names(struct reader *reader, const struct line *line, const cell_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        struct bytes name = names->items[i], wrong = B("");
        if (name.len == 0 || bytes_chr(name, '<', 0) >= 0 || bytes_chr(name, '>', 0) >= 0)
            wrong = B("the name of a column is empty, or has < or > in it");
        for (size_t j = 0; j < i; j++)
            if (bytes_eq(names->items[j], name))
                wrong = B("two columns have the same name");
        if (wrong.len == 0)
            continue;
        FAULT(reader, line, line->text, NO_HINT, wrong);
        return false;
    }
    if (names->count == 0)
        FAULT(reader, line, line->text, NO_HINT, B("the names of the columns are missing"));
    return names->count > 0;
}

static void take_names(struct reader *reader, const struct line *line, const cell_list *names,
                       struct rows *rows)
{
    const char *end = line->text.ptr + line->text.len;
    rows->names = names->items;
    rows->columns = names->count;
    rows->used = arena_zalloc(reader->arena, names->count * sizeof(*rows->used));
    rows->places = arena_alloc(reader->arena, names->count * sizeof(*rows->places));
    for (size_t i = 0; i < names->count; i++) {
        struct bytes name = names->items[i];
        bool within = name.ptr >= line->text.ptr && name.ptr + name.len <= end;
        rows->places[i] = place_of(line, within ? name : line->text);
    }
}

bool rows_read(struct reader *reader, struct cursor block, const struct line *head,
               struct rows *rows)
{
    struct line line;
    size_t before = reader->faults;
    *rows = (struct rows){0};
    block.row = NULL;
    for (size_t i = 0; next_line(reader, &block, &line); i++) {
        cell_list cells = {0};
        if (!read_row(reader, &line, &cells))
            continue;
        if (rows->columns == 0) {
            if (!check_names(reader, &line, &cells))
                return false;
            take_names(reader, &line, &cells, rows);
        } else if (i == 1 && is_rule_off(&cells)) {
            continue;
        } else if (cells.count != rows->columns) {
            FAULT(reader, &line, line.text, NO_HINT, B("the row has "), NUM(cells.count),
                  cells.count == 1 ? B(" cell, the table ") : B(" cells, the table "),
                  NUM(rows->columns), rows->columns == 1 ? B(" column") : B(" columns"));
        } else {
            *LIST_ADD(reader->arena, &rows->cells) = cells.items;
        }
    }
    if (rows->cells.count == 0 && reader->faults == before)
        FAULT(reader, head, head->text,
              B("below the names of the columns comes a row for each test"),
              B("the table has no rows"));
    return reader->faults == before;
}

/* <word>: letters, digits, blanks and dashes. */
static struct bytes name_at(struct bytes text, size_t at)
{
    size_t end = at + 1;
    while (end < text.len &&
           (is_word(text.ptr[end]) || text.ptr[end] == '-' || text.ptr[end] == ' '))
        end++;
    bool named = end < text.len && text.ptr[end] == '>' && end > at + 1;
    return bytes_slice(text, at, named ? end + 1 : at);
}

static void check_line(struct reader *reader, const struct rows *rows, struct cursor body)
{
    struct bytes text = body.source->lines[body.at];
    for (ptrdiff_t at = 0; (at = bytes_chr(text, '<', (size_t)at)) >= 0; at++) {
        struct bytes whole = name_at(text, (size_t)at);
        if (whole.len < 3)
            continue;
        struct bytes name = bytes_slice(whole, 1, whole.len - 1);
        bool known = false;
        for (size_t i = 0; i < rows->columns; i++)
            known |= bytes_eq(rows->names[i], name);
        struct bytes hint =
            known ? NO_HINT : did_you_mean(reader, name, rows->names, rows->columns);
        if (hint.len > 0)
            FAULT_AT(reader, place_of_source(body.source, body.at, whole), hint,
                     B("there is no column '"), name, B("'"));
    }
}

void rows_check(struct reader *reader, const struct rows *rows, struct cursor body)
{
    for (; body.at < body.end; body.at++)
        check_line(reader, rows, body);
    for (size_t i = 0; i < rows->columns; i++)
        if (!rows->used[i])
            FAULT_AT(reader, rows->places[i], B("<NAME> in the test stands for its cell"),
                     B("no line uses the column '"), rows->names[i], B("'"));
}
