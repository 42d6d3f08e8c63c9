/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files.
 *
 * Events for a regular file or standard output are collected and written together, once a first
 * write has shown that it works; the length of each event is kept, so that after a failed write
 * each event is written again alone and reported as upstream would have reported it.  Standard
 * output may take nothing for a while: a signal ends the wait, and what is left is written before
 * anything else.  FIFOs have readers that may be gone at any time, so their events are not
 * collected.  Nor are those for a file that is also written to in other ways (it has two names, or
 * is the log or standard error), because there the order of all writing counts.
 */
#include "io/output.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/same_file.h"
#include "base/table.h"
#include "base/unwritten.h"

enum { BATCH = 64 * 1024 };

/* An event that was not written yet, or not to its end. */
struct event_size {
    size_t len;   /* with its newline */
    bool newline; /* which is ours */
};

struct output {
    struct bytes name; /* owned */
    int fd;            /* -1 after a failure in the middle of a batch */
    bool batched;
    bool works;    /* the last write was complete */
    bool flushing; /* under way: what it runs may want all outputs flushed */
    dev_t device;
    ino_t inode;
    struct unwritten text;
    struct event_size *events; /* of the text; owned */
    size_t first_event, event_count, event_room;
    size_t begun;               /* bytes of the first event that are written */
    struct output *next, *prev; /* in the order of opening */
};

struct outputs {
    struct log *log;
    const struct output_perl *perl;
    const struct patience *patience;
    const struct output_watch *watch; /* NULL: nobody follows */
    void *watch_arg;
    struct table files;
    struct output *first, *last;
    struct output *stdio; /* "-", NULL while not open */
};

static struct bytes output_name(const void *entry)
{
    return ((const struct output *)entry)->name;
}

static bool is_stdout(struct bytes file)
{
    return bytes_eq(file, B("-"));
}

struct outputs *outputs_new(struct log *log, const struct output_perl *perl,
                            const struct patience *patience)
{
    struct outputs *outputs = mem_zalloc(sizeof(*outputs));
    outputs->log = log;
    outputs->perl = perl;
    outputs->patience = patience;
    table_init(&outputs->files, output_name);
    return outputs;
}

void outputs_watch(struct outputs *outputs, const struct output_watch *watch, void *arg)
{
    outputs->watch = watch;
    outputs->watch_arg = arg;
}

/* errno stays as it is. */
static void tell_written(const struct outputs *outputs, struct bytes file, int fd)
{
    int error = errno;
    if (outputs->watch && fd >= 0 && !is_stdout(file))
        outputs->watch->written(outputs->watch_arg, file, fd);
    errno = error;
}

/* Perl's print to standard output comes before what is written now. */
static void flush_perl(const struct outputs *outputs)
{
    if (outputs->perl)
        outputs->perl->flush();
}

/* --- opening -------------------------------------------------------------------------------- */

/* User code may have closed it, and something else have its number by now. */
static int stdout_fd(const struct outputs *outputs)
{
    return outputs->perl ? outputs->perl->fileno() : STDOUT_FILENO;
}

static int open_stdout(struct outputs *outputs, struct bytes event)
{
    flush_perl(outputs);
    int fd = fcntl(stdout_fd(outputs), F_DUPFD_CLOEXEC, 3);
    if (fd < 0)
        log_msg(outputs->log, LOG_ERROR, B("Can't dup stdout for writing event '"), event, B("' ("),
                error_text(errno), B(")"));
    return fd;
}

