/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children: their feeds are written and their outputs read as they are ready, and each is waited
 * for by its own pid.  The loop only sets flags here; the engine's round acts on them, child by
 * child in the order of starting.
 */
#include "io/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "io/child_state.h"
#include "io/command.h"

struct children *children_new(struct loop *loop, struct log *log, const size_t *blocksize,
                              const struct child_events *events, void *arg)
{
    struct children *children = mem_zalloc(sizeof(*children));
    children->loop = loop;
    children->log = log;
    children->blocksize = blocksize;
    children->events = *events;
    children->arg = arg;
    return children;
}

static void note_writable(void *arg)
{
    struct child *child = arg;
    child->state->writable = child->state->children->noted = true;
}

static void note_readable(void *arg)
{
    struct child *child = arg;
    child->state->readable = child->state->children->noted = true;
}

static void note_gone(void *arg)
{
    struct child *child = arg;
    child->state->gone = child->state->children->noted = true;
}

/* --- starting ------------------------------------------------------------------------------- */

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static struct child *child_new(struct children *children, const struct command *command, pid_t pid)
{
    struct child *child = mem_zalloc(sizeof(*child));
    struct child_state *state = mem_zalloc(sizeof(*state));
    child->pid = pid;
    child->command = bytes_dup(command->text);
    child->context = bytes_dup(B(""));
    child->state = state;
    state->children = children;
    state->feed = state->output = -1;
    LIST_APPEND(children, child);
    state->end_watch = watch_child(children->loop, pid, note_gone, child);
    return child;
}

static struct child *start_child(struct children *children, const struct command *command,
                                 int input, int output)
{
    struct executable executable;
    if (children->events.before_start)
        children->events.before_start(children->arg);
    executable_read(&executable, command);
    pid_t pid;
    int error;
    do {
        pid = executable_start(&executable, input, output);
        error = errno;
    } while (pid < 0 && children_make_room(children, error));
    executable_free(&executable);
    if (pid < 0) {
        log_msg(children->log, LOG_ERROR, B("Could not fork command '"), command->text, B("' ("),
                error_text(error), B(")"));
        return NULL;
    }
    struct child *child = child_new(children, command, pid);
    log_msg(children->log, LOG_DETAIL, B("Child "), NUM(pid), B(" created for command '"),
            command->text, B("'"));
    return child;
}

/* A pipe whose end for us does not block. */
static bool make_pipe(struct children *children, const struct command *command, int ends[2],
                      int ours)
{
    while (pipe2(ends, O_CLOEXEC) != 0) {
        int error = errno;
        if (children_make_room(children, error))
            continue;
        log_msg(children->log, LOG_ERROR, B("Could not create pipe for command '"), command->text,
                B("' ("), error_text(error), B(")"));
        return false;
    }
    fcntl(ends[ours], F_SETFL, O_NONBLOCK);
    return true;
}

struct child *children_run(struct children *children, const struct command *command)
{
    return start_child(children, command, -1, -1);
}

struct child *children_read(struct children *children, const struct command *command,
                            struct bytes context)
{
    int ends[2];
    if (!make_pipe(children, command, ends, 0))
        return NULL;
    struct child *child = start_child(children, command, -1, ends[1]);
    close(ends[1]);
    if (!child) {
        close(ends[0]);
        return NULL;
    }
    bytes_free(child->context);
    child->context = bytes_dup(context);
    child->reading = true;
    child->state->output = ends[0];
    child->state->output_watch = watch_readable(children->loop, ends[0], note_readable, child);
    return child;
}

/* --- feeding -------------------------------------------------------------------------------- */

static void end_feed(struct child_state *state)
{
    watch_free(state->feed_watch);
    state->feed_watch = NULL;
    close_end(&state->feed);
    bytes_free(state->input);
    state->input = (struct bytes){0};
    state->written = 0;
    state->writable = false;
}

/* write(2) to a reader that may be gone.  Upstream leaves that to another process, so that what
 * user code has made of SIGPIPE does not matter. */
static ssize_t write_without_sigpipe(int fd, struct bytes text)
{
    sigset_t pipe_set, before;
    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_set, &before);
    ssize_t done = write(fd, text.ptr, text.len);
    int error = errno;
    if (done < 0 && error == EPIPE)
        sigtimedwait(&pipe_set, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return done;
}

