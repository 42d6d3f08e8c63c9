/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading match variables by number and by name, and turning them into a Perl hash.
 *
 * Names come from four places, each of which hides the earlier ones: named groups; numbers,
 * including 0; _inputsrc and _intcontext; and the names of the varmap.  A Perl hash already has all
 * of them. */
#include "match/vars.h"

#include <assert.h>

#include "base/mem.h"

static const struct value unset = {VALUE_UNSET, {"", 0}};

static struct value text_value(struct bytes text)
{
    return (struct value){VALUE_TEXT, text};
}

static struct value hash_value(const struct match_vars *vars, struct bytes key, struct arena *arena)
{
    struct bytes text;
    return perl_hash_text(vars->hash, key, arena, &text) ? text_value(text) : unset;
}

static struct value group_value(const struct match_vars *vars, size_t group)
{
    if (!vars->offsets)
        return text_value(B("1"));
    ptrdiff_t from = vars->offsets[2 * (group - 1)];
    ptrdiff_t to = vars->offsets[2 * (group - 1) + 1];
    if (from < 0)
        return unset;
    return text_value(bytes_slice(vars->line, (size_t)from, (size_t)to));
}

static struct value taken_value(const struct match_vars *vars, struct bytes name)
{
    for (size_t i = 0; i < vars->count; i++) {
        if (bytes_eq(vars->taken[i].name, name))
            return vars->taken[i].value;
    }
    return unset;
}

struct value vars_number(const struct match_vars *vars, uint64_t number, struct arena *arena)
{
    if (vars->kind == VARS_NONE)
        return unset;
    if (vars->kind == VARS_HASH)
        return number <= INT64_MAX ? hash_value(vars, NUM(number), arena) : unset;
    if (vars->kind == VARS_TAKEN)
        return number <= INT64_MAX ? taken_value(vars, NUM(number)) : unset;
    if (number == 0)
        return text_value(vars->line);
    if (number > vars->count)
        return unset;
    return vars->kind == VARS_GROUPS ? group_value(vars, number) : vars->values[number - 1];
}

static const struct varmap_entry *mapped(const struct match_vars *vars, struct bytes name)
{
    for (size_t i = 0; vars->varmap && i < vars->varmap->count; i++) {
        const struct varmap_entry *entry = &vars->varmap->entries[i];
        if (entry->number >= 0 && bytes_eq(entry->name, name))
            return entry;
    }
    return NULL;
}

/* A number as a hash key: without leading zeros. */
static bool is_number_key(struct bytes name, uint64_t *number)
{
    int64_t value;
    if (name.len == 0 || name.len > 18 || !is_digit(name.ptr[0]) ||
        (name.len > 1 && name.ptr[0] == '0') || !bytes_uint(name, false, &value))
        return false;
    *number = (uint64_t)value;
    return true;
}

static struct value named_group(const struct match_vars *vars, const struct regex_name *name)
{
    for (size_t i = 0; i < name->count; i++) {
        struct value value = group_value(vars, (size_t)name->groups[i]);
        if (value.kind != VALUE_UNSET)
            return value;
    }
    return unset;
}

/* Where the value of a name is. */
struct place {
    enum { NOWHERE, AT_NUMBER, AT_INPUTSRC, AT_INTCONTEXT, AT_GROUP_NAME } kind;
    uint64_t index; /* of the number, or in the regular expression's names */
};

static struct place group_place(const struct match_vars *vars, struct bytes name)
{
    size_t count = 0;
    const struct regex_name *names = vars->regex ? regex_names(vars->regex, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(names[i].name, name))
            return (struct place){AT_GROUP_NAME, i};
    }
    return (struct place){NOWHERE, 0};
}

/* For variables that are not a Perl hash. */
static struct place place_of(const struct match_vars *vars, struct bytes name)
{
    const struct varmap_entry *entry = mapped(vars, name);
    uint64_t number;
    if (entry)
        return (struct place){AT_NUMBER, (uint64_t)entry->number};
    if (is_number_key(name, &number))
        return (struct place){AT_NUMBER, number};
    if (bytes_eq(name, B("_inputsrc")))
        return (struct place){AT_INPUTSRC, 0};
    if (bytes_eq(name, B("_intcontext")))
        return (struct place){AT_INTCONTEXT, 0};
    return group_place(vars, name);
}

