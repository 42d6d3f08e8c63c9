/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, with a thread for each that is compressed.
 *
 * The thread fills a ring of blocks and waits when all are full; the reader empties them and waits
 * when none is full.  Each touches only the blocks that are its own at the time, so the lock guards
 * nothing but the counts.
 */
#include "io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "io/archive.h"

enum {
    HEAD = 6, /* bytes that tell what a file is */
    BLOCKS = 4,
    BLOCK = 256 * 1024,
    FILE_BLOCK = 64 * 1024, /* compressed, read at once */
    TICK = 100,             /* milliseconds after which a silent pipe is left to look for a stop */
};

struct block {
    size_t len;
    char bytes[BLOCK];
};

struct ahead {
    const struct archive_library *library;
    struct archive *archive;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t filled, emptied; /* blocks so far; guarded by the lock, as what follows */
    bool ended, failed, stop;
    size_t at;             /* in the block that is being emptied; the reader's */
    char file[FILE_BLOCK]; /* the thread's */
    struct block blocks[BLOCKS];
};

struct stream {
    int fd;
    _Atomic uint64_t taken;
    char head[HEAD]; /* was read to look at it, and comes first */
    size_t head_len, head_at;
    struct ahead *ahead; /* NULL: not compressed */
    struct bytes error;  /* owned */
};

static const volatile sig_atomic_t *stop; /* NULL: nothing does */

void stream_interrupt(const volatile sig_atomic_t *flag)
{
    stop = flag;
}

static bool is_stopped(void)
{
    return stop && *stop;
}

static bool is_unwanted(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    bool unwanted = ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    return unwanted;
}

/* The file. */

/* false: nobody wants more.  A signal may come to another thread, or just before the wait. */
static bool wait_for_bytes(struct stream *stream)
{
    struct pollfd file = {.fd = stream->fd, .events = POLLIN};
    while (!is_stopped() && !(stream->ahead && is_unwanted(stream->ahead))) {
        int ready = poll(&file, 1, TICK);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
    return false;
}

static ptrdiff_t read_file(struct stream *stream, char *room, size_t size)
{
    if (stream->head_at < stream->head_len) {
        size_t rest = stream->head_len - stream->head_at, len = rest < size ? rest : size;
        memcpy(room, stream->head + stream->head_at, len);
        stream->head_at += len;
        return (ptrdiff_t)len;
    }
    if (!wait_for_bytes(stream))
        return 0;
    ssize_t got;
    do {
        got = read(stream->fd, room, size);
    } while (got < 0 && errno == EINTR && !is_stopped());
    if (got < 0 && errno == EINTR)
        return 0;
    if (got > 0)
        stream->taken += (uint64_t)got;
    return got;
}

static bool read_head(struct stream *stream)
{
    while (stream->head_len < HEAD && wait_for_bytes(stream)) {
        ssize_t got = read(stream->fd, stream->head + stream->head_len, HEAD - stream->head_len);
        if (got < 0 && errno != EINTR)
            return false;
        if (got == 0)
            break;
        if (got > 0)
            stream->head_len += (size_t)got;
    }
    stream->taken = stream->head_len;
    return true;
}

static bool is_compressed(const struct stream *stream)
{
    static const struct bytes marks[] = {
        {"\x1f\x8b", 2},                 /* gzip */
        {"\xfd\x37\x7a\x58\x5a\x00", 6}, /* xz */
        {"\x28\xb5\x2f\xfd", 4},         /* zstd */
        {"BZh", 3},                      /* bzip2 */
    };
    struct bytes head = {stream->head, stream->head_len};
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (bytes_starts(head, marks[i]))
            return true;
    return false;
}

/* The thread. */

static la_ssize_t give_archive(struct archive *archive, void *arg, const void **bytes)
{
    struct stream *stream = arg;
    ptrdiff_t got = read_file(stream, stream->ahead->file, FILE_BLOCK);
    *bytes = stream->ahead->file;
    if (got < 0)
        stream->ahead->library->archive_set_error(archive, errno, "%s", error_text(errno).ptr);
    return got;
}

static bool open_archive(struct stream *stream)
{
    const struct archive_library *library = stream->ahead->library;
    struct archive *archive = stream->ahead->archive;
    struct archive_entry *entry;
    library->archive_read_support_filter_gzip(archive);
    library->archive_read_support_filter_xz(archive);
    library->archive_read_support_filter_zstd(archive);
    library->archive_read_support_filter_bzip2(archive);
    library->archive_read_support_format_raw(archive);
    library->archive_read_support_format_empty(archive);
    if (library->archive_read_open(archive, stream, NULL, give_archive, NULL) != ARCHIVE_OK ||
        library->archive_read_next_header(archive, &entry) != ARCHIVE_OK)
        return false;
    /* A head that is cut off is taken for a text. */
    if (library->archive_filter_code(archive, 0) != ARCHIVE_FILTER_NONE)
        return true;
    library->archive_set_error(archive, EINVAL, "damaged at its beginning");
    return false;
}

/* NULL: nobody wants more. */
static struct block *wait_for_room(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->filled - ahead->emptied == BLOCKS)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    struct block *block = ahead->stop ? NULL : &ahead->blocks[ahead->filled % BLOCKS];
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

static void hand_over(struct ahead *ahead, bool any, bool ended, bool failed)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->filled += any;
    ahead->ended = ended;
    ahead->failed = failed;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

/* As much as there is, up to a whole block; false: that was all. */
static bool fill_block(struct ahead *ahead, struct block *block, bool *failed)
{
    block->len = 0;
    while (block->len < BLOCK) {
        la_ssize_t got = ahead->library->archive_read_data(
            ahead->archive, block->bytes + block->len, BLOCK - block->len);
        if (got == ARCHIVE_RETRY)
            continue;
        *failed = got < 0;
        if (got <= 0)
            return false;
        block->len += (size_t)got;
    }
    return true;
}

static void *read_ahead(void *arg)
{
    struct stream *stream = arg;
    struct ahead *ahead = stream->ahead;
    struct block *block;
    bool failed = !open_archive(stream), more = !failed;
    while (more && (block = wait_for_room(ahead))) {
        more = fill_block(ahead, block, &failed);
        hand_over(ahead, block->len > 0, !more, failed);
    }
    /* A file with nothing in it has no entry, which is no fault. */
    if (failed && ahead->library->archive_errno(ahead->archive) == 0)
        failed = false;
    hand_over(ahead, false, true, failed);
    return NULL;
}

/* Signals are the main thread's. */
static bool start_thread(struct stream *stream)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&stream->ahead->thread, NULL, read_ahead, stream);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return error == 0;
}

