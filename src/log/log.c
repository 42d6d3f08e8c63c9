/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log and its sinks: a file, the terminal, syslog, a listener.  If there is none, grave
 * messages may still go to standard error.
 *
 * Messages for the file are collected in batches; a line is split between two writes only if it is
 * longer than a batch.  If a write fails, as on a full disk, the batch is kept and tried again with
 * the next flush.  While it is full, new messages are lost, and the engine goes on.  A file that
 * others write to as well gets each message at once, so that the order is kept.
 */
#include "log/log.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/open_name.h"
#include "base/same_file.h"
#include "base/unwritten.h"

enum {
    BATCH = 64 * 1024,
    LINE_FRAME = 40, /* time stamp and newline of a line, at most */
    LOST_LINE = 200, /* a line that says what is lost, at most */
};

struct log {
    struct log_front front; /* first: log_wants reads it */
    int level;
    int grave; /* up to this level standard error stands in for a sink; -1: it never does */
    size_t counts[LOG_DETAIL + 1]; /* messages by level since log_grave */
    const struct clock *clock;
    const struct patience *patience; /* for what takes nothing; NULL: endless */
    int file;                        /* -1: none */
    struct unwritten batch;          /* what the file has not got yet */
    size_t lost;                     /* messages that found no room in it */
    int why_lost;                    /* errno */
    bool flushing;
    bool at_once;   /* others write to the file, too, and nothing is collected */
    bool is_stdout; /* the file was given as "-" */
    void (*flush_stdout)(void);
    bool terminal;  /* standard error is one */
    bool elsewhere; /* and is no sink all the same */
    bool alone;     /* no sink is open, and standard error stands in */
    bool syslog;
    bool any;   /* a sink is open */
    bool whole; /* one of them wants messages in one piece */
    int facility;
    char *program; /* owned; syslog(3) keeps the pointer */
    void (*hear)(void *arg, int level, struct bytes message);
    void *hear_arg;
    void (*take)(void *arg, int level, struct bytes message);
    void *take_arg;
    bool taking;
};

static_assert(offsetof(struct log, front) == 0, "a log begins with its front");

/* To be called whenever a sink came or went. */
static void look_at_sinks(struct log *log)
{
    log->terminal = !log->elsewhere && isatty(STDERR_FILENO) == 1;
    log->any = log->file >= 0 || log->syslog || log->terminal || log->hear;
    log->alone = !log->any && log->grave >= 0;
    log->whole = log->terminal || log->alone || log->syslog || log->hear;
    int level = log->any ? log->level : log->grave;
    log->front.wanted = log->take ? LOG_DETAIL : level > log->grave ? level : log->grave;
}

void log_leave_terminal(struct log *log)
{
    log->elsewhere = true;
    look_at_sinks(log);
}

void log_grave(struct log *log, int level)
{
    log->grave = level;
    memset(log->counts, 0, sizeof(log->counts));
    look_at_sinks(log);
}

size_t log_count(const struct log *log, int level)
{
    assert(level >= 0 && level <= LOG_DETAIL);
    return log->counts[level];
}

void log_set_clock(struct log *log, const struct clock *clock)
{
    log->clock = clock;
}

struct log *log_new(const struct clock *clock)
{
    struct log *log = mem_alloc(sizeof(*log));
    *log = (struct log){.level = LOG_DETAIL, .grave = -1, .clock = clock, .file = -1};
    unwritten_begin(&log->batch, -1);
    look_at_sinks(log);
    return log;
}

void log_free(struct log *log)
{
    if (!log)
        return;
    log_close(log);
    unwritten_end(&log->batch);
    free(log);
}

/* As much as goes. */
static void write_all(const struct patience *patience, int fd, struct bytes text)
{
    while (text.len > 0 && patience_room(patience, fd)) {
        ssize_t done = write(fd, text.ptr, text.len > PIPE_BUF ? PIPE_BUF : text.len);
        if (done >= 0)
            text = bytes_from(text, (size_t)done);
        else if (errno != EINTR && errno != EAGAIN)
            break;
    }
}

void log_flush(struct log *log)
{
    if (log->flushing || unwritten_len(&log->batch) == 0)
        return;
    log->flushing = true; /* a signal's handler in user code may log */
    while (unwritten_write(&log->batch, log->patience) == WRITTEN_FAILED && errno == EAGAIN &&
           patience_room(log->patience, log->file))
        ;
    log->flushing = false;
}

void log_rescue(struct log *log)
{
    unwritten_rescue(&log->batch);
}

static void say_what_is_lost(struct log *log);

/* Messages that the batch still has, and those that found no room in it. */
static size_t never_written(const struct log *log)
{
    size_t count = log->lost;
    for (size_t i = log->batch.done; i < log->batch.len; i++)
        count += log->batch.text[i] == '\n';
    return count;
}

