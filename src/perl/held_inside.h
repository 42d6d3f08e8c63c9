/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of held user code, shared by the held*.c files, and for them only. */
#ifndef SECANT_PERL_HELD_INSIDE_H
#define SECANT_PERL_HELD_INSIDE_H

#include "perl/held.h"
#include "perl/inside.h"

/* What is opened in place of something outside. */
#define HELD_NOWHERE "/dev/null"
/* What each name is found to have; an address for documentation (RFC 5737). */
#define HELD_SOME_ADDRESS "192.0.2.1"

/* What is known of a handle that leads outside; owned by its IO. */
struct held_handle {
    IO *io;
    struct held_handle *next, **at; /* of all, and what points to this one */
    SV *name;      /* owned; the file, the command; NULL: it was opened while nothing was held */
    SV *peer;      /* owned; of a socket, as getpeername gives it; NULL: none */
    pid_t pid;     /* of the command; 0: none */
    int exit_code; /* and its end */
};

/* Reports the deed; all zero when nobody hears of it. */
struct perl_answer held_tell(pTHX_ struct perl_deed deed);
/* The path that is read in place of the file; NULL: the file itself. */
SV *held_read_instead(pTHX_ struct bytes name);
/* The operator as perl has it. */
OP *held_perls(pTHX);
/* Puts a function in front of an operator, which is called while user code is held. */
void held_intercept(int type, Perl_ppaddr_t ours);
/* The same for one that is called always: for what was done while user code was held. */
void held_follow(int type, Perl_ppaddr_t ours);

/* The arguments of the operator that runs: those after its mark, or so many as it was compiled
 * with.  Valid until the stack is pushed to. */
struct held_arguments {
    SV **sv;
    SSize_t count;
};
struct held_arguments held_marked(pTHX);
struct held_arguments held_fixed(pTHX);
/* They are done with, and the operator's value is this. */
OP *held_return(pTHX_ struct held_arguments arguments, bool marked, SV *value);
/* They as texts, in memory that lasts until temporaries are freed. */
struct bytes *held_words(pTHX_ struct held_arguments arguments);
struct bytes held_joined(pTHX_ const struct bytes *words, size_t count);
/* A handle by its name, another value as its text. */
struct bytes held_text(pTHX_ SV *sv);

/* held_handle.c: NULL: the handle is none of ours. */
struct held_handle *held_handle_of(pTHX_ IO *io);
struct held_handle *held_handle_new(pTHX_ IO *io, struct bytes name);
/* The IO of an operator's handle argument, NULL: none, or a tied one. */
IO *held_io(pTHX_ SV *sv);
struct bytes held_handle_name(pTHX_ SV *gv);
/* What is printed on the handle comes to us. */
void held_cover(pTHX_ IO *io, struct bytes name);
void held_cover_standard(pTHX);
/* What is printed goes where it did before, on every handle. */
void held_uncover(pTHX);
void held_watch_handles(void);

void held_watch_opens(void);   /* held_open.c */
void held_watch_looks(void);   /* held_look.c */
void held_watch_sockets(void); /* held_socket.c */

/* held_process.c: the ID of a child that does not exist, and ends with this exit code. */
pid_t held_child(int exit_code);
/* It has been waited for: its status; false: there is none of this ID (-1: any). */
bool held_reap(pid_t *pid, int *exit_code);
void held_watch_processes(void);

/* held_xs.c: C functions of modules. */
void held_watch_modules(void);

#endif
