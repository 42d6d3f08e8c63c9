/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of each file.  Descriptors that wait for their fdatasync are our own, as an output
 * may be closed meanwhile. */
#include "durable/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/moved_file.h"
#include "base/sync_folder.h"
#include "base/table.h"

/* So many descriptors wait at the most; others are not to lack them. */
enum { HELD_MOST = 64 };

struct named;

struct output_file {
    struct durable_file is; /* `left` is set while it is told of */
    struct named *named;
    bool changed; /* since it was told of */
    int fd;       /* of what waits for its fdatasync; -1: none */

    bool expected; /* the run before has written to it, and not all is caught up with */
    bool looked;   /* `beyond` has been read, or cannot be */
    bool in_place; /* looked: the name leads to it, */
    bool at_end;   /* and it ends where `beyond` does */
    bool opened;   /* by this run */
    uint64_t size; /* when this run opened it, before it wrote to it; */
    time_t time;   /* and it had been written then */
    uint64_t told; /* expected: the length that the run before has told of */
    struct durable_range *ranges; /* expected, not looked: left before `told`; owned */
    size_t range_count, range_room;
    struct beyond *beyond; /* owned; NULL: nothing can be read */

    struct output_file *next, *prev; /* of the same name, the newest last */
};

/* All files that a name stood for. */
struct named {
    struct bytes name; /* owned */
    struct output_file *first, *last;
    struct named *next, *prev; /* in the order in which they came to be known */
};

struct output_files {
    struct outputs *outputs;
    struct log *log;
    struct table names;
    struct named *first, *last;
    size_t held; /* descriptors */
    uint64_t uses;
    bool failed; /* an fdatasync since all was told: later ones know nothing of what got lost */
    durable_file_told *told;
    void *told_arg;
};

static struct bytes name_of(const void *entry)
{
    return ((const struct named *)entry)->name;
}

/* --- the table ------------------------------------------------------------------------------ */

static struct named *enter_name(struct output_files *files, struct bytes name)
{
    struct named *named = table_find(&files->names, name);
    if (named)
        return named;
    named = mem_zalloc(sizeof(*named));
    named->name = bytes_dup(name);
    LIST_APPEND(files, named);
    table_insert(&files->names, named);
    return named;
}

static struct output_file *find_file(const struct named *named, dev_t device, ino_t inode)
{
    struct output_file *file = named ? named->first : NULL;
    while (file && (file->is.device != device || file->is.inode != inode))
        file = file->next;
    return file;
}

static struct output_file *enter_file(struct output_files *files, struct bytes name, dev_t device,
                                      ino_t inode)
{
    struct named *named = enter_name(files, name);
    struct output_file *file = find_file(named, device, inode);
    if (file)
        return file;
    file = mem_zalloc(sizeof(*file));
    file->is = (struct durable_file){.name = named->name, .device = device, .inode = inode};
    file->named = named;
    file->fd = -1;
    LIST_APPEND(named, file);
    return file;
}

static void forget_look(struct output_file *file)
{
    beyond_free(file->beyond);
    free(file->ranges);
    file->beyond = NULL;
    file->ranges = NULL;
    file->range_count = file->range_room = 0;
    file->expected = file->looked = file->in_place = file->at_end = false;
}

static void release_fd(struct output_files *files, struct output_file *file)
{
    if (file->fd < 0)
        return;
    close(file->fd);
    file->fd = -1;
    files->held--;
}

static void drop_file(struct output_files *files, struct output_file *file)
{
    struct named *named = file->named;
    release_fd(files, file);
    forget_look(file);
    LIST_REMOVE(named, file);
    free(file);
    if (named->first)
        return;
    table_remove(&files->names, named->name);
    LIST_REMOVE(files, named);
    bytes_free(named->name);
    free(named);
}

/* --- following ------------------------------------------------------------------------------ */

static bool is_regular(int fd, struct stat *status)
{
    return fstat(fd, status) == 0 && S_ISREG(status->st_mode);
}

static void note_opened(void *arg, struct bytes name, int fd)
{
    struct output_files *files = arg;
    struct stat status;
    if (!is_regular(fd, &status))
        return;
    struct named *named = table_find(&files->names, name);
    struct output_file *file = find_file(named, status.st_dev, status.st_ino);
    bool known = file != NULL;
    if (!known)
        file = enter_file(files, name, status.st_dev, status.st_ino);
    if (!file->opened) {
        file->size = (uint64_t)status.st_size;
        file->time = status.st_mtime;
    }
    file->opened = true;
    if (!known || status.st_size == 0) /* it may be new: no journal is to know what gets lost */
        sync_folder_of(name);
    if (known)
        return;
    file->is.length = file->size;
    file->changed = true;
    if (files->told)
        files->told(files->told_arg, &file->is);
}

