/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects are counted, and then passed on: to those that happen, or to those that do not. */
#include "durable/effects.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Texts are short: calls would cost more than the work. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/mem.h"

struct durable_effects {
    struct effects effects; /* first: take is given this */
    enum durable_mode mode;
    struct durable_sum sum;
    durable_before *announce;
    void *announce_arg;
    struct effects *perform, *record; /* owned */
    struct log *log;
    struct output_files *files; /* owned */
    struct waiting *waiting;    /* what has not left; owned, */
    struct waiting *before;     /* and what the run before has told of so */
    bool keeps_waiting;
    bool catching_up; /* what is about to happen may have happened */
    uint64_t *begun;  /* hashes of such effects; owned */
    size_t begun_count, begun_room;
    struct buf text; /* as it is written to a file */
};

static_assert(offsetof(struct durable_effects, effects) == 0, "durable_of casts");

static struct durable_effects *durable_of(struct effects *effects)
{
    return (struct durable_effects *)effects;
}

/* --- counting ------------------------------------------------------------------------------- */

static uint64_t add_hash(uint64_t hash, struct bytes text)
{
    return XXH3_64bits_withSeed(text.ptr, text.len, hash);
}

/* Of the effect alone, the same on every machine.  A script is fed names of contexts: of these, the
 * same lines may find others, as some end with time. */
