/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dumps tell of an EventGroup operation. */
#ifndef SECANT_CORRELATE_EVENT_GROUP_H
#define SECANT_CORRELATE_EVENT_GROUP_H

#include "state/engine.h"

/* The tokens of the operation's events joined by blanks, in the engine's arena. */
struct bytes event_group_string(struct engine *engine, const struct operation *operation);

#endif
