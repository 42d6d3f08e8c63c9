/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of a package: the comments at the top of its rules. */
#include "library/package.h"

/* Control characters are none of a text that goes to a terminal. */
static void add_plain(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        buf_char(out, c == '\t' ? ' ' : c < ' ' || c == 0x7f ? '?' : text.ptr[i]);
    }
}

/* "# Cost:  none" is "Cost:  none"; a carriage return is a part of the line's end. */
static struct bytes uncommented(struct bytes line)
{
    line = bytes_from(line, 1);
    if (line.len > 0 && *line.ptr == ' ')
        line = bytes_from(line, 1);
    while (line.len > 0 && is_space(line.ptr[line.len - 1]))
        line.len--;
    return line;
}

/* Words up to the first that ends with a period, or to the end of the paragraph. */
static void add_sentence(struct buf *out, struct bytes head)
{
    struct bytes line, word;
    while (bytes_piece(&head, '\n', &line) && line.len > 0)
        while (bytes_word(&line, &word)) {
            buf_cat(out, out->len > 0 ? B(" ") : B(""), word);
            if (word.ptr[word.len - 1] == '.') {
                out->len--;
                return;
            }
        }
}

void package_read_head(struct library *library, struct package *package, struct bytes text)
{
    struct buf head = {0}, sentence = {0};
    struct bytes line;
    while (bytes_piece(&text, '\n', &line) && line.len > 0 && *line.ptr == '#') {
        struct bytes said = uncommented(line);
        if (bytes_starts(said, B("SPDX-License-Identifier:")))
            continue;
        add_plain(&head, said);
        buf_char(&head, '\n');
    }
    add_sentence(&sentence, buf_bytes(&head));
    package->head = arena_bytes(&library->arena, buf_bytes(&head));
    package->sentence = arena_bytes(&library->arena, buf_bytes(&sentence));
    buf_free(&head);
    buf_free(&sentence);
}
