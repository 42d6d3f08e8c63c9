/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User code's time under a clock of the engine's.
 *
 * With a source, whatever Perl says of the present comes from it, and nothing in user code waits or
 * asks the system for SIGALRM: time, localtime and gmtime without an argument, $^T (and so -M, -A
 * and -C), sleep, alarm, select as a pause; in modules that are written in C, the functions of
 * Time::HiRes and POSIX that do the same.  Without one nothing of Perl is touched.
 *
 * The machine's time is still what times (processor time), files, other programs, threads of user
 * code and other modules in C say.
 */
#ifndef SECANT_PERL_TIME_H
#define SECANT_PERL_TIME_H

#include <stdint.h>

/* Called while user code runs; they must neither run Perl code nor fail.  Seconds have a fraction
 * where Time::HiRes or select were asked for one. */
struct perl_time {
    /* The second that rules see, since the epoch. */
    int64_t (*now)(void *arg);
    /* User code pauses, and goes on once this has returned, as if so many seconds had passed;
     * INFINITY: until a signal comes.  Whether now() is later then is up to the source: if it is
     * not, code that polls until its time has come never ends. */
    void (*pause)(void *arg, double seconds);
    /* User code asks for SIGALRM after so many seconds, or no longer: 0. None will come. */
    void (*alarm)(void *arg, double seconds);
    void *arg;
};

/* The source from now on, which stays the caller's and must last; NULL: the machine's time, and
 * nothing stays told but what user code keeps of it.  The first one must be there before
 * perl_run_main, that is before any code is compiled; each knows of no alarm yet, and sets $^T,
 * which is the program's start again with NULL, unless user code has set it. */
void perl_on_time(const struct perl_time *source);

#endif