/* The file did not take them to the end, so standard error hears of it. */
static void say_what_never_came(const struct log *log, int why)
{
    struct buf text = {0};
    buf_cat(&text, B("secant: "), NUM(never_written(log)), B(" log message(s) lost: "),
            error_text(why), B("\n"));
    write_all(log->patience, STDERR_FILENO, buf_bytes(&text));
    buf_free(&text);
}

static void close_file(struct log *log)
{
    errno = EAGAIN; /* of a flush that is cut short */
    log_flush(log);
    if (log->lost > 0 && unwritten_len(&log->batch) == 0) {
        say_what_is_lost(log);
        log_flush(log);
    }
    if (unwritten_len(&log->batch) > 0)
        say_what_never_came(log, errno);
    unwritten_skip(&log->batch, unwritten_len(&log->batch));
    log->lost = 0;
    unwritten_set_fd(&log->batch, -1);
    if (log->file >= 0)
        close(log->file);
    log->file = -1;
}

static void close_syslog(struct log *log)
{
    if (log->syslog)
        closelog();
    log->syslog = false;
    free(log->program);
    log->program = NULL;
}

void log_close(struct log *log)
{
    close_file(log);
    close_syslog(log);
    look_at_sinks(log);
}

bool log_open_file(struct log *log, const char *path)
{
    close_file(log);
    log->file = open_name(bytes_of(path), NAME_APPEND);
    if (log->file < 0)
        fprintf(stderr, "Can't open logfile %s (%s)\n", path, error_text(errno).ptr);
    unwritten_set_fd(&log->batch, log->file);
    log->is_stdout = name_is_stdout(bytes_of(path));
    log->at_once = false;
    log_shares(log, STDOUT_FILENO);
    log_shares(log, STDERR_FILENO); /* perl's warnings may come at any time */
    look_at_sinks(log);
    return log->file >= 0;
}

bool log_shares(struct log *log, int fd)
{
    if (log->file < 0 || !same_file(log->file, fd))
        return false;
    log->at_once = true;
    log_flush(log);
    return true;
}

void log_set_patience(struct log *log, const struct patience *patience)
{
    log->patience = patience;
}

void log_flush_first(struct log *log, void (*flush_stdout)(void))
{
    log->flush_stdout = flush_stdout;
}

/* The names that Perl's Sys::Syslog knows, those of other systems included. */
static const struct facility {
    const char *name;
    int number;
} facilities[] = {
    {"kern", LOG_KERN},      {"user", LOG_USER},         {"mail", LOG_MAIL},
    {"daemon", LOG_DAEMON},  {"auth", LOG_AUTH},         {"syslog", LOG_SYSLOG},
    {"lpr", LOG_LPR},        {"news", LOG_NEWS},         {"uucp", LOG_UUCP},
    {"cron", LOG_CRON},      {"authpriv", LOG_AUTHPRIV}, {"ftp", LOG_FTP},
    {"local0", LOG_LOCAL0},  {"local1", LOG_LOCAL1},     {"local2", LOG_LOCAL2},
    {"local3", LOG_LOCAL3},  {"local4", LOG_LOCAL4},     {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6},  {"local7", LOG_LOCAL7},     {"security", LOG_AUTH},
    {"console", LOG_USER},   {"lfmt", LOG_USER},         {"audit", LOG_AUTH},
    {"ras", LOG_AUTH},       {"remoteauth", LOG_AUTH},   {"install", LOG_USER},
    {"launchd", LOG_DAEMON}, {"netinfo", LOG_DAEMON},    {"ntp", LOG_DAEMON},
};

/* -1: there is none of this name. */
static int facility_number(struct bytes name)
{
    int64_t number = 0;
    if (bytes_uint(name, true, &number))
        return number <= LOG_LOCAL7 ? (int)number : -1;
    struct bytes prefix = B("LOG_");
    if (name.len > prefix.len && bytes_ieq(bytes_make(name.ptr, prefix.len), prefix))
        name = bytes_from(name, prefix.len);
    for (size_t i = 0; i < sizeof(facilities) / sizeof(*facilities); i++) {
        if (bytes_ieq(name, bytes_of(facilities[i].name)))
            return facilities[i].number;
    }
    return -1;
}

bool log_open_syslog(struct log *log, const char *program, const char *facility)
{
    assert(program);
    close_syslog(log);
    int number = facility_number(bytes_of(facility));
    if (number >= 0) {
        const char *slash = strrchr(program, '/');
        log->program = bytes_cstr(bytes_of(slash ? slash + 1 : program));
        log->facility = number;
        log->syslog = true;
        openlog(log->program, LOG_PID, number);
    } else {
        fprintf(stderr, "Can't connect to syslog (no such facility: %s)\n", facility);
    }
    look_at_sinks(log);
    return log->syslog;
}

void log_set_level(struct log *log, int level)
{
    log->level = level;
    look_at_sinks(log);
}

int log_level(const struct log *log)
{
    return log->level;
}

