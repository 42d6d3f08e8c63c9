/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a run, as cli/options.c reads them from command line and resource file. */
#ifndef SECANT_STATE_OPTIONS_H
#define SECANT_STATE_OPTIONS_H

#include "io/inputs.h"

struct string_list {
    size_t count;
    struct bytes *items; /* NUL-terminated, owned with the options */
};

/* How the state is kept (durable/), with --state. */
struct keep_options {
    int64_t journal;  /* seconds between two batches; 0: each line is one */
    int64_t snapshot; /* seconds between two */
    bool at_most_once, confirm;
    bool skip;  /* time away does not count */
    bool wrong; /* an option was invalid, which was reported: do not start */
};

struct options {
    struct string_list conf, input, group;
    struct input_options in; /* tail, rwfifo, blocksize and the three timeouts */
    char *timeout_script;    /* NULL: none, as for all paths below */
    double poll_timeout;     /* seconds */
    int64_t socket_timeout;  /* seconds */
    int64_t bufsize, evstoresize, cleantime;
    char *log, *syslog, *pid, *dump, *user, *state;
    int debug;
    int64_t umask; /* -1: not given */
    struct keep_options keep;
    bool ruleperf, dumpfts, dumpfjson, quoting, fromstart, detach, jointbuf, keepopen, childterm;
    bool intevents, intcontexts, testonly, help, version;
    struct bytes rcfile_status; /* for dumps: "none", the path, "path - open failed (...)" */
    struct bytes all;           /* for dumps: all options joined by blanks */
    struct arena *arena;        /* owns the texts */
};

#endif
