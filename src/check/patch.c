/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/patch.h"

#include "base/mem.h"

#define COLOUR_WAS "\033[31m"
#define COLOUR_IS "\033[32m"
#define COLOUR_PLACE "\033[36m"
#define COLOUR_END "\033[0m"

enum { CONTEXT = 3 /* lines around a change */ };

void patch_init(struct patch *patch, struct bytes text)
{
    *patch = (struct patch){.was = bytes_dup(text), .is = bytes_dup(text)};
}

static void free_changes(struct patch_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_free(&changes[i].names);
    free(changes);
}

void patch_free(struct patch *patch)
{
    free_changes(patch->changes, patch->count);
    bytes_free(patch->was);
    bytes_free(patch->is);
}

struct bytes patch_edited(struct bytes text, const struct patch_edit *edits, size_t count)
{
    struct buf out = {0};
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        assert(at <= edits[i].from && edits[i].from <= edits[i].to);
        buf_cat(&out, bytes_slice(text, at, edits[i].from), edits[i].text);
        at = edits[i].to;
    }
    buf_add(&out, bytes_from(text, at));
    struct bytes made = bytes_dup(buf_bytes(&out));
    buf_free(&out);
    return made;
}

/* -- Changes of changes -- */

static void add_name(struct buf *names, struct bytes name)
{
    struct bytes rest = buf_bytes(names), piece;
    while (bytes_piece(&rest, ',', &piece))
        if (bytes_eq(bytes_trim(piece), name))
            return;
    buf_cat(names, names->len > 0 ? B(", ") : B(""), name);
}

static void add_names(struct buf *names, struct bytes more)
{
    for (struct bytes piece; bytes_piece(&more, ',', &piece);)
        add_name(names, bytes_trim(piece));
}

/* Both lists in the order of the text between them: what the changes have made, the edits find. */
struct joining {
    const struct patch *patch;
    const struct patch_edit *edits;
    size_t edit_count;
    size_t change, edit; /* the next ones */
    size_t was, is;      /* lengths of what came before: how far the old and the new text are off */
    size_t was_off, is_off;
};

/* Takes the next change or edit into `whole`, if it begins there or before; whole->from and ->to
 * are in the text between. */
static bool take_next(struct joining *j, struct patch_change *whole, struct bytes name)
{
    const struct patch_change *change =
        j->change < j->patch->count ? &j->patch->changes[j->change] : NULL;
    const struct patch_edit *edit = j->edit < j->edit_count ? &j->edits[j->edit] : NULL;
    if (change && change->from <= whole->to) {
        whole->to = change->to > whole->to ? change->to : whole->to;
        add_names(&whole->names, buf_bytes(&change->names));
        j->was += change->old_to - change->old_from;
        j->was_off += change->to - change->from;
        j->change++;
        return true;
    }
    if (edit && edit->from <= whole->to) {
        whole->to = edit->to > whole->to ? edit->to : whole->to;
        add_name(&whole->names, name);
        j->is += edit->text.len;
        j->is_off += edit->to - edit->from;
        j->edit++;
        return true;
    }
    return false;
}

static size_t first_of(const struct joining *j)
{
    size_t change = j->change < j->patch->count ? j->patch->changes[j->change].from : SIZE_MAX;
    size_t edit = j->edit < j->edit_count ? j->edits[j->edit].from : SIZE_MAX;
    return change < edit ? change : edit;
}

static void join(struct patch *patch, const struct patch_edit *edits, size_t count,
                 struct bytes name)
{
    struct joining j = {.patch = patch, .edits = edits, .edit_count = count};
    struct patch_change *changes = NULL;
    size_t made = 0, room = 0;
    while (j.change < patch->count || j.edit < count) {
        size_t from = first_of(&j);
        struct patch_change whole = {.from = from, .to = from};
        whole.old_from = from + j.was - j.was_off;
        size_t is_from = from + j.is - j.is_off;
        while (take_next(&j, &whole, name))
            ;
        whole.old_to = whole.to + j.was - j.was_off;
        whole.to = whole.to + j.is - j.is_off;
        whole.from = is_from;
        MEM_GROW(changes, made, room, 8);
        changes[made++] = whole;
    }
    free_changes(patch->changes, patch->count);
    patch->changes = changes;
    patch->count = made;
    patch->room = room;
}

