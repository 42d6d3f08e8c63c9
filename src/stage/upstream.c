/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage/upstream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "base/subprocess.h"
#include "base/write_whole.h"
#include "perl/Lockstep_pm.h"
#include "perl/LockstepFeed_pm.h"
#include "perl/LockstepHeld_pm.h"
#include "perl/LockstepSec_pm.h"
#include "perl/LockstepTest_pm.h"

/* -- Modules -- */

/* Once for all tests that have the folder. */
static bool place_module(struct bytes folder, const char *name, struct bytes text)
{
    struct buf path = {0};
    buf_cat(&path, folder, B("/"), bytes_of(name), B("\0"));
    int fd = open(path.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool placed = fd >= 0 ? write_whole(fd, text) : errno == EEXIST;
    if (fd >= 0)
        close(fd);
    buf_free(&path);
    return placed;
}

static bool place_modules(struct bytes folder)
{
    return place_module(folder, "Lockstep.pm", bytes_of(Lockstep_pm)) &&
           place_module(folder, "LockstepHeld.pm", bytes_of(LockstepHeld_pm)) &&
           place_module(folder, "LockstepSec.pm", bytes_of(LockstepSec_pm)) &&
           place_module(folder, "LockstepTest.pm", bytes_of(LockstepTest_pm)) &&
           place_module(folder, "LockstepFeed.pm", bytes_of(LockstepFeed_pm));
}

/* -- The process -- */

void upstream_set(struct bytes name, struct bytes value)
{
    char *n = bytes_cstr(name), *v = bytes_cstr(value);
    setenv(n, v, 1);
    free(n);
    free(v);
}

static void set_environment(const struct upstream_start *start, struct bytes setting)
{
    struct buf load = {0};
    buf_cat(&load, B("-M"), bytes_of(start->module));
    if (start->zone.len > 0)
        upstream_set(B("TZ"), start->zone);
    if (start->set_environment)
        start->set_environment(start->arg);
    upstream_set(B("LOCKSTEP"), setting);
    upstream_set(B("PERL5LIB"), start->folder);
    upstream_set(B("PERL5OPT"), buf_bytes(&load));
    upstream_set(B("PERL_HASH_SEED"), bytes_of(start->seed));
    buf_free(&load);
}

/* Without a terminal: with one SEC would take SIGINT as a wish to end.  With all that it starts it
 * is a group of its own. */
static _Noreturn void become(char *const *argv, int output, int errors)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    setsid();
    dup2(nothing, STDIN_FILENO);
    dup2(errors, STDERR_FILENO);
    if (dup2(output, STDOUT_FILENO) >= 0)
        execvp(argv[0], argv);
    dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static int memory_file(void)
{
    return memfd_create("secant test", MFD_CLOEXEC);
}

void upstream_guard(struct upstream *upstream, struct bytes folder)
{
    upstream->guard = guard_take(upstream->socket, folder);
    upstream->unguarded = upstream->guard ? 0 : errno;
}

bool upstream_start(struct upstream *upstream, const struct upstream_start *start)
{
    int ends[2];
    *upstream = (struct upstream){.pid = -1, .socket = -1, .errors = memory_file()};
    if (upstream->errors < 0 || !place_modules(start->folder) ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    upstream->socket = ends[0];
    upstream->pid = subprocess_fork();
    if (upstream->pid == 0) {
        struct buf full = {0};
        int theirs = fcntl(ends[1], F_DUPFD, 3);
        buf_cat(&full, NUM(theirs), B(" "), start->setting);
        set_environment(start, buf_bytes(&full));
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        guard_put_up(theirs);
        become(start->argv, nothing, upstream->errors);
    }
    int error = errno;
    close(ends[1]);
    if (upstream->pid > 0)
        upstream_guard(upstream, start->folder);
    errno = error;
    return upstream->pid > 0;
}

static void add_errors(const struct upstream *upstream, struct buf *out)
{
    char text[1024];
    ssize_t got = pread(upstream->errors, text, sizeof(text), 0);
    struct bytes said = bytes_make(text, got > 0 ? (size_t)got : 0), line;
    if (bytes_piece(&said, '\n', &line))
        buf_add(out, line);
}

/* One that only has closed its socket is not waited for. */
void upstream_add_end(struct upstream *upstream, struct buf *out)
{
    int status = 0;
    pid_t ended = 0;
    if (upstream->guard)
        guard_end(upstream->guard);
    for (int i = 0; i < 100 && ended == 0; i++) {
        ended = waitpid(upstream->pid, &status, WNOHANG);
        if (ended == 0)
            usleep(10000);
    }
    if (ended == upstream->pid)
        upstream->pid = -1;
    if (ended <= 0)
        buf_add(out, B("says no more"));
    else
        subprocess_add_end(out, status);
    size_t before = out->len;
    buf_add(out, B(": "));
    add_errors(upstream, out);
    if (out->len == before + 2)
        out->len = before;
}

void upstream_end(struct upstream *upstream)
{
    if (upstream->pid > 0) {
        kill(-upstream->pid, SIGKILL);
        kill(upstream->pid, SIGKILL); /* it may not lead its group yet */
        subprocess_wait(upstream->pid);
    }
    if (upstream->socket >= 0)
        close(upstream->socket);
    if (upstream->errors >= 0)
        close(upstream->errors);
    guard_free(upstream->guard);
    buf_free(&upstream->message);
    words_free(&upstream->words);
}

/* -- Its command line -- */

char **upstream_words(struct bytes command)
{
    char **words = NULL;
    size_t count = 0, room = 0;
    for (struct bytes word; bytes_word(&command, &word);) {
        MEM_GROW(words, count + 1, room, 8);
        words[count++] = bytes_cstr(word);
        words[count] = NULL;
    }
    return words;
}

char *upstream_input(struct bytes name, struct bytes context)
{
    struct buf word = {0};
    buf_add(&word, B("--input="));
    for (size_t i = 0; i < name.len; i++) {
        if (bytes_chr(B("*?[]{}~\\ \"'"), name.ptr[i], 0) >= 0)
            buf_char(&word, '\\');
        buf_char(&word, name.ptr[i]);
    }
    if (context.len > 0)
        buf_cat(&word, B("="), context);
    buf_char(&word, '\0');
    return word.ptr;
}

/* -- Words -- */

bool upstream_say(struct upstream *upstream, const struct bytes *words, size_t count)
{
    struct buf message = {0};
    words_add(&message, words, count);
    bool said = send_whole(upstream->socket, buf_bytes(&message));
    buf_free(&message);
    return said;
}

/* So many bytes more of the message. */
static bool receive(struct upstream *upstream, size_t length)
{
    char *room = buf_room(&upstream->message, length);
    for (size_t have = 0; have < length;) {
        ssize_t got = recv(upstream->socket, room + have, length - have, 0);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        have += got < 0 ? 0 : (size_t)got;
    }
    upstream->message.len += length;
    return true;
}

/* Answers what is asked of the guard until there is a message, or the end.  true: something was
 * refused, and is the next message. */
static bool hear_refused(struct upstream *upstream)
{
    struct guard *guard = upstream->guard;
    struct pollfd polls[] = {{upstream->socket, POLLIN, 0}, {-1, POLLIN, 0}};
    while (guard && !guard_hear(guard, &upstream->words)) {
        polls[1].fd = guard->listener;
        if (poll(polls, 2, -1) < 0)
            continue;
        if (polls[0].revents)
            return false;
        guard_answer(guard, polls[1].revents);
    }
    return guard != NULL;
}

/* Nothing is read of what comes after it: that may have to be answered first. */
bool upstream_hear(struct upstream *upstream)
{
    struct bytes rest;
    upstream->words.count = 0;
    if (hear_refused(upstream))
        return true;
    buf_clear(&upstream->message);
    upstream->words.count = 0;
    if (!receive(upstream, 4))
        return false;
    size_t length = words_length(buf_bytes(&upstream->message));
    if (length > LARGEST_MESSAGE || !receive(upstream, length))
        return false;
    rest = buf_bytes(&upstream->message);
    return words_take(&upstream->words, &rest) == WORDS_TAKEN;
}

struct bytes upstream_word(const struct upstream *upstream, size_t at)
{
    return words_at(&upstream->words, at);
}

/* -- Versions -- */

/* "SEC (Simple Event Correlator) 2.9.4" */
static struct bytes version_in(struct bytes text)
{
    struct bytes front = B("SEC (Simple Event Correlator) "), version;
    if (!bytes_starts(text, front))
        return B("");
    text = bytes_from(text, front.len);
    return bytes_word(&text, &version) ? version : B("");
}

/* Its status; false: it has not ended in time. */
static bool wait_for_version(pid_t pid, int seconds, int *status)
{
    for (double end = monotonic_seconds() + seconds; monotonic_seconds() < end;) {
        pid_t ended = waitpid(pid, status, WNOHANG);
        if (ended != 0)
            return ended == pid;
        usleep(10000);
    }
    return false;
}

bool upstream_version(char *const *program, int seconds, struct buf *version, struct buf *why)
{
    char text[256];
    size_t count = 1;
    while (program[count])
        count++;
    char **argv = mem_zarray(count + 2, sizeof(*argv));
    memcpy(argv, program, count * sizeof(*argv));
    argv[count] = (char[]){"--version"};
    struct upstream said = {.socket = -1, .errors = memory_file()};
    int output = memory_file();
    said.pid = output >= 0 && said.errors >= 0 ? subprocess_fork() : -1;
    if (said.pid == 0)
        become(argv, output, said.errors);
    int status = 0;
    bool ended = said.pid > 0 && wait_for_version(said.pid, seconds, &status);
    ssize_t got = ended ? pread(output, text, sizeof(text), 0) : 0;
    buf_add(version, version_in(bytes_make(text, got > 0 ? (size_t)got : 0)));
    if (said.pid < 0)
        buf_add(why, error_text(errno));
    else if (!ended)
        buf_cat(why, bytes_of(program[0]), B(": --version does not answer within "), NUM(seconds),
                B(" s"));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        add_errors(&said, why);
    else if (version->len == 0)
        buf_cat(why, bytes_of(program[0]), B(": this is no SEC: --version does not say so"));
    if (ended)
        said.pid = -1;
    upstream_end(&said);
    close(output);
    free(argv);
    return version->len > 0;
}
