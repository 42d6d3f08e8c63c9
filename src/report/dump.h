/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dump files: the state of the program, as text in upstream's layout or as JSON in its schema. */
#ifndef SECANT_REPORT_DUMP_H
#define SECANT_REPORT_DUMP_H

#include "state/engine.h"

/* SIGUSR1: writes the dump file (text or JSON as the options say), with its log messages. */
void dump_state(struct engine *engine);
/* The two layouts, appended to out; now: seconds since 1970.  false: a value of user Perl could not
 * be encoded, *error says why. */
void dump_text(struct engine *engine, struct buf *out, int64_t now);
bool dump_json(struct engine *engine, struct buf *out, int64_t now, struct buf *error);

#endif
