/* SPDX-License-Identifier: GPL-2.0-or-later */
/* If two names can become the same one, the known beginning of one is a prefix of the other's.  So
 * there are two places to look in the sorted list: those that begin with the beginning of the name
 * are next to each other, and for shorter ones each prefix of the name is looked up. */
#include "lint/wildcard.h"

#include <stdlib.h>

#include "base/mem.h"

struct wildcard wildcard_of(const struct template *text)
{
    struct wildcard name = {.open = true};
    if (text->spliced)
        return name;
    if (template_constant(text))
        return wildcard_name(text->count > 0 ? text->segments[0].text : B(""));
    const struct segment *first = &text->segments[0], *last = &text->segments[text->count - 1];
    if (first->kind == SEG_TEXT)
        name.before = first->text;
    if (last->kind == SEG_TEXT)
        name.after = last->text;
    return name;
}

static bool can_become(const struct wildcard *open, struct bytes name)
{
    return name.len >= open->before.len + open->after.len && bytes_starts(name, open->before) &&
           bytes_ends(name, open->after);
}

bool wildcard_meets(const struct wildcard *a, const struct wildcard *b)
{
    if (!a->open && !b->open)
        return bytes_eq(a->before, b->before);
    if (!b->open)
        return can_become(a, b->before);
    if (!a->open)
        return can_become(b, a->before);
    return (bytes_starts(a->before, b->before) || bytes_starts(b->before, a->before)) &&
           (bytes_ends(a->after, b->after) || bytes_ends(b->after, a->after));
}

int wildcard_compare(const struct wildcard *a, const struct wildcard *b)
{
    int order = bytes_cmp(a->before, b->before);
    if (order == 0)
        order = bytes_cmp(a->after, b->after);
    return order != 0 ? order : a->open - b->open;
}

static int in_order(const void *a, const void *b)
{
    return wildcard_compare(a, b);
}

void wildcards_add(struct wildcards *all, const struct wildcard *name)
{
    MEM_GROW(all->items, all->count, all->room, 64);
    all->items[all->count++] = *name;
}

void wildcards_sort(struct wildcards *all)
{
    if (all->count == 0)
        return;
    qsort(all->items, all->count, sizeof(*all->items), in_order);
    size_t kept = 1;
    for (size_t i = 1; i < all->count; i++)
        if (wildcard_compare(&all->items[i], &all->items[kept - 1]) != 0)
            all->items[kept++] = all->items[i];
    all->count = kept;
}

void wildcards_free(struct wildcards *all)
{
    free(all->items);
    *all = (struct wildcards){0};
}

/* The first one whose beginning is not less. */
static size_t first_from(const struct wildcards *all, struct bytes before)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bytes_cmp(all->items[middle].before, before) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Among those with this beginning; longer: or one that begins so. */
static const struct wildcard *look(const struct wildcards *all, const struct wildcard *name,
                                   struct bytes before, bool longer)
{
    for (size_t i = first_from(all, before); i < all->count; i++) {
        const struct wildcard *at = &all->items[i];
        if (longer ? !bytes_starts(at->before, before) : !bytes_eq(at->before, before))
            break;
        if (wildcard_meets(at, name))
            return at;
    }
    return NULL;
}

const struct wildcard *wildcards_meeting(const struct wildcards *all, const struct wildcard *name)
{
    const struct wildcard *found = look(all, name, name->before, name->open);
    for (size_t len = 0; !found && len < name->before.len; len++)
        found = look(all, name, bytes_slice(name->before, 0, len), false);
    return found;
}
