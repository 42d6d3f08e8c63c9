/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a SingleWithScript rule's command. */
#ifndef SECANT_CORRELATE_SCRIPT_H
#define SECANT_CORRELATE_SCRIPT_H

#include "state/engine.h"

/* Logs how the child ended and runs action or action2; the child's owner must be set. */
void script_ended(struct engine *engine, struct child *child, int exit_code);
/* Frees an owner when nobody waits for the end of its child any more; NULL is allowed. */
void script_forget(void *owner);

#endif
