/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts lines out of the block, and queues those that wait for their time.
 *
 * Usually nothing waits: a line is cut, its time is read, and it is the current line.  Otherwise
 * it goes to the end of the queue, and lines are handed out from the front once their times are
 * known.
 */
#include "replay/input.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/errors.h"
#include "base/mem.h"

enum {
    READ = 64 * 1024,
    MOST_WAITING = 100000, /* lines without any time before the first one */
};

void replay_input_open(struct replay_input *input, const struct file_set *set,
                       const struct line_options *options)
{
    assert(set->count > 0 && options->times && options->reorder >= 0);
    *input = (struct replay_input){
        .source = {.name = bytes_dup(set->name), .context = bytes_dup(set->context)},
        .set = set,
        .times = time_reader_new(options->times),
        .order = INT64_MIN,
    };
    objects_init(&input->objects, options->template);
    if (options->reorder > 0)
        reorder_init(&input->reorder, options->reorder);
}

void replay_input_free(struct replay_input *input)
{
    stream_close(input->stream);
    time_reader_free(input->times);
    free(input->block);
    free(input->queue);
    objects_free(&input->objects);
    reorder_free(&input->reorder);
    buf_free(&input->texts[0]);
    buf_free(&input->texts[1]);
    buf_free(&input->made);
    buf_free(&input->troubles);
    source_close(&input->source);
}

uint64_t replay_input_taken(const struct replay_input *input)
{
    return input->taken + (input->stream ? stream_taken(input->stream) : 0);
}

/* Bytes. */

static void compact(struct replay_input *input)
{
    size_t len = input->end - input->start;
    if (input->start == 0)
        return;
    memmove(input->block, input->block + input->start, len);
    input->base += input->start;
    input->scanned -= input->start;
    input->newline -= input->start;
    input->start = 0;
    input->end = len;
}

static void close_file(struct replay_input *input)
{
    input->taken += stream_taken(input->stream);
    stream_close(input->stream);
    input->stream = NULL;
}

static void report(struct replay_input *input, struct bytes what, struct bytes file,
                   struct bytes why)
{
    buf_cat(&input->troubles, what, B(" "), file, B(" ("), why, B(")\n"));
}

/* The next file that can be opened; false: there is none. */
bool replay_input_open_next(struct replay_input *input)
{
    while (!input->stream && input->next_file < input->set->count) {
        struct bytes file = input->set->files[input->next_file++];
        input->stream = stream_open(file);
        if (!input->stream)
            report(input, B("Can't read input file"), file, error_text(errno));
    }
    return input->stream != NULL;
}

/* From where `newline` is on. */
static void find_newline(struct replay_input *input)
{
    if (input->newline == input->end)
        return;
    const char *from = input->block + input->newline;
    const char *found = memchr(from, '\n', input->end - input->newline);
    input->newline = found ? (size_t)(found - input->block) : input->end;
}

/* A line has become too long: the file ends before it. */
static bool leave_long_line(struct replay_input *input)
{
    if (input->longest == 0 || input->newline < input->end ||
        input->end - input->scanned <= input->longest)
        return false;
    report(input, B("Can't read all of input file"), input->set->files[input->next_file - 1],
           B("it has a line that is too long"));
    close_file(input);
    input->end = input->newline = input->scanned;
    return true;
}

/* false: the file has ended. */
bool replay_input_read(struct replay_input *input)
{
    assert(input->stream);
    compact(input);
    if (input->room - input->end < READ) {
        input->room = 2 * input->room > input->end + READ ? 2 * input->room : input->end + READ;
        input->block = mem_realloc(input->block, input->room);
    }
    ptrdiff_t got = stream_read(input->stream, input->block + input->end, READ);
    if (got > 0) {
        input->end += (size_t)got;
        find_newline(input);
        return !leave_long_line(input);
    }
    if (got < 0)
        report(input, B("Can't read all of input file"), input->set->files[input->next_file - 1],
               stream_error(input->stream));
    close_file(input);
    return false;
}

/* Lines. */

