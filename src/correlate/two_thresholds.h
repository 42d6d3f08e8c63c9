/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dumps tell of a SingleWith2Thresholds operation. */
#ifndef SECANT_CORRELATE_TWO_THRESHOLDS_H
#define SECANT_CORRELATE_TWO_THRESHOLDS_H

#include "state/engine.h"

/* desc2 with the operation's match variables put in; in the engine's arena. */
struct bytes two_thresholds_desc2(struct engine *engine, const struct operation *operation);

#endif
