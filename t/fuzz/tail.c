/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input files that are written, cut off, renamed, removed and made again in any order,
 * while they are followed: each byte of an input is a step.  Beside what the sanitizers
 * see, two oracles.  What has been appended to a file that nothing else happens to comes as
 * lines, each whole, in order and once; and where a line is said to end in a file, the file
 * has it, and never before the line that came before it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/inputs.h"

enum {
    FILES = 3,
    STEPS = 60,
    ROUNDS = 10000,
    IDLE = 100,
    PAUSE = 10 /* milliseconds */,
    LONGEST = 4096
};

#define OLD "old\nrest"

static char folder[] = "/dev/shm/fuzz-tail.XXXXXX"; /* a thousand times faster than a disk */
static const char *const names[] = {"a", "b", "c"};

static struct world {
    struct loop *loop;
    struct clock *clock;
    struct log *log;
    struct inputs *inputs;
    struct input_options options;
    bool with_contexts;
    bool steady[FILES];    /* only ever appended to */
    bool rewritten[FILES]; /* not only appended to, whatever its names were */
    struct feed_position last[FILES];
    struct buf wrote[FILES], read[FILES];
} world;

static void leave_folder(void)
{
    for (int i = 0; i < FILES; i++) {
        char old[16];
        snprintf(old, sizeof(old), "%s.1", names[i]);
        unlink(old);
        unlink(names[i]);
    }
    if (chdir("/") == 0)
        rmdir(folder);
}

static void start(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0)
        abort();
    atexit(leave_folder);
}

static void run_script(void *arg, bool received, struct bytes name)
{
    (void)arg, (void)received, (void)name;
}

static int index_of(const struct line_source *source)
{
    for (int i = 0; i < FILES; i++) {
        if (bytes_eq(source->name, bytes_of(names[i])))
            return i;
    }
    return -1;
}

static bool is_fifo(const char *name)
{
    struct stat st;
    return lstat(name, &st) == 0 && S_ISFIFO(st.st_mode);
}

static void write_file(const char *name, int how, struct bytes text)
{
    int fd = open(name, how | O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0)
        return; /* a FIFO that nobody reads */
    if (write(fd, text.ptr, text.len) != (ssize_t)text.len && !is_fifo(name))
        abort();
    close(fd);
}