static void sync_fd(struct output_files *files, int fd, struct bytes name)
{
    while (fdatasync(fd) != 0) {
        if (errno == EINTR)
            continue;
        log_msg(files->log, LOG_ERROR, B("Can't sync output file '"), name, B("' ("),
                error_text(errno), B(")"));
        files->failed = true;
        return;
    }
}

/* Without a descriptor of our own it is done here and now. */
static void hold(struct output_files *files, struct output_file *file, int fd)
{
    if (file->fd >= 0)
        return;
    if (files->held < HELD_MOST)
        file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (file->fd < 0)
        sync_fd(files, fd, file->is.name);
    else
        files->held++;
}

static void note_written(void *arg, struct bytes name, int fd)
{
    struct output_files *files = arg;
    struct stat status;
    if (!is_regular(fd, &status))
        return;
    struct output_file *file = enter_file(files, name, status.st_dev, status.st_ino);
    file->is.length = (uint64_t)status.st_size;
    file->changed = true;
    hold(files, file, fd);
}

bool output_files_sync(struct output_files *files)
{
    for (struct named *named = files->first; named && files->held > 0; named = named->next) {
        for (struct output_file *file = named->first; file; file = file->next) {
            if (file->fd >= 0)
                sync_fd(files, file->fd, named->name);
            release_fd(files, file);
        }
    }
    return !files->failed;
}

/* --- telling -------------------------------------------------------------------------------- */

/* What the run before may have written: after what is known of it, before this run did. */
static struct durable_range last_range(const struct output_file *file, uint64_t size)
{
    uint64_t end = file->opened ? file->size : size;
    /* It was cut: what it holds now was written since. */
    return (struct durable_range){end < file->told ? 0 : file->told, end};
}

static void tell(struct output_file *file, durable_file_told *told, void *arg)
{
    struct durable_range *ranges = NULL;
    size_t count = 0, room = 0;
    struct durable_file is = file->is;
    if (file->beyond)
        beyond_left(file->beyond, &ranges, &count, &room);
    for (size_t i = 0; !file->looked && i < file->range_count; i++) {
        MEM_GROW(ranges, count, room, 8);
        ranges[count++] = file->ranges[i];
    }
    if (file->expected && !file->looked && file->opened) {
        struct durable_range last = last_range(file, 0);
        if (last.from == 0)
            count = 0;
        if (last.from < last.to) {
            MEM_GROW(ranges, count, room, 8);
            ranges[count++] = last;
        }
    }
    is.left = ranges;
    is.left_count = count;
    told(arg, &is);
    free(ranges);
    file->changed = false;
}

/* Its name leads to it, or to none; or it has another name. */
static bool is_there(const struct output_file *file)
{
    struct buf path = {0};
    bool there = moved_file_find(file->is.name, file->is.device, file->is.inode, &path);
    buf_free(&path);
    return there;
}

void output_files_tell(struct output_files *files, bool all, durable_file_told *told, void *arg)
{
    if (all) /* nothing that was before it is done again */
        files->failed = false;
    for (struct named *named = files->first, *next_name; named; named = next_name) {
        next_name = named->next;
        for (struct output_file *file = named->first, *next; file; file = next) {
            next = file->next;
            if (all && !file->expected && !is_there(file))
                drop_file(files, file);
            else if (all || file->changed)
                tell(file, told, arg);
        }
    }
}

void output_files_tell_opened(struct output_files *files, durable_file_told *told, void *arg)
{
    files->told = told;
    files->told_arg = arg;
}

/* --- catching up ---------------------------------------------------------------------------- */

void output_files_expect(struct output_files *files, const struct durable_file *is)
{
    struct output_file *file = enter_file(files, is->name, is->device, is->inode);
    forget_look(file);
    file->expected = true;
    file->told = is->length;
    if (!file->opened)
        file->is.length = is->length;
    for (size_t i = 0; i < is->left_count; i++) {
        MEM_GROW(file->ranges, file->range_count, file->range_room, 8);
        file->ranges[file->range_count++] = is->left[i];
    }
}

bool output_files_expects(const struct output_files *files, const struct durable_file *is)
{
    const struct output_file *file =
        find_file(table_find(&files->names, is->name), is->device, is->inode);
    return file && file->expected;
}

static int open_file(struct output_file *file, struct stat *status)
{
    struct buf path = {0};
    int fd = -1;
    if (moved_file_find(file->is.name, file->is.device, file->is.inode, &path))
        fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    else
        errno = ENOENT;
    file->in_place = bytes_eq(buf_bytes(&path), file->is.name);
    buf_free(&path);
    if (fd >= 0 && fstat(fd, status) == 0)
        return fd;
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}

