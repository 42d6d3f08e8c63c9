/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage/interrupt.h"

#include <stddef.h>

volatile sig_atomic_t interrupted;

static void note(int signal)
{
    interrupted = signal;
}

void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND}, before;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup */
        sigaction(SIGHUP, &action, NULL);
}
