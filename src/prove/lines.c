/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a test file, and where their letters are. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "prove/reading.h"

void *list_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    *room = count < 4 ? 4 : 2 * count;
    void *grown = arena_alloc(arena, *room * size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

/* -- Files -- */

/* The line that begins there, without its end: "\n" or "\r\n". */
static struct bytes line_at(struct bytes text, size_t from, size_t *next)
{
    ptrdiff_t end = bytes_chr(text, '\n', from);
    size_t to = end < 0 ? text.len : (size_t)end;
    *next = end < 0 ? text.len : to + 1;
    if (to > from && text.ptr[to - 1] == '\r')
        to--;
    return bytes_slice(text, from, to);
}

struct source *source_new(struct reader *reader, struct bytes path, struct bytes text,
                          const struct source *included_by)
{
    struct arena *arena = reader->arena;
    struct source *source = arena_zalloc(arena, sizeof(*source));
    size_t count = 0, at = bytes_starts(text, B("\xef\xbb\xbf")) ? 3 : 0;
    *source =
        (struct source){.path = path, .folder = path_folder(path), .included_by = included_by};
    for (size_t i = at; i < text.len; count++)
        line_at(text, i, &i);
    source->lines = arena_alloc(arena, count * sizeof(*source->lines));
    while (at < text.len)
        source->lines[source->count++] = line_at(text, at, &at);
    *LIST_ADD(arena, &reader->sources) = source;
    return source;
}

enum { LARGEST = 1 << 28 }; /* bytes; also keeps offsets in 32 bits */

bool source_text(struct arena *arena, struct bytes path, struct bytes *text, int *why)
{
    struct stat info = {0};
    struct bytes name = arena_bytes(arena, path);
    /* A pipe without a writer would be waited for. */
    int fd = bytes_chr(name, '\0', 0) < 0 ? open(name.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    *why = fd < 0 ? errno : fstat(fd, &info) != 0 ? errno : 0;
    if (*why == 0 && !S_ISREG(info.st_mode))
        *why = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
    if (*why == 0 && info.st_size > LARGEST)
        *why = EFBIG;
    size_t size = *why ? 0 : (size_t)info.st_size, len = 0;
    char *room = arena_alloc(arena, size + 1);
    while (*why == 0 && len < size) {
        ssize_t got = read(fd, room + len, size - len);
        if (got < 0 && errno != EINTR)
            *why = errno;
        else if (got == 0)
            break;
        len += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    *text = bytes_make(room, len);
    return *why == 0;
}

bool can_read(struct reader *reader, struct bytes name)
{
    errno = ENOENT; /* a NUL is in no name */
    return bytes_chr(name, '\0', 0) < 0 && access(arena_bytes(reader->arena, name).ptr, R_OK) == 0;
}

struct bytes source_name(struct arena *arena, const struct source *source, struct bytes name)
{
    if (bytes_starts(name, B("/")) || bytes_eq(source->folder, B(".")))
        return name;
    bool root = bytes_eq(source->folder, B("/"));
    return arena_cat(arena, source->folder, root ? B("") : B("/"), name);
}

/* -- Rows -- */

/* The column whose name is in angle brackets there. */
static bool names_column(struct bytes text, size_t at, const struct row *row, size_t *column)
{
    ptrdiff_t end = text.ptr[at] == '<' ? bytes_chr(text, '>', at) : -1;
    if (end < 0)
        return false;
    struct bytes name = bytes_slice(text, at + 1, (size_t)end);
    for (*column = 0; *column < row->count; ++*column)
        if (bytes_eq(row->names[*column], name))
            return true;
    return false;
}

/* A line that is put together: its text grows, and the pieces with it. */
struct joined {
    struct arena *arena;
    struct buf *buf;
    LIST(struct piece) pieces;
};

static void add_piece(struct joined *joined, const struct piece *where, size_t column,
                      size_t filled, struct bytes text)
{
    struct piece *piece = LIST_ADD(joined->arena, &joined->pieces);
    *piece = *where;
    piece->at = (uint32_t)joined->buf->len;
    piece->column += (uint32_t)column;
    piece->filled = (uint32_t)filled;
    buf_add(joined->buf, text);
}

static void add_filled(struct joined *joined, const struct piece *where, struct bytes text,
                       const struct row *row)
{
    size_t from = 0, column = 0;
    for (size_t at = 0; row && at < text.len; at++) {
        if (!names_column(text, at, row, &column))
            continue;
        size_t len = row->names[column].len + 2;
        add_piece(joined, where, from, 0, bytes_slice(text, from, at));
        add_piece(joined, where, at, len, row->cells[column]);
        if (row->used)
            row->used[column] = true;
        at += len - 1;
        from = at + 1;
    }
    if (from < text.len || text.len == 0)
        add_piece(joined, where, from, 0, bytes_from(text, from));
}

struct bytes fill_text(struct arena *arena, struct bytes text, const struct row *row)
{
    struct buf buf = {0};
    struct piece where = {0};
    struct joined joined = {.arena = arena, .buf = &buf};
    if (!row || bytes_chr(text, '<', 0) < 0)
        return text;
    add_filled(&joined, &where, text, row);
    text = arena_bytes(arena, buf_bytes(&buf));
    buf_free(&buf);
    return text;
}

/* -- Lines -- */

static size_t indent_of(struct bytes text, uint32_t *indent)
{
    size_t i = 0;
    for (*indent = 0; i < text.len && is_blank(text.ptr[i]); i++)
        *indent = text.ptr[i] == '\t' ? *indent / 8 * 8 + 8 : *indent + 1;
    return i;
}

static struct bytes trim_end(struct bytes text)
{
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* An odd number of backslashes ends it; *text then ends before the last one. */
static bool goes_on(struct bytes *text)
{
    struct bytes trimmed = trim_end(*text);
    size_t backslashes = 0;
    while (backslashes < trimmed.len && trimmed.ptr[trimmed.len - 1 - backslashes] == '\\')
        backslashes++;
    if (backslashes % 2 == 0)
        return false;
    *text = trim_end(bytes_slice(trimmed, 0, trimmed.len - 1));
    return true;
}

static void join_lines(struct joined *joined, struct cursor *cursor)
{
    bool more = true;
    for (bool first = true; more && cursor->at < cursor->end; first = false) {
        uint32_t indent;
        struct bytes text = cursor->source->lines[cursor->at];
        size_t from = indent_of(text, &indent);
        text = bytes_from(text, from);
        more = goes_on(&text);
        struct piece where = {
            .source = cursor->source, .line = cursor->at++, .column = (uint32_t)from};
        if (!first)
            buf_char(joined->buf, ' ');
        add_filled(joined, &where, text, cursor->row);
    }
}

static bool is_text(struct bytes physical, size_t from)
{
    return from < physical.len && physical.ptr[from] != '#';
}

bool next_line(struct reader *reader, struct cursor *cursor, struct line *line)
{
    struct bytes text = B("");
    size_t from = 0;
    for (; cursor->at < cursor->end; cursor->at++) {
        text = cursor->source->lines[cursor->at];
        from = indent_of(text, &line->indent);
        if (is_text(text, from))
            break;
    }
    if (cursor->at >= cursor->end)
        return false;
    struct bytes body = bytes_from(text, from);
    if (!goes_on(&body) && (!cursor->row || bytes_chr(body, '<', 0) < 0)) {
        line->text = body;
        line->count = 1;
        line->pieces = arena_alloc(reader->arena, sizeof(*line->pieces));
        *line->pieces = (struct piece){
            .source = cursor->source, .line = cursor->at++, .column = (uint32_t)from};
        return true;
    }
    struct buf buf = {0};
    struct joined joined = {.arena = reader->arena, .buf = &buf};
    join_lines(&joined, cursor);
    line->text = arena_bytes(reader->arena, buf_bytes(&buf));
    line->pieces = joined.pieces.items;
    line->count = (uint32_t)joined.pieces.count;
    buf_free(&buf);
    return true;
}

/* The pieces of a slice, which comes at offset `base` of another text. */
static struct piece *copy_pieces(struct piece *out, const struct line *line, struct bytes slice,
                                 size_t base)
{
    size_t from = (size_t)(slice.ptr - line->text.ptr);
    for (uint32_t i = 0; i < line->count; i++) {
        struct piece piece = line->pieces[i];
        bool last = i + 1 == line->count;
        if ((!last && line->pieces[i + 1].at <= from) || piece.at > from + slice.len)
            continue;
        size_t off = piece.at < from ? from - piece.at : 0;
        piece.column += piece.filled ? 0 : (uint32_t)off;
        piece.at = (uint32_t)(piece.at + off - from + base);
        *out++ = piece;
    }
    return out;
}

struct line *join_slices(struct arena *arena, const struct line *a, struct bytes slice_a,
                         const struct line *b, struct bytes slice_b)
{
    struct line *line = arena_alloc(arena, sizeof(*line));
    line->indent = b->indent;
    line->text = arena_cat(arena, slice_a, B(" "), slice_b);
    line->pieces = arena_alloc(arena, (a->count + b->count) * sizeof(*line->pieces));
    struct piece *end = copy_pieces(line->pieces, a, slice_a, 0);
    end = copy_pieces(end, b, slice_b, slice_a.len + 1);
    line->count = (uint32_t)(end - line->pieces);
    return line;
}

struct cursor take_block(struct cursor *cursor, const struct line *line, bool text)
{
    struct cursor block = *cursor;
    block.end = block.at;
    for (uint32_t at = cursor->at; at < cursor->end; at++) {
        struct bytes physical = cursor->source->lines[at];
        uint32_t indent;
        size_t from = indent_of(physical, &indent);
        if (from == physical.len || (!text && physical.ptr[from] == '#'))
            continue;
        if (indent <= line->indent)
            break;
        block.end = at + 1;
    }
    cursor->at = block.end;
    return block;
}

/* How many blanks all lines of a block begin with: the same ones. */
static size_t common_blanks(struct cursor block)
{
    struct bytes common = B("");
    bool any = false;
    for (uint32_t at = block.at; at < block.end; at++) {
        struct bytes text = block.source->lines[at];
        uint32_t indent;
        size_t blanks = indent_of(text, &indent), same = 0;
        if (blanks == text.len)
            continue;
        while (any && same < common.len && same < blanks && text.ptr[same] == common.ptr[same])
            same++;
        common = bytes_slice(text, 0, any ? same : blanks);
        any = true;
    }
    return common.len;
}

struct bytes block_text(struct reader *reader, struct cursor block)
{
    struct buf buf = {0};
    size_t blanks = common_blanks(block);
    for (; block.at < block.end; block.at++) {
        struct bytes text = block.source->lines[block.at];
        buf_cat(&buf, bytes_from(text, blanks < text.len ? blanks : text.len), B("\n"));
    }
    struct bytes text = arena_bytes(reader->arena, buf_bytes(&buf));
    buf_free(&buf);
    return fill_text(reader->arena, text, block.row);
}

/* -- Places and errors -- */

struct test_place place_of(const struct line *line, struct bytes slice)
{
    assert(slice.ptr >= line->text.ptr && slice.ptr + slice.len <= line->text.ptr + line->text.len);
    size_t at = (size_t)(slice.ptr - line->text.ptr);
    const struct piece *piece = line->pieces;
    while (piece + 1 < line->pieces + line->count && piece[1].at <= at)
        piece++;
    size_t physical = piece->source->lines[piece->line].len;
    size_t column = piece->column + (piece->filled ? 0 : at - piece->at);
    size_t length = piece->filled ? piece->filled : slice.len;
    column = column < physical ? column : physical;
    length = length < physical - column ? length : physical - column;
    return (struct test_place){piece->source->path, piece->line + 1, (uint32_t)column + 1,
                               (uint32_t)length};
}

struct test_place place_of_source(const struct source *source, uint32_t line, struct bytes slice)
{
    struct bytes text = source->lines[line];
    assert(slice.ptr >= text.ptr && slice.ptr + slice.len <= text.ptr + text.len);
    return (struct test_place){source->path, line + 1, (uint32_t)(slice.ptr - text.ptr) + 1,
                               (uint32_t)slice.len};
}

/* The line as it is in the file; "" in one that could not be read. */
static struct bytes line_of(const struct reader *reader, struct test_place place)
{
    for (size_t i = 0; i < reader->sources.count; i++) {
        const struct source *source = reader->sources.items[i];
        if (source->path.ptr == place.file.ptr && place.line <= source->count)
            return source->lines[place.line - 1];
    }
    return B("");
}

/* Spaces copied from web pages may be no blanks here: they join two words, and nobody sees why. */
static struct bytes hint_for(struct bytes line, struct bytes hint)
{
    bool hidden =
        bytes_find(line, B("\xc2\xa0"), 0) >= 0 || bytes_find(line, B("\xe2\x80\x8b"), 0) >= 0;
    return hidden ? B("the line has a no-break or zero-width space, which does not separate words")
                  : hint;
}

/* Of a file that is no test file, or whose first mistake makes all else wrong. */
enum { MOST_FAULTS = 10 };

void faults_end(struct reader *reader)
{
    size_t count = reader->file->error_count;
    if (count <= MOST_FAULTS)
        return;
    struct bytes text =
        arena_cat(reader->arena, B("and "), NUM(count - MOST_FAULTS), B(" more errors"));
    if (count == MOST_FAULTS + 1)
        text.len--;
    reader->complain(reader->arg, reader->unsaid, B(""), text, NO_HINT);
}

void fault_parts(struct reader *reader, struct test_place place, struct bytes hint,
                 const struct bytes *parts, size_t count)
{
    reader->faults++;
    for (size_t i = 0; i < reader->told.count; i++) {
        const struct test_place *told = &reader->told.items[i];
        if (told->line == place.line && told->column == place.column &&
            bytes_eq(told->file, place.file))
            return;
    }
    *LIST_ADD(reader->arena, &reader->told) = place;
    if (++reader->file->error_count > MOST_FAULTS) {
        if (reader->file->error_count == MOST_FAULTS + 1)
            reader->unsaid = (struct test_place){place.file, place.line, 1, 0};
        return;
    }
    struct bytes text = arena_cat_parts(reader->arena, parts, count);
    struct bytes line = line_of(reader, place);
    reader->complain(reader->arg, place, line, text, hint_for(line, hint));
}
