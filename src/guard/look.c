/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/look.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

enum { PAGE = 4096, MOST_WORDS = 64, MOST_BYTES = 16 * 1024 /* of a target */ };

/* -- Its memory -- */

/* How many bytes could be read; none, where nothing is. */
static size_t read_memory(pid_t pid, uint64_t at, void *out, size_t size)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): an address in another process */
    struct iovec here = {out, size}, there = {(void *)(uintptr_t)at, size};
    ssize_t got = at ? process_vm_readv(pid, &here, 1, &there, 1, 0) : -1;
    return got > 0 ? (size_t)got : 0;
}

/* Appends a text up to its NUL, page by page; false: it is not there. */
static bool read_text(pid_t pid, uint64_t at, struct buf *out)
{
    for (size_t all = 0; all < MOST_BYTES;) {
        size_t size = PAGE - (size_t)(at % PAGE);
        char *room = buf_room(out, size);
        size_t got = read_memory(pid, at, room, size);
        size_t len = strnlen(room, got);
        out->len += len;
        if (got == 0 || len < got)
            return got > 0;
        at += got;
        all += got;
    }
    return true;
}

/* -- Files -- */

/* The path of a descriptor, or of the present folder for AT_FDCWD; a link that leads there. */
static void add_descriptor(const struct waiting_call *w, uint64_t argument, struct buf *out)
{
    int fd = (int)(uint32_t)argument;
    if (fd == AT_FDCWD)
        buf_printf(out, "/proc/%d/cwd", (int)w->pid);
    else
        buf_printf(out, "/proc/%d/fd/%d", (int)w->pid, fd);
}

/* A path that leads to the file from here: of the pair in AT and ATS, the path in PATH and PATHS,
 * or the descriptor, whose number is `which`.  false: there is none. */
static bool add_path(const struct waiting_call *w, int which, struct buf *out)
{
    enum call_target target = w->call->target;
    bool pair = target == TARGET_AT || target == TARGET_ATS;
    const uint64_t *arguments = w->arguments + w->call->at + which * (pair ? 2 : 1);
    struct buf path = {0};
    if (target != TARGET_FILE && !read_text(w->pid, arguments[pair], &path) &&
        (!pair || arguments[pair] != 0))
        return buf_free(&path), false;
    if (path.len == 0 || *path.ptr != '/')
        add_descriptor(w, target == TARGET_FILE || pair ? arguments[0] : (uint64_t)AT_FDCWD, out);
    if (path.len > 0 && *path.ptr != '/')
        buf_char(out, '/');
    buf_add(out, buf_bytes(&path));
    buf_free(&path);
    return true;
}

static int paths_of(const struct waiting_call *w)
{
    switch (w->call->target) {
    case TARGET_PATH:
    case TARGET_AT:
    case TARGET_FILE:
        return 1;
    case TARGET_PATHS:
    case TARGET_ATS:
        return 2;
    case TARGET_NONE:
    case TARGET_ADDRESS:
    case TARGET_MESSAGE:
    case TARGET_COMMAND:
    case TARGET_NUMBER:
    case TARGET_PROCESS:
        break;
    }
    return 0;
}

static bool is_below(const char *path, struct bytes folder)
{
    struct bytes text = bytes_of(path);
    return bytes_starts(text, folder) && text.len > folder.len && text.ptr[folder.len] == '/';
}

/* A file that is there leads where its links do; one that is not has a folder that is. */
static bool file_is_below(char *path, struct bytes folder)
{
    char real[PATH_MAX + 1];
    struct stat found;
    if (realpath(path, real))
        return is_below(real, folder);
    char *last = strrchr(path, '/');
    if (!last || strcmp(last, "/..") == 0 || lstat(path, &found) == 0)
        return false;
    *last = '\0';
    if (!realpath(path, real))
        return false;
    size_t length = strlen(real);
    memcpy(real + length, "/", 2);
    return is_below(real, folder);
}

bool look_is_below(const struct waiting_call *waiting, struct bytes folder)
{
    int count = paths_of(waiting);
    bool below = folder.len > 0 && count > 0;
    for (int i = 0; i < count && below; i++) {
        struct buf path = {0};
        below = add_path(waiting, i, &path);
        buf_char(&path, '\0');
        below = below && file_is_below(path.ptr, folder);
        buf_free(&path);
    }
    return below;
}

bool look_is_path(const struct waiting_call *waiting, struct bytes path)
{
    struct buf own = {0};
    bool same =
        paths_of(waiting) > 0 && add_path(waiting, 0, &own) && bytes_eq(buf_bytes(&own), path);
    buf_free(&own);
    return same;
}

