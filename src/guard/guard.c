/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/guard.h"

#include <errno.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "guard/filter.h"
#include "guard/look.h"

/* -- Up -- */

/* The descriptor that listens, or 0 if there is to be none; -1: errno says why. */
static int put_up(struct sock_filter *filter, size_t count, unsigned listens)
{
    struct sock_fprog program = {(unsigned short)count, filter};
    if (!filter)
        return errno = ENOTSUP, -1;
    /* Since 5.16 processors go no slower for it anyway. */
    unsigned flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW | listens;
    int result = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    free(filter);
    return result;
}

/* What is sent: errno, and the descriptor if it is 0. */
struct passed {
    struct msghdr message;
    struct iovec part;
    int error;
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
};

static void prepare(struct passed *passed, bool listener)
{
    *passed = (struct passed){.error = 0};
    passed->part = (struct iovec){&passed->error, sizeof(passed->error)};
    passed->message = (struct msghdr){.msg_iov = &passed->part, .msg_iovlen = 1};
    if (!listener)
        return;
    passed->message.msg_control = &passed->control;
    passed->message.msg_controllen = sizeof(passed->control);
}

static void pass(int socket, int listener, int error)
{
    struct passed passed;
    prepare(&passed, listener >= 0);
    passed.error = error;
    if (listener >= 0) {
        passed.control.head = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&passed.control.head), &listener, sizeof(listener));
    }
    sendmsg(socket, &passed.message, MSG_NOSIGNAL);
}

void guard_put_up(int socket)
{
    size_t count = 0;
    struct sock_filter *filter = filter_new(socket, &count);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int listener = put_up(filter, count, SECCOMP_FILTER_FLAG_NEW_LISTENER);
    pass(socket, listener, listener < 0 ? errno : 0);
    if (listener < 0)
        return;
    close(listener);
    filter = filter_new_end(socket, &count);
    put_up(filter, count, 0);
}

struct guard *guard_take(int socket, struct bytes folder)
{
    struct passed passed;
    int listener;
    ssize_t got;
    prepare(&passed, true);
    do
        got = recvmsg(socket, &passed.message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != sizeof(passed.error) || passed.error != 0 || passed.message.msg_controllen == 0) {
        errno = got == sizeof(passed.error) && passed.error != 0 ? passed.error : EPIPE;
        return NULL;
    }
    memcpy(&listener, CMSG_DATA(&passed.control.head), sizeof(listener));
    struct guard *guard = mem_zalloc(sizeof(*guard));
    guard->listener = listener;
    char *path = bytes_cstr(folder), *real = folder.len > 0 ? realpath(path, NULL) : NULL;
    buf_add(&guard->files, real ? bytes_of(real) : B(""));
    free(path);
    free(real);
    return guard;
}

/* -- Answers -- */

/* getpwnam and its kind ask first whether there is this server for them, and read files if not. */
#define NAME_SERVER "/var/run/nscd/socket"

enum verdict { DONE, REFUSED, TOLD };

static enum verdict judge(struct guard *guard, const struct waiting_call *waiting,
                          struct bytes target)
{
    const struct call *call = waiting->call;
    if (bytes_eq(target, B(GUARD_BEGIN))) {
        guard->begun = true;
        return REFUSED;
    }
    if (!guard->begun || (call->files && look_is_below(waiting, buf_bytes(&guard->files))) ||
        (call->opens && look_is_path(waiting, B("/dev/null"))) || look_is_itself(waiting))
        return DONE;
    return call->target == TARGET_ADDRESS && bytes_eq(target, B(NAME_SERVER)) ? REFUSED : TOLD;
}

/* errno of the answer; 0: the kernel does it. */
static int decide(struct guard *guard, const struct seccomp_notif *asked)
{
    static const struct call unknown = {.name = "syscall"};
    const struct call *call = call_find(asked->data.arch, asked->data.nr);
    uint64_t arguments[6];
    struct waiting_call waiting = {(pid_t)asked->pid, call ? call : &unknown, arguments};
    struct buf target = {0};
    memcpy(arguments, asked->data.args, sizeof(arguments));
    if (call)
        look_target(&waiting, &target);
    else
        buf_num(&target, asked->data.nr);
    enum verdict verdict = judge(guard, &waiting, buf_bytes(&target));
    if (verdict == TOLD)
        words_add(&guard->told,
                  (struct bytes[]){B("escaped"), bytes_of(waiting.call->name), buf_bytes(&target)},
                  3);
    buf_free(&target);
    return verdict == DONE ? 0 : call ? EPERM : ENOSYS;
}

void guard_answer(struct guard *guard, short events)
{
    union { /* the kernel's may be longer than what we know of */
        struct seccomp_notif notif;
        char room[1024];
    } asked = {0};
    union {
        struct seccomp_notif_resp response;
        char room[1024];
    } answer = {0};
    if (guard->heard == guard->told.len) {
        buf_clear(&guard->told);
        guard->heard = 0;
    }
    if (!(events & POLLIN)) {
        if (events) /* whoever could ask has ended */
            guard_end(guard);
        return;
    }
    if (ioctl(guard->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
        return; /* whoever asked has ended meanwhile, or a signal came */
    int error = decide(guard, &asked.notif);
    answer.response.id = asked.notif.id;
    answer.response.error = -error;
    answer.response.flags = error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
    ioctl(guard->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

bool guard_hear(struct guard *guard, struct words *words)
{
    struct bytes rest = bytes_from(buf_bytes(&guard->told), guard->heard);
    if (words_take(words, &rest) != WORDS_TAKEN)
        return false;
    guard->heard = guard->told.len - rest.len;
    return true;
}

void guard_end(struct guard *guard)
{
    if (guard->listener >= 0)
        close(guard->listener);
    guard->listener = -1;
}

void guard_free(struct guard *guard)
{
    if (!guard)
        return;
    guard_end(guard);
    buf_free(&guard->files);
    buf_free(&guard->told);
    free(guard);
}
