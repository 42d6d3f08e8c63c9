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
#include "base/unwritten.h"

enum { BATCH = 64 * 1024 };

/* The events of a text that was not written yet. */
struct batch {
    size_t *lengths; /* of the events, newlines included; owned */
    bool *newlines;  /* whether they end with a newline of ours; owned */
    size_t events, room;
};

struct output {
    struct bytes name;        /* owned */
    struct unwritten waiting; /* its fd is -1 after a failure in the middle of a batch */
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
    struct output *stdio;  /* "-", NULL while not open */
    struct unwritten held; /* what standard output gets before all else */
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
    outputs->held.fd = STDOUT_FILENO;
    unwritten_enter(&outputs->held);
    return outputs;
}

void outputs_free(struct outputs *outputs)
{
    if (!outputs)
        return;
    outputs_close_all(outputs);
    unwritten_leave(&outputs->held);
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

/* User code may have closed a standard descriptor, and others find by its number what is open there. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), error = errno;
    close(fd);
    errno = error;
    return moved;
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
    return above_standard(fd);
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

/* Standard output is about to be closed or overtaken: what it did not take goes first later. */
static void hold_rest(struct outputs *outputs)
{
    struct output *output = outputs->stdio;
    if (!output || output->batch.events == 0)
        return;
    struct unwritten *waiting = &output->waiting;
    unwritten_hold();
    unwritten_add(&outputs->held, bytes_from(buf_bytes(&waiting->text), waiting->done));
    unwritten_clear(waiting);
    unwritten_release();
    output->batch.events = 0;
}

static void batch_free(struct batch *batch)
{
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
    unwritten_leave(&output->waiting);
    batch_free(&output->batch);
    free((char *)output->name.ptr);
    free(output);
}

static int close_output(struct outputs *outputs, struct output *output)
{
    if (output == outputs->stdio)
        hold_rest(outputs);
    int result = output->waiting.fd >= 0 ? close(output->waiting.fd) : 0;
    drop(outputs, output);
    return result;
}

/* --- writing -------------------------------------------------------------------------------- */

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
    if (output->waiting.fd < 0)
        output->waiting.fd = open_file(outputs, output->name, event, &batched);
    if (output->waiting.fd < 0)
        return;
    ssize_t done = write_once(output->waiting.fd, text);
    if (report(outputs, output->name, event, done, text.len))
        return;
    close(output->waiting.fd);
    output->waiting.fd = -1;
}

/* The batch failed behind `done` bytes: what is left goes event by event. */
static void write_rest(struct outputs *outputs, struct output *output, const struct batch *batch,
                       struct bytes all, size_t done)
{
    size_t start = 0;
    for (size_t i = 0; i < batch->events; i++) {
        size_t end = start + batch->lengths[i];
        struct bytes text = bytes_slice(all, start, end);
        if (start < done && done < end)
            report(outputs, output->name, without_newline(text, batch->newlines[i]),
                   (ssize_t)(done - start), text.len);
        else if (start >= done)
            write_alone(outputs, output, text, batch->newlines[i]);
        start = end;
    }
}

/* What standard output has to get first; false: it does not take all of it now. */
static bool flush_held(struct outputs *outputs)
{
    enum written result = unwritten_write(&outputs->held);
    if (result == FAILED)
        unwritten_clear(&outputs->held);
    return result != GAVE_WAY;
}

/* A batch that could not be written.  A report may run user code, before which all outputs are
 * flushed: the batch is not the output's meanwhile. */
static void write_events(struct outputs *outputs, struct output *output)
{
    struct batch batch = output->batch;
    struct buf text = output->waiting.text;
    size_t done = output->waiting.done;
    output->batch = (struct batch){0};
    unwritten_hold();
    output->waiting.text = (struct buf){0};
    output->waiting.done = 0;
    unwritten_release();
    write_rest(outputs, output, &batch, buf_bytes(&text), done);
    buf_free(&text);
    batch_free(&batch);
}

/* Returns the output after this one; which that is may change on the way.  An output that could not
 * be opened again is dropped: upstream holds none either.  One that gives way to a signal keeps what
 * it could not write. */
static struct output *flush_output(struct outputs *outputs, struct output *output)
{
    if (output->batch.events == 0 || (output == outputs->stdio && !flush_held(outputs)))
        return output->next;
    enum written result = unwritten_write(&output->waiting);
    if (result == GAVE_WAY)
        return output->next;
    output->works = result == WRITTEN;
    if (result == WRITTEN)
        output->batch.events = 0;
    else
        write_events(outputs, output);
    struct output *next = output->next;
    if (output->waiting.fd < 0)
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
    output->waiting.fd = fd;
    unwritten_enter(&output->waiting);
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

static void batch_add(struct output *output, struct bytes event, bool newline)
{
    struct batch *batch = &output->batch;
    struct buf *text = &output->waiting.text;
    if (batch->events == batch->room) {
        batch->room = batch->room > 0 ? 2 * batch->room : 16;
        batch->lengths = mem_array(batch->lengths, batch->room, sizeof(*batch->lengths));
        batch->newlines = mem_array(batch->newlines, batch->room, sizeof(*batch->newlines));
    }
    batch->lengths[batch->events] = event.len + newline;
    batch->newlines[batch->events++] = newline;
    unwritten_hold();
    buf_add(text, event);
    if (newline)
        buf_char(text, '\n');
    unwritten_release();
}

static void add_event(struct outputs *outputs, struct output *output, struct bytes event,
                      bool newline)
{
    batch_add(output, event, newline);
    if (!output->batched || !output->works || output->waiting.text.len >= BATCH)
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
    hold_rest(outputs);
    unwritten_add(&outputs->held, text);
    flush_held(outputs);
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
    report(outputs, file, event, write_once(fd, event), event.len);
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
    flush_held(outputs);
    while (output)
        output = flush_output(outputs, output);
}

void outputs_close_all(struct outputs *outputs)
{
    outputs_flush(outputs);
    while (outputs->first)
        close_output(outputs, outputs->first);
}
