/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT, SIGTERM and SIGHUP, unless that is ignored, ask a command to come to its end; a second
 * one ends the program as it is. */
#ifndef SECANT_STAGE_INTERRUPT_H
#define SECANT_STAGE_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t interrupted; /* the signal; 0: none has come */

void catch_interrupts(void);

#endif
