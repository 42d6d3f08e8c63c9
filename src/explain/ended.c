/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list with an entry for each rule. */
#include "explain/ended.h"

#include "base/mem.h"
#include "state/operations.h"

static struct {
    struct observer observer;
    const struct engine *engine;
    struct ended *list;
    size_t count, room;
} heard;

static struct ended *entry_of(const struct rule *rule)
{
    for (size_t i = 0; i < heard.count; i++)
        if (heard.list[i].rule == rule)
            return &heard.list[i];
    return NULL;
}

static void hear(struct observer *observer, const struct record *record)
{
    (void)observer;
    if (record->kind != RECORD_OPERATION_ENDED)
        return;
    const struct rule *rule = record->operation->rule;
    struct ended *entry = entry_of(rule);
    if (!entry) {
        MEM_GROW(heard.list, heard.count, heard.room, 16);
        entry = &heard.list[heard.count++];
        *entry = (struct ended){.rule = rule};
    }
    bytes_free(entry->name);
    entry->name = bytes_dup(operation_desc(record->operation));
    entry->second = engine_now(heard.engine);
}

void ended_listen(struct engine *engine)
{
    heard.engine = engine;
    heard.observer.hear = hear;
    observers_add(&engine->observers, &heard.observer);
}

const struct ended *ended_of(const struct rule *rule)
{
    return entry_of(rule);
}