/* As people read it: without /proc. */
static void show_path(const struct waiting_call *w, int which, struct buf *out)
{
    struct buf path = {0};
    char link[PATH_MAX], *rest;
    bool there = add_path(w, which, &path);
    buf_char(&path, '\0');
    int digits = 0;
    if (there && (sscanf(path.ptr, "/proc/%*d/cwd%n", &digits) == 0 && digits > 0)) {
        rest = path.ptr + digits;
    } else if (there && sscanf(path.ptr, "/proc/%*d/fd/%*d%n", &digits) == 0 && digits > 0) {
        rest = path.ptr + digits;
    } else {
        buf_add(out, there ? bytes_of(path.ptr) : B(""));
        buf_free(&path);
        return;
    }
    char kept = *rest;
    *rest = '\0';
    ssize_t len = readlink(path.ptr, link, sizeof(link));
    *rest = kept;
    buf_cat(out, bytes_make(link, len > 0 ? (size_t)len : 0), bytes_of(rest));
    buf_free(&path);
}

/* -- Sockets -- */

static void show_address(pid_t pid, uint64_t at, uint64_t length, struct buf *out)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
        char bytes[sizeof(struct sockaddr_un) + 1];
    } address = {0};
    char host[INET6_ADDRSTRLEN];
    size_t size = length < sizeof(struct sockaddr_un) ? (size_t)length : sizeof(struct sockaddr_un);
    size_t got = read_memory(pid, at, &address, size);
    int family = address.any.sa_family;
    if (got < sizeof(address.any.sa_family))
        return;
    if (family == AF_UNIX) {
        const char *path = address.un.sun_path;
        bool named = *path != '\0'; /* or of Linux's other names, which begin with NUL */
        buf_cat(out, named ? B("") : B("@"), bytes_of(named ? path : path + 1));
    } else if (family == AF_INET && inet_ntop(family, &address.in.sin_addr, host, sizeof(host))) {
        buf_printf(out, "%s:%d", host, (int)ntohs(address.in.sin_port));
    } else if (family == AF_INET6 &&
               inet_ntop(family, &address.in6.sin6_addr, host, sizeof(host))) {
        buf_printf(out, "%s:%d", host, (int)ntohs(address.in6.sin6_port));
    } else {
        buf_printf(out, "family %d", family);
    }
}

static void show_message(pid_t pid, uint64_t at, struct buf *out)
{
    struct msghdr message = {0};
    if (read_memory(pid, at, &message, sizeof(message)) == sizeof(message))
        show_address(pid, (uintptr_t)message.msg_name, message.msg_namelen, out);
}

/* -- Commands -- */

static void show_command(const struct waiting_call *w, struct buf *out)
{
    uint64_t words = w->arguments[w->call->at + 1], word;
    size_t before = out->len;
    for (size_t i = 0; i < MOST_WORDS; i++) {
        if (read_memory(w->pid, words + i * sizeof(word), &word, sizeof(word)) != sizeof(word) ||
            word == 0)
            break;
        if (i > 0)
            buf_char(out, ' ');
        read_text(w->pid, word, out);
    }
    if (out->len == before)
        read_text(w->pid, w->arguments[w->call->at], out);
}

/* -- All -- */

bool look_is_itself(const struct waiting_call *waiting)
{
    pid_t target = (pid_t)waiting->arguments[waiting->call->at];
    char path[64], line[128];
    int process = 0;
    if (waiting->call->target != TARGET_PROCESS || target <= 0)
        return false;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)waiting->pid);
    FILE *status = fopen(path, "re");
    while (status && fgets(line, sizeof(line), status))
        if (sscanf(line, "Tgid: %d", &process) == 1)
            break;
    if (status)
        fclose(status);
    return target == process || target == waiting->pid;
}

void look_target(const struct waiting_call *waiting, struct buf *out)
{
    const struct call *call = waiting->call;
    const uint64_t *arguments = waiting->arguments + call->at;
    switch (call->target) {
    case TARGET_NONE:
        break;
    case TARGET_PATH:
    case TARGET_AT:
    case TARGET_FILE:
        show_path(waiting, 0, out);
        break;
    case TARGET_PATHS:
    case TARGET_ATS:
        show_path(waiting, 0, out);
        buf_add(out, B(" -> "));
        show_path(waiting, 1, out);
        break;
    case TARGET_ADDRESS:
        show_address(waiting->pid, arguments[0], arguments[1], out);
        break;
    case TARGET_MESSAGE:
        show_message(waiting->pid, arguments[0], out);
        break;
    case TARGET_COMMAND:
        show_command(waiting, out);
        break;
    case TARGET_NUMBER:
    case TARGET_PROCESS:
        buf_num(out, (int32_t)arguments[0]);
        break;
    }
}