/* No file has a name with a NUL byte in it. */
static int open_retrying(const char *path, bool valid, int flags)
{
    int fd = -1;
    errno = ENOENT;
    do {
        if (valid)
            fd = open(path, flags | O_WRONLY | O_CLOEXEC | O_NOCTTY, 0666);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* Opens a regular file, which is created when there is none, or a FIFO that has a reader. */
static int open_named(struct outputs *outputs, struct bytes file, struct bytes event, bool *batched)
{
    struct stat status;
    char *path = bytes_cstr(file);
    bool valid = bytes_chr(file, '\0', 0) < 0;
    bool exists = valid && stat(path, &status) == 0;
    bool fifo = exists && S_ISFIFO(status.st_mode);
    int fd = -1;
    *batched = !fifo;
    if (exists && !fifo && !S_ISREG(status.st_mode)) {
        log_msg(outputs->log, LOG_DETAIL, B("Can't write event '"), event, B("' to file '"), file,
                B("' (not a regular file or pipe)"));
    } else {
        fd = open_retrying(path, valid, fifo ? O_NONBLOCK : O_CREAT | O_APPEND);
        if (fd < 0)
            log_msg(outputs->log, LOG_DETAIL, B("Can't open '"), file, B("' for writing event '"),
                    event, B("' ("), error_text(errno), B(")"));
        else if (outputs->watch)
            outputs->watch->opened(outputs->watch_arg, file, fd);
    }
    free(path);
    return fd;
}

static int open_file(struct outputs *outputs, struct bytes file, struct bytes event, bool *batched)
{
    if (!is_stdout(file))
        return open_named(outputs, file, event, batched);
    int fd = open_stdout(outputs, event);
    *batched = fd >= 0 && !isatty(fd); /* a terminal often shows the log as well */
    return fd;
}

/* Forgets an output, and what it has not written; its descriptor must be closed. */
static void drop_output(struct outputs *outputs, struct output *output)
{
    table_remove(&outputs->files, output->name);
    LIST_REMOVE(outputs, output);
    if (outputs->stdio == output)
        outputs->stdio = NULL;
    unwritten_end(&output->text);
    free(output->events);
    bytes_free(output->name);
    free(output);
}

static int close_output(struct outputs *outputs, struct output *output)
{
    int result = output->fd >= 0 ? close(output->fd) : 0;
    drop_output(outputs, output);
    return result;
}

/* --- writing -------------------------------------------------------------------------------- */

static ssize_t write_retrying(int fd, struct bytes text)
{
    ssize_t done;
    do {
        done = write(fd, text.ptr, text.len);
    } while (done < 0 && errno == EINTR);
    return done;
}

/* What upstream says of a write that failed or was short; false: the file is to be closed. */
static bool report_write(struct outputs *outputs, struct bytes file, struct bytes event,
                         ssize_t done, size_t wanted)
{
    if (done < 0)
        log_msg(outputs->log, LOG_DETAIL, B("Error when writing event '"), event, B("' to '"), file,
                B("' ("), error_text(errno), B(")"));
    else if ((size_t)done != wanted)
        log_msg(outputs->log, LOG_DETAIL, NUM(done), B(" bytes of '"), event, B("' written to '"),
                file, B("'"));
    return done >= 0;
}

static struct bytes without_newline(struct bytes text, bool newline)
{
    return bytes_slice(text, 0, text.len - newline);
}

/* Writes one event of a batch alone, opening the file again if need be. */
static void write_alone(struct outputs *outputs, struct output *output, struct bytes text,
                        bool newline)
{
    struct bytes event = without_newline(text, newline);
    bool batched;
    if (output->fd < 0)
        output->fd = open_file(outputs, output->name, event, &batched);
    if (output->fd < 0)
        return;
    ssize_t done = write_retrying(output->fd, text);
    tell_written(outputs, output->name, output->fd);
    if (report_write(outputs, output->name, event, done, text.len))
        return;
    close(output->fd);
    output->fd = -1;
}

static const struct event_size *first_event(const struct output *output)
{
    return &output->events[output->first_event];
}

/* The first event is done with. */
static void forget_event(struct output *output)
{
    output->first_event++;
    output->event_count--;
    if (output->event_count == 0)
        output->first_event = 0;
}

/* So many bytes of the events have been written. */
static void note_written(struct output *output, size_t count)
{
    count += output->begun;
    while (output->event_count > 0 && first_event(output)->len <= count) {
        count -= first_event(output)->len;
        forget_event(output);
    }
    output->begun = output->text.kept = count;
}

/* The first event, for a message or a write of its own: a copy for the caller.  It is done with
 * then, whatever comes of it, because the message may run user code, which may end the program. */
static struct bytes take_event(struct output *output)
{
    size_t len = first_event(output)->len, begun = output->begun;
    struct bytes text = bytes_dup(bytes_make(output->text.text + output->text.done - begun, len));
    output->begun = output->text.kept = 0;
    unwritten_skip(&output->text, len - begun);
    forget_event(output);
    return text;
}

/* The batch failed on the way: what is left goes event by event. */
static void write_rest(struct outputs *outputs, struct output *output)
{
    while (output->event_count > 0) {
        bool newline = first_event(output)->newline;
        size_t begun = output->begun;
        struct bytes text = take_event(output);
        if (begun > 0)
            report_write(outputs, output->name, without_newline(text, newline), (ssize_t)begun,
                         text.len);
        else
            write_alone(outputs, output, text, newline);
        bytes_free(text);
    }
}

/* Returns the output after this one; which that is may change on the way, because a report may run
 * user code, before which all outputs are flushed.  An output that could not be opened again is
 * dropped: upstream holds none either. */
static struct output *flush_output(struct outputs *outputs, struct output *output)
{
    if (output->event_count == 0 || output->flushing)
        return output->next;
    output->flushing = true;
    size_t before = unwritten_len(&output->text);
    enum written written = unwritten_write(&output->text, outputs->patience);
    note_written(output, before - unwritten_len(&output->text));
    tell_written(outputs, output->name, output->fd);
    output->works = written == WRITTEN_ALL;
    if (written == WRITTEN_FAILED) {
        write_rest(outputs, output);
        unwritten_set_fd(&output->text, output->fd);
    }
    output->flushing = false;
    struct output *next = output->next;
    if (output->fd < 0)
        drop_output(outputs, output);
    return next;
}

/* Writes what other outputs have for the file behind fd and ends their batching; false when no
 * other output has this file. */
static bool flush_same_file(struct outputs *outputs, int fd, const struct output *own)
{
    struct stat status;
    bool found = false;
    if (fstat(fd, &status) != 0)
        return false;
    for (struct output *output = outputs->first, *next; output; output = next) {
        next = output->next;
        if (output == own || output->device != status.st_dev || output->inode != status.st_ino)
            continue;
        found = true;
        output->batched = false;
        next = flush_output(outputs, output);
    }
    return found;
}

static struct output *enter_output(struct outputs *outputs, struct bytes file, int fd, bool batched)
{
    struct output *output = mem_zalloc(sizeof(*output));
    output->name = bytes_dup(file);
    output->fd = fd;
    unwritten_begin(&output->text, fd);
    output->batched = batched;
    LIST_APPEND(outputs, output);
    table_insert(&outputs->files, output);
    struct stat status;
    if (fstat(fd, &status) == 0) {
        output->device = status.st_dev;
        output->inode = status.st_ino;
    }
    if (is_stdout(file))
        outputs->stdio = output;
    bool shared = flush_same_file(outputs, fd, output);
    if (log_shares(outputs->log, fd) || same_file(fd, STDERR_FILENO) || shared)
        output->batched = false;
    return output;
}

static void append_event(struct output *output, struct bytes event, bool newline)
{
    size_t end = output->first_event + output->event_count++;
    MEM_GROW(output->events, end, output->event_room, 16);
    output->events[end] = (struct event_size){event.len + newline, newline};
    unwritten_add(&output->text, event);
    if (newline)
        unwritten_add(&output->text, B("\n"));
}

static void add_event(struct outputs *outputs, struct output *output, struct bytes event,
                      bool newline)
{
    append_event(output, event, newline);
    if (!output->batched || !output->works || unwritten_len(&output->text) >= BATCH)
        flush_output(outputs, output);
}

void outputs_write(struct outputs *outputs, struct bytes file, struct bytes event, bool newline)
{
    log_msg(outputs->log, LOG_DETAIL, B("Writing event '"), event, B("' to file '"), file, B("'"));
    struct output *output = table_find(&outputs->files, file);
    if (!output) {
        bool batched;
        int fd = open_file(outputs, file, event, &batched);
        if (fd < 0)
            return;
        output = enter_output(outputs, file, fd, batched);
    }
    if (event.len + newline > 0)
        add_event(outputs, output, event, newline);
}

/* Adds text that upstream prints to the events of standard output,
 * because that takes nothing now. */
static void keep_print(struct outputs *outputs, struct bytes text)
{
    struct output *output = outputs->stdio;
    int fd = output ? output->fd : open_stdout(outputs, text);
    if (fd < 0)
        return;
    if (!output)
        output = enter_output(outputs, B("-"), fd, true);
    append_event(output, text, false);
}

/* No message says what becomes of it, as upstream; Perl's end may. */
static void print(struct outputs *outputs, struct bytes text)
{
    int fd = stdout_fd(outputs);
    while (fd >= 0 && text.len > 0) {
        if (!patience_room(outputs->patience, fd)) {
            keep_print(outputs, text);
            return;
        }
        size_t most = text.len > PIPE_BUF ? PIPE_BUF : text.len;
        ssize_t done = write_retrying(fd, bytes_slice(text, 0, most));
        if (done < 0) {
            if (outputs->perl)
                outputs->perl->print(text);
            return;
        }
        text = bytes_from(text, (size_t)done);
    }
}

static bool print_has_failed(const struct outputs *outputs)
{
    return outputs->perl && outputs->perl->failed();
}

void outputs_print(struct outputs *outputs, struct bytes text)
{
    if (outputs->stdio)
        flush_output(outputs, outputs->stdio);
    if (!print_has_failed(outputs))
        flush_perl(outputs);
    if (outputs->perl)
        outputs->perl->unbuffer();
    if (print_has_failed(outputs))
        outputs->perl->print(text);
    else if (outputs->stdio && outputs->stdio->event_count > 0)
        keep_print(outputs, text);
    else
        print(outputs, text);
}

void outputs_write_once(struct outputs *outputs, struct bytes file, struct bytes event)
{
    log_msg(outputs->log, LOG_DETAIL, B("Writing event '"), event, B("' to file '"), file, B("'"));
    if (is_stdout(file)) {
        outputs_print(outputs, event);
        return;
    }
    bool batched;
    int fd = open_named(outputs, file, event, &batched);
    if (fd < 0)
        return;
    flush_same_file(outputs, fd, NULL);
    log_shares(outputs->log, fd);
    ssize_t done = write_retrying(fd, event);
    tell_written(outputs, file, fd);
    report_write(outputs, file, event, done, event.len);
    close(fd);
}

/* Standard output that takes nothing stays open until it has all. */
static bool has_to_stay(const struct output *output)
{
    return output->event_count > 0;
}

void outputs_close(struct outputs *outputs, struct bytes file)
{
    struct output *output = table_find(&outputs->files, file);
    if (output) /* what it has to report belongs to the events before */
        flush_output(outputs, output);
    log_msg(outputs->log, LOG_DETAIL, B("Closing file '"), file, B("'"));
    output = table_find(&outputs->files, file);
    if (!output)
        log_msg(outputs->log, LOG_DETAIL, B("File '"), file, B("' is not open, can't close"));
    else if (!has_to_stay(output) && close_output(outputs, output) != 0)
        log_msg(outputs->log, LOG_WARN, B("Error when closing file '"), file, B("' ("),
                error_text(errno), B(")"));
}

void outputs_flush(struct outputs *outputs)
{
    struct output *output = outputs->first;
    while (output)
        output = flush_output(outputs, output);
}

bool outputs_wait(const struct outputs *outputs)
{
    return outputs->stdio && !outputs->stdio->works && outputs->stdio->event_count > 0;
}

void outputs_close_all(struct outputs *outputs)
{
    outputs_flush(outputs);
    for (struct output *output = outputs->first, *next; output; output = next) {
        next = output->next;
        if (!has_to_stay(output))
            close_output(outputs, output);
    }
}

/* What it did not take is said event by event. */
static void give_up(struct outputs *outputs, struct output *output)
{
    while (output->event_count > 0) {
        bool newline = first_event(output)->newline;
        size_t begun = output->begun;
        struct bytes text = take_event(output);
        errno = EAGAIN;
        report_write(outputs, output->name, without_newline(text, newline),
                     begun > 0 ? (ssize_t)begun : -1, text.len);
        bytes_free(text);
    }
}

void outputs_finish(struct outputs *outputs)
{
    for (struct output *output = outputs->first; output; output = output->next)
        output->flushing = false;
    outputs_flush(outputs);
    for (struct output *output = outputs->first; output; output = output->next)
        give_up(outputs, output);
}

void outputs_free(struct outputs *outputs)
{
    if (!outputs)
        return;
    outputs_flush(outputs);
    while (outputs->first)
        close_output(outputs, outputs->first);
    table_free(&outputs->files);
    free(outputs);
}
