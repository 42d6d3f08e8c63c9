/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parentheses in rule texts, found in one pass over the whole text, so that deeply nested groups
 * are not scanned again at each level. */
#include "lang/parens.h"

#include "base/mem.h"

static void add_group(struct groups *groups, size_t start, size_t end)
{
    MEM_GROW(groups->items, groups->count, groups->room, 4);
    groups->items[groups->count++] = (struct group){start, end};
}

void parens_find(struct bytes text, struct parens *parens)
{
    *parens = (struct parens){.text = text};
    if (bytes_chr(text, '(', 0) < 0 && bytes_chr(text, ')', 0) < 0)
        return; /* most texts */
    parens->ends = mem_zalloc((text.len + 1) * sizeof(*parens->ends));
    size_t open = SIZE_MAX; /* the innermost one; each that is open knows the one around it */
    bool masked = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '(' && !masked) {
            parens->ends[i] = open;
            open = i;
        } else if (c == ')' && !masked && open != SIZE_MAX) {
            size_t outer = parens->ends[open];
            parens->ends[open] = i + 1;
            open = outer;
        }
        masked = c == '\\';
    }
    while (open != SIZE_MAX) {
        size_t outer = parens->ends[open];
        parens->ends[open] = 0;
        open = outer;
    }
}

void parens_free(struct parens *parens)
{
    free(parens->ends);
    *parens = (struct parens){0};
}

bool groups_find(const struct parens *parens, struct bytes part, struct groups *groups)
{
    size_t from = (size_t)(part.ptr - parens->text.ptr);
    bool masked = false;
    groups->count = 0;
    for (size_t i = 0; parens->ends && i < part.len; i++) {
        char c = part.ptr[i];
        if (c == '(' && !masked) {
            size_t end = parens->ends[from + i];
            if (end == 0 || end - from > part.len) {
                groups->fault = i;
                return false;
            }
            add_group(groups, i, end - from);
            i = end - from - 1;
        } else if (c == ')' && !masked) {
            groups->fault = i;
            return false;
        }
        masked = c == '\\';
    }
    return true;
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

static bool is_mask(struct bytes text, size_t at)
{
    return text.ptr[at] == '\\' && at + 1 < text.len && is_paren(text.ptr[at + 1]);
}

/* The first mask at or after `at`, or the end of the text. */
static size_t next_mask(struct bytes text, size_t at)
{
    ptrdiff_t found;
    while ((found = bytes_chr(text, '\\', at)) >= 0 && !is_mask(text, (size_t)found))
        at = (size_t)found + 1;
    return found < 0 ? text.len : (size_t)found;
}

struct bytes parens_unmask(struct arena *arena, struct bytes text)
{
    size_t mask = next_mask(text, 0), from = 0, len = 0;
    if (mask == text.len)
        return text;
    char *out = arena_alloc(arena, text.len);
    for (; from < text.len; mask = next_mask(text, from)) {
        memcpy(out + len, text.ptr + from, mask - from);
        len += mask - from;
        from = mask + (mask < text.len);
    }
    return bytes_make(out, len);
}

/* Where the byte that has become byte `at` of the unmasked text is; of its end, when it is that. */
static size_t masked_offset(struct bytes text, size_t at)
{
    size_t mask = next_mask(text, 0);
    for (; mask < at; mask = next_mask(text, mask + 1))
        at++;
    return at;
}

struct bytes parens_place(struct bytes text, size_t from, size_t to)
{
    return bytes_slice(text, masked_offset(text, from), masked_offset(text, to));
}