static struct value value_at(const struct match_vars *vars, struct place place, struct arena *arena)
{
    size_t count;
    switch (place.kind) {
    case NOWHERE:
        break;
    case AT_NUMBER:
        return vars_number(vars, place.index, arena);
    case AT_INPUTSRC:
        return text_value(vars->inputsrc);
    case AT_INTCONTEXT:
        return vars->intcontext.ptr ? text_value(vars->intcontext) : unset;
    case AT_GROUP_NAME:
        return named_group(vars, &regex_names(vars->regex, &count)[place.index]);
    }
    return unset;
}

struct value vars_name(const struct match_vars *vars, struct bytes name, struct arena *arena)
{
    if (vars->kind == VARS_NONE)
        return unset;
    if (vars->kind == VARS_HASH)
        return hash_value(vars, name, arena);
    if (vars->kind == VARS_TAKEN)
        return taken_value(vars, name);
    return value_at(vars, place_of(vars, name), arena);
}

/* Names that are there: keys of the hash that upstream would have.  An entry may be undefined. */
struct key_list {
    struct bytes *keys;
    size_t count;
};

static void list_add(struct key_list *list, struct bytes key)
{
    for (size_t i = 0; i < list->count; i++) {
        if (bytes_eq(list->keys[i], key))
            return;
    }
    list->keys[list->count++] = key;
}

/* The keys of variables that are not a Perl hash. */
static struct key_list keys_of(const struct match_vars *vars, struct arena *arena)
{
    size_t name_count = 0;
    const struct regex_name *names = vars->regex ? regex_names(vars->regex, &name_count) : NULL;
    size_t map_count = vars->varmap ? vars->varmap->count : 0;
    size_t room = 3 + vars->count + name_count + map_count;
    struct key_list list = {arena_alloc(arena, room * sizeof(struct bytes)), 0};
    list_add(&list, B("0"));
    list_add(&list, B("_inputsrc"));
    list_add(&list, B("_intcontext"));
    for (size_t i = 1; i <= vars->count; i++)
        list.keys[list.count++] = arena_bytes(arena, NUM(i));
    for (size_t i = 0; i < name_count; i++) {
        if (named_group(vars, &names[i]).kind != VALUE_UNSET)
            list_add(&list, names[i].name);
    }
    for (size_t i = 0; i < map_count; i++) {
        if (vars->varmap->entries[i].number >= 0)
            list_add(&list, vars->varmap->entries[i].name);
    }
    return list;
}

static struct perl_item value_item(struct value value)
{
    static const enum perl_kind kinds[] = {PERL_UNDEF, PERL_TEXT, PERL_NUMBER};
    return (struct perl_item){kinds[value.kind], value.text, NULL};
}

static struct perl_value *new_hash(const struct match_vars *vars, struct arena *arena)
{
    struct perl_value *hash = perl_hash_new();
    if (vars->kind == VARS_NONE)
        return hash;
    struct key_list list = keys_of(vars, arena);
    for (size_t i = 0; i < list.count; i++) {
        struct perl_item item = value_item(vars_name(vars, list.keys[i], arena));
        perl_hash_store(hash, list.keys[i], &item);
    }
    return hash;
}

/* Empty until the first match whose named groups all took part: only then are all keys there. */
struct vars_form {
    struct perl_form *perl;
    size_t numbers; /* it has $1 to this one; a PerlFunc may return another number of values */
    size_t count;
    struct place *places; /* of the keys' values */
};

struct vars_form *vars_form_new(void)
{
    return mem_zalloc(sizeof(struct vars_form));
}

void vars_form_free(struct vars_form *form)
{
    if (!form)
        return;
    if (form->perl)
        perl_form_free(form->perl);
    free(form->places);
    free(form);
}