void patch_apply(struct patch *patch, const struct patch_edit *edits, size_t count,
                 struct bytes name)
{
    struct bytes is = patch_edited(patch->is, edits, count);
    join(patch, edits, count, name);
    bytes_free(patch->is);
    patch->is = is;
}

/* -- The diff -- */

static size_t line_begin(struct bytes text, size_t at)
{
    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(struct bytes text, size_t at)
{
    ptrdiff_t newline = bytes_chr(text, '\n', at);
    return newline < 0 ? text.len : (size_t)newline + 1;
}

static bool at_line(struct bytes text, size_t at)
{
    return at == 0 || text.ptr[at - 1] == '\n';
}

/* To whole lines on both sides: what is around a change is the same in both. */
static void widen(const struct patch *patch, struct patch_change *block)
{
    size_t before = block->old_from - line_begin(patch->was, block->old_from), after;
    block->old_from -= before;
    block->from -= before;
    if (at_line(patch->was, block->old_to) && at_line(patch->is, block->to))
        return;
    after = line_end(patch->was, block->old_to) - block->old_to;
    block->old_to += after;
    block->to += after;
}

/* So many lines before or after that place of the old text. */
static size_t lines_before(struct bytes text, size_t at, size_t count)
{
    for (; count > 0 && at > 0; count--)
        at = line_begin(text, at - 1);
    return at;
}

static size_t lines_after(struct bytes text, size_t at, size_t count)
{
    for (; count > 0 && at < text.len; count--)
        at = line_end(text, at);
    return at;
}

static size_t count_lines(struct bytes text)
{
    size_t count = 0;
    for (struct bytes line; bytes_piece(&text, '\n', &line);)
        count++;
    return count;
}

/* How many lines come before a place; places come in order. */
struct counted {
    size_t at, lines;
};

struct diffing {
    const struct patch *patch;
    bool colour;
    struct buf *out;
    struct buf body, names; /* of the hunk under way */
    size_t old_from, from;  /* where it begins */
    size_t old_at, at;      /* how far it is */
    size_t old_lines, lines;
    struct counted old_counted, counted;
};

static void paint(const struct diffing *d, struct buf *out, const char *colour)
{
    if (d->colour)
        buf_add(out, bytes_of(colour));
}

static void add_lines(struct diffing *d, char sign, struct bytes text)
{
    bool whole = text.len == 0 || text.ptr[text.len - 1] == '\n';
    for (struct bytes line; bytes_piece(&text, '\n', &line);) {
        d->old_lines += sign != '+';
        d->lines += sign != '-';
        paint(d, &d->body, sign == '-' ? COLOUR_WAS : sign == '+' ? COLOUR_IS : "");
        buf_char(&d->body, sign);
        buf_add(&d->body, line);
        paint(d, &d->body, sign == ' ' ? "" : COLOUR_END);
        buf_char(&d->body, '\n');
    }
    if (!whole)
        buf_add(&d->body, B("\\ No newline at end of file\n"));
}

/* What is the same up to there in the old text. */
static void add_same(struct diffing *d, size_t old_to)
{
    add_lines(d, ' ', bytes_slice(d->patch->was, d->old_at, old_to));
    d->at += old_to - d->old_at;
    d->old_at = old_to;
}

/* A side without lines is after the line of that number. */
static void add_side(struct buf *out, struct bytes text, size_t from, size_t lines,
                     struct counted *counted)
{
    counted->lines += count_lines(bytes_slice(text, counted->at, from));
    counted->at = from;
    buf_add(out, NUM(lines > 0 ? counted->lines + 1 : counted->lines));
    if (lines != 1)
        buf_cat(out, B(","), NUM(lines));
}

static void end_hunk(struct diffing *d)
{
    if (d->body.len == 0)
        return;
    add_same(d, lines_after(d->patch->was, d->old_at, CONTEXT));
    paint(d, d->out, COLOUR_PLACE);
    buf_add(d->out, B("@@ -"));
    add_side(d->out, d->patch->was, d->old_from, d->old_lines, &d->old_counted);
    buf_add(d->out, B(" +"));
    add_side(d->out, d->patch->is, d->from, d->lines, &d->counted);
    buf_cat(d->out, B(" @@ "), buf_bytes(&d->names));
    paint(d, d->out, COLOUR_END);
    buf_cat(d->out, B("\n"), buf_bytes(&d->body));
    buf_clear(&d->body);
    buf_clear(&d->names);
}

static void begin_hunk(struct diffing *d, const struct patch_change *block)
{
    d->old_from = d->old_at = lines_before(d->patch->was, block->old_from, CONTEXT);
    d->from = d->at = block->from - (block->old_from - d->old_at);
    d->old_lines = d->lines = 0;
}

static void add_block(struct diffing *d, const struct patch_change *block, struct bytes names)
{
    struct bytes was = bytes_slice(d->patch->was, block->old_from, block->old_to);
    struct bytes is = bytes_slice(d->patch->is, block->from, block->to);
    if (bytes_eq(was, is)) /* one change has undone the other */
        return;
    if (d->body.len == 0 || lines_after(d->patch->was, d->old_at, 2 * CONTEXT) < block->old_from) {
        end_hunk(d);
        begin_hunk(d, block);
    }
    add_same(d, block->old_from);
    add_lines(d, '-', was);
    add_lines(d, '+', is);
    add_names(&d->names, names);
    d->old_at = block->old_to;
    d->at = block->to;
}

/* Lines at its ends that are the same on both sides are none of it. */
static void narrow(const struct patch *patch, struct patch_change *block)
{
    while (block->old_from < block->old_to && block->from < block->to) {
        struct bytes was =
            bytes_slice(patch->was, block->old_from, line_end(patch->was, block->old_from));
        size_t end = line_end(patch->is, block->from);
        if (!bytes_eq(was, bytes_slice(patch->is, block->from, end)))
            break;
        block->old_from += was.len;
        block->from += was.len;
    }
    while (block->old_from < block->old_to && block->from < block->to) {
        size_t from = line_begin(patch->was, block->old_to - 1);
        struct bytes was = bytes_slice(patch->was, from, block->old_to);
        size_t begin = line_begin(patch->is, block->to - 1);
        if (!bytes_eq(was, bytes_slice(patch->is, begin, block->to)))
            break;
        block->old_to -= was.len;
        block->to -= was.len;
    }
}

/* Changes whose lines touch are one block. */
static void add_blocks(struct diffing *d)
{
    const struct patch *patch = d->patch;
    for (size_t i = 0; i < patch->count;) {
        struct patch_change block = patch->changes[i];
        struct buf names = {0};
        add_names(&names, buf_bytes(&patch->changes[i].names));
        widen(patch, &block);
        for (i++; i < patch->count && patch->changes[i].old_from <= block.old_to; i++) {
            add_names(&names, buf_bytes(&patch->changes[i].names));
            block.old_to = patch->changes[i].old_to;
            block.to = patch->changes[i].to;
            widen(patch, &block);
        }
        narrow(patch, &block);
        add_block(d, &block, buf_bytes(&names));
        buf_free(&names);
    }
    end_hunk(d);
}

/* As git writes names: with a/ and b/ where it is relative, quoted if it has odd characters. */
static void add_file(struct diffing *d, const char *sign, const char *prefix, struct bytes file)
{
    bool absolute = file.len > 0 && *file.ptr == '/', odd = false;
    for (size_t i = 0; i < file.len; i++)
        odd |= (unsigned char)file.ptr[i] < ' ' || strchr("\"\\\x7f", file.ptr[i]) != NULL;
    buf_cat(d->out, bytes_of(sign), odd ? B("\"") : B(""), bytes_of(absolute ? "" : prefix));
    for (size_t i = 0; i < file.len; i++) {
        char c = file.ptr[i];
        if ((unsigned char)c < ' ' || c == 0x7f)
            buf_printf(d->out, "\\%03o", (unsigned)c);
        else if (c == '"' || c == '\\')
            buf_cat(d->out, B("\\"), bytes_make(&c, 1));
        else
            buf_char(d->out, c);
    }
    buf_add(d->out, odd ? B("\"\n") : bytes_chr(file, ' ', 0) >= 0 ? B("\t\n") : B("\n"));
}

void patch_diff(const struct patch *patch, struct bytes file, bool colour, struct buf *out)
{
    struct diffing d = {.patch = patch, .colour = colour, .out = out};
    if (bytes_eq(patch->was, patch->is))
        return;
    add_file(&d, "--- ", "a/", file);
    add_file(&d, "+++ ", "b/", file);
    add_blocks(&d);
    buf_free(&d.body);
    buf_free(&d.names);
}
