/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dump files: the state of the program, as text in upstream's layout or as JSON in its schema. */
#ifndef SECANT_REPORT_DUMP_H
#define SECANT_REPORT_DUMP_H

#include "state/engine.h"

/* Handles SIGUSR1: writes the dump file, as text or JSON as the options say, and logs what has to
 * be said about it. */
void dump_state(struct engine *engine);
/* Append the dump to `out` in one of the two layouts; now: seconds since 1970.  dump_json returns
 * false if a value of user Perl cannot be encoded, and says why in *error. */
void dump_text(struct engine *engine, struct buf *out, int64_t now);
bool dump_json(struct engine *engine, struct buf *out, int64_t now, struct buf *error);

#endif
