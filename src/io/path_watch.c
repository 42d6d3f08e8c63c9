/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files watched by name, with inotify.
 *
 * A watch has two parts: the file itself (written, truncated, unlinked) and its directory
 * (the name is created, renamed or removed).  Only events about names are requested for a
 * directory, so that writing to other files in it wakes nobody.  Watches of one directory share
 * its inotify watch descriptor, which is removed with the last of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/watch.h"

#define FILE_EVENTS (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_MASK_ADD)
#define FOLDER_EVENTS                                                                              \
    (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD)

/* File systems that other hosts or processes change without inotify being told. */
static bool changes_unseen(const char *path)
{
    static const unsigned long unseen[] = {0x6969,     /* NFS */
                                           0x517b,     /* SMB */
                                           0xff534d42, /* CIFS */
                                           0xfe534d42, /* SMB2 */
                                           0x01021997, /* 9P */
                                           0x65735546, /* FUSE */
                                           0x00c36400, /* Ceph */
                                           0x5346414f /* AFS */};
    struct statfs info;
    if (statfs(path, &info) != 0)
        return false;
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (((unsigned long)info.f_type & 0xffffffff) == unseen[i])
            return true;
    return false;
}

static void drop_number(struct watch *watch, int *number)
{
    int dropped = *number;
    *number = -1;
    if (dropped < 0)
        return;
    for (struct watch *other = watch->loop->watches; other; other = other->next)
        if (other->file == dropped || other->folder == dropped)
            return;
    inotify_rm_watch(watch->loop->inotify, dropped);
}

/* The old number goes after the new one is known: it may be the same. */
static void take_number(struct watch *watch, int *number, int taken)
{
    if (*number == taken)
        return;
    drop_number(watch, number);
    *number = taken;
}

static void attach_file(struct watch *watch)
{
    int number = inotify_add_watch(watch->loop->inotify, watch->path, FILE_EVENTS);
    bool served = number >= 0 || errno == ENOENT;
    take_number(watch, &watch->file, number);
    loop_set_ticking(watch, !served || watch->folder < 0);
}

static void attach_folder(struct watch *watch)
{
    size_t len = (size_t)(watch->name - watch->path);
    char *folder = bytes_cstr(len > 0 ? bytes_make(watch->path, len) : B("."));
    int number = -1;
    if (!changes_unseen(watch->path) && !changes_unseen(folder))
        number = inotify_add_watch(watch->loop->inotify, folder, FOLDER_EVENTS);
    free(folder);
    take_number(watch, &watch->folder, number);
}

/* What an event says about one watch. */
static void hear(struct watch *watch, const struct inotify_event *event)
{
    bool own = event->wd == watch->file, all = (event->mask & IN_Q_OVERFLOW) != 0;
    bool named =
        event->wd == watch->folder && event->len > 0 && strcmp(event->name, watch->name) == 0;
    bool folder = event->wd == watch->folder && event->len == 0;
    if (!own && !all && !named && !folder)
        return;
    if (event->mask & IN_IGNORED) {
        if (own)
            watch->file = -1;
        else
            watch->folder = -1;
    }
    if (folder || all)
        path_watch_attach(watch);
    else if (named && (event->mask & (IN_CREATE | IN_MOVED_TO)))
        attach_file(watch);
    loop_note_watch(watch);
}

static void on_events(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    struct loop *loop = poll->data;
    _Alignas(struct inotify_event) char block[16 * 1024];
    ssize_t len = read(loop->inotify, block, sizeof(block));
    for (const char *at = block; len > 0 && at < block + len;) {
        const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
        for (struct watch *watch = loop->watches; watch; watch = watch->next)
            if (watch->kind == WATCH_PATH)
                hear(watch, event);
        at += sizeof(*event) + event->len;
    }
}

static void open_inotify(struct loop *loop)
{
    loop->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (loop->inotify < 0)
        return;
    if (uv_poll_init(&loop->uv, &loop->inotify_poll, loop->inotify) != 0) {
        close(loop->inotify);
        loop->inotify = -1;
        return;
    }
    loop->inotify_poll.data = loop;
    uv_poll_start(&loop->inotify_poll, UV_READABLE, on_events);
}

void path_watch_attach(struct watch *watch)
{
    if (watch->loop->inotify < 0)
        open_inotify(watch->loop);
    if (watch->loop->inotify < 0) {
        loop_set_ticking(watch, true);
        return;
    }
    attach_folder(watch);
    attach_file(watch);
}

void path_watch_tick(struct watch *watch)
{
    path_watch_attach(watch);
    loop_note_watch(watch);
}

void path_watch_detach(struct watch *watch)
{
    drop_number(watch, &watch->file);
    drop_number(watch, &watch->folder);
}

void path_watches_close(struct loop *loop)
{
    if (loop->inotify < 0)
        return;
    uv_close((uv_handle_t *)&loop->inotify_poll, NULL);
    close(loop->inotify);
    loop->inotify = -1;
}