static void add_line(struct log *log, const struct bytes *parts, size_t count)
{
    unwritten_add(&log->batch, CTIME(clock_now(log->clock)));
    unwritten_add(&log->batch, B(": "));
    for (size_t i = 0; i < count; i++)
        unwritten_add(&log->batch, parts[i]);
    unwritten_add(&log->batch, B("\n"));
}

/* Is there room for so much more?  Otherwise the file takes nothing, and what is logged is lost. */
static bool has_room(struct log *log, size_t more)
{
    if (unwritten_len(&log->batch) + more > BATCH)
        log_flush(log);
    return unwritten_len(&log->batch) == 0 || unwritten_len(&log->batch) + more <= BATCH;
}

/* Messages are missing here; said once there is room again. */
static void say_what_is_lost(struct log *log)
{
    const struct bytes parts[] = {NUM(log->lost), B(" log message(s) lost here: "),
                                  error_text(log->why_lost)};
    add_line(log, parts, sizeof(parts) / sizeof(*parts));
    log->lost = 0;
}

static void to_file(struct log *log, const struct bytes *parts, size_t count)
{
    size_t total = LINE_FRAME;
    for (size_t i = 0; i < count; i++)
        total += parts[i].len;
    errno = EAGAIN; /* of a flush that is cut short */
    if (!has_room(log, log->lost > 0 ? total + LOST_LINE : total)) {
        log->why_lost = log->lost++ > 0 ? log->why_lost : errno;
        return;
    }
    if (log->lost > 0)
        say_what_is_lost(log);
    add_line(log, parts, count);
    if (total > BATCH)
        log_flush(log);
    if (!log->at_once)
        return;
    if (log->is_stdout && log->flush_stdout)
        log->flush_stdout();
    log_flush(log);
}

static void to_syslog(const struct log *log, int level, struct bytes message)
{
    static const int priorities[] = {LOG_NOTICE, LOG_CRIT, LOG_ERR,  LOG_WARNING,
                                     LOG_NOTICE, LOG_INFO, LOG_DEBUG};
    static_assert(sizeof(priorities) / sizeof(*priorities) == LOG_DETAIL + 1, "one for each level");
    if (level < 0 || (size_t)level >= sizeof(priorities) / sizeof(*priorities))
        return; /* user Perl may log with any number */
    int len = message.len > INT_MAX ? INT_MAX : (int)message.len;
    syslog(priorities[level] | log->facility, "%.*s", len, message.ptr);
}

static void to_sinks(struct log *log, int level, const struct bytes *parts, size_t count)
{
    if (log->whole) {
        struct buf message = {0};
        buf_cat_parts(&message, parts, count);
        buf_char(&message, '\n');
        if (log->hear)
            log->hear(log->hear_arg, level, bytes_make(message.ptr, message.len - 1));
        if (log->terminal || log->alone)
            write_all(log->patience, STDERR_FILENO, buf_bytes(&message));
        if (log->syslog)
            to_syslog(log, level, bytes_make(message.ptr, message.len - 1));
        buf_free(&message);
    }
    if (log->file >= 0)
        to_file(log, parts, count);
}

static bool wanted_by_sinks(const struct log *log, int level)
{
    return level <= log->level && (log->any || (log->alone && level <= log->grave));
}

static void hand_to_taker(struct log *log, int level, const struct bytes *parts, size_t count)
{
    struct buf message = {0};
    buf_cat_parts(&message, parts, count);
    log->taking = true;
    log->take(log->take_arg, level, buf_bytes(&message));
    log->taking = false;
    buf_free(&message);
}

void log_write(struct log *log, int level, const struct bytes *parts, size_t count)
{
    if (level >= 0 && level <= LOG_DETAIL)
        log->counts[level]++;
    if (log->take && !log->taking)
        hand_to_taker(log, level, parts, count);
    else if (wanted_by_sinks(log, level))
        to_sinks(log, level, parts, count);
}

bool log_advises(const struct log *log)
{
    return log->terminal || (log->alone && log->grave >= LOG_WARN);
}

void log_advise_parts(const struct bytes *parts, size_t count)
{
    struct buf text = {0};
    buf_add(&text, B("secant: "));
    buf_cat_parts(&text, parts, count);
    buf_char(&text, '\n');
    write_all(NULL, STDERR_FILENO, buf_bytes(&text));
    buf_free(&text);
}

void log_to_sinks(struct log *log, int level, struct bytes message)
{
    if (wanted_by_sinks(log, level))
        to_sinks(log, level, &message, 1);
}

void log_redirect(struct log *log, void (*take)(void *arg, int level, struct bytes message),
                  void *arg)
{
    log->take = take;
    log->take_arg = arg;
    look_at_sinks(log);
}

void log_listen(struct log *log, void (*hear)(void *arg, int level, struct bytes message),
                void *arg)
{
    log->hear = hear;
    log->hear_arg = arg;
    look_at_sinks(log);
}
