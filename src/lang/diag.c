/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in rule files, told with the place of the rule. */
#include "lang/diag.h"

#include "base/mem.h"

void diag_rule_parts(const struct diag *diag, int level, const struct bytes *parts, size_t count)
{
    if (!log_wants(diag->log, level))
        return;
    const struct bytes place[] = {B("Rule in "), diag->file, B(" at line "), NUM(diag->line),
                                  B(": ")};
    const size_t places = sizeof(place) / sizeof(place[0]);
    struct bytes *all = mem_array(NULL, places + count, sizeof(*all));
    memcpy(all, place, sizeof(place));
    memcpy(all + places, parts, count * sizeof(*parts));
    log_write(diag->log, level, all, places + count);
    free(all);
}
