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
