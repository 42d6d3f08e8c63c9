/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects: everything that rules do to the world outside the process.
 *
 * Each effect goes as one struct effect through one function, chosen when the engine is created:
 * effects_perform carries it out; effects_record does nothing but tell a listener, so that a rule
 * set can be tried on any input and never sends mail.  A third way is a struct that begins with a
 * struct effects; it may pass effects on to one of these two.
 *
 * An effect and everything it points to belong to the caller and last until `take` returns.
 *
 * Not effects: reading (inputs, addinput), the engine's own log, and messages to the service
 * manager; whoever records effects chooses the log and is not a service.  Log messages of outputs,
 * sockets and dumps ("Writing event ...") belong to carrying out an effect; recording has none,
 * unless the listener asks for them (effect_log). */
#ifndef SECANT_EFFECT_EFFECT_H
#define SECANT_EFFECT_EFFECT_H

#include "clock/clock.h"
#include "io/child.h"
#include "io/output.h"
#include "io/socket.h"
#include "log/log.h"
#include "observe/observer.h"

struct rule;

enum effect_kind {
    EFFECT_WRITE,    /* text and a newline to the file `target` ("-": standard output) */
    EFFECT_WRITEN,   /* text to the file */
    EFFECT_OWRITECL, /* text to the file, which is opened and closed for it */
    EFFECT_CLOSEF,   /* the file is closed */
    EFFECT_PRINT,    /* text to standard output: pipe and report without a command */
    EFFECT_SEND,     /* text to the peer `target`, over a socket of the kind `socket` */
    EFFECT_HANG_UP,  /* the peer's socket is closed */
    EFFECT_RUN,      /* command */
    EFFECT_SPAWN,    /* command, each line of its output is an event with the context `target` */
    EFFECT_FEED,     /* command, text is its standard input */
    EFFECT_SIGNAL,   /* the engine does what the signal `target` asks for (sigemul) */
    EFFECT_DUMP,     /* text is the new dump file `target`; text.ptr NULL: none could be made */
    EFFECT_PIDFILE,  /* the process ID to the file */
    EFFECT_PERL,     /* an operator of Perl or a function of a module, in user code */
};

struct effect {
    enum effect_kind kind;
    const struct rule *rule; /* whose action; NULL: the engine itself, the code of a pattern, a
                                context or a rule file, or an action list that user code made */
    int64_t second;          /* of the engine's clock; set for listeners only */
    struct bytes target;
    struct bytes text;
    enum socket_kind socket;       /* EFFECT_SEND, EFFECT_HANG_UP */
    const struct command *command; /* RUN, SPAWN, FEED; PERL where a process is started */
    const char *function;          /* PERL: "unlink", "POSIX::mkfifo" */
    const struct bytes *words;     /* PERL: all that the operator was given */
    size_t count;
    bool gives;  /* PERL: a command whose output is read */
    bool script; /* FEED: of a SingleWithScript rule */
    bool aside;  /* RUN: the --timeout-script, which no line and no rule leads to */
    /* Set by `take` for RUN, SPAWN and FEED: the child that was started, owned by the effects;
     * NULL: none could be started, and the log says why.  The caller may set its `owner`. */
    struct child *child;
};

struct effects {
    const struct observers *observers; /* hear of each effect before it is taken; NULL: none do */
    /* The result matters for two kinds only.  PIDFILE: false: the file could not be written, and
     * the log says why.  SIGNAL: true: the caller, who owns the flags, must act on it. */
    bool (*take)(struct effects *effects, struct effect *effect);
    void (*free)(struct effects *effects);
    const struct rule *rule; /* whose code runs; set around eval, call and lcall */
};

static inline bool effects_take(struct effects *effects, struct effect *effect)
{
    if (effects->observers)
        observe(effects->observers, .kind = RECORD_EFFECT, .effect = effect);
    return effects->take(effects, effect);
}
void effects_free(struct effects *effects); /* NULL is allowed */

/* The name of an effect: "write", "udpsock", "spawn", "unlink". */
const char *effect_name(const struct effect *effect);

/* Is it one of Perl's that print? */
bool effect_is_print(const struct effect *effect);

/* Logs what outputs and sockets say before they write or send. */
void effect_log(struct log *log, const struct effect *effect);

/* Where effects go when they are carried out; all belong to the caller and outlive the effects. */
struct outlets {
    struct log *log;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;
};

/* Carries out each effect. */
struct effects *effects_perform(const struct outlets *outlets);

/* A listener's answer; all zero by default: nothing is carried out, a command exits with 0 and
 * writes nothing. */
struct effect_answer {
    bool perform;        /* carry it out nevertheless */
    int exit_code;       /* of a command, 0 to 255 */
    struct bytes output; /* lines that a spawned command writes, or one whose output Perl reads; the
                            listener's, to last until it is called again */
};

typedef void effect_listener(void *arg, const struct effect *effect, struct effect_answer *answer);

/* Carries out no effect, and tells the listener of each.  Commands get a child that has ended
 * (children_told), so the consequences of their end and output follow.  The clock is kept. */
struct effects *effects_record(const struct outlets *outlets, const struct clock *clock,
                               effect_listener *listener, void *arg);
/* From now on Perl's operators become effects of this recorder, until it is freed or another one
 * takes over.  perl_hold_outside (perl/held.h) must have been called before the interpreter
 * started; that header lists what is intercepted, what user code sees, and what cannot be
 * intercepted. */
void effects_hold_perl(struct effects *effects);

#endif
