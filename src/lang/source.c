/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining lines in place, and mapping the joined text back to the file.
 *
 * A backslash at the end of a line joins the next line to it, even in comments.  Joining only
 * removes bytes, so the text is never longer than the file.  To map back, it is enough to know
 * where each line of the file begins in both.
 */
#include "lang/source.h"

#include "base/mem.h"

struct joining {
    struct source *source;
    char *text;
    size_t size;        /* of the file */
    size_t read, write; /* how far it is read, and the text written */
    size_t room;        /* for lines */
};

static void add_line(struct joining *j)
{
    struct source *source = j->source;
    MEM_GROW(source->lines, source->line_count, j->room, 64);
    source->lines[source->line_count++] = (struct source_line){j->write, j->read};
}

/* Appends the next line of the file; true: it has a newline. */
static bool take_physical_line(struct joining *j)
{
    const char *newline = memchr(j->text + j->read, '\n', j->size - j->read);
    size_t len = (newline ? (size_t)(newline - j->text) : j->size) - j->read;
    add_line(j);
    if (j->write != j->read)
        memmove(j->text + j->write, j->text + j->read, len);
    j->write += len;
    j->read += len + (newline != NULL);
    return newline != NULL;
}

/* The text ends here: lines that had nothing else than what is cut off begin here. */
static void cut_text(struct joining *j, size_t end)
{
    struct source *source = j->source;
    j->write = end;
    for (size_t i = source->line_count; i > 0 && source->lines[i - 1].at > end; i--)
        source->lines[i - 1].at = end;
}

/* Cuts off white space at the end, and a backslash after which the line goes on. */
static bool is_continued(struct joining *j, size_t start, bool joined)
{
    size_t end = j->write;
    while (end > start && is_space(j->text[end - 1]))
        end--;
    bool continued = end > start && j->text[end - 1] == '\\';
    if (continued || joined)
        cut_text(j, end - continued);
    return continued;
}

/* A line with those that continue it; false: the file ends before it does. */
static bool join_line(struct joining *j)
{
    size_t start = j->write;
    bool newline = take_physical_line(j);
    for (bool joined = false; is_continued(j, start, joined); joined = true) {
        if (j->read == j->size)
            return false;
        newline = take_physical_line(j);
    }
    if (newline)
        j->text[j->write++] = '\n';
    return true;
}

void source_init(struct source *source, struct buf *content)
{
    struct joining j = {.source = source, .text = content->ptr, .size = content->len};
    *source = (struct source){0};
    while (j.read < j.size && join_line(&j))
        source->end = j.write;
    source->lines = mem_array(source->lines, source->line_count, sizeof(*source->lines));
    source->text = bytes_make(mem_realloc(j.text, j.write), j.write);
    *content = (struct buf){0};
}

void source_free(struct source *source)
{
    bytes_free(source->text);
    free(source->lines);
    *source = (struct source){0};
}

bool source_has(const struct source *source, struct bytes text)
{
    uintptr_t first = (uintptr_t)source->text.ptr, at = (uintptr_t)text.ptr;
    return first && at >= first && at - first <= source->text.len &&
           text.len <= source->text.len - (at - first);
}

static struct position position_of(const struct source *source, size_t at)
{
    size_t low = 0, high = source->line_count; /* the last line that begins at or before it */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    size_t column = at - source->lines[low].at;
    return (struct position){source->lines[low].from + column, low + 1, column + 1};
}

bool source_range(const struct source *source, struct bytes text, struct range *range)
{
    *range = (struct range){0};
    if (!source_has(source, text) || source->line_count == 0)
        return false;
    size_t at = (size_t)(text.ptr - source->text.ptr);
    range->from = range->to = position_of(source, at);
    if (text.len == 0)
        return true;
    range->to = position_of(source, at + text.len - 1); /* what follows may be another line's */
    range->to.offset++;
    range->to.column++;
    return true;
}

struct bytes source_line_of(const struct source *source, struct bytes text)
{
    assert(source_has(source, text));
    size_t from = (size_t)(text.ptr - source->text.ptr);
    ptrdiff_t end = bytes_chr(source->text, '\n', from);
    while (from > 0 && source->text.ptr[from - 1] != '\n')
        from--;
    return bytes_slice(source->text, from, end < 0 ? source->text.len : (size_t)end);
}

/* A last line without text and without a newline is no line. */
bool source_next_line(struct source_reader *reader, struct bytes *line)
{
    const struct source *source = reader->source;
    if (reader->at == source->end) {
        reader->line = source->line_count;
        return false;
    }
    ptrdiff_t newline = bytes_chr(source->text, '\n', reader->at);
    size_t end = newline < 0 ? source->end : (size_t)newline;
    *line = bytes_slice(source->text, reader->at, end);
    reader->at = end + (newline >= 0);
    while (reader->line < source->line_count && source->lines[reader->line].at <= end)
        reader->line++;
    return true;
}
