/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parentheses in rule texts, found in one walk over the text. */
#include "lang/parens.h"

#include "base/mem.h"

static void add_group(struct groups *groups, size_t start, size_t end)
{
    MEM_GROW(groups->items, groups->count, groups->room, 4);
    groups->items[groups->count++] = (struct group){start, end};
}

bool groups_find(struct bytes text, struct groups *groups)
{
    size_t depth = 0, start = 0;
    bool masked = false;
    groups->count = 0;
    if (bytes_chr(text, '(', 0) < 0 && bytes_chr(text, ')', 0) < 0)
        return true; /* most texts */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '(' && !masked) {
            if (depth++ == 0)
                start = i;
        } else if (c == ')' && !masked) {
            if (depth == 0)
                return false;
            if (--depth == 0)
                add_group(groups, start, i + 1);
        }
        masked = c == '\\';
    }
    return depth == 0;
}

void groups_free(struct groups *groups)
{
    free(groups->items);
    *groups = (struct groups){0};
}

const struct group *groups_at(const struct groups *groups, size_t start)
{
    size_t low = 0, high = groups->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (groups->items[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low < groups->count && groups->items[low].start == start ? &groups->items[low] : NULL;
}

struct bytes parens_strip(struct bytes text)
{
    struct bytes trimmed = bytes_trim(text);
    if (trimmed.len < 2 || trimmed.ptr[0] != '(' || trimmed.ptr[trimmed.len - 1] != ')')
        return text;
    return bytes_trim(bytes_slice(trimmed, 1, trimmed.len - 1));
}

static bool is_paren(char c)
{
    return c == '(' || c == ')';
}

struct bytes parens_unmask(struct arena *arena, struct bytes text)
{
    ptrdiff_t at = bytes_chr(text, '\\', 0);
    if (at < 0)
        return text;
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool mask = text.ptr[i] == '\\' && i + 1 < text.len && is_paren(text.ptr[i + 1]);
        if (!mask)
            out[len++] = text.ptr[i];
    }
    return bytes_make(out, len);
}
