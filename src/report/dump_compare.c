/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/dump_compare.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/json_values.h"

enum { MOST_LINES = 20, LONGEST_VALUE = 400 };

struct look {
    struct buf path;
    struct buf *only[2], *lacks;
    size_t lines;
    unsigned depth; /* 1: a section; 2: a thing in it; 3: what is said of the thing */
};

static void add_value(struct buf *out, struct bytes path, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    struct bytes shown = bytes_of(text ? text : "?");
    bool long_one = shown.len > LONGEST_VALUE;
    buf_cat(out, path, B(" = "), bytes_slice(shown, 0, long_one ? LONGEST_VALUE : shown.len),
            long_one ? B("...\n") : B("\n"));
    free(text);
}

static void tell(struct look *look, const json_t *theirs, const json_t *ours)
{
    if (look->lines++ >= MOST_LINES)
        return;
    if (theirs)
        add_value(look->only[0], buf_bytes(&look->path), theirs);
    if (ours)
        add_value(look->only[1], buf_bytes(&look->path), ours);
}

static void compare(struct look *look, const json_t *theirs, const json_t *ours);

/* Newer releases say more of a thing, and have more variables of their own (%.chr32). */
static bool is_lacking(struct look *look, struct bytes name)
{
    struct bytes section = buf_bytes(&look->path);
    struct buf entry = {0};
    bool own = bytes_eq(section, B("variables")) && bytes_starts(name, B("."));
    if (!own && look->depth < 3)
        return false;
    ptrdiff_t dot = bytes_chr(section, '.', 0);
    buf_cat(&entry, bytes_slice(section, 0, dot < 0 ? section.len : (size_t)dot), B("."),
            own ? B(".*") : name, B("\n"));
    if (bytes_find(buf_bytes(look->lacks), buf_bytes(&entry), 0) < 0)
        buf_add(look->lacks, buf_bytes(&entry));
    buf_free(&entry);
    return true;
}

static void compare_member(struct look *look, struct bytes name, const json_t *theirs,
                           const json_t *ours)
{
    size_t length = look->path.len;
    look->depth++;
    if (theirs || !is_lacking(look, name)) {
        buf_cat(&look->path, B("."), name);
        compare(look, theirs, ours);
    }
    look->path.len = length;
    look->depth--;
}

/* What both have, and what only the first one has; turned: the first one is ours. */
static void compare_members(struct look *look, json_t *first, const json_t *second, bool turned)
{
    for (void *at = json_object_iter(first); at; at = json_object_iter_next(first, at)) {
        struct bytes key = bytes_make(json_object_iter_key(at), json_object_iter_key_len(at));
        const json_t *value = json_object_iter_value(at);
        const json_t *other = json_object_getn(second, key.ptr, key.len);
        if (!turned)
            compare_member(look, key, value, other);
        else if (!other)
            compare_member(look, key, NULL, value);
    }
}

static void compare_objects(struct look *look, json_t *theirs, json_t *ours)
{
    compare_members(look, theirs, ours, false);
    compare_members(look, ours, theirs, true);
}

/* Contexts have a list of names. */
static struct bytes name_of(const json_t *thing)
{
    const json_t *name = json_object_get(thing, "name");
    if (json_is_array(name))
        name = json_array_get(name, 0);
    return json_bytes(name);
}

/* Things by their names. */
static json_t *index_of(const json_t *array)
{
    json_t *index = json_object();
    for (size_t i = json_array_size(array); i-- > 0;) { /* of one name the first counts */
        struct bytes name = name_of(json_array_get(array, i));
        json_object_setn_nocheck(index, name.ptr, name.len, json_array_get(array, i));
    }
    return index;
}

static void compare_named(struct look *look, const json_t *theirs, const json_t *ours)
{
    json_t *their_index = index_of(theirs), *our_index = index_of(ours);
    for (size_t i = 0; i < json_array_size(theirs); i++) {
        const json_t *thing = json_array_get(theirs, i);
        struct bytes name = name_of(thing);
        if (!json_equal((json_t *)thing, json_array_get(ours, i)))
            compare_member(look, name, thing, json_object_getn(our_index, name.ptr, name.len));
    }
    for (size_t i = 0; i < json_array_size(ours); i++) {
        const json_t *thing = json_array_get(ours, i);
        struct bytes name = name_of(thing);
        bool same = json_equal((json_t *)thing, json_array_get(theirs, i));
        if (!same && !json_object_getn(their_index, name.ptr, name.len))
            compare_member(look, name, NULL, thing);
    }
    json_decref(their_index);
    json_decref(our_index);
}

static void compare_arrays(struct look *look, const json_t *theirs, const json_t *ours)
{
    size_t count = json_array_size(theirs), more = json_array_size(ours);
    for (size_t i = 0; i < (count > more ? count : more); i++)
        compare_member(look, NUM(i + 1), json_array_get(theirs, i), json_array_get(ours, i));
}

/* Text that differs from run to run is not looked at: addresses of code. */
static bool same_texts(const json_t *theirs, const json_t *ours)
{
    char digits[2][JSON_DIGITS];
    struct bytes a = json_scalar(theirs, digits[0]), b = json_scalar(ours, digits[1]);
    ptrdiff_t at = bytes_find(a, B("(0x"), 0);
    return bytes_eq(a, b) ||
           (at >= 0 && b.len >= (size_t)at + 3 &&
            bytes_eq(bytes_slice(a, 0, (size_t)at + 3), bytes_slice(b, 0, (size_t)at + 3)));
}

static void compare(struct look *look, const json_t *theirs, const json_t *ours)
{
    /* Which of them it is depends on what code has done with it, and on the release of Perl. */
    bool texts = json_is_scalar(theirs) && json_is_scalar(ours);
    if (!theirs && !ours)
        return;
    if (json_is_object(theirs) && json_is_object(ours))
        compare_objects(look, (json_t *)theirs, (json_t *)ours);
    else if (json_is_array(theirs) && json_is_array(ours) && name_of(json_array_get(ours, 0)).len)
        compare_named(look, theirs, ours);
    else if (json_is_array(theirs) && json_is_array(ours))
        compare_arrays(look, theirs, ours);
    else if (texts ? !same_texts(theirs, ours) : !json_equal(theirs, ours))
        tell(look, theirs, ours);
}

static const char *const sections[] = {"contexts",  "operations", "pendingevents",
                                       "variables", "buffer",     "rulestats"};

enum dump_result dump_compare(struct bytes theirs, struct bytes ours, struct buf *only,
                              struct buf *lacks)
{
    struct look look = {.only = {&only[0], &only[1]}, .lacks = lacks, .depth = 1};
    json_t *a = json_loadb(theirs.ptr, theirs.len, JSON_ALLOW_NUL, NULL);
    json_t *b = json_loadb(ours.ptr, ours.len, JSON_ALLOW_NUL, NULL);
    for (size_t i = 0; a && b && i < sizeof(sections) / sizeof(*sections); i++) {
        buf_clear(&look.path);
        buf_add(&look.path, bytes_of(sections[i]));
        compare(&look, json_object_get(a, sections[i]), json_object_get(b, sections[i]));
    }
    enum dump_result result = !a || !b ? DUMPS_MISSING : look.lines ? DUMPS_DIFFERS : DUMPS_SAME;
    buf_free(&look.path);
    json_decref(a);
    json_decref(b);
    return result;
}
