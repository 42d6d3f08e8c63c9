/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/survey.h"

#include <stdlib.h>

#include "base/mem.h"
#include "durable/entries.h"

void survey_batch(struct survey *survey, struct bytes batch)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    while (entry_unpack(&from, &entry)) {
        if (entry.kind == ENTRY_WRITTEN) {
            durable_effects_expect(survey->effects, &entry.file);
        } else if (entry.kind == ENTRY_EFFECTS) {
            survey->count = 0;
        } else if (entry.kind == ENTRY_BEGUN) {
            MEM_GROW(survey->begun, survey->count, survey->room, 8);
            survey->begun[survey->count++] = entry.sum.hash;
        }
        entry_release(&entry);
    }
}

void survey_end(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++)
        durable_effects_begun(survey->effects, survey->begun[i]);
    free(survey->begun);
}