static bool read_beyond(struct output_file *file)
{
    struct stat status;
    int fd = open_file(file, &status);
    if (fd < 0)
        return false;
    struct durable_range last = last_range(file, (uint64_t)status.st_size);
    if (last.from == 0)
        file->range_count = 0;
    if (last.from < last.to) {
        MEM_GROW(file->ranges, file->range_count, file->range_room, 8);
        file->ranges[file->range_count++] = last;
    }
    file->at_end =
        file->range_count > 0 && file->ranges[file->range_count - 1].to == (uint64_t)status.st_size;
    file->beyond = beyond_read(fd, file->ranges, file->range_count);
    if (!file->opened)
        file->is.length = last.to;
    file->changed = true;
    return file->beyond != NULL;
}

static void look(struct output_files *files, struct output_file *file)
{
    if (file->looked)
        return;
    if (!read_beyond(file))
        log_msg(files->log, LOG_WARN, B("What was written last to file '"), file->is.name,
                B("' by the run before can't be looked up and may be written twice ("),
                error_text(errno), B(")"));
    file->looked = true;
}

/* Would what is written next to the name follow what the run before has written last? */
static bool is_end(const struct output_file *file)
{
    return file->beyond && file->in_place && file->at_end && !file->opened;
}

bool output_files_torn(const struct output_files *files, struct bytes name)
{
    const struct named *named = table_find(&files->names, name);
    for (const struct output_file *file = named ? named->first : NULL; file; file = file->next)
        if (is_end(file) && beyond_is_torn(file->beyond))
            return true;
    return false;
}

size_t output_files_use(struct output_files *files, struct bytes name, struct bytes text)
{
    struct named *named = table_find(&files->names, name);
    for (struct output_file *file = named ? named->first : NULL; file; file = file->next) {
        if (!file->expected)
            continue;
        look(files, file);
        size_t there = file->beyond ? beyond_use(file->beyond, text, is_end(file)) : 0;
        if (there > 0) {
            file->changed = true;
            files->uses++;
            return there;
        }
    }
    return 0;
}

uint64_t output_files_uses(const struct output_files *files)
{
    return files->uses;
}

static void say_left(struct output_files *files, const struct output_file *file)
{
    struct durable_range *ranges = NULL;
    size_t count = 0, room = 0;
    uint64_t sum = 0;
    if (!file->beyond)
        return;
    beyond_left(file->beyond, &ranges, &count, &room);
    for (size_t i = 0; i < count; i++)
        sum += ranges[i].to - ranges[i].from;
    if (count > 0)
        log_msg(files->log, LOG_NOTE, B("File '"), file->is.name, B("' holds "), NUM(sum),
                B(" byte"), PLURAL(sum),
                B(" that the run before, or another program, has written, and this run not again, "
                  "from offset "),
                NUM(ranges[0].from), B(": '"), bytes_trim(beyond_left_line(file->beyond)), B("'"));
    free(ranges);
}

/* Not looked at, as nothing was written to it again: does it hold anything? */
static bool holds_more(struct output_file *file, struct stat *status)
{
    int fd = open_file(file, status);
    if (fd < 0)
        return false;
    close(fd);
    struct durable_range last = last_range(file, (uint64_t)status->st_size);
    return file->range_count > 0 || last.from < last.to;
}

int64_t output_files_last_expected(const struct output_files *files)
{
    struct stat status;
    int64_t last = INT64_MIN;
    for (const struct named *named = files->first; named; named = named->next)
        for (struct output_file *file = named->first; file; file = file->next)
            if (file->expected && holds_more(file, &status)) {
                time_t time = file->opened ? file->time : status.st_mtime;
                last = time > last ? time : last;
            }
    return last;
}

void output_files_caught_up(struct output_files *files)
{
    struct stat status;
    for (struct named *named = files->first; named; named = named->next) {
        for (struct output_file *file = named->first; file; file = file->next) {
            if (!file->expected)
                continue;
            if (!file->looked && holds_more(file, &status))
                look(files, file);
            say_left(files, file);
            file->changed = file->changed || file->beyond;
            forget_look(file);
        }
    }
}

/* --- from the first to the last -------------------------------------------------------------- */

static const struct output_watch follow = {note_opened, note_written};

struct output_files *output_files_new(struct outputs *outputs, struct log *log)
{
    struct output_files *files = mem_zalloc(sizeof(*files));
    files->outputs = outputs;
    files->log = log;
    table_init(&files->names, name_of);
    outputs_watch(outputs, &follow, files);
    return files;
}

void output_files_free(struct output_files *files)
{
    if (!files)
        return;
    outputs_watch(files->outputs, NULL, NULL);
    while (files->first)
        drop_file(files, files->first->first);
    table_free(&files->names);
    free(files);
}
