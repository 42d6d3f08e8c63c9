/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files belong to one input if their names are equal without the number or date and the suffix of
 * a compressed file.  Within a set dated files come first, by date, then numbered ones, the largest
 * number first, and then the one that has neither.  A link to another file of the same set (app.log
 * to app.log-20261127) is left out.
 */
#include "replay/sets.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "io/glob.h"
#include "io/inputs.h"

enum age { AGE_DATED, AGE_NUMBERED, AGE_PRESENT };

/* What a name says of a file's place in its set. */
struct place {
    enum age age;
    struct bytes mark; /* digits of the number; all of the date */
    struct bytes stem; /* the set's name */
};

/* One file that was named. */
struct named {
    struct bytes name, context; /* owned */
    struct place place;
    size_t order; /* of coming */
    dev_t device; /* both 0 if there is no such file */
    ino_t inode;
};

struct named_list {
    size_t count, room;
    struct named *items;
};

static struct bytes without_ending(struct bytes name)
{
    static const struct bytes endings[] = {{".gz", 3}, {".xz", 3}, {".zst", 4}, {".bz2", 4}};
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        size_t len = endings[i].len;
        if (name.len > len && bytes_eq(bytes_from(name, name.len - len), endings[i]))
            return bytes_slice(name, 0, name.len - len);
    }
    return name;
}

static bool is_date_char(char c)
{
    return is_digit(c) || c == '-' || c == '_' || c == 'T' || c == ':';
}

static size_t count_digits(struct bytes text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.ptr[i]);
    return digits;
}

/* Is it 1 to 4 digits, or a year with a month at least (20261127, 2026-11-27, 20261127-0400)? */
static bool is_mark(struct bytes mark, enum age *age)
{
    size_t digits = count_digits(mark);
    *age = digits >= 6 ? AGE_DATED : AGE_NUMBERED;
    if (digits == mark.len && digits >= 1 && digits <= 4)
        return true;
    return digits >= 6 && digits <= 14 && (*mark.ptr == '1' || *mark.ptr == '2');
}

static bool has_letter(struct bytes path)
{
    for (size_t i = path.len; i-- > 0 && path.ptr[i] != '/';)
        if (is_alpha(path.ptr[i]))
            return true;
    return false;
}

/* A name without a letter is an address more likely than a number of something. */
static struct place place_of(struct bytes name)
{
    struct bytes plain = without_ending(name);
    size_t from = plain.len;
    enum age age;
    while (from > 0 && is_date_char(plain.ptr[from - 1]))
        from--;
    while (from < plain.len && !is_digit(plain.ptr[from]))
        from++; /* "-20261127": the dash parts them */
    struct bytes mark = bytes_from(plain, from);
    if (from > 1 && mark.len > 0 && bytes_chr(B(".-_"), plain.ptr[from - 1], 0) >= 0 &&
        is_mark(mark, &age) && has_letter(bytes_slice(plain, 0, from)) &&
        (age == AGE_DATED || plain.ptr[from - 1] == '.'))
        return (struct place){age, mark, bytes_slice(plain, 0, from - 1)};
    return (struct place){AGE_PRESENT, {0}, plain};
}

static struct bytes without_zeros(struct bytes digits)
{
    while (digits.len > 1 && *digits.ptr == '0')
        digits = bytes_from(digits, 1);
    return digits;
}

/* Which is older? */
static int compare_places(const struct place *a, const struct place *b)
{
    if (a->age != b->age)
        return a->age < b->age ? -1 : 1;
    if (a->age != AGE_NUMBERED)
        return bytes_cmp(a->mark, b->mark);
    struct bytes left = without_zeros(a->mark), right = without_zeros(b->mark);
    if (left.len != right.len)
        return left.len > right.len ? -1 : 1;
    return bytes_cmp(right, left);
}

static int compare_named(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = bytes_cmp(a->place.stem, b->place.stem);
    if (order == 0)
        order = bytes_cmp(a->context, b->context);
    if (order == 0)
        order = compare_places(&a->place, &b->place);
    return order != 0 ? order : (a->order < b->order ? -1 : 1);
}