static bool cut_line(struct replay_input *input, size_t *from, struct bytes *line)
{
    *from = input->scanned;
    if (input->newline == input->end)
        return false;
    *line = bytes_make(input->block + input->scanned, input->newline - input->scanned);
    input->scanned = ++input->newline;
    find_newline(input);
    return true;
}

/* The end of a file makes its last, unfinished line a whole one. */
static bool cut_rest(struct replay_input *input, struct bytes *line)
{
    *line = bytes_make(input->block + input->scanned, input->end - input->scanned);
    input->scanned = input->newline = input->end;
    return line->len > 0;
}

/* The next line, from wherever it has to be read; false: there is none, or it needs a read that
 * may not be. */
static bool next_line(struct replay_input *input, bool may_read, size_t *from, struct bytes *line)
{
    while (!cut_line(input, from, line)) {
        if (!may_read)
            return false;
        if (!input->stream && !replay_input_open_next(input))
            return false;
        if (!replay_input_read(input)) {
            *from = input->scanned;
            if (cut_rest(input, line))
                return true;
        }
    }
    return true;
}

/* What waits. */

static void enqueue(struct replay_input *input, size_t from, struct bytes line,
                    const struct timestamp *stamp)
{
    bool own = (stamp->flags & TIMESTAMP_OWN) != 0;
    if (input->first == input->count)
        input->first = input->count = 0;
    MEM_GROW(input->queue, input->count, input->queue_room, 16);
    input->queue[input->count++] = (struct waiting){
        .start = input->base + from,
        .len = line.len,
        .second = stamp->second,
        .nanoseconds = stamp->nanoseconds,
        .time_at = own ? (uint32_t)(stamp->text.ptr - line.ptr) : 0,
        .time_len = own ? (uint32_t)stamp->text.len : 0,
        .own = own,
        .untold = (stamp->flags & TIMESTAMP_NONE_YET) != 0,
    };
}

/* All that wait have their time now: the one they were told, or `instead`; those that were told
 * none, that of the first one after them that was. */
static void resolve(struct replay_input *input, const int64_t *instead, int64_t then)
{
    for (size_t i = input->count; i-- > input->first;) {
        struct waiting *w = &input->queue[i];
        if (instead) {
            w->second = *instead;
            w->nanoseconds = 0;
            w->own = false;
        } else if (w->untold) {
            w->second = then;
        }
        w->untold = false;
        then = w->second;
    }
    input->unsure = false;
}

static void take_verdict(struct replay_input *input, const struct timestamp *stamp)
{
    if (stamp->flags & TIMESTAMP_REFUTES)
        resolve(input, &stamp->instead, stamp->second);
    else if (stamp->flags & TIMESTAMP_CONFIRMS)
        resolve(input, NULL, stamp->second);
}

void replay_input_refuse(struct replay_input *input)
{
    buf_cat(&input->troubles, input->source.name, B(": "), time_reader_refusal(input->times));
    if (input->troubles.ptr[input->troubles.len - 1] != '\n')
        buf_char(&input->troubles, '\n');
    input->refused = true;
}

/* What has been read becomes the line at hand, until it is changed or held. */
static enum replay_advance hand_out_waiting(struct replay_input *input)
{
    assert(input->first < input->count && !input->unsure);
    const struct waiting *w = &input->queue[input->first++];
    input->start = (size_t)(w->start - input->base);
    struct bytes line = bytes_make(input->block + input->start, w->len);
    input->line = (struct timed_line){line, bytes_slice(line, w->time_at, w->time_at + w->time_len),
                                      w->second, w->nanoseconds, w->own};
    return ADVANCE_LINE;
}

/* The input has ended; what still waits gets its time now. */
static enum replay_advance end(struct replay_input *input)
{
    if (input->unsure) {
        struct timestamp stamp = {0};
        time_reader_end(input->times, &stamp);
        take_verdict(input, &stamp);
        bool none = input->queue[input->count - 1].untold;
        input->unsure = false;
        if (none) {
            report(input, B("No time in"), input->source.name, B("none of its lines has one"));
            input->refused = true;
        }
    }
    if (input->first < input->count && !input->refused)
        return hand_out_waiting(input);
    return ADVANCE_END;
}

