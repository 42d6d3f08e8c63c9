/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a SingleWithScript rule's command. */
#ifndef SECANT_CORRELATE_SCRIPT_H
#define SECANT_CORRELATE_SCRIPT_H

#include "state/engine.h"

/* The child's owner is set: logs how it ended and runs action or action2. */
void script_ended(struct engine *engine, struct child *child, int exit_code);
/* Frees an owner whose child's end nobody waits for any more; NULL is allowed. */
void script_forget(void *owner);

#endif
