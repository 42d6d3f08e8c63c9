/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/waiting.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/ordered.h"

struct item {
    uint64_t number;
    struct effect effect; /* its texts are owned */
    struct command command;
    uint64_t attempt; /* of SEND: to connect to the peer */
    bool waits;       /* as of the last look */
    bool told;
};

struct waiting {
    struct children *children;
    const struct sockets *sockets;
    struct item **items; /* numbers ascend; owned */
    size_t count, room;
};

struct waiting *waiting_new(struct children *children, const struct sockets *sockets)
{
    struct waiting *waiting = mem_zalloc(sizeof(*waiting));
    waiting->children = children;
    waiting->sockets = sockets;
    return waiting;
}

static struct item *item_new(uint64_t number, const struct effect *effect)
{
    struct item *item = mem_zalloc(sizeof(*item));
    item->number = number;
    item->effect = (struct effect){.kind = effect->kind,
                                   .socket = effect->socket,
                                   .target = bytes_dup(effect->target),
                                   .text = bytes_dup(effect->text)};
    if (!effect->command)
        return item;
    size_t count = effect->command->words ? effect->command->count : 0;
    struct bytes *words = count > 0 ? mem_array(NULL, count, sizeof(*words)) : NULL;
    for (size_t i = 0; i < count; i++)
        words[i] = bytes_dup(effect->command->words[i]);
    item->command = (struct command){bytes_dup(effect->command->text), words, count};
    item->effect.command = &item->command;
    return item;
}

static void item_free(struct item *item)
{
    for (size_t i = 0; i < item->command.count; i++)
        bytes_free(item->command.words[i]);
    free((void *)item->command.words);
    bytes_free(item->command.text);
    bytes_free(item->effect.target);
    bytes_free(item->effect.text);
    free(item);
}

void waiting_free(struct waiting *waiting)
{
    if (!waiting)
        return;
    waiting_remove_all(waiting);
    free(waiting->items);
    free(waiting);
}

static uint64_t attempt_of(const struct waiting *waiting, const struct effect *effect)
{
    return sockets_attempt(waiting->sockets, effect->socket, effect->target);
}

static struct item *append(struct waiting *waiting, uint64_t number, const struct effect *effect)
{
    struct item *item = item_new(number, effect);
    MEM_GROW(waiting->items, waiting->count, waiting->room, 8);
    waiting->items[waiting->count++] = item;
    return item;
}

void waiting_note(struct waiting *waiting, uint64_t number, const struct effect *effect)
{
    assert(effect->kind == EFFECT_FEED || effect->kind == EFFECT_SEND);
    uint64_t attempt = effect->kind == EFFECT_SEND ? attempt_of(waiting, effect) : 0;
    if (effect->kind == EFFECT_FEED ? effect->child && child_waits(effect->child) : attempt != 0)
        append(waiting, number, effect)->attempt = attempt;
}

static uint64_t number_of(const void *items, size_t index)
{
    return ((struct item *const *)items)[index]->number;
}

/* Where the item of that number is, or would be. */
static size_t item_at(const struct waiting *waiting, uint64_t number)
{
    return ordered_at(waiting->items, waiting->count, number, number_of);
}

static void look(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++) {
        struct item *item = waiting->items[i];
        bool sends = item->effect.kind == EFFECT_SEND;
        item->waits = sends && attempt_of(waiting, &item->effect) == item->attempt;
    }
    const struct child *child = waiting->count > 0 ? children_first(waiting->children) : NULL;
    for (; child; child = child->next) {
        size_t at = child_waits(child) ? item_at(waiting, child->number) : waiting->count;
        if (at < waiting->count && waiting->items[at]->number == child->number)
            waiting->items[at]->waits = true;
    }
}

bool waiting_any(const struct waiting *waiting)
{
    return waiting->count > 0;
}

bool waiting_has_news(struct waiting *waiting)
{
    bool news = false;
    look(waiting);
    for (size_t i = 0; i < waiting->count; i++)
        news = news || waiting->items[i]->waits != waiting->items[i]->told;
    return news;
}

void waiting_tell(struct waiting *waiting, bool all, waiting_told *told, void *arg)
{
    size_t left = 0;
    look(waiting);
    for (size_t i = 0; i < waiting->count; i++) {
        struct item *item = waiting->items[i];
        if (item->waits ? all || !item->told : item->told && !all)
            told(arg, item->number, item->waits ? &item->effect : NULL);
        item->told = true;
        if (item->waits)
            waiting->items[left++] = item;
        else
            item_free(item);
    }
    waiting->count = left;
}

/* -- What the run before has told of -- */

void waiting_add(struct waiting *waiting, uint64_t number, const struct effect *effect)
{
    append(waiting, number, effect);
}

void waiting_remove(struct waiting *waiting, uint64_t number)
{
    size_t left = 0;
    for (size_t i = 0; i < waiting->count; i++) {
        if (waiting->items[i]->number != number)
            waiting->items[left++] = waiting->items[i];
        else
            item_free(waiting->items[i]);
    }
    waiting->count = left;
}

void waiting_remove_all(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        item_free(waiting->items[i]);
    waiting->count = 0;
}

void waiting_take(struct waiting *waiting,
                  void (*again)(void *arg, uint64_t number, struct effect *effect), void *arg)
{
    struct waiting before = *waiting;
    waiting->items = NULL;
    waiting->count = waiting->room = 0;
    for (size_t i = 0; i < before.count; i++)
        again(arg, before.items[i]->number, &before.items[i]->effect);
    waiting_remove_all(&before);
    free(before.items);
}
