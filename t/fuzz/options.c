/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line and the resource file: an input has words, one a line, up to a line "----",
 * then what $SECRC's file holds. */
#include <sys/mman.h>

#include "cli/options.h"
#include "fuzz.h"
#include "sandbox.h"

enum { WORDS = 40 };

static int file;

static void start(void)
{
    char name[40];
    file = memfd_create("secrc", MFD_CLOEXEC);
    snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
    setenv("SECRC", name, 1);
    sandbox_enter();
}

/* Numbers that the engine relies on. */
static void check(const struct options *o)
{
    if (o->debug < 1 || o->debug > 6 || o->in.blocksize < 1 || o->bufsize < 0 || o->cleantime < 0 ||
        o->socket_timeout < 1 || o->evstoresize < 0 || o->umask > 0777 || o->in.input_timeout < 0 ||
        (o->group.count > 0 && !o->user) || (o->dump && !*o->dump) || (o->log && !*o->log))
        abort();
}

static void one(struct bytes input)
{
    char name[] = "secant", *words[WORDS + 2] = {name};
    int count = 1;
    struct bytes line = take_until(&input, B("----\n"));
    while (line.len > 0 && count <= WORDS)
        words[count++] = bytes_cstr(take_line(&line));
    if (ftruncate(file, 0) != 0 || pwrite(file, input.ptr, input.len, 0) != (ssize_t)input.len)
        abort();
    struct options *options = options_read(count, words);
    check(options);
    options_free(options);
    while (count > 1)
        free(words[--count]);
}

FUZZ_TARGET(start, one)
