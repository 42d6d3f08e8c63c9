/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where SEC was in its inputs.
 *
 * A dump tells how far SEC has read in a file, not how far it has processed it: what is read of a
 * block and not processed waits in a buffer that no dump shows.  What is certain: it ends where was
 * read to, begins with a line, and is no longer than a block and the line that began before it.  If
 * SEC slept, it is less than a line.  Otherwise the last line processed, which a dump shows of at
 * least one input, is where it begins. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/moved_file.h"
#include "import/importing.h"

enum { USUAL_BLOCK = 8192, LARGEST_BLOCK = 1 << 20, LINES = 1 << 18 };

/* An input, and what of its file comes before the offset. */
struct place {
    struct importing *import;
    const json_t *json;
    struct bytes name;
    int64_t offset;
    struct buf text;
};

/* -- What the dump says -- */

/* --blocksize, the last one; SEC's own is 8192, and was less. */
static size_t block_size(const struct importing *import)
{
    const json_t *program = json_object_get(import->dump, "program");
    struct bytes options = json_text(program, "options");
    ptrdiff_t at = bytes_rfind(options, B("-blocksize"));
    int64_t size = 0;
    if (at >= 0 && (size_t)at + sizeof("-blocksize") <= options.len) {
        struct bytes rest = bytes_from(options, (size_t)at + sizeof("-blocksize")), word;
        if (bytes_word(&rest, &word))
            bytes_uint(word, false, &size);
    }
    return size <= USUAL_BLOCK ? USUAL_BLOCK : size < LARGEST_BLOCK ? (size_t)size : LARGEST_BLOCK;
}

/* The line of this input that was processed last; false: the dump does not show it. */
static bool last_line(const struct place *place, struct bytes *line)
{
    struct fields *fields = &place->import->fields;
    const json_t *buffer = json_object_get(place->import->dump, "buffer");
    const json_t *lines = json_object_get(buffer, "lastlines");
    const json_t *inputs = json_object_get(buffer, "lastinputs");
    if (json_number(place->json, "lines") <= 0)
        return false;
    if (json_is_object(lines)) {
        json_t *own = NULL, *list;
        const char *key;
        size_t length;
        json_object_keylen_foreach((json_t *)lines, key, length,
                                   list) if (bytes_eq(fields_key(fields, key, length), place->name))
            own = list;
        size_t count = json_array_size(own);
        return count > 0 && fields_text_of(fields, json_array_get(own, count - 1), line);
    }
    for (size_t i = json_array_size(inputs); i-- > 0;) {
        struct bytes name;
        const json_t *input = json_array_get(inputs, i);
        if (json_is_string(input) && fields_text_of(fields, input, &name) &&
            bytes_eq(name, place->name))
            return fields_text_of(fields, json_array_get(lines, i), line);
    }
    return false;
}

/* -- What the file says -- */

/* What comes before the offset, at most so much; false: the file is not there any more. */
static bool read_before(struct place *place, dev_t device, ino_t inode, size_t most)
{
    struct buf path = {0};
    bool fine =
        bytes_chr(place->name, '\0', 0) < 0 && moved_file_find(place->name, device, inode, &path);
    int fd = fine ? open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    size_t length = place->offset < (int64_t)most ? (size_t)place->offset : most;
    off_t from = (off_t)(place->offset - (int64_t)length);
    ssize_t got = 0;
    buf_free(&path);
    if (fd < 0)
        return false;
    while (place->text.len < length && got >= 0) {
        size_t left = length - place->text.len;
        got = pread(fd, buf_room(&place->text, left), left, from + (off_t)place->text.len);
        if (got <= 0)
            break;
        place->text.len += (size_t)got;
    }
    close(fd);
    return place->text.len == length;
}

/* After the last newline before there, in the text. */
static size_t line_start(struct bytes text, size_t before)
{
    while (before > 0 && text.ptr[before - 1] != '\n')
        before--;
    return before;
}

/* Where the line ends that is the last one of this text, as far as to there; 0: it is not there.
 * Counts how often it is. */
