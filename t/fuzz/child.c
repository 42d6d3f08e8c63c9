/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What children write.  Each input is one child's output, in pieces of any size with pauses
 * between; the child is a process that copies it from a file.  What comes must be its lines. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/child.h"

static struct loop *loop;
static struct clock *clock_;
static struct log *log_;
static struct children *children;
static size_t blocksize;
static struct buf told;
static int file, ended;
static char command_text[60];

static void on_line(void *arg, struct child *child, struct bytes line)
{
    (void)arg;
    if (!bytes_eq(child->context, B("CTX")) || bytes_chr(line, '\n', 0) >= 0)
        abort();
    buf_cat(&told, line, B("\n"));
}

static void on_end(void *arg, struct child *child, int exit_code)
{
    (void)arg, (void)child;
    ended += exit_code == 0;
}

static void on_drop(void *arg, struct child *child)
{
    (void)arg, (void)child;
}

static void start(void)
{
    static const struct child_events events = {on_line, on_end, NULL, on_drop};
    signal(SIGPIPE, SIG_IGN);
    file = memfd_create("output", 0);
    snprintf(command_text, sizeof(command_text), "/bin/cat /proc/%d/fd/%d", (int)getpid(), file);
    loop = loop_new();
    clock_ = clock_event(1000);
    log_ = log_new(clock_);
    children = children_new(loop, log_, &blocksize, &events, NULL);
}

static void one(struct bytes input)
{
    static const size_t blocks[] = {1, 3, 64, 8192};
    blocksize = blocks[take_byte(&input) % 4];
    if (ftruncate(file, 0) != 0 || pwrite(file, input.ptr, input.len, 0) != (ssize_t)input.len)
        abort();
    ended = 0;
    buf_clear(&told);
    const struct command command = {.text = bytes_of(command_text)};
    if (!children_read(children, &command, B("CTX")))
        return;
    while (children_any(children)) {
        loop_wait(loop, 1000);
        children_check(children, true);
    }
    struct bytes got = buf_bytes(&told);
    bool whole = input.len == 0 || input.ptr[input.len - 1] == '\n';
    if (ended != 1 || got.len != input.len + !whole || !bytes_starts(got, input))
        abort();
}

FUZZ_TARGET(start, one)
