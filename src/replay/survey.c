/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at some lines of an input beforehand, to find out what single lines do not tell: above all
 * the year, which follows from the last line of each file and the modification time of the file.
 *
 * Both ends of a file are looked at, and some lines of each megabyte in between.  A compressed file
 * has to be read completely for that, which is only done if its beginning leaves questions open.
 * Of input that can be read only once, the first bytes are looked at.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "replay/input.h"

enum {
    END = 64 * 1024,   /* bytes of each end */
    SAMPLE = 4 * 1024, /* bytes of each piece */
    PIECE = 1024 * 1024,
};

struct survey {
    struct time_reader *times;
    bool asks; /* there are questions open */
};

/* The whole lines of a text.  It begins with a line, or within one; ends likewise. */
static void look_at(struct survey *survey, struct bytes text, bool from_begin, bool to_end)
{
    size_t at = 0;
    if (!from_begin) {
        ptrdiff_t newline = bytes_chr(text, '\n', 0);
        at = newline < 0 ? text.len : (size_t)newline + 1;
    }
    while (at < text.len) {
        ptrdiff_t newline = bytes_chr(text, '\n', at);
        if (newline < 0 && !to_end)
            return;
        size_t end = newline < 0 ? text.len : (size_t)newline;
        survey->asks |= time_reader_survey(survey->times, bytes_slice(text, at, end));
        at = end + 1;
    }
}

static void look_at_file(struct survey *survey, int fd, off_t size)
{
    char *room = mem_alloc(END);
    off_t last = size > END ? size - END : 0;
    ssize_t got = pread(fd, room, END, 0);
    if (got > 0)
        look_at(survey, bytes_make(room, (size_t)got), true, size <= END);
    for (off_t at = PIECE; at < last; at += PIECE)
        if ((got = pread(fd, room, SAMPLE, at)) > 0)
            look_at(survey, bytes_make(room, (size_t)got), false, false);
    off_t from = size > 2 * END ? last : END;
    if (size > END && (got = pread(fd, room, END, from)) > 0)
        look_at(survey, bytes_make(room, (size_t)got), false, true);
    free(room);
}

/* Nobody knows where it ends before it has ended: so the latest bytes are kept for a look then. */
static void look_at_stream(struct survey *survey, struct stream *stream)
{
    struct buf tail = {0};
    uint64_t seen = 0, next = PIECE;
    ptrdiff_t got;
    while ((got = stream_read(stream, buf_room(&tail, END), END)) > 0) {
        struct bytes fresh = {tail.ptr + tail.len, (size_t)got};
        tail.len += (size_t)got;
        if (seen < END)
            look_at(survey, fresh, seen == 0, false);
        else if (seen >= next) {
            look_at(survey, bytes_slice(fresh, 0, fresh.len < SAMPLE ? fresh.len : SAMPLE), false,
                    false);
            next = seen + PIECE;
        }
        seen += (uint64_t)got;
        if (seen >= END && !survey->asks)
            break;
        if (tail.len > 4 * END) {
            memmove(tail.ptr, tail.ptr + tail.len - END, END);
            tail.len = END;
        }
    }
    look_at(survey, buf_bytes(&tail), seen == tail.len, got <= 0);
    buf_free(&tail);
}

static bool is_standard(struct bytes name)
{
    return bytes_eq(name, B("-"));
}

/* Opens a file that can be read twice; -1: it is none, and a pipe has not been touched: its writer
 * would find it closed again. */
static int open_regular(struct bytes name, struct stat *info)
{
    if (!stream_stat(name, info) || !S_ISREG(info->st_mode))
        return -1;
    if (is_standard(name))
        return STDIN_FILENO;
    char *path = bytes_cstr(name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    return fd;
}

/* false: it can be read only once, or not at all. */
static bool survey_file(struct survey *survey, struct bytes name)
{
    struct stat info;
    int fd = open_regular(name, &info);
    if (fd < 0)
        return false;
    struct stream *stream = is_standard(name) ? NULL : stream_open(name);
    if (stream && stream_compressed(stream))
        look_at_stream(survey, stream);
    else
        look_at_file(survey, fd, info.st_size);
    time_reader_survey_end(survey->times, info.st_mtim.tv_sec);
    stream_close(stream);
    if (fd > STDIN_FILENO)
        close(fd);
    return true;
}

/* What can be read only once: its first bytes are looked at where they stay. */
static void survey_begin(struct replay_input *input, struct survey *survey)
{
    if (input->stream || !replay_input_open_next(input))
        return;
    while (replay_input_read(input) && !replay_input_has_line(input))
        ;
    look_at(survey, bytes_slice(bytes_make(input->block, input->end), input->scanned, input->end),
            true, !input->stream);
    time_reader_survey_end(survey->times, INT64_MIN);
}

static bool exists(struct bytes name)
{
    char *path = bytes_cstr(name);
    bool there = is_standard(name) || access(path, R_OK) == 0;
    free(path);
    return there;
}

bool replay_input_survey(struct replay_input *input)
{
    struct survey survey = {.times = input->times};
    for (size_t i = 0; i < input->set->count; i++)
        if (exists(input->set->files[i]) && !survey_file(&survey, input->set->files[i]) && i == 0)
            survey_begin(input, &survey);
    if (time_reader_settle(input->times))
        return true;
    replay_input_refuse(input);
    return false;
}