/* Writes what the pipe takes; returns how much, and sets *done when no more is to be written:
 * all is, or nobody reads it. */
static size_t write_feed(int fd, struct bytes input, bool *done)
{
    size_t written = 0;
    *done = false;
    while (written < input.len) {
        ssize_t part = write_without_sigpipe(fd, bytes_from(input, written));
        if (part >= 0) {
            written += (size_t)part;
        } else if (errno != EINTR) {
            *done = errno != EAGAIN;
            return written;
        }
    }
    *done = true;
    return written;
}

static void go_on_feeding(struct child_state *state)
{
    bool done;
    state->writable = false;
    state->written += write_feed(state->feed, bytes_from(state->input, state->written), &done);
    if (done)
        end_feed(state);
}

struct child *children_feed(struct children *children, const struct command *command,
                            struct bytes input)
{
    int ends[2];
    bool done;
    if (!make_pipe(children, command, ends, 1))
        return NULL;
    struct child *child = start_child(children, command, ends[0], -1);
    close(ends[0]);
    if (!child) {
        close(ends[1]);
        return NULL;
    }
    struct child_state *state = child->state;
    state->fed = true;
    state->feed = ends[1];
    size_t written = write_feed(state->feed, input, &done);
    if (done) {
        end_feed(state);
        return child;
    }
    state->input = bytes_dup(bytes_from(input, written));
    state->feed_watch = watch_writable(children->loop, state->feed, note_writable, child);
    return child;
}

/* --- reading -------------------------------------------------------------------------------- */

void child_end_output(struct child *child)
{
    watch_free(child->state->output_watch);
    child->state->output_watch = NULL;
    close_end(&child->state->output);
    child->state->readable = child->reading = false;
}

static void hand_out(struct child *child, size_t from, size_t to)
{
    struct children *children = child->state->children;
    struct bytes line = bytes_slice(buf_bytes(&child->state->unread), from, to);
    children->events.line(children->arg, child, line);
}

/* Hands out the whole lines; at the end of the output the rest is one, too. */
static void hand_out_lines(struct child *child)
{
    struct child_state *state = child->state;
    struct buf *unread = &state->unread;
    size_t begin = 0, at = state->scanned;
    for (const char *newline; at < unread->len; begin = at) {
        newline = memchr(unread->ptr + at, '\n', unread->len - at);
        if (!newline)
            break;
        at = (size_t)(newline - unread->ptr) + 1;
        hand_out(child, begin, at - 1);
    }
    if (state->output < 0 && begin < unread->len) {
        hand_out(child, begin, unread->len);
        begin = unread->len;
    }
    if (begin > 0 && begin < unread->len)
        memmove(unread->ptr, unread->ptr + begin, unread->len - begin);
    unread->len -= begin;
    state->scanned = unread->len;
    if (unread->len == 0)
        buf_clear(unread);
}

/* What was read before the child's turn. */
static void hand_out_early(struct child *child, size_t *total)
{
    if (!child->state->early)
        return;
    child->state->early = false;
    *total += child->state->unread.len;
    hand_out_lines(child);
}

/* Reads once and adds to *total what came; false when nothing more can be read now. */
static bool read_once(struct child *child, size_t *total)
{
    struct child_state *state = child->state;
    struct children *children = state->children;
    size_t size = *children->blocksize;
    ssize_t got;
    do {
        got = read(state->output, buf_room(&state->unread, size), size);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        state->unread.len += (size_t)got;
        *total += (size_t)got;
    } else if (got < 0 && errno == EAGAIN) {
        state->readable = false;
        return false;
    } else {
        if (got < 0)
            log_msg(children->log, LOG_ERROR, B("Process "), NUM(child->pid), B(" pipe IO error ("),
                    error_text(errno), B("), closing the pipe"));
        child_end_output(child);
    }
    hand_out_lines(child);
    return state->output >= 0;
}

/* --- the engine's round --------------------------------------------------------------------- */

static void forget_child(struct child *child)
{
    struct children *children = child->state->children;
    LIST_REMOVE(children, child);
    end_feed(child->state);
    child_end_output(child);
    watch_free(child->state->end_watch);
    buf_free(&child->state->unread);
    free(child->state);
    bytes_free(child->command);
    bytes_free(child->context);
    free(child);
}