/* A line was read; true: it is at hand. */
static bool take_line(struct replay_input *input, size_t from, struct bytes line)
{
    struct timestamp stamp;
    time_reader_read(input->times, line, &stamp);
    if (__builtin_expect((stamp.flags & (uint32_t) ~(TIMESTAMP_OWN)) == 0 && !input->unsure, 1)) {
        bool own = (stamp.flags & TIMESTAMP_OWN) != 0;
        input->start = from;
        input->line = (struct timed_line){line, own ? stamp.text : B(""), stamp.second,
                                          stamp.nanoseconds, own};
        return true;
    }
    if (stamp.flags & TIMESTAMP_REFUSED) {
        replay_input_refuse(input);
        return false;
    }
    take_verdict(input, &stamp);
    bool waits = stamp.flags & (TIMESTAMP_LEAP | TIMESTAMP_NONE_YET);
    if (input->unsure && !waits && (stamp.flags & TIMESTAMP_OWN))
        resolve(input, NULL, stamp.second);
    enqueue(input, from, line, &stamp);
    input->unsure |= waits;
    return false;
}

/* So many lines without a time: an input that has none, or a leap that is taken for true. */
static bool too_much_waits(struct replay_input *input)
{
    if (!input->unsure || input->count - input->first < MOST_WAITING)
        return false;
    input->refused = input->queue[input->first].untold;
    if (input->refused)
        report(input, B("No time in"), input->source.name, B("the first 100000 lines have none"));
    else
        resolve(input, NULL, input->queue[input->count - 1].second);
    return input->refused;
}

/* The next line of the files. */
static enum replay_advance advance_in_file(struct replay_input *input, bool may_read)
{
    for (;;) {
        size_t from;
        struct bytes line;
        if (input->first < input->count && !input->unsure)
            return hand_out_waiting(input);
        if (!input->unsure)
            input->start = input->scanned;
        if (input->refused || too_much_waits(input))
            return ADVANCE_END;
        if (input->first < input->count && !input->unsure)
            continue;
        if (!next_line(input, may_read, &from, &line))
            return may_read ? end(input) : ADVANCE_NEEDS_READ;
        if (take_line(input, from, line))
            return ADVANCE_LINE;
    }
}

/* What comes of lines; texts go into `room`. */

/* Of the file's next line, an object perhaps, one for the rules. */
static enum replay_advance advance_made(struct replay_input *input, bool may_read, struct buf *room)
{
    enum replay_advance to = advance_in_file(input, may_read);
    if (to == ADVANCE_LINE && input->objects.template)
        objects_make(&input->objects, &input->line, room);
    return to;
}

static enum replay_advance advance_reordered(struct replay_input *input, bool may_read,
                                             struct buf *room)
{
    struct reorder *reorder = &input->reorder;
    while (!reorder_ready(reorder)) {
        enum replay_advance to = advance_made(input, may_read, &input->made);
        if (to == ADVANCE_NEEDS_READ || (to == ADVANCE_END && reorder->count == 0))
            return to;
        if (to == ADVANCE_END)
            reorder_end(reorder);
        else
            reorder_add(reorder, &input->line);
    }
    reorder_take(reorder, room, &input->line);
    return ADVANCE_LINE;
}

static enum replay_advance advance_changed(struct replay_input *input, bool may_read)
{
    struct buf *room = &input->texts[!input->text];
    enum replay_advance to = input->reorder.seconds > 0 ? advance_reordered(input, may_read, room)
                                                        : advance_made(input, may_read, room);
    if (to == ADVANCE_LINE)
        input->text = !input->text;
    return to;
}

enum replay_advance replay_input_advance(struct replay_input *input, bool may_read)
{
    const struct timed_line *line = &input->line;
    bool plain = input->reorder.seconds == 0 && !input->objects.template;
    enum replay_advance to =
        plain ? advance_in_file(input, may_read) : advance_changed(input, may_read);
    if (to == ADVANCE_LINE && compare_moments(line->second, line->nanoseconds, input->order,
                                              input->order_nanoseconds) > 0) {
        input->order = line->second;
        input->order_nanoseconds = line->nanoseconds;
    }
    return to;
}
