/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/survey.h"

#include <stdlib.h>

#include "base/mem.h"
#include "durable/entries.h"

void survey_count(struct survey *survey, struct bytes batch)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    survey->count++;
    if (batch.len > 0 && batch.ptr[0] == ENTRY_DISK)
        survey->safe = survey->count;
    while (entry_unpack(&from, &entry)) {
        if (entry.kind == ENTRY_BOOT) {
            buf_clear(&survey->boot);
            buf_add(&survey->boot, entry.text);
        }
        entry_release(&entry);
    }
}

void survey_decide(struct survey *survey, struct bytes boot)
{
    struct bytes then = buf_bytes(&survey->boot);
    survey->stopped = then.len > 0 && !bytes_eq(then, boot);
    survey->holding = survey->stopped ? survey->safe : survey->count;
}

static void note_begun(struct survey *survey, uint64_t hash)
{
    MEM_GROW(survey->begun, survey->begun_count, survey->begun_room, 8);
    survey->begun[survey->begun_count++] = hash;
}

/* What waits, of a batch that holds. */
static void note_waiting(struct effects *effects, const struct entry *entry)
{
    struct command command = {entry->target, entry->word_count > 0 ? entry->words : NULL,
                              entry->word_count};
    struct effect feed = {.kind = EFFECT_FEED, .text = entry->text, .command = &command};
    struct effect send = {.kind = EFFECT_SEND,
                          .socket = (enum socket_kind)entry->count,
                          .target = entry->target,
                          .text = entry->text};
    if (entry->kind == ENTRY_BEGIN)
        durable_effects_none_waited(effects);
    else if (entry->kind == ENTRY_LEFT)
        durable_effects_waited(effects, entry->number, NULL);
    else if (entry->kind == ENTRY_FEED)
        durable_effects_waited(effects, entry->number, &feed);
    else if (entry->kind == ENTRY_SEND)
        durable_effects_waited(effects, entry->number, &send);
}

void survey_batch(struct survey *survey, struct bytes batch)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    bool holds = survey->at++ < survey->holding;
    while (entry_unpack(&from, &entry)) {
        if (entry.kind == ENTRY_WRITTEN) {
            /* What is told of a new file is how long it was at first. */
            if (holds || !durable_effects_expects(survey->effects, &entry.file))
                durable_effects_expect(survey->effects, &entry.file);
        } else if (entry.kind == ENTRY_EFFECTS && holds) {
            survey->begun_count = 0;
        } else if (entry.kind == ENTRY_BEGUN) {
            note_begun(survey, entry.sum.hash);
        }
        if (holds)
            note_waiting(survey->effects, &entry);
        entry_release(&entry);
    }
}

void survey_end(struct survey *survey)
{
    for (size_t i = 0; i < survey->begun_count; i++)
        durable_effects_begun(survey->effects, survey->begun[i]);
    free(survey->begun);
    buf_free(&survey->boot);
}