static void drop_child(struct child *child)
{
    struct children *children = child->state->children;
    if (children->events.dropped)
        children->events.dropped(children->arg, child);
    forget_child(child);
}

enum fate { RUNS, ENDED, TAKEN /* by user code that waits for any child */ };

static enum fate look_at(const struct child *child, int *exit_code)
{
    int status = child->state->status;
    pid_t pid = child->pid;
    while (!child->state->reaped) {
        pid = waitpid(child->pid, &status, WNOHANG);
        if (pid >= 0 || errno != EINTR)
            break;
    }
    if (pid < 0)
        return TAKEN;
    if (pid == 0 || !(WIFEXITED(status) || WIFSIGNALED(status)))
        return RUNS;
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return ENDED;
}

/* Reads what a child has left behind.  That is no more than its pipe holds; another process that
 * has the pipe, too, could go on for ever. */
static void read_rest(struct child *child, size_t *total)
{
    int fd = child->state->output;
    int held = fd >= 0 ? fcntl(fd, F_GETPIPE_SZ) : 0;
    size_t limit = *total + (held > 0 ? (size_t)held : 0);
    bool more = fd >= 0;
    while (more && *total <= limit)
        more = read_once(child, total);
    hand_out_early(child, total);
}

static void note_leftover(void *arg)
{
    struct leftover *leftover = arg;
    while (waitpid(leftover->pid, NULL, WNOHANG) < 0 && errno == EINTR)
        ;
    leftover->pid = 0;
}

/* Forgets the leftovers that have ended, or all. */
static void drop_leftovers(struct children *children, bool all)
{
    struct leftover **at = &children->leftovers;
    while (*at) {
        struct leftover *leftover = *at;
        if (leftover->pid != 0 && !all) {
            at = &leftover->next;
            continue;
        }
        *at = leftover->next;
        watch_free(leftover->end_watch);
        free(leftover);
    }
}

static void leave_running(struct children *children, pid_t pid)
{
    struct leftover *leftover = mem_zalloc(sizeof(*leftover));
    drop_leftovers(children, false);
    leftover->pid = pid;
    leftover->next = children->leftovers;
    children->leftovers = leftover;
    leftover->end_watch = watch_child(children->loop, pid, note_leftover, leftover);
}

/* Takes leave of a child whose process is gone: its last lines, then its end.  Upstream's process
 * between engine and command ends with 0 at SIGTERM, at once and whatever the command then does. */
static void finish_child(struct child *child, size_t *total)
{
    struct children *children = child->state->children;
    bool left_alone = child->state->fed && child->state->terminated;
    int exit_code = 0;
    enum fate fate = look_at(child, &exit_code);
    if (fate == RUNS && !left_alone)
        return;
    if (fate == RUNS)
        leave_running(children, child->pid);
    read_rest(child, total);
    if (fate == TAKEN) {
        drop_child(child);
        return;
    }
    if (left_alone)
        exit_code = 0;
    children->events.ended(children->arg, child, exit_code);
    forget_child(child);
}

static void read_outputs(struct children *children, size_t *total)
{
    for (struct child *child = children->first; child; child = child->next) {
        hand_out_early(child, total);
        if (child->state->readable)
            read_once(child, total);
        if (child->state->readable)
            children->noted = true;
    }
}

static bool any_readable(const struct children *children)
{
    for (const struct child *child = children->first; child; child = child->next)
        if (child->state->readable || child->state->early)
            return true;
    return false;
}

bool children_check(struct children *children, bool read_output)
{
    size_t total = 0;
    if (!children->first)
        return false;
    loop_freshen(children->loop);
    if (!children->noted)
        return false;
    children->noted = false;
    for (struct child *child = children->first; child; child = child->next)
        if (child->state->writable)
            go_on_feeding(child->state);
    if (read_output)
        read_outputs(children, &total);
    else
        children->noted = any_readable(children);
    for (struct child *child = children->first, *next; child; child = next) {
        next = child->next;
        if (child->state->gone && child->state->feed < 0)
            finish_child(child, &total);
    }
    return total > 0;
}

bool children_any(const struct children *children)
{
    return children->first != NULL;
}

