/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User code's time, taken from a clock of the engine.
 *
 * With a source, the present time in Perl comes from it, and user code neither waits nor asks the
 * system for SIGALRM.  This covers time, localtime and gmtime without an argument, $^T (and so -M,
 * -A and -C), sleep, alarm, select as a pause, and the functions of Time::HiRes and POSIX (written
 * in C) that do the same.  Without a source nothing in Perl is changed.
 *
 * Still on the machine's time are times (processor time), files, other programs, threads of user
 * code, and other modules in C.
 */
#ifndef SECANT_PERL_TIME_H
#define SECANT_PERL_TIME_H

#include <stdint.h>

/* Called while user code runs; they must neither run Perl code nor fail.  Seconds may have a
 * fraction with Time::HiRes and select. */
struct perl_time {
    /* The second that rules see, since the epoch. */
    int64_t (*now)(void *arg);
    /* User code pauses, and continues when this returns, as if this many seconds had passed;
     * INFINITY: until a signal comes.  It is up to the source whether now() is later then: if it is
     * not, code that polls until some time never ends. */
    void (*pause)(void *arg, double seconds);
    /* User code asks for SIGALRM after this many seconds; 0: it cancels that.  No signal comes. */
    void (*alarm)(void *arg, double seconds);
    void *arg;
};

/* Sets the source, which is owned by the caller and must last; NULL: the machine's time again, so
 * that nothing of the source is left but what user code has stored.  The first source must be set
 * before perl_run_main, that is, before any code is compiled.  Each begins without an alarm and
 * sets $^T; with NULL that becomes the program's start again, unless user code has set it. */
void perl_on_time(const struct perl_time *source);

#endif
