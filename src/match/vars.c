/* Reading match variables by number and by name.
 *
 * Names come from four places; the later hides the earlier: named groups, numbers with 0,
 * _inputsrc and _intcontext, and the varmap's names.  A Perl hash has them all in it already. */
#include "match/vars.h"

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
    for (size_t i = 0; i < vars->count; i++)
        if (bytes_eq(vars->taken[i].name, name))
            return vars->taken[i].value;
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

static struct value group_name(const struct match_vars *vars, struct bytes name)
{
    size_t count = 0;
    const struct regex_name *names = vars->regex ? regex_names(vars->regex, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(names[i].name, name))
            return named_group(vars, &names[i]);
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
    const struct varmap_entry *entry = mapped(vars, name);
    if (entry)
        return vars_number(vars, (uint64_t)entry->number, arena);
    uint64_t number;
    if (is_number_key(name, &number))
        return vars_number(vars, number, arena);
    if (bytes_eq(name, B("_inputsrc")))
        return text_value(vars->inputsrc);
    if (bytes_eq(name, B("_intcontext")))
        return vars->intcontext.ptr ? text_value(vars->intcontext) : unset;
    return vars->kind == VARS_GROUPS ? group_name(vars, name) : unset;
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

struct perl_value *vars_to_hash(const struct match_vars *vars, struct arena *arena)
{
    if (vars->kind == VARS_HASH)
        return perl_hash_copy(vars->hash);
    struct perl_value *hash = perl_hash_new();
    if (vars->kind == VARS_NONE)
        return hash;
    struct key_list list = keys_of(vars, arena);
    for (size_t i = 0; i < list.count; i++) {
        static const enum perl_kind kinds[] = {PERL_UNDEF, PERL_TEXT, PERL_NUMBER};
        struct value value = vars_name(vars, list.keys[i], arena);
        struct perl_item item = {kinds[value.kind], value.text, NULL};
        perl_hash_store(hash, list.keys[i], &item);
    }
    return hash;
}

void vars_take(struct match_vars *vars, const struct bytes *names, size_t count,
               struct arena *arena)
{
    struct named_value *taken = arena_alloc(arena, count * sizeof(*taken));
    enum vars_kind kind = perl_hash_count(vars->hash) > 0 ? VARS_TAKEN : VARS_NONE;
    for (size_t i = 0; i < count; i++)
        taken[i] = (struct named_value){names[i], hash_value(vars, names[i], arena)};
    *vars = (struct match_vars){.kind = kind, .count = count, .taken = taken};
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