static uint64_t hash_effect(const struct effect *effect)
{
    uint64_t hash = (uint64_t)effect->kind << 8 | (uint64_t)effect->socket;
    hash = add_hash(add_hash(hash, effect->target), effect->script ? B("") : effect->text);
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
    return ((const struct durable_effects *)effects)->sum;
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

static bool is_text(const struct effect *effect)
{
    return effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN ||
           effect->kind == EFFECT_OWRITECL;
}

/* What comes is a line. */
static void end_torn(struct durable_effects *durable, const struct effect *effect)
{
    struct effect newline = {EFFECT_WRITEN, .target = effect->target, .text = B("\n")};
    if (output_files_torn(durable->files, effect->target))
        effects_take(durable->perform, &newline);
}

/* A script is a question: when the run has ended, nobody waits for its answer. */
static bool may_wait(const struct effect *effect)
{
    return (effect->kind == EFFECT_FEED && !effect->script) || effect->kind == EFFECT_SEND;
}

static bool perform(struct durable_effects *durable, struct effect *effect)
{
    bool taken = effects_take(durable->perform, effect);
    if (durable->keeps_waiting && may_wait(effect))
        waiting_note(durable->waiting, durable->sum.count, effect);
    return taken;
}

/* The run before may have written it, or a part of it. */
static void write_what_lacks(struct durable_effects *durable, struct effect *effect)
{
    buf_clear(&durable->text);
    buf_cat(&durable->text, effect->text, effect->kind == EFFECT_WRITE ? B("\n") : B(""));
    struct bytes text = buf_bytes(&durable->text);
    size_t there = text.len > 0 ? output_files_use(durable->files, effect->target, text) : 0;
    if (there == 0) {
        if (effect->kind == EFFECT_WRITE)
            end_torn(durable, effect);
        effects_take(durable->perform, effect);
        return;
    }
    log_msg(durable->log, LOG_DETAIL,
            there < text.len ? B("The beginning of event '") : B("Event '"), effect->text,
            B("' is in file '"), effect->target, B("' already"));
    if (there == text.len)
        return;
    struct effect rest = *effect;
    rest.kind = effect->kind == EFFECT_WRITE ? EFFECT_WRITEN : effect->kind;
    rest.text = bytes_from(text, there);
    effects_take(durable->perform, &rest);
}

/* Has the run before announced it? */
static bool has_begun(struct durable_effects *durable, uint64_t hash)
{
    for (size_t i = 0; i < durable->begun_count; i++) {
        if (durable->begun[i] != hash)
            continue;
        durable->begun_count--;
        memmove(durable->begun + i, durable->begun + i + 1,
                (durable->begun_count - i) * sizeof(*durable->begun));
        return true;
    }
    return false;
}

static void say_begun(const struct durable_effects *durable, const struct effect *effect)
{
    struct bytes what = effect->command ? effect->command->text : effect->target;
    log_msg(durable->log, LOG_NOTE, B("The run before was about to do '"),
            bytes_of(effect_name(effect)), B("' ('"), what, B("'), which is not done again"));
}

static bool live(struct durable_effects *durable, struct effect *effect, uint64_t hash)
{
    if (!durable->catching_up && !durable->announce)
        return perform(durable, effect);
    bool announced = is_announced(effect);
    if (durable->catching_up && announced && has_begun(durable, hash)) {
        say_begun(durable, effect);
        return effects_take(durable->record, effect);
    }
    if (durable->catching_up && !announced && is_text(effect)) {
        write_what_lacks(durable, effect);
        return true;
    }
    if (durable->announce && announced)
        durable->announce(durable->announce_arg, durable->sum.count, hash);
    return perform(durable, effect);
}

static bool take(struct effects *effects, struct effect *effect)
{
    struct durable_effects *durable = durable_of(effects);
    bool redo = durable->mode == DURABLE_REDO;
    if (!is_counted(effect))
        return effects_take(redo ? durable->record : durable->perform, effect);
    uint64_t hash = hash_effect(effect);
    count(&durable->sum, hash);
    bool taken = redo ? effects_take(durable->record, effect) : live(durable, effect, hash);
    if (effect->child)
        effect->child->number = durable->sum.count;
    return taken;
}

/* Nothing comes back but what a recorder makes of a blank answer. */
static void hear_nothing(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    (void)arg, (void)effect, (void)answer;
}

static void free_durable(struct effects *effects)
{
    struct durable_effects *durable = durable_of(effects);
    effects_free(durable->perform);
    effects_free(durable->record);
    output_files_free(durable->files);
    waiting_free(durable->waiting);
    waiting_free(durable->before);
    free(durable->begun);
    buf_free(&durable->text);
    free(durable);
}

struct effects *durable_effects_new(const struct outlets *outlets, const struct clock *clock)
{
    struct durable_effects *durable = mem_zalloc(sizeof(*durable));
    durable->effects = (struct effects){.take = take, .free = free_durable};
    durable->perform = effects_perform(outlets);
    durable->record = effects_record(outlets, clock, hear_nothing, NULL);
    durable->log = outlets->log;
    durable->files = output_files_new(outlets->outputs, outlets->log);
    durable->waiting = waiting_new(outlets->children, outlets->sockets);
    durable->before = waiting_new(outlets->children, outlets->sockets);
    return &durable->effects;
}

void durable_effects_set_mode(struct effects *effects, enum durable_mode mode)
{
    durable_of(effects)->mode = mode;
}

void durable_effects_call_before(struct effects *effects, durable_before *before, void *arg)
{
    durable_of(effects)->announce = before;
    durable_of(effects)->announce_arg = arg;
}

/* --- what is known to have happened --------------------------------------------------------- */

void durable_effects_lengths(struct effects *effects, bool all, durable_file_told *told, void *arg)
{
    output_files_tell(durable_of(effects)->files, all, told, arg);
}

void durable_effects_tell_opened(struct effects *effects, durable_file_told *told, void *arg)
{
    output_files_tell_opened(durable_of(effects)->files, told, arg);
}

bool durable_effects_sync(struct effects *effects)
{
    return output_files_sync(durable_of(effects)->files);
}

void durable_effects_expect(struct effects *effects, const struct durable_file *file)
{
    durable_of(effects)->catching_up = true;
    output_files_expect(durable_of(effects)->files, file);
}

bool durable_effects_expects(const struct effects *effects, const struct durable_file *file)
{
    return output_files_expects(((const struct durable_effects *)effects)->files, file);
}

uint64_t durable_effects_uses(const struct effects *effects)
{
    return output_files_uses(((const struct durable_effects *)effects)->files);
}

int64_t durable_effects_untold(const struct effects *effects, int64_t second)
{
    int64_t last = output_files_last_expected(((const struct durable_effects *)effects)->files);
    return last > second ? last - second : 0;
}

void durable_effects_begun(struct effects *effects, uint64_t hash)
{
    struct durable_effects *durable = durable_of(effects);
    durable->catching_up = true;
    MEM_GROW(durable->begun, durable->begun_count, durable->begun_room, 16);
    durable->begun[durable->begun_count++] = hash;
}

void durable_effects_still_begun(const struct effects *effects,
                                 void (*told)(void *arg, uint64_t hash), void *arg)
{
    const struct durable_effects *durable = (const struct durable_effects *)effects;
    for (size_t i = 0; i < durable->begun_count; i++)
        told(arg, durable->begun[i]);
}

/* --- what has not left ---------------------------------------------------------------------- */

void durable_effects_keep_waiting(struct effects *effects)
{
    durable_of(effects)->keeps_waiting = true;
}

void durable_effects_tell_waiting(struct effects *effects, bool all, waiting_told *told, void *arg)
{
    waiting_tell(durable_of(effects)->waiting, all, told, arg);
}

bool durable_effects_any_waiting(const struct effects *effects)
{
    return waiting_any(((const struct durable_effects *)effects)->waiting);
}

bool durable_effects_have_left(struct effects *effects)
{
    return waiting_has_news(durable_of(effects)->waiting);
}

void durable_effects_waited(struct effects *effects, uint64_t number, const struct effect *effect)
{
    struct durable_effects *durable = durable_of(effects);
    if (effect)
        waiting_add(durable->before, number, effect);
    else
        waiting_remove(durable->before, number);
}

void durable_effects_none_waited(struct effects *effects)
{
    waiting_remove_all(durable_of(effects)->before);
}

static void take_again(void *arg, uint64_t number, struct effect *effect)
{
    struct durable_effects *durable = arg;
    bool fed = effect->kind == EFFECT_FEED;
    log_msg(durable->log, LOG_NOTE, B("When the last run ended, "),
            fed ? B("the input of '") : B("an event for '"),
            fed ? effect->command->text : effect->target,
            B("' had not left it, which is taken again"));
    effects_take(durable->perform, effect);
    waiting_note(durable->waiting, number, effect);
    if (effect->child)
        effect->child->number = number;
}

static void leave_out(void *arg, uint64_t number, struct effect *effect)
{
    (void)number;
    say_begun(arg, effect);
}

void durable_effects_take_again(struct effects *effects, bool at_most_once)
{
    struct durable_effects *durable = durable_of(effects);
    waiting_take(durable->before, at_most_once ? leave_out : take_again, durable);
}

void durable_effects_caught_up(struct effects *effects)
{
    struct durable_effects *durable = durable_of(effects);
    durable->catching_up = false;
    durable->begun_count = 0;
    output_files_caught_up(durable->files);
}
