/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects are counted, and then passed on: to those that happen, or to those that do not. */
#include "durable/effects.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/mem.h"

struct durable {
    struct effects effects; /* first: take is given this */
    enum durable_mode mode;
    struct durable_sum sum;
    durable_before *before;
    void *before_arg;
    struct effects *perform, *record; /* owned */
};

static_assert(offsetof(struct durable, effects) == 0, "durable_of casts");

static struct durable *durable_of(struct effects *effects)
{
    return (struct durable *)effects;
}

/* --- counting ------------------------------------------------------------------------------- */

static uint64_t add_hash(uint64_t hash, struct bytes text)
{
    return XXH3_64bits_withSeed(text.ptr, text.len, hash);
}

/* Of the effect alone, the same on every machine. */
static uint64_t hash_effect(const struct effect *effect)
{
    uint64_t hash = (uint64_t)effect->kind << 8 | (uint64_t)effect->socket;
    hash = add_hash(add_hash(hash, effect->target), effect->text);
    return effect->command ? add_hash(hash, effect->command->text) : hash;
}

static void count(struct durable_sum *sum, uint64_t hash)
{
    const uint64_t odd = 0x9e3779b97f4a7c15;
    sum->count++;
    sum->hash = ((sum->hash << 7 | sum->hash >> 57) ^ hash) * odd;
}

struct durable_sum durable_effects_sum(const struct effects *effects)
{
    return ((const struct durable *)effects)->sum;
}

void durable_effects_set_sum(struct effects *effects, struct durable_sum sum)
{
    durable_of(effects)->sum = sum;
}

/* --- taking --------------------------------------------------------------------------------- */

static bool is_regular(struct bytes file)
{
    struct stat status;
    char *path = bytes_cstr(file);
    bool other = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    free(path);
    return !other && !bytes_eq(file, B("-"));
}

/* Is it one that the same lines at the same times lead to again?  Perl's deeds are not known
 * unless they are held; the others are asked for from without, too. */
static bool is_counted(const struct effect *effect)
{
    return effect->kind != EFFECT_PERL && effect->kind != EFFECT_SIGNAL &&
           effect->kind != EFFECT_DUMP && effect->kind != EFFECT_PIDFILE && !effect->aside;
}

/* Has it to be told of before it happens? */
static bool is_announced(const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_WRITE:
    case EFFECT_WRITEN:
    case EFFECT_OWRITECL:
        return !is_regular(effect->target);
    case EFFECT_PRINT:
    case EFFECT_SEND:
    case EFFECT_RUN:
    case EFFECT_SPAWN:
    case EFFECT_FEED:
        return true;
    case EFFECT_CLOSEF:
    case EFFECT_HANG_UP:
    case EFFECT_SIGNAL:
    case EFFECT_DUMP:
    case EFFECT_PIDFILE:
    case EFFECT_PERL:
        break;
    }
    return false;
}

static bool take(struct effects *effects, struct effect *effect)
{
    struct durable *durable = durable_of(effects);
    if (is_counted(effect)) {
        uint64_t hash = hash_effect(effect);
        count(&durable->sum, hash);
        if (durable->mode == DURABLE_LIVE && durable->before && is_announced(effect))
            durable->before(durable->before_arg, durable->sum.count, hash);
    }
    return effects_take(durable->mode == DURABLE_REDO ? durable->record : durable->perform, effect);
}

/* Nothing comes back but what a recorder makes of a blank answer. */
static void hear_nothing(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    (void)arg, (void)effect, (void)answer;
}

static void free_durable(struct effects *effects)
{
    struct durable *durable = durable_of(effects);
    effects_free(durable->perform);
    effects_free(durable->record);
    free(durable);
}

struct effects *durable_effects_new(const struct outlets *outlets, const struct clock *clock)
{
    struct durable *durable = mem_zalloc(sizeof(*durable));
    durable->effects = (struct effects){.take = take, .free = free_durable};
    durable->perform = effects_perform(outlets);
    durable->record = effects_record(outlets, clock, hear_nothing, NULL);
    return &durable->effects;
}

void durable_effects_set_mode(struct effects *effects, enum durable_mode mode)
{
    durable_of(effects)->mode = mode;
}

void durable_effects_call_before(struct effects *effects, durable_before *before, void *arg)
{
    durable_of(effects)->before = before;
    durable_of(effects)->before_arg = arg;
}
