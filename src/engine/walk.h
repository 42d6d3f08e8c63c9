/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules of a file a line has to be tried against.
 *
 * A rule is a candidate when the prefilter found one of its required literals in the line (in the
 * newest lines, where the rule looks at several), when it cannot be filtered (Perl functions,
 * negations, cached matches, no literal), or when it is a Pair rule and the line holds what its
 * operations wait for, or nobody knows what they wait for.
 */
#ifndef SECANT_ENGINE_WALK_H
#define SECANT_ENGINE_WALK_H

#include "state/engine.h"

/* After rules were loaded: slots, literals and tables of all files. */
void walk_prepare(struct engine *engine);
void walk_free(struct engine *engine);
/* Scans a line, the newest of the windows of engine->line.place: engine->filter.hits. */
void walk_scan(struct engine *engine, struct bytes line);
/* The first candidate of the file at or after rule `from`; the file's count: none. */
static inline int64_t walk_next(const struct engine *engine, const struct file_state *file,
                                int64_t from)
{
    uint32_t at = (uint32_t)from, first = file->first_slot, next = file->next_always[at];
    uint32_t hit = hits_next(&engine->filter.hits, first + at, first + next) - first;
    return hits_next(&file->each_line, at, hit); /* hit, or one before it */
}

#endif
