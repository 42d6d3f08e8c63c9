/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names as small numbers: a table finds the number, an array finds the name. */
#include "base/names.h"

#include <assert.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/table.h"

struct name {
    struct bytes text;
    uint32_t id;
};

struct names {
    struct arena arena; /* owns the names and their texts */
    struct table table;
    struct name **by_id; /* owned */
    uint32_t count, room;
};

static struct bytes name_key(const void *entry)
{
    return ((const struct name *)entry)->text;
}

struct names *names_new(void)
{
    struct names *names = mem_zalloc(sizeof(*names));
    arena_init(&names->arena);
    table_init(&names->table, name_key);
    return names;
}

void names_free(struct names *names)
{
    if (!names)
        return;
    table_free(&names->table);
    arena_free(&names->arena);
    free(names->by_id);
    free(names);
}

static struct name *enter_name(struct names *names, struct bytes text)
{
    MEM_GROW(names->by_id, names->count, names->room, 16);
    struct name *name = arena_alloc(&names->arena, sizeof(*name));
    *name = (struct name){arena_bytes(&names->arena, text), names->count};
    names->by_id[names->count++] = name;
    return name;
}

uint32_t names_id(struct names *names, struct bytes name)
{
    uint64_t hash = table_hash(name);
    struct name *known = table_find_hashed(&names->table, name, hash);
    if (!known) {
        known = enter_name(names, name);
        table_insert_hashed(&names->table, known, hash);
    }
    return known->id;
}

bool names_find(const struct names *names, struct bytes name, uint32_t *id)
{
    const struct name *known = table_find(&names->table, name);
    if (known)
        *id = known->id;
    return known != NULL;
}

struct bytes names_text(const struct names *names, uint32_t id)
{
    assert(id < names->count);
    return names->by_id[id]->text;
}

uint32_t names_count(const struct names *names)
{
    return names->count;
}
