/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate switch`: looks at how a machine runs SEC, and prints the commands that put Secant
 * in its place, and back.  It changes nothing. */
#ifndef SECANT_SITE_SWITCH_H
#define SECANT_SITE_SWITCH_H

#include <sys/types.h>

#include "site/site.h"
#include "state/engine.h"

struct switch_options {
    const struct site *site;
    char *const *reference; /* the words that start SEC, NULL at their end */
    const char *secant;     /* how the machine starts Secant; NULL: this program */
    int argc;               /* the command line, for Perl */
    char **argv;
};

/* What the exit status says. */
enum { SWITCH_READY = 0, SWITCH_NOT_YET = 1, SWITCH_FAILED = 2 };

/* Runs it; the exit status.  engine_options: SEC's, as the site has them.  To be called once. */
int switch_run(const struct switch_options *options, struct options *engine_options);

/* -- Its parts -- */

/* What is known of the machine. */
struct switching {
    const struct switch_options *options;
    struct options *sec;
    struct bytes secant;     /* the program */
    struct bytes release;    /* of SEC */
    struct word_list pipes;  /* inputs that are; files */
    struct word_list files;  /* inputs that are regular, or not there */
    pid_t pid;               /* of SEC; 0: not known */
    uid_t user;              /* whose it is */
    struct buf findings;     /* a line for each thing that is in the way */
    struct buf release_text; /* what `release` lies in */
};

/* Looks at all but the rules. */
void switch_look(struct switching *s);
/* Appends the commands. */
void switch_tell(const struct switching *s, struct buf *out);

#endif
