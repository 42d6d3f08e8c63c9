/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: messages of level 1 (critical) to 6 (debug) for a file, the terminal and syslog.
 *
 * A message is one line of joined parts, stamped "<ctime>: ".  The file is written in batches,
 * unless others write to it, too; log_flush is called before the engine waits, before user code
 * reaches out of its interpreter, before a child is started and at the end.  If standard error is a
 * terminal, messages go there, too, without a stamp.
 */
#ifndef SECANT_LOG_LOG_H
#define SECANT_LOG_LOG_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/patience.h"
#include "clock/clock.h"

enum log_level {
    LOG_WITHOUT_LEVEL, /* always logged */
    LOG_CRITICAL,
    LOG_ERROR,
    LOG_WARN,
    LOG_NOTE,
    LOG_INFORM,
    LOG_DETAIL,
};

struct log;

/* The front of a log, so that messages nobody wants cost no call. */
struct log_front {
    int wanted; /* the highest level that anybody wants, or -1 */
};

/* The clock is used for the stamps and must outlive the log. */
struct log *log_new(const struct clock *clock);
void log_free(struct log *log);
/* From now on, the stamps come from this clock, which must outlive the log. */
void log_set_clock(struct log *log, const struct clock *clock);

/* Opens the file for appending.  If that fails, returns false and says so on standard error ("Can't
 * open logfile ..."); this is not fatal. */
bool log_open_file(struct log *log, const char *path);
/* The last part of `program` names the sender.  `facility` is a name as in syslog(3) ("daemon",
 * "local0") or a number.  Returns false, with a message on standard error, if there is no such
 * facility. */
bool log_open_syslog(struct log *log, const char *program, const char *facility);
void log_close(struct log *log); /* flushes and closes file and syslog; the terminal stays */
void log_flush(struct log *log);
/* Writes as much as is possible at once; async-signal-safe. */
void log_rescue(struct log *log);
/* How to wait for a file or a terminal that takes nothing; the log keeps the pointer.  NULL, as at
 * first: for ever. */
void log_set_patience(struct log *log, const struct patience *patience);
/* Does fd refer to the log's file?  If so, messages are no longer collected until the file is
 * opened again, so that their order with what fd's owner writes is kept.  The log itself checks
 * standard output and standard error when it opens the file. */
bool log_shares(struct log *log, int fd);
/* Sets what is called before each message if the log is "-": for upstream, what Perl has printed is
 * in the same buffer and comes first. */
void log_flush_first(struct log *log, void (*flush_stdout)(void));

/* Sets the level, and checks again whether standard error is a terminal: to be called after the
 * standard streams have changed (a daemon that has left its terminal). */
void log_set_level(struct log *log, int level);
int log_level(const struct log *log);

/* From now on, messages do not go to standard error just because it is a terminal. */
void log_leave_terminal(struct log *log);
/* From now on, messages up to this level go to standard error if there is no sink, because somebody
 * is waiting for them.  -1 (at first): they do not.  The counts of log_count begin at 0 again. */
void log_grave(struct log *log, int level);
/* How many messages of this level there were since log_grave, whether there are sinks or not.
 * Those above the level of log_grave and of every sink are not counted. */
size_t log_count(const struct log *log, int level);

/* Advice is what upstream does not say.  It is for people: it goes to standard error if that is a
 * terminal, or if it stands in for the sinks (log_grave) up to warnings at least, and never into
 * the log. */
bool log_advises(const struct log *log);
#define log_advise(log, ...)                                                                       \
    do {                                                                                           \
        if (log_advises(log))                                                                      \
            log_advise_parts((const struct bytes[]){__VA_ARGS__},                                  \
                             sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes));  \
    } while (0)
void log_advise_parts(const struct bytes *parts, size_t count);

/* From now on take(arg, level, message) gets the messages of all levels, in place of the sinks;
 * NULL ends this.  What is logged while `take` runs goes to the sinks. */
void log_redirect(struct log *log, void (*take)(void *arg, int level, struct bytes message),
                  void *arg);
/* Sets one more sink: hear(arg, level, message) gets what the level lets through; NULL ends this.
 * `hear` must not log. */
void log_listen(struct log *log, void (*hear)(void *arg, int level, struct bytes message),
                void *arg);
/* Logs to the sinks, redirected or not. */
void log_to_sinks(struct log *log, int level, struct bytes message);

/* log_msg(log, LOG_WARN, B("Context '"), name, B("' does not exist")) */
#define log_msg(log, level, ...)                                                                   \
    do {                                                                                           \
        if (log_wants(log, level))                                                                 \
            log_write(log, level, (const struct bytes[]){__VA_ARGS__},                             \
                      sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes));         \
    } while (0)
/* True when a message of this level would reach at least one sink. */
static inline bool log_wants(const struct log *log, int level)
{
    return level <= ((const struct log_front *)log)->wanted;
}
void log_write(struct log *log, int level, const struct bytes *parts, size_t count);

#endif
