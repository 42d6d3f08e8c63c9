/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The longest common subsequence by the simple table algorithm, as the texts are only blocks of
 * test files. */
#include "prove/diff.h"

#include "base/mem.h"
#include "replay/show.h"

#define COLOUR_WAS "\033[31m"
#define COLOUR_IS "\033[32m"
#define COLOUR_END "\033[0m"

enum { MOST_LINES = 2000 }; /* more would need a large table: then all lines differ */

struct lines {
    struct bytes *items; /* owned */
    size_t count, room;
};

struct differing {
    struct buf *out;
    const struct diff_looks *looks;
    size_t shown, left;
};

static struct lines split(struct bytes text)
{
    struct lines lines = {0};
    for (struct bytes line; bytes_piece(&text, '\n', &line);) {
        MEM_GROW(lines.items, lines.count, lines.room, 16);
        lines.items[lines.count++] = line;
    }
    return lines;
}

/* The end of a line may have been "\r\n". */
static void show(struct differing *d, char sign, struct bytes line)
{
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    bool coloured = d->looks->colour && sign != ' ';
    if (d->looks->most > 0 && d->shown == d->looks->most) {
        d->left++;
        return;
    }
    d->shown++;
    buf_add(d->out, bytes_of(d->looks->indent));
    if (coloured)
        buf_add(d->out, sign == '-' ? B(COLOUR_WAS) : B(COLOUR_IS));
    buf_char(d->out, sign);
    buf_char(d->out, ' ');
    show_plain_text(d->out, line);
    buf_add(d->out, coloured ? B(COLOUR_END "\n") : B("\n"));
}

/* lengths[i][k]: of the longest common subsequence of what begins at i and at k. */
static uint16_t *measure(const struct lines *was, const struct lines *is)
{
    size_t width = is->count + 1;
    uint16_t *lengths = mem_zarray((was->count + 1) * width, sizeof(*lengths));
    for (size_t i = was->count; i-- > 0;)
        for (size_t k = is->count; k-- > 0;) {
            uint16_t *here = &lengths[i * width + k], down = here[width], right = here[1];
            if (bytes_eq(was->items[i], is->items[k]))
                *here = (uint16_t)(here[width + 1] + 1);
            else
                *here = down > right ? down : right;
        }
    return lengths;
}

static void show_all(struct differing *d, const struct lines *was, const struct lines *is)
{
    size_t i = 0, k = 0, width = is->count + 1;
    bool small = was->count <= MOST_LINES && is->count <= MOST_LINES;
    uint16_t *lengths = small ? measure(was, is) : NULL;
    while (small && i < was->count && k < is->count) {
        const uint16_t *here = &lengths[i * width + k];
        if (bytes_eq(was->items[i], is->items[k])) {
            show(d, ' ', was->items[i++]);
            k++;
        } else if (here[width] >= here[1]) {
            show(d, '-', was->items[i++]);
        } else {
            show(d, '+', is->items[k++]);
        }
    }
    while (i < was->count)
        show(d, '-', was->items[i++]);
    while (k < is->count)
        show(d, '+', is->items[k++]);
    free(lengths);
}

void diff_add(struct buf *out, struct bytes was, struct bytes is, const struct diff_looks *looks)
{
    struct differing d = {.out = out, .looks = looks};
    struct lines a = split(was), b = split(is);
    show_all(&d, &a, &b);
    if (d.left > 0)
        buf_cat(out, bytes_of(looks->indent), B("... and "), NUM(d.left),
                d.left == 1 ? B(" more line\n") : B(" more lines\n"));
    free(a.items);
    free(b.items);
}
