/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inputs of a replay: a byte of choices, then two files, parted by a line "====".  Each may be
 * compressed, and cut at its end.
 *
 * No line is lost and none is made, the time by which lines come never goes back, and a text lasts
 * as long as a window may point to it. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "replay/merge.h"

enum { INPUTS = 2 };
enum choice { REORDER = 1, OBJECTS = 2, COMPRESSED = 4, CUT = 8, TWO_FILES = 16, LONG = 32 };

static struct time_options *times;
static struct object_template *template;

static void start(void)
{
    struct buf why = {0};
    setenv("TZ", "UTC", 1);
    times = time_options_new();
    if (!time_options_zone(times, B("UTC"), &why) || !time_options_year(times, B("2024"), &why))
        abort();
    template = object_template_new((struct bytes){0}, &why);
}

/* -- Files -- */

static uint32_t checksum(struct bytes text)
{
    uint32_t sum = UINT32_MAX;
    for (size_t i = 0; i < text.len; i++) {
        sum ^= (unsigned char)text.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum;
}

static void add_number(struct buf *out, uint32_t number, size_t bytes)
{
    for (; bytes-- > 0; number >>= 8)
        buf_char(out, (char)(number & 0xff));
}

/* As gzip has it, but stored as it is (RFC 1952, RFC 1951 3.2.4). */
static void compress(struct buf *out, struct bytes text)
{
    uint32_t sum = checksum(text), size = (uint32_t)text.len;
    buf_add(out, B("\x1f\x8b\x08\0\0\0\0\0\0\xff"));
    do {
        struct bytes piece = take_bytes(&text, UINT16_MAX);
        buf_char(out, text.len == 0);
        add_number(out, (uint32_t)piece.len, 2);
        add_number(out, ~(uint32_t)piece.len, 2);
        buf_add(out, piece);
    } while (text.len > 0);
    add_number(out, sum, 4);
    add_number(out, size, 4);
}

struct made_file {
    int fd;
    char name[32];
};

/* What begins as a compressed file is read as one. */
static bool has_mark(struct bytes text)
{
    return text.len > 0 && memchr("\x1f\xfd\x28\x42", *text.ptr, 4);
}

static struct bytes make_file(struct made_file *file, struct bytes text, unsigned choice)
{
    struct buf out = {0};
    if ((choice & COMPRESSED) || has_mark(text))
        compress(&out, text);
    else
        buf_add(&out, text);
    if ((choice & CUT) && (choice & COMPRESSED))
        out.len -= out.len / 3;
    file->fd = memfd_create("input", MFD_CLOEXEC);
    if (file->fd < 0 || write(file->fd, out.ptr ? out.ptr : "", out.len) != (ssize_t)out.len)
        abort();
    buf_free(&out);
    snprintf(file->name, sizeof(file->name), "/proc/self/fd/%d", file->fd);
    return bytes_of(file->name);
}

/* -- What is to come -- */

struct expected {
    uint64_t lines, hash; /* the order of lines does not matter */
};

static uint64_t hash_of(struct bytes text)
{
    uint64_t hash = 14695981039346656037u + text.len;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 1099511628211u;
    return hash;
}

static void expect(struct expected *expected, struct bytes text)
{
    while (text.len > 0) {
        expected->lines++;
        expected->hash += hash_of(take_line(&text));
    }
}

struct one_input {
    struct file_set set;
    struct bytes files[2], texts[2];
    struct made_file made[2];
    struct expected expected, got;
    struct bytes last; /* the text that a window may point to, */
    uint64_t last_hash;
};

/* -- Runs -- */

static void check_last(const struct one_input inputs[INPUTS])
{
    for (int i = 0; i < INPUTS; i++) {
        if (inputs[i].last.ptr && hash_of(inputs[i].last) != inputs[i].last_hash)
            abort();
    }
}

static void take_all(struct merge *merge, struct one_input inputs[INPUTS])
{
    struct line_source *source;
    struct bytes line;
    int64_t second = INT64_MIN;
    int32_t nanoseconds = 0;
    while (!feed_ended(&merge->feed)) {
        if (!feed_has_line(&merge->feed))
            for (int i = 0; i < INPUTS; i++)
                inputs[i].last.ptr = NULL;
        if (feed_next(&merge->feed, &line, &source) != FEED_LINE)
            continue;
        check_last(inputs);
        const struct replay_input *from = merge_input(merge);
        struct one_input *input = &inputs[from - merge->inputs];
        if (compare_moments(from->order, from->order_nanoseconds, second, nanoseconds) < 0)
            abort();
        second = from->order;
        nanoseconds = from->order_nanoseconds;
        input->got.lines++;
        input->got.hash += input->last_hash = hash_of(line);
        input->last = line;
        source_position(source);
    }
}

/* With too little time in its lines an input is refused, and says so. */
static void check_all(const struct one_input *input, const struct replay_input *read,
                      unsigned choice)
{
    bool whole = read->troubles.len == 0;
    if (input->got.lines > input->expected.lines || (read->refused && whole) ||
        (whole && input->got.lines < input->expected.lines) ||
        (!whole && !read->refused && !(choice & CUT)))
        abort();
    if (whole && !(choice & OBJECTS) && input->got.hash != input->expected.hash)
        abort();
    if ((choice & OBJECTS) && read->objects.made + read->objects.left < input->got.lines)
        abort();
}

static void open_input(struct one_input *input, struct replay_input *read, struct bytes text,
                       unsigned choice)
{
    static const struct bytes names[] = {{"a", 1}, {"b", 1}};
    size_t count = choice & TWO_FILES ? 2 : 1;
    struct line_options options = {.times = times,
                                   .reorder = choice & REORDER ? 10 : 0,
                                   .template = choice & OBJECTS ? template : NULL};
    input->texts[0] = count == 2 ? bytes_slice(text, 0, text.len / 2) : text;
    input->texts[1] = bytes_from(text, input->texts[0].len);
    for (size_t i = 0; i < count; i++) {
        expect(&input->expected, input->texts[i]);
        input->files[i] = make_file(&input->made[i], input->texts[i], choice);
    }
    input->set = (struct file_set){
        .name = names[0], .context = names[1], .count = count, .files = input->files};
    replay_input_open(read, &input->set, &options);
}

static void run(struct bytes texts[INPUTS], unsigned choice)
{
    struct one_input inputs[INPUTS] = {0};
    struct replay_input reads[INPUTS];
    struct merge merge;
    bool sound = true;
    for (int i = 0; i < INPUTS; i++) {
        open_input(&inputs[i], &reads[i], texts[i], choice);
        sound = replay_input_survey(&reads[i]) && sound;
    }
    if (sound) {
        merge_start(&merge, reads, INPUTS);
        take_all(&merge, inputs);
        merge_free(&merge);
    }
    for (int i = 0; i < INPUTS; i++) {
        if (sound)
            check_all(&inputs[i], &reads[i], choice);
        replay_input_free(&reads[i]);
        for (size_t file = 0; file < inputs[i].set.count; file++)
            close(inputs[i].made[file].fd);
    }
}

/* Many times the same lines, so that they pass the end of a block. */
static struct bytes repeat(struct buf *out, struct bytes text, unsigned choice)
{
    size_t times_over = choice & LONG ? 80000 / (text.len + 1) : 1;
    for (size_t i = 0; i < times_over; i++)
        buf_add(out, text);
    return buf_bytes(out);
}

static void one(struct bytes input)
{
    struct buf rooms[INPUTS] = {0};
    struct bytes texts[INPUTS];
    unsigned choice = take_byte(&input);
    texts[0] = repeat(&rooms[0], take_until(&input, B("====\n")), choice);
    texts[1] = repeat(&rooms[1], input, choice & ~(unsigned)LONG);
    run(texts, choice);
    for (int i = 0; i < INPUTS; i++)
        buf_free(&rooms[i]);
}

FUZZ_TARGET(start, one)
