/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another SEC in place of the engine: any release of the original, unmodified, in a process of its
 * own.  Perl modules of ours that are loaded before it (perl/Lockstep*.pm, carried in the program)
 * give it a clock that is told the time, and tell what its rules do in place of doing it.
 *
 * Messages (base/words.h) go back and forth over a socket.  One that plays tests (LockstepTest.pm)
 * says
 *     now SECOND                    its clock, for all that follows
 *     ready NEXT LEVEL              it waits; NEXT: when it would go on by itself, or ""; LEVEL: of
 *                                   its log.  It is then told one of
 *         go, advance SECOND, line TEXT INPUT, signal NAME    and says more until it is ready
 *         perl CODE                 and says `died WHY` if it did
 *         state SUBJECT NAME        and says `item NAME END COUNT LINE ...` for each; END "": none
 *     loading; loaded SOUND RULES   rules are read
 *     log LEVEL TEXT; rule NAME DESC; event TEXT CONTEXT
 *     write, writen, owritecl, udgram, ustream, udpsock, tcpsock TARGET TEXT
 *     run, spawn, feed, script CONTEXT FED COMMAND WORD ...    and is answered: STATUS OUTPUT
 *     signal NAME
 *     perl FUNCTION TARGET TEXT WORD ...      an operator in user code; answered
 *     command FUNCTION GIVES COMMAND WORD ... one that starts a process; answered as above
 *     find NAME                     answered: where the file is, ""
 *     over                          SIGTERM has ended it
 *     left STATUS                   code in the rules has ended it
 *     stranger                      it is no SEC
 *     escaped FUNCTION TARGET       the kernel has refused what could not be held (guard/guard.h);
 *                                   not said by itself, not answered
 * What one says that is fed with logs is in migrate/side.h. */
#ifndef SECANT_STAGE_UPSTREAM_H
#define SECANT_STAGE_UPSTREAM_H

#include <sys/types.h>

#include "base/words.h"
#include "guard/guard.h"

/* A process, and the words that it has said last. */
struct upstream {
    pid_t pid;
    int socket, errors; /* errors: a file in memory, its standard error */
    struct buf message; /* that the words lie in */
    struct words words;
    struct guard *guard; /* owned; NULL: none */
    int unguarded;       /* then errno says why */
};

/* How it is started; all is the caller's. */
struct upstream_start {
    char *const *argv;
    struct bytes folder;  /* where the modules are put; files below it may change */
    const char *module;   /* the one that is loaded: "LockstepTest" */
    struct bytes setting; /* what that is told, after the socket's number */
    struct bytes zone;
    const char *seed; /* of the order in Perl's hashes */
    /* More of the environment; arg is given to it, in the new process. */
    void (*set_environment)(const void *arg);
    const void *arg;
};

/* What `PROGRAM --version` calls itself within so many seconds, "2.9.4"; false: *why says why it is
 * no SEC. */
bool upstream_version(char *const *program, int seconds, struct buf *version, struct buf *why);
/* false: errno says why.  upstream_end comes afterwards in any case. */
bool upstream_start(struct upstream *upstream, const struct upstream_start *start);
/* false: there is nobody. */
bool upstream_say(struct upstream *upstream, const struct bytes *words, size_t count);
/* The next message; false: it has ended. */
bool upstream_hear(struct upstream *upstream);
struct bytes upstream_word(const struct upstream *upstream, size_t at); /* "" after the last one */
/* The words of a command, NULL at their end; NULL: there are none.  The caller's, as each word. */
char **upstream_words(struct bytes command);
/* "--input=NAME=CONTEXT", as glob takes the name for itself; context "": without one.  The
 * caller's. */
char *upstream_input(struct bytes name, struct bytes context);
/* Sets a variable of the environment. */
void upstream_set(struct bytes name, struct bytes value);
/* For another process of ours that has called guard_put_up, as upstream_start does it. */
void upstream_guard(struct upstream *upstream, struct bytes folder);
/* How it has ended, and the first line of what it has written on standard error. */
void upstream_add_end(struct upstream *upstream, struct buf *out);
void upstream_end(struct upstream *upstream);

#endif
