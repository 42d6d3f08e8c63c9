/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All actions, for the parser: one NULL-terminated table. */
#ifndef SECANT_ACT_ACT_H
#define SECANT_ACT_ACT_H

#include "lang/action.h"

extern const struct action_type *const action_types[];

struct pending_signals;
/* Sets the flag of a signal ("HUP") as if it had come.  Returns false if the name is unknown. */
bool signal_emulate(struct pending_signals *signals, struct bytes signal);

#endif
