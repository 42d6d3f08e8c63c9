/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocol of sd_notify(3), which needs no library: a text in one datagram. */
#include "cli/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"

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

static void notify(struct bytes state)
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

void notify_ready(void)
{
    notify(B("READY=1"));
}

/* The time lets the manager tell this reload from one before (Type=notify-reload). */
void notify_reloading(void)
{
    struct timespec now;
    char state[64];
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long microseconds = (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld", microseconds);
    notify(bytes_of(state));
}

void notify_stopping(void)
{
    notify(B("STOPPING=1"));
}
