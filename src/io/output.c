/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files.
 *
 * Events for a regular file or standard output are collected and written together, once a first
 * write has shown that it works; the length of each event is kept, so that after a failed write each
 * event is written again alone and reported as upstream would have reported it.  FIFOs have readers
 * who may be gone at any time, so nothing waits for them.  A file to which others write, too, is not
 * batched either, because the order of writing counts for it as a whole: one that is known by two
 * names, the log, or standard error.
 */
#include "io/output.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/same_file.h"
#include "base/table.h"

enum { BATCH = 64 * 1024 };

/* What was not written yet. */
struct batch {
    struct buf text;
    size_t *lengths; /* of the events, newlines included; owned */
    bool *newlines;  /* whether they end with a newline of ours; owned */
    size_t events, room;
};

struct output {
    struct bytes name; /* owned */
    int fd;            /* -1 after a failure in the middle of a batch */
    bool batched;
    bool works; /* the last write was complete */
    dev_t device;
    ino_t inode;
    struct batch batch;
    struct output *next, *prev; /* in the order of opening */
};

struct outputs {
    struct log *log;
    void (*flush_stdio)(void), (*unbuffer_stdio)(void);
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

struct outputs *outputs_new(struct log *log, void (*flush_stdio)(void),
                            void (*unbuffer_stdio)(void))
{
    struct outputs *outputs = mem_zalloc(sizeof(*outputs));
    outputs->log = log;
    outputs->flush_stdio = flush_stdio;
    outputs->unbuffer_stdio = unbuffer_stdio;
    table_init(&outputs->files, output_name);
    return outputs;
}

void outputs_free(struct outputs *outputs)
{
    if (!outputs)
        return;
    outputs_close_all(outputs);
    table_free(&outputs->files);
    free(outputs);
}

/* Perl's print to standard output comes before what is written now. */
static void flush_perl(const struct outputs *outputs)
{
    if (outputs->flush_stdio)
        outputs->flush_stdio();
}

/* --- opening -------------------------------------------------------------------------------- */

static int open_stdout(struct outputs *outputs, struct bytes event)
{
    flush_perl(outputs);
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
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

static void batch_free(struct batch *batch)
{
    buf_free(&batch->text);
    free(batch->lengths);
    free(batch->newlines);
}

/* Forgets an output whose batch is empty; its descriptor must be closed. */
static void drop(struct outputs *outputs, struct output *output)
{
    table_remove(&outputs->files, output->name);
    *(output->prev ? &output->prev->next : &outputs->first) = output->next;
    *(output->next ? &output->next->prev : &outputs->last) = output->prev;
    if (outputs->stdio == output)
        outputs->stdio = NULL;
    batch_free(&output->batch);
    free((char *)output->name.ptr);
    free(output);
}

static int close_output(struct outputs *outputs, struct output *output)
{
    int result = output->fd >= 0 ? close(output->fd) : 0;
    drop(outputs, output);
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

/* Writes all of a text; returns how much was written before a failure. */
static size_t write_fully(int fd, struct bytes text)
{
    size_t done = 0;
    while (done < text.len) {
        ssize_t part = write_retrying(fd, bytes_from(text, done));
        if (part <= 0)
            break;
        done += (size_t)part;
    }
    return done;
}

/* What upstream says of a write that failed or was short; false: the file is to be closed. */
static bool report(struct outputs *outputs, struct bytes file, struct bytes event, ssize_t done,
                   size_t wanted)
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
    if (report(outputs, output->name, event, done, text.len))
        return;
    close(output->fd);
    output->fd = -1;
}

/* The batch failed behind `done` bytes: what is left goes event by event. */
static void write_rest(struct outputs *outputs, struct output *output, const struct batch *batch,
                       size_t done)
{
    size_t start = 0;
    for (size_t i = 0; i < batch->events; i++) {
        size_t end = start + batch->lengths[i];
        struct bytes text = bytes_slice(buf_bytes(&batch->text), start, end);
        if (start < done && done < end)
            report(outputs, output->name, without_newline(text, batch->newlines[i]),
                   (ssize_t)(done - start), text.len);
        else if (start >= done)
            write_alone(outputs, output, text, batch->newlines[i]);
        start = end;
    }
}

/* Returns the output behind this one; which that is may change on the way, because a report may run
 * user code, before which all outputs are flushed: the batch is not the output's meanwhile.  An
 * output that could not be opened again is dropped: upstream holds none either. */
static struct output *flush_output(struct outputs *outputs, struct output *output)
{
    struct batch batch = output->batch;
    if (batch.events == 0)
        return output->next;
    output->batch = (struct batch){0};
    size_t done = write_fully(output->fd, buf_bytes(&batch.text));
    output->works = done == batch.text.len;
    if (!output->works)
        write_rest(outputs, output, &batch, done);
    buf_clear(&batch.text);
    batch.events = 0;
    output->batch = batch;
    struct output *next = output->next;
    if (output->fd < 0)
        drop(outputs, output);
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

static struct output *enter(struct outputs *outputs, struct bytes file, int fd, bool batched)
{
    struct output *output = mem_zalloc(sizeof(*output));
    output->name = bytes_dup(file);
    output->fd = fd;
    output->batched = batched;
    output->prev = outputs->last;
    *(outputs->last ? &outputs->last->next : &outputs->first) = output;
    outputs->last = output;
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

static void batch_add(struct batch *batch, struct bytes event, bool newline)
{
    if (batch->events == batch->room) {
        batch->room = batch->room > 0 ? 2 * batch->room : 16;
        batch->lengths = mem_array(batch->lengths, batch->room, sizeof(*batch->lengths));
        batch->newlines = mem_array(batch->newlines, batch->room, sizeof(*batch->newlines));
    }
    batch->lengths[batch->events] = event.len + newline;
    batch->newlines[batch->events++] = newline;
    buf_add(&batch->text, event);
    if (newline)
        buf_char(&batch->text, '\n');
}

static void add_event(struct outputs *outputs, struct output *output, struct bytes event,
                      bool newline)
{
    batch_add(&output->batch, event, newline);
    if (!output->batched || !output->works || output->batch.text.len >= BATCH)
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
        output = enter(outputs, file, fd, batched);
    }
    if (event.len + newline > 0)
        add_event(outputs, output, event, newline);
}

void outputs_print(struct outputs *outputs, struct bytes text)
{
    if (outputs->stdio)
        flush_output(outputs, outputs->stdio);
    flush_perl(outputs);
    if (outputs->unbuffer_stdio)
        outputs->unbuffer_stdio();
    write_fully(STDOUT_FILENO, text);
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
    report(outputs, file, event, write_retrying(fd, event), event.len);
    close(fd);
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
    else if (close_output(outputs, output) != 0)
        log_msg(outputs->log, LOG_WARN, B("Error when closing file '"), file, B("' ("),
                error_text(errno), B(")"));
}

void outputs_flush(struct outputs *outputs)
{
    struct output *output = outputs->first;
    while (output)
        output = flush_output(outputs, output);
}

void outputs_close_all(struct outputs *outputs)
{
    outputs_flush(outputs);
    while (outputs->first)
        close_output(outputs, outputs->first);
}