static bool all_names_set(const struct match_vars *vars)
{
    size_t count = 0;
    const struct regex_name *names = vars->regex ? regex_names(vars->regex, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (named_group(vars, &names[i]).kind == VALUE_UNSET)
            return false;
    }
    return true;
}

static void form_build(struct vars_form *form, const struct match_vars *vars, struct arena *arena)
{
    struct key_list list = keys_of(vars, arena);
    form->perl = perl_form_new(list.keys, list.count);
    form->numbers = vars->count;
    form->count = list.count;
    form->places = mem_array(NULL, list.count, sizeof(*form->places));
    for (size_t i = 0; i < list.count; i++)
        form->places[i] = place_of(vars, list.keys[i]);
}

static bool has_form(const struct match_vars *vars, struct arena *arena)
{
    if (!vars->form || vars->kind == VARS_NONE || !all_names_set(vars))
        return false;
    if (!vars->form->perl)
        form_build(vars->form, vars, arena);
    return vars->count == vars->form->numbers;
}

static struct perl_value *formed_hash(const struct match_vars *vars, struct arena *arena)
{
    const struct vars_form *form = vars->form;
    struct perl_item *items = arena_alloc(arena, form->count * sizeof(*items));
    for (size_t i = 0; i < form->count; i++)
        items[i] = value_item(value_at(vars, form->places[i], arena));
    return perl_form_fill(form->perl, items);
}

void vars_to_hash(struct match_vars *vars, struct arena *arena)
{
    struct match_vars hash = {.kind = VARS_HASH};
    if (has_form(vars, arena)) {
        hash.form = vars->form;
        hash.hash = formed_hash(vars, arena);
    } else {
        hash.hash = new_hash(vars, arena);
    }
    *vars = hash;
}

void vars_release_hash(const struct match_vars *vars)
{
    if (vars->form)
        perl_form_give_back(vars->form->perl, vars->hash);
    else
        perl_release(vars->hash);
}

static struct value taken_from(const struct match_vars *vars, const struct perl_hash_key *key,
                               struct arena *arena)
{
    struct bytes text;
    return perl_hash_key_text(vars->hash, key, arena, &text) ? text_value(text) : unset;
}

static void take_values(struct match_vars *vars, const struct perl_hash_key *names, size_t count,
                        struct arena *arena)
{
    struct named_value *taken = arena_alloc(arena, count * sizeof(*taken));
    enum vars_kind kind = perl_hash_count(vars->hash) > 0 ? VARS_TAKEN : VARS_NONE;
    for (size_t i = 0; i < count; i++)
        taken[i] = (struct named_value){names[i].name, taken_from(vars, &names[i], arena)};
    *vars = (struct match_vars){.kind = kind, .count = count, .taken = taken};
}

/* A locked hash may only be asked for its keys, and a tied one is asked for all of its values. */
void vars_take(struct match_vars *vars, const struct perl_hash_key *names, size_t count,
               struct arena *arena)
{
    assert(vars->kind == VARS_HASH);
    struct perl_value *copy = NULL;
    if (!perl_hash_is_plain(vars->hash))
        vars->hash = copy = perl_hash_copy(vars->hash);
    take_values(vars, names, count, arena);
    perl_release(copy);
}

static int by_name(const void *a, const void *b)
{
    return bytes_cmp(((const struct named_value *)a)->name, ((const struct named_value *)b)->name);
}

size_t vars_list(const struct match_vars *vars, struct arena *arena, struct named_value **list)
{
    struct key_list names = {NULL, 0};
    if (vars->kind == VARS_HASH)
        names.count = perl_hash_keys(vars->hash, arena, &names.keys);
    else if (vars->kind != VARS_NONE)
        names = keys_of(vars, arena);
    struct named_value *values = arena_alloc(arena, names.count * sizeof(*values));
    for (size_t i = 0; i < names.count; i++)
        values[i] = (struct named_value){names.keys[i], vars_name(vars, names.keys[i], arena)};
    qsort(values, names.count, sizeof(*values), by_name);
    *list = values;
    return names.count;
}
