/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the two engines that are compared: a process that gets the same lines as the other one,
 * and reports what its rules do.  Neither waits for answers, so that both run as fast as they can.
 *
 * Messages are words (base/words.h).  A side is told
 *     now SECOND          its clock, for what follows; not back
 *     line TEXT INPUT     a line of the input of that name
 *     state               to tell its state
 *     look                to tell where it is
 *     end                 as SIGTERM does
 * and says
 *     at LINE SECOND      how many lines it has taken, and its clock, for what follows
 *     loading; loaded RULES      rule files are read; how many rules there are then
 *     log LEVEL TEXT; event TEXT CONTEXT
 *     write, writen, owritecl, udgram, ustream, udpsock, tcpsock TARGET TEXT
 *     run, spawn, feed, script CONTEXT FED COMMAND WORD ...
 *     signal NAME
 *     perl FUNCTION TARGET TEXT WORD ...      an operator in user code
 *     command FUNCTION GIVES COMMAND WORD ... one that starts a process
 *     state JSON          its dump; "": it cannot make one
 *     rule FILE LINE MATCHES DESC             at the end; only Secant does
 *     by FILE LINE        whose the next effect is; only Secant does
 *     note WHAT           rules have done what need not be the same live; only SEC does
 *     lacks WHAT          rules use what the SEC on the other side does not know; only Secant does
 *     over                SIGTERM has ended it
 *     left STATUS         code in the rules has ended it
 *     stranger            it is no SEC
 *     escaped FUNCTION TARGET    the kernel has refused it (guard/guard.h); not said by itself, and
 *                         heard before what it said at that time */
#ifndef SECANT_MIGRATE_SIDE_H
#define SECANT_MIGRATE_SIDE_H

#include "stage/upstream.h"

struct side {
    struct upstream process;
    struct buf out, in; /* what still has to be sent to it; what it has said */
    size_t said, heard; /* how many bytes of these have been processed */
    struct words words; /* of the last message */
    bool silent;        /* it will say no more */
};

/* Appends a message to the side. */
void side_say(struct side *side, const struct bytes *words, size_t count);
#define SIDE_SAY(side, ...)                                                                        \
    side_say(side, (const struct bytes[]){__VA_ARGS__},                                            \
             sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
/* How many bytes still have to be sent to it. */
static inline size_t side_waiting(const struct side *side)
{
    return side->out.len - side->said;
}
/* Waits until some of the sides can be written to or read from, at most this many milliseconds, and
 * transfers what is possible. */
void sides_exchange(struct side *const *sides, size_t count, int milliseconds);
/* Puts its next message into `words`; returns false if there is none yet. */
bool side_hear(struct side *side);
/* Ends the process, if there is one, and frees everything. */
void side_end(struct side *side);

#endif
