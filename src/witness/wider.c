/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each pattern is looked for by the rarest of its texts: what many have in common, as
 * "Failed password for ", leads to too many. */
#include "witness/wider.h"

#include "base/table.h"

enum {
    PIECE_MIN = 3,  /* bytes */
    SAME_MAX = 16,  /* patterns that are looked for by one text */
    LOOKS_MAX = 64, /* at patterns of which a text is there */
};

struct piece {
    struct bytes text;
    size_t count, added;
};

static struct bytes piece_text(const void *entry)
{
    return ((const struct piece *)entry)->text;
}

/* Texts of a row that are long enough. */
static bool next_piece(struct bytes *row, struct bytes *text)
{
    while (bytes_piece(row, '\n', text))
        if (text->len >= PIECE_MIN)
            return true;
    return false;
}

static void count_pieces(struct table *pieces, struct bytes row, struct arena *arena)
{
    struct bytes text;
    while (next_piece(&row, &text)) {
        struct piece *piece = table_find(pieces, text);
        if (!piece) {
            piece = arena_zalloc(arena, sizeof(*piece));
            piece->text = text;
            table_insert(pieces, piece);
        }
        piece->count++;
    }
}

static struct piece *rarest(const struct table *pieces, struct bytes row)
{
    struct piece *best = NULL;
    struct bytes text;
    while (next_piece(&row, &text)) {
        struct piece *piece = table_find(pieces, text);
        if (!best || piece->count < best->count ||
            (piece->count == best->count && text.len > best->text.len))
            best = piece;
    }
    return best;
}

static void add_set(struct wider *wider, const struct table *pieces, const struct line_set *set,
                    size_t number)
{
    for (size_t i = 0; i < set->row_count; i++) {
        struct piece *piece = rarest(pieces, set->rows[i]);
        if (piece && piece->added++ < SAME_MAX) {
            prefilter_add(wider->texts, piece->text, false, (uint32_t)number);
        } else if (!piece && wider->bare_count < WIDER_MAX / 2) {
            wider->bare[wider->bare_count++] = number;
            return;
        }
    }
}

void wider_read(struct wider *wider, const struct line_set *const *sets, size_t count,
                struct arena *arena)
{
    struct table pieces;
    *wider = (struct wider){.texts = prefilter_new()};
    table_init(&pieces, piece_text);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; sets[i] && k < sets[i]->row_count; k++)
            count_pieces(&pieces, sets[i]->rows[k], arena);
    for (size_t i = 0; i < count; i++)
        if (sets[i])
            add_set(wider, &pieces, sets[i], i);
    table_free(&pieces);
    prefilter_build(wider->texts);
    hits_init(&wider->hits, count + 1);
}

void wider_free(struct wider *wider)
{
    prefilter_free(wider->texts);
    hits_free(&wider->hits);
}

/* Are all texts of the one in the other, in their order? */
static bool has_pieces(struct bytes row, struct bytes of)
{
    struct bytes text;
    size_t at = 0;
    while (bytes_piece(&of, '\n', &text)) {
        ptrdiff_t found = bytes_find(row, text, at);
        if (found < 0)
            return false;
        at = (size_t)found + text.len;
    }
    return true;
}

size_t wider_find(struct wider *wider, const struct line_set *const *sets,
                  const struct line_set *of, size_t end, size_t *found)
{
    size_t count = 0;
    if (of->row_count == 0)
        return 0;
    for (size_t i = 0; i < wider->bare_count; i++)
        if (wider->bare[i] < end)
            found[count++] = wider->bare[i];
    prefilter_scan(wider->texts, of->rows[0], &wider->hits);
    uint32_t at = 0;
    for (size_t i = 0; i < LOOKS_MAX && count < WIDER_MAX; i++, at++) {
        at = hits_next(&wider->hits, at, (uint32_t)end);
        if (at == end)
            break;
        if (sets[at]->row_count > 1 || has_pieces(of->rows[0], sets[at]->rows[0]))
            found[count++] = at;
    }
    hits_clear(&wider->hits);
    return count;
}