static struct named *find_named(const struct named_list *list, struct bytes name)
{
    for (size_t i = 0; i < list->count; i++)
        if (bytes_eq(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static void know_file(struct named *named)
{
    struct stat info;
    char *path = bytes_cstr(named->name);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        named->device = info.st_dev;
        named->inode = info.st_ino;
    }
    free(path);
}

/* A file that is named twice is read once, with the context that was given last. */
static void add_named(struct named_list *list, struct bytes name, struct bytes context)
{
    struct named *named = find_named(list, name);
    if (!named) {
        MEM_GROW(list->items, list->count, list->room, 16);
        named = &list->items[list->count];
        *named = (struct named){.name = bytes_dup(name), .order = list->count++};
        named->place = place_of(named->name);
        know_file(named);
    }
    bytes_free(named->context);
    named->context = bytes_dup(context);
}

static void add_pattern(struct named_list *list, struct bytes pattern, bool *with_contexts)
{
    struct bytes context = {0};
    struct file_names names = {0};
    if (input_split_context(&pattern, &context))
        *with_contexts = true;
    glob_names(pattern, &names);
    for (size_t i = 0; i < names.count; i++)
        add_named(list, names.names[i], context);
    file_names_free(&names);
}

/* The context of an input without one of its own is made of its name. */
static struct bytes own_context(struct bytes name)
{
    struct buf text = {0};
    buf_cat(&text, B(INPUT_CONTEXT_PREFIX), name);
    struct bytes context = bytes_dup(buf_bytes(&text));
    buf_free(&text);
    return context;
}

/* A single file keeps its name, whatever that looks like. */
static void finish_set(struct file_set *set)
{
    if (set->count == 1) {
        bytes_free(set->name);
        set->name = bytes_dup(set->files[0]);
    }
    if (set->context.len > 0)
        return;
    bytes_free(set->context);
    set->context = own_context(set->name);
}

static bool same_set(const struct named *a, const struct named *b)
{
    return bytes_eq(a->place.stem, b->place.stem) && bytes_eq(a->context, b->context);
}

/* Is it another name of a file that the set has already? */
static bool is_link(const struct named_list *list, size_t at)
{
    const struct named *named = &list->items[at];
    while (named->inode != 0 && at-- > 0 && same_set(&list->items[at], named)) {
        if (list->items[at].device == named->device && list->items[at].inode == named->inode)
            return true;
    }
    return false;
}

static void add_to_sets(struct file_sets *sets, const struct named_list *list, size_t at)
{
    const struct named *named = &list->items[at];
    if (at == 0 || !same_set(&list->items[at - 1], named)) {
        MEM_GROW(sets->items, sets->count, sets->room, 8);
        sets->items[sets->count++] = (struct file_set){.name = bytes_dup(named->place.stem),
                                                       .context = bytes_dup(named->context)};
    }
    struct file_set *set = &sets->items[sets->count - 1];
    if (is_link(list, at))
        return;
    MEM_GROW(set->files, set->count, set->room, 4);
    set->files[set->count++] = bytes_dup(named->name);
}

void file_sets_find(struct file_sets *sets, const struct bytes *patterns, size_t count,
                    bool *with_contexts)
{
    struct named_list list = {0};
    *sets = (struct file_sets){0};
    for (size_t i = 0; i < count; i++)
        add_pattern(&list, patterns[i], with_contexts);
    if (list.count > 0)
        qsort(list.items, list.count, sizeof(*list.items), compare_named);
    for (size_t i = 0; i < list.count; i++)
        add_to_sets(sets, &list, i);
    for (size_t i = 0; i < list.count; i++) {
        bytes_free(list.items[i].context);
        bytes_free(list.items[i].name);
    }
    free(list.items);
    for (size_t i = 0; i < sets->count; i++)
        finish_set(&sets->items[i]);
}

void file_sets_free(struct file_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++) {
        struct file_set *set = &sets->items[i];
        for (size_t k = 0; k < set->count; k++)
            bytes_free(set->files[k]);
        bytes_free(set->name);
        bytes_free(set->context);
        free(set->files);
    }
    free(sets->items);
    *sets = (struct file_sets){0};
}