static size_t find_line(struct bytes text, struct bytes line, size_t least, size_t *count)
{
    size_t found = 0;
    for (size_t end = line_start(text, text.len); end > 0 && end >= least;
         end = line_start(text, end - 1)) {
        size_t start = line_start(text, end - 1);
        if (!bytes_eq(bytes_slice(text, start, end - 1), line))
            continue;
        if ((*count)++ == 0)
            found = end;
    }
    return found;
}

/* -- Both -- */

static void tell_missing(const struct place *place, struct bytes what)
{
    import_tell(&place->import->missing, buf_bytes(&place->import->fields.place), what);
}

/* How many of the bytes of the text are processed. */
static size_t find_end(const struct place *place, size_t block)
{
    struct importing *import = place->import;
    struct bytes text = buf_bytes(&place->text), line;
    size_t whole = line_start(text, text.len), count = 0;
    size_t least = line_start(text, text.len > block ? text.len - block : 0);
    if (import->asleep || whole == 0)
        return whole;
    if (!last_line(place, &line)) {
        if (json_number(place->json, "lines") > 0)
            tell_missing(place, B("how much of what SEC had read it had processed is not in the "
                                  "dump; it is taken for all whole lines, which is certain if "
                                  "SEC was asleep (--asleep)"));
        return whole;
    }
    size_t end = find_line(text, line, least, &count);
    if (end == 0)
        tell_missing(place, B("the last line that SEC has processed is not where it has read last; "
                              "all that it has read is taken for processed"));
    else if (count > 1)
        tell_missing(place,
                     B("the last line that SEC has processed is there more than once in what "
                       "it has read last; the last one is taken, which is certain if SEC "
                       "was asleep (--asleep)"));
    else if (end < whole)
        import_tell(&import->made_good, buf_bytes(&import->fields.place), NUM(whole - end),
                    B(" byte"), PLURAL(whole - end),
                    B(" had been read and not processed, and will be read again"));
    return end > 0 ? end : whole;
}

static void put_place(struct place *place, json_t *entry, dev_t device, ino_t inode)
{
    size_t block = block_size(place->import);
    if (!read_before(place, device, inode, block + LINES)) {
        tell_missing(place, B("the file that SEC reads is not there any more, or shorter; what SEC "
                              "had read and not processed of it does not come again"));
    } else {
        place->offset -= (int64_t)(place->text.len - find_end(place, block));
    }
    json_put(entry, "dev", json_integer((json_int_t)device));
    json_put(entry, "inode", json_integer((json_int_t)inode));
    json_put(entry, "offset", json_integer(place->offset));
    place->import->inputs.taken++;
}

static void take_input(struct place *place, json_t *entry)
{
    struct fields *fields = &place->import->fields;
    int64_t device, inode, lines = 0;
    place->import->inputs.there++;
    if (json_object_get(place->json, "lines"))
        fields_number(fields, place->json, "lines", 0, &lines);
    json_put(entry, "lines", json_integer(lines));
    if (json_object_get(place->json, "offset") &&
        fields_number(fields, place->json, "offset", 0, &place->offset) &&
        fields_number(fields, place->json, "dev", 0, &device) &&
        fields_number(fields, place->json, "inode", 0, &inode))
        put_place(place, entry, (dev_t)device, (ino_t)inode);
}

void import_inputs(struct importing *import)
{
    struct fields *fields = &import->fields;
    json_t *from = fields_object(fields, import->dump, "inputs"), *json, *inputs = json_object();
    const char *key;
    size_t length, before = fields_enter(fields, B("inputs"));
    json_object_keylen_foreach(from, key, length, json)
    {
        struct place place = {
            .import = import, .json = json, .name = fields_key(fields, key, length)};
        json_t *entry = json_object();
        size_t around = fields_enter(fields, place.name);
        take_input(&place, entry);
        json_object_setn_new_nocheck(inputs, key, length, entry);
        fields_leave(fields, around);
        buf_free(&place.text);
    }
    fields_leave(fields, before);
    json_put(import->state, "inputs", inputs);
}
