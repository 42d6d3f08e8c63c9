/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocol of sd_notify(3), which needs no library: a text in one datagram. */
#include "cli/notify.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/monotonic.h"

enum { PATIENCE = 1 }; /* seconds for a manager whose queue is full */

/* A name that begins with '@' is in the abstract namespace, where '@' stands for NUL. */
static bool manager_address(struct sockaddr_un *address, socklen_t *len)
{
    const char *name = getenv("NOTIFY_SOCKET");
    size_t size = name ? strlen(name) : 0;
    if (size < 2 || size >= sizeof(address->sun_path) || !strchr("/@", name[0]))
        return false;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, name, size);
    if (name[0] == '@')
        address->sun_path[0] = '\0';
    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    return true;
}

static void notify_manager(struct bytes state)
{
    struct sockaddr_un address;
    socklen_t len;
    struct timeval patience = {.tv_sec = PATIENCE};
    if (!manager_address(&address, &len))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sendto(fd, state.ptr, state.len, MSG_NOSIGNAL, (struct sockaddr *)&address, len);
    close(fd);
}

/* What `systemctl status` shows.  That there is nothing to do is no error, but should be seen. */
static void tell_status(struct notify *notify, const struct engine *engine, struct bytes first)
{
    size_t rules = ruleset_rules(engine->rules.set);
    struct buf text = {0};
    notify->inputs = inputs_count(engine->io.inputs);
    notify->open = inputs_count_open(engine->io.inputs);
    buf_cat(&text, first, B("STATUS="));
    if (rules == 0)
        buf_add(&text, B("No rules loaded"));
    else
        buf_cat(&text, NUM(rules), rules == 1 ? B(" rule") : B(" rules"));
    if (notify->inputs == 0)
        buf_add(&text, B(", no input"));
    else if (notify->open == 0)
        buf_cat(&text, B(", none of "), NUM(notify->inputs), B(" inputs open"));
    else
        buf_cat(&text, B(", "), NUM(notify->open), B(" of "), NUM(notify->inputs),
                B(" inputs open"));
    notify_manager(buf_bytes(&text));
    buf_free(&text);
}

static int64_t number_in(const char *variable)
{
    const char *text = getenv(variable);
    int64_t number;
    return text && bytes_uint(bytes_of(text), false, &number) ? number : 0;
}

/* Signs of life are wanted of this process alone; one comes twice in the time given for one. */
static int64_t alive_period(void)
{
    int64_t microseconds = number_in("WATCHDOG_USEC");
    bool ours = !getenv("WATCHDOG_PID") || number_in("WATCHDOG_PID") == getpid();
    return ours && microseconds > 0 ? 1 + microseconds / 2000 : 0;
}

void notify_ready(struct notify *notify, const struct engine *engine)
{
    struct sockaddr_un address;
    socklen_t len;
    notify->listening = manager_address(&address, &len);
    if (!notify->listening)
        return;
    notify->alive_period = alive_period();
    notify->alive = monotonic_ms();
    tell_status(notify, engine, B("READY=1\n"));
}

/* The time lets the manager tell this reload from one before (Type=notify-reload). */
void notify_reloading(void)
{
    struct timespec now;
    char state[64];
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long microseconds = (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld", microseconds);
    notify_manager(bytes_of(state));
}

void notify_stopping(void)
{
    notify_manager(B("STOPPING=1"));
}

int notify_wait_limit(const struct notify *notify)
{
    if (notify->alive_period == 0)
        return -1;
    int64_t left = notify->alive + notify->alive_period - monotonic_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void notify_news(struct notify *notify, const struct engine *engine)
{
    if (!notify->listening)
        return;
    if (notify->inputs != inputs_count(engine->io.inputs) ||
        notify->open != inputs_count_open(engine->io.inputs))
        tell_status(notify, engine, B(""));
    if (notify_wait_limit(notify) != 0)
        return;
    notify_manager(B("WATCHDOG=1"));
    notify->alive = monotonic_ms();
}
