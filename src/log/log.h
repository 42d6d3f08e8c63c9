/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: messages of level 1 (critical) to 6 (debug) to a file, the terminal and syslog.
 *
 * A message is one line of joined parts, stamped "<ctime>: ".  The file is written in batches,
 * unless others write to it, too; log_flush is called before the engine waits, before user code
 * reaches out of its interpreter, before a child is started and at the end.  Where standard error
 * is a terminal, messages go there, too, without a stamp.
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

/* What a log begins with, so that messages nobody looks at cost no call. */
struct log_front {
    int wanted; /* the highest level that anybody looks at, or -1 */
};

/* The clock is used for the stamps and must outlive the log. */
struct log *log_new(const struct clock *clock);
void log_free(struct log *log);
/* From now on, the stamps are this clock's, which must outlive the log. */
void log_set_clock(struct log *log, const struct clock *clock);

/* Opens for appending.  A file that cannot be opened is reported on standard error ("Can't open
 * logfile ...") and is not fatal; false then. */
bool log_open_file(struct log *log, const char *path);
/* program: its last part names the sender.  facility: a name as syslog(3) has it ("daemon",
 * "local0") or its number; false and a message on standard error when there is none such. */
bool log_open_syslog(struct log *log, const char *program, const char *facility);
void log_close(struct log *log); /* flushes and closes file and syslog; the terminal stays */
void log_flush(struct log *log);
/* As much of a flush as goes at once; async-signal-safe. */
void log_rescue(struct log *log);
/* For a file or a terminal that takes nothing; kept. NULL, as at first: endless. */
void log_set_patience(struct log *log, const struct patience *patience);
/* Does fd lead to the log's file?  If so, messages are not collected any more until it is
 * opened again, so that their order with what fd's owner writes is kept.  Of standard
 * output the log knows by itself. */
bool log_shares(struct log *log, int fd);
/* Called before each message where the log is "-": what Perl has printed stands in the same buffer,
 * for upstream, and comes first. */
void log_flush_first(struct log *log, void (*flush_stdout)(void));

/* Setting the level also looks again at whether standard error is a terminal: to be called after
 * the standard streams have changed (a daemon that has left its terminal). */
void log_set_level(struct log *log, int level);
int log_level(const struct log *log);

/* From now on, messages do not go to standard error because that is a terminal. */
void log_leave_terminal(struct log *log);
/* From now on, messages up to this level go to standard error when there is no sink: there is
 * somebody who waits for them.  -1 (at first): they do not.  Counts from 0 again. */
void log_grave(struct log *log, int level);
/* How many messages of this level there were, sinks or not; of those above the level of
 * log_grave and of every sink, none are counted. */
size_t log_count(const struct log *log, int level);

/* Advice is what upstream does not say.  It is for people: it goes to standard error when that is a
 * terminal or stands in for the sinks with warnings as well, and never into the log. */
bool log_advises(const struct log *log);
#define log_advise(log, ...)                                                                       \
    do {                                                                                           \
        if (log_advises(log))                                                                      \
            log_advise_parts((const struct bytes[]){__VA_ARGS__},                                  \
                             sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes));  \
    } while (0)
void log_advise_parts(const struct bytes *parts, size_t count);

/* From now on take(arg, level, message) gets the messages of all levels in place of the sinks; NULL
 * ends that.  What is logged while take runs goes to the sinks. */
void log_redirect(struct log *log, void (*take)(void *arg, int level, struct bytes message),
                  void *arg);
/* One more sink: hear(arg, level, message) is given what the level lets through; NULL ends that.
 * It must not log. */
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