/* The file in which a line has ended, if it is there by one of its names; else -1. */
static int open_file_of(const char *name, const struct feed_position *end)
{
    char old[16];
    snprintf(old, sizeof(old), "%s.1", name);
    const char *const paths[] = {name, old};
    for (int i = 0; i < 2; i++) {
        struct stat st;
        int fd = open(paths[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == end->device &&
            st.st_ino == end->inode)
            return fd;
        if (fd >= 0)
            close(fd);
    }
    return -1;
}

/* The line, or as much of it as comes from this file: it may have begun in the one before. */
static bool ends_in(int fd, uint64_t offset, struct bytes line)
{
    static char content[LONGEST];
    size_t len = line.len < LONGEST - 1 ? line.len : LONGEST - 1;
    if (len > offset - 1)
        len = offset - 1;
    ssize_t got = pread(fd, content, len + 1, (off_t)(offset - len - 1));
    return got == (ssize_t)len + 1 && content[len] == '\n' &&
           bytes_eq(bytes_make(content, len), bytes_from(line, line.len - len));
}

static void check_end(int at, const struct line_source *source, struct bytes line)
{
    struct feed_position end = source_position(source), *last = &world.last[at];
    if (world.steady[at] && end.offset != sizeof(OLD) - 1 + world.read[at].len)
        abort();
    if (world.rewritten[at])
        return;
    if (last->device == end.device && last->inode == end.inode && last->offset >= end.offset)
        abort();
    *last = end;
    int fd = open_file_of(names[at], &end);
    if (fd < 0)
        return;
    if (!ends_in(fd, end.offset, line))
        abort();
    close(fd);
}

/* Only lines move positions: a file that takes the place of another has given none yet. */
static void check_positions(void)
{
    for (int i = 0; i < FILES; i++) {
        const struct input *input = inputs_find(world.inputs, bytes_of(names[i]));
        const struct feed_position *last = &world.last[i];
        if (!input || world.rewritten[i] || !last->offset)
            continue;
        struct feed_position now = source_position(&input->source);
        if (now.device != last->device || now.inode != last->inode || now.offset != last->offset)
            abort();
    }
}

static void take_lines(int most)
{
    struct bytes line;
    struct line_source *from;
    int idle = 0;
    for (int rounds = 0; rounds < most; rounds++) {
        enum feed_result result = feed_next(inputs_feed(world.inputs), &line, &from);
        if (result == FEED_NONE) {
            loop_poll(world.loop);
            check_positions();
            if (feed_wait_limit(inputs_feed(world.inputs)) != 0)
                return;
            if (++idle > IDLE) /* the engine would spin */
                abort();
        }
        if (result != FEED_LINE)
            continue;
        int index = index_of(from);
        if (index >= 0) {
            buf_cat(&world.read[index], line, B("\n"));
            check_end(index, from, line);
        }
        if (bytes_chr(line, '\n', 0) >= 0)
            abort();
        source_count_line(from);
    }
}

static void begin(unsigned how)
{
    static const size_t blocks[] = {1, 2, 7, 8192};
    world.options = (struct input_options){.tail = true,
                                           .blocksize = blocks[how % 4],
                                           .reopen_timeout = how & 4 ? 3 : 0,
                                           .check_timeout = how % 32 == 8 ? 2 : 0,
                                           .input_timeout = how & 16 ? 5 : 0,
                                           .rwfifo = true};
    for (int i = 0; i < FILES; i++)
        write_file(names[i], O_TRUNC, B(OLD));
    world.loop = loop_new();
    world.clock = clock_event(1000);
    world.log = log_new(world.clock);
    world.inputs = inputs_new(world.loop, world.log, world.clock, &world.options, run_script, NULL);
    const struct bytes patterns[] = {B("a=A"), B("[bc]")};
    inputs_open(world.inputs, patterns, 2, -1, false, &world.with_contexts);
    for (int i = 0; i < FILES; i++)
        world.steady[i] = inputs_find(world.inputs, bytes_of(names[i])) != NULL;
}

/* A change of names: nothing is known any more of what has to come. */
static void move_names(unsigned how, const char *name)
{
    char old[16];
    snprintf(old, sizeof(old), "%s.1", name);
    switch (how) {
    case 0:
        if (rename(name, old) == 0)
            write_file(name, O_TRUNC, B("fresh\n"));
        break;
    case 1:
        unlink(name);
        break;
    case 2:
        write_file(name, O_TRUNC, B(""));
        break;
    case 3:
        write_file(name, O_TRUNC, B("fresh\nfresh"));
        break;
    case 4:
        if (truncate(name, 3) != 0)
            write_file(name, 0, B("x"));
        break;
    case 5:
        unlink(name);
        if (mkfifo(name, 0600) != 0)
            abort();
        break;
    case 6:
        inputs_drop(world.inputs, bytes_of(name));
        break;
    default:
        inputs_add(world.inputs, bytes_of(name), how & 8 ? B("-") : B("2"), B("CTX"));
    }
}

static void restart(unsigned how)
{
    const struct bytes patterns[] = {B("a b=B"), B("*")};
    for (int i = 0; i < FILES; i++) {
        world.steady[i] = false;
        world.last[i] = (struct feed_position){0};
    }
    if (how & 1)
        inputs_forget_dynamic(world.inputs);
    inputs_open(world.inputs, patterns + (how >> 1 & 1), 1, how & 4 ? 0 : -1, how & 8,
                &world.with_contexts);
}

static void append(int at, struct bytes *input, unsigned length)
{
    struct buf text = {0};
    struct bytes piece = take_bytes(input, length);
    for (unsigned copies = length % 4 == 3 ? 40 : 1; copies > 0; copies--)
        buf_add(&text, piece);
    if (length % 2)
        buf_char(&text, '\n');
    if (!is_fifo(names[at])) {
        write_file(names[at], O_APPEND, buf_bytes(&text));
        buf_add(&world.wrote[at], buf_bytes(&text));
    }
    buf_free(&text);
}

static void step(struct bytes *input)
{
    unsigned byte = take_byte(input);
    int at = (int)(byte % FILES);
    if (byte < 0x60) {
        append(at, input, byte / FILES);
    } else if (byte < 0xa0) {
        take_lines(byte % 8 ? (int)(byte % 8) : ROUNDS);
    } else if (byte < 0xb0) {
        clock_set(world.clock, clock_now(world.clock) + byte % 16);
    } else if (byte < 0xf0) {
        unsigned how = (byte >> 2) % 16;
        world.steady[at] = false;
        if (how >= 2 && how <= 4)
            world.rewritten[at] = true;
        if (how >= 6)
            world.last[at] = (struct feed_position){0};
        move_names(how, names[at]);
    } else {
        restart(byte % 16);
    }
}

/* All that was written to a steady file has come, but for a line that is not whole. */
static void check(int at)
{
    struct bytes wrote = buf_bytes(&world.wrote[at]), read = buf_bytes(&world.read[at]);
    ptrdiff_t last = bytes_rfind(wrote, B("\n"));
    if (!world.steady[at] || bytes_eq(read, bytes_slice(wrote, 0, (size_t)(last + 1))))
        return;
    fprintf(stderr, "%s: %zu bytes of lines came, of %td\n", names[at], read.len, last + 1);
    abort();
}

static void one(struct bytes input)
{
    world = (struct world){0};
    begin(take_byte(&input));
    for (int steps = 0; input.len > 0 && steps < STEPS; steps++)
        step(&input);
    take_lines(ROUNDS);
    if (world.options.check_timeout) {
        clock_set(world.clock, clock_now(world.clock) + 10);
        loop_wait(world.loop, PAUSE);
        take_lines(ROUNDS);
    }
    for (int i = 0; i < FILES; i++) {
        check(i);
        buf_free(&world.wrote[i]);
        buf_free(&world.read[i]);
        unlink(names[i]);
    }
    inputs_free(world.inputs);
    log_free(world.log);
    clock_free(world.clock);
    loop_free(world.loop);
}

FUZZ_TARGET(start, one)