void children_terminate(struct children *children)
{
    for (struct child *child = children->first, *next; child; child = next) {
        int exit_code = 0;
        next = child->next;
        if (look_at(child, &exit_code) != RUNS) {
            drop_child(child);
            continue;
        }
        log_msg(children->log, LOG_NOTE, B("Sending SIGTERM to process "), NUM(child->pid));
        kill(child->pid, SIGTERM);
        child->state->terminated = true;
        end_feed(child->state);
        if (child->state->fed)
            child->state->gone = children->noted = true;
    }
}

bool child_waits(const struct child *child)
{
    return child->state->feed >= 0;
}

struct child *children_first(const struct children *children)
{
    return children->first;
}

/* --- the end of the engine ------------------------------------------------------------------ */

/* The feeds that are not done; the array is the caller's. */
static struct child_state **open_feeds(const struct children *children, size_t *count)
{
    struct child_state **feeds = NULL;
    *count = 0;
    for (const struct child *child = children->first; child; child = child->next) {
        if (child->state->feed < 0)
            continue;
        feeds = mem_array(feeds, *count + 1, sizeof(struct child_state *));
        feeds[(*count)++] = child->state;
    }
    return feeds;
}

/* Waits once for feeds to take something, at most so long (-1: no limit), and writes it; false when
 * the time has passed or a signal came. */
static bool feed_once(struct child_state **feeds, size_t count, int milliseconds)
{
    struct pollfd *polls = mem_array(NULL, count + 1, sizeof(*polls));
    for (size_t i = 0; i < count; i++)
        polls[i] = (struct pollfd){.fd = feeds[i]->feed, .events = POLLOUT};
    bool ready = poll(polls, count, milliseconds) > 0;
    for (size_t i = 0; ready && i < count; i++)
        if (polls[i].revents)
            go_on_feeding(feeds[i]);
    free(polls);
    return ready;
}

void children_feed_for(struct children *children, int milliseconds)
{
    int64_t end = monotonic_ms() + milliseconds, left = milliseconds;
    for (bool ready = true; ready && left > 0; left = end - monotonic_ms()) {
        size_t count;
        struct child_state **feeds = open_feeds(children, &count);
        ready = feed_once(feeds, count, (int)left);
        free(feeds);
    }
}

static int compare_feeds(const void *left, const void *right)
{
    const struct child_state *const *a = left, *const *b = right;
    return (*a)->feed - (*b)->feed;
}

/* Files and pipes of the engine would seem to be in use. */
static void close_all_but(struct child_state **feeds, size_t count)
{
    qsort(feeds, count, sizeof(struct child_state *), compare_feeds);
    unsigned first = STDERR_FILENO + 1;
    for (size_t i = 0; i < count; first = (unsigned)feeds[i++]->feed + 1)
        if (first < (unsigned)feeds[i]->feed)
            close_range(first, (unsigned)feeds[i]->feed - 1, 0);
    close_range(first, ~0U, 0);
}

/* The engine's handlers are of no use any more. */
static void set_signals(void)
{
    static const int ignored[] = {SIGHUP, SIGABRT, SIGUSR1, SIGUSR2, SIGPIPE};
    for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
        signal(ignored[i], SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
}

static void write_all(struct child_state **feeds, size_t count)
{
    while (count > 0) {
        feed_once(feeds, count, -1);
        size_t left = 0;
        for (size_t i = 0; i < count; i++)
            if (feeds[i]->feed >= 0)
                feeds[left++] = feeds[i];
        count = left;
    }
}

void children_leave_feeds(struct children *children)
{
    size_t count;
    struct child_state **feeds = open_feeds(children, &count);
    pid_t pid = count > 0 ? fork() : 1;
    if (pid < 0)
        log_msg(children->log, LOG_ERROR, B("Could not fork for writing to child processes ("),
                error_text(errno), B(")"));
    if (pid == 0) {
        set_signals();
        close_all_but(feeds, count);
        for (size_t i = 0; i < count; i++)
            feeds[i]->feed_watch = NULL; /* the loop is the engine's */
        write_all(feeds, count);
        _exit(EXIT_SUCCESS);
    }
    for (size_t i = 0; pid > 0 && i < count; i++)
        end_feed(feeds[i]);
    free(feeds);
}

void children_free(struct children *children)
{
    if (!children)
        return;
    while (children->first)
        drop_child(children->first);
    drop_leftovers(children, true);
    free(children);
}