static bool start_ahead(struct stream *stream, const struct archive_library *library)
{
    struct ahead *ahead = stream->ahead = mem_alloc(sizeof(*ahead));
    memset(ahead, 0, offsetof(struct ahead, file));
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    ahead->library = library;
    ahead->archive = library->archive_read_new();
    if (start_thread(stream))
        return true;
    library->archive_read_free(ahead->archive);
    free(ahead);
    stream->ahead = NULL;
    return false;
}

static void stop_ahead(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    ahead->library->archive_read_free(ahead->archive);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead);
}

/* The next block that is not empty; NULL: there is none any more. */
static struct block *wait_for_block(struct ahead *ahead, bool *failed)
{
    struct block *block = NULL;
    pthread_mutex_lock(&ahead->lock);
    while (ahead->filled == ahead->emptied && !ahead->ended)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    if (ahead->filled > ahead->emptied)
        block = &ahead->blocks[ahead->emptied % BLOCKS];
    *failed = !block && ahead->failed;
    pthread_mutex_unlock(&ahead->lock);
    return block;
}

static void give_back(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->emptied++;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    ahead->at = 0;
}

static ptrdiff_t fail(struct stream *stream, const char *why)
{
    bytes_free(stream->error);
    stream->error = bytes_dup(bytes_of(why ? why : "damaged"));
    return -1;
}

static ptrdiff_t read_block(struct stream *stream, char *room, size_t size)
{
    struct ahead *ahead = stream->ahead;
    bool failed;
    struct block *block = wait_for_block(ahead, &failed);
    if (!block && failed && !is_stopped())
        return fail(stream, ahead->library->archive_error_string(ahead->archive));
    if (!block)
        return 0;
    size_t rest = block->len - ahead->at, len = rest < size ? rest : size;
    memcpy(room, block->bytes + ahead->at, len);
    ahead->at += len;
    if (ahead->at == block->len)
        give_back(ahead);
    return (ptrdiff_t)len;
}

/* Without the library the file is there, and reading it fails with the reason. */
static bool decompress(struct stream *stream)
{
    const char *why;
    const struct archive_library *library = archive_library(&why);
    if (library)
        return start_ahead(stream, library);
    fail(stream, why);
    return true;
}

static int open_file(struct bytes name)
{
    if (bytes_eq(name, B("-")))
        return STDIN_FILENO;
    char *path = bytes_cstr(name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    return fd;
}

bool stream_stat(struct bytes name, struct stat *info)
{
    if (bytes_eq(name, B("-")))
        return fstat(STDIN_FILENO, info) == 0;
    char *path = bytes_cstr(name);
    bool known = stat(path, info) == 0;
    free(path);
    return known;
}

struct stream *stream_open(struct bytes name)
{
    struct stream *stream = mem_zalloc(sizeof(*stream));
    stream->fd = open_file(name);
    if (stream->fd >= 0 && read_head(stream) && (!is_compressed(stream) || decompress(stream)))
        return stream;
    int error = errno;
    stream_close(stream);
    errno = error;
    return NULL;
}

void stream_close(struct stream *stream)
{
    if (!stream)
        return;
    if (stream->ahead)
        stop_ahead(stream->ahead);
    if (stream->fd > STDIN_FILENO)
        close(stream->fd);
    bytes_free(stream->error);
    free(stream);
}

ptrdiff_t stream_read(struct stream *stream, char *room, size_t size)
{
    if (stream->ahead)
        return read_block(stream, room, size);
    if (stream->error.ptr)
        return -1;
    ptrdiff_t got = read_file(stream, room, size);
    return got < 0 ? fail(stream, error_text(errno).ptr) : got;
}

struct bytes stream_error(const struct stream *stream)
{
    return stream->error;
}

bool stream_compressed(const struct stream *stream)
{
    return stream->ahead != NULL;
}

uint64_t stream_taken(const struct stream *stream)
{
    return stream->taken;
}
