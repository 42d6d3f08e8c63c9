/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of held user code, shared by the held*.c files, and for them only. */
#ifndef SECANT_PERL_HELD_INSIDE_H
#define SECANT_PERL_HELD_INSIDE_H

#include "perl/held.h"
#include "perl/inside.h"

/* What is opened in place of something outside. */
#define HELD_NOWHERE "/dev/null"
/* The address that each name resolves to, which is one for documentation (RFC 5737). */
#define HELD_SOME_ADDRESS "192.0.2.1"

/* What is known of a handle that leads outside; owned by its IO. */
struct held_handle {
    IO *io;
    struct held_handle *next, **at; /* of all; and what points to this one */
    SV *name;      /* owned; the file or command; NULL: it was opened while nothing was held */
    SV *peer;      /* owned; of a socket, as getpeername gives it; NULL: none */
    pid_t pid;     /* of the command; 0: none */
    int exit_code; /* of the command */
};

/* Reports the deed; the answer is all zero if it is reported to nobody. */
struct perl_answer held_tell(pTHX_ struct perl_deed deed);
/* The path to be read in place of this file, a temporary; NULL: the file itself. */
SV *held_read_instead(pTHX_ struct bytes name);
/* Runs perl's own function for the present operator. */
OP *held_perls(pTHX);
/* Has a function called in place of an operator while user code is held. */
void held_intercept(int type, Perl_ppaddr_t ours);
/* The same, but it is always called, for the sake of what was done while user code was held. */
void held_follow(int type, Perl_ppaddr_t ours);

/* The arguments of the present operator: those after its mark, or as many as it was compiled with.
 * Valid until something is pushed on the stack. */
struct held_arguments {
    SV **sv;
    SSize_t count;
};
struct held_arguments held_marked(pTHX);
struct held_arguments held_fixed(pTHX);
/* Takes the arguments off the stack and gives the operator this value. */
OP *held_return(pTHX_ struct held_arguments arguments, bool marked, SV *value);
/* The arguments as texts; valid until temporaries are freed, as is what held_joined returns. */
struct bytes *held_words(pTHX_ struct held_arguments arguments);
struct bytes held_joined(pTHX_ const struct bytes *words, size_t count);
/* The name of a handle, or the text of another value. */
struct bytes held_text(pTHX_ SV *sv);

/* held_handle.c: what is known of the handle, or NULL. */
struct held_handle *held_handle_of(pTHX_ IO *io);
struct held_handle *held_handle_new(pTHX_ IO *io, struct bytes name);
/* The IO of an operator's handle argument; NULL if there is none, or it is tied. */
IO *held_io(pTHX_ SV *sv);
struct bytes held_handle_name(pTHX_ SV *gv);
/* From now on, what is printed on the handle comes to us. */
void held_cover(pTHX_ IO *io, struct bytes name);
void held_cover_standard(pTHX); /* STDOUT and STDERR */
/* Undoes this for all handles: what is printed goes where it did before. */
void held_uncover(pTHX);
void held_watch_handles(void);

void held_watch_opens(void);   /* held_open.c */
void held_watch_looks(void);   /* held_look.c */
void held_watch_sockets(void); /* held_socket.c */

/* held_process.c: makes up a child that ends with this exit code, and returns its ID. */
pid_t held_child(int exit_code);
/* Waits for such a child with this ID (-1: any), and sets its ID and exit code.  Returns false if
 * there is none. */
bool held_reap(pid_t *pid, int *exit_code);
void held_watch_processes(void);

/* held_xs.c: C functions of modules. */
void held_watch_modules(void);

#endif
