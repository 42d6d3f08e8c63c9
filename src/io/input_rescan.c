/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --input-rescan: the patterns are matched again, and files that have appeared become inputs.
 *
 * A file that was already read under another name is not new: rotation renames it, and a pattern
 * may match both names.  It is recognized by its device, its inode number and the time at which it
 * was created, because numbers are soon reused.  Where a file system does not keep that time, no
 * file is recognized, so that none is mistaken for another and left out. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/monotonic.h"
#include "io/glob.h"
#include "io/input_state.h"

enum {
    SECOND = 1000,
    GONE = 2,      /* rescans at which the name of a file was missing */
    QUIET = 3600,  /* seconds without a byte, of a file that has another name */
    REMEMBERED = 2 /* rescans that a file is known for after it was seen last */
};

/* A file that is or was read. */
struct known_file {
    struct file_identity identity;
    uint64_t scan; /* at which it was seen last */
};

static struct bytes known_identity(const void *entry)
{
    const struct known_file *known = entry;
    return bytes_make((const char *)&known->identity, sizeof(known->identity));
}

/* false: it is not there, or nothing says when it was made. */
static bool identify(int at, const char *path, int flags, struct file_identity *identity)
{
    struct statx status;
    if (statx(at, path, flags, STATX_INO | STATX_BTIME, &status) != 0 ||
        !(status.stx_mask & STATX_BTIME))
        return false;
    *identity = (struct file_identity){
        .device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor,
        .inode = status.stx_ino,
        .second = status.stx_btime.tv_sec,
        .nanosecond = status.stx_btime.tv_nsec,
    };
    return true;
}

static struct known_file *find_known(const struct inputs *inputs,
                                     const struct file_identity *identity)
{
    const struct known_file key = {.identity = *identity};
    return table_find(&inputs->rescan.files, known_identity(&key));
}

static void remember(struct inputs *inputs, const struct file_identity *identity)
{
    struct rescan *rescan = &inputs->rescan;
    if (!rescan->files.key)
        table_init(&rescan->files, known_identity);
    struct known_file *known = find_known(inputs, identity);
    if (!known) {
        known = mem_zalloc(sizeof(*known));
        known->identity = *identity;
        table_insert(&rescan->files, known);
    }
    known->scan = rescan->scans;
}

/* All, or those that have not been seen for some time. */
static void forget(struct inputs *inputs, bool all)
{
    struct rescan *rescan = &inputs->rescan;
    struct table rest;
    size_t at = 0;
    table_init(&rest, known_identity);
    for (struct known_file *known; (known = table_next(&rescan->files, &at)) != NULL;)
        if (all || known->scan + REMEMBERED < rescan->scans)
            free(known);
        else
            table_insert(&rest, known);
    table_free(&rescan->files);
    rescan->files = rest;
}

void inputs_forget_files(struct inputs *inputs)
{
    forget(inputs, true);
    table_free(&inputs->rescan.files);
}

void input_remember_file(struct input *input)
{
    struct input_state *state = input->state;
    state->identified = state->inputs->options->rescan > 0 && input->regular &&
                        identify(input->fd, "", AT_EMPTY_PATH, &state->identity);
    if (state->identified)
        remember(state->inputs, &state->identity);
}

/* Files that are open, those from before the option was given as well. */
static void remember_open(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct input *input = inputs->list[i];
        if (input->fd >= 0 && input->state->identified)
            remember(inputs, &input->state->identity);
        else if (input->fd >= 0)
            input_remember_file(input);
    }
}

/* --- files that have appeared ---------------------------------------------------------------- */

/* A file with that name is there, and was not read under another one. */
static bool is_new(struct inputs *inputs, struct bytes name)
{
    struct file_identity identity;
    if (!identify(AT_FDCWD, name.ptr, 0, &identity))
        return access(name.ptr, F_OK) == 0;
    if (!find_known(inputs, &identity))
        return true;
    remember(inputs, &identity);
    return false;
}

static bool look_at_name(struct inputs *inputs, struct bytes name, struct bytes context,
                         struct bytes pattern)
{
    struct input *input = inputs_find(inputs, name);
    bool appeared = input == NULL && is_new(inputs, name);
    if (appeared) {
        log_msg(inputs->log, LOG_NOTE, B("Opening input file "), name, B(", which has appeared"));
        input = inputs_follow(inputs, name, context, pattern);
        input->state->appeared = true;
    }
    if (input)
        input->state->matched = inputs->rescan.scans;
    return appeared;
}

static bool look_at_pattern(struct inputs *inputs, struct bytes pattern, bool *with_contexts)
{
    struct bytes context = {0};
    struct file_names names = {0};
    struct buf own = {0};
    bool any = false, given = input_split_context(&pattern, &context);
    if (given)
        *with_contexts = true;
    glob_names(pattern, &names);
    for (size_t i = 0; i < names.count; i++) {
        buf_clear(&own);
        buf_cat(&own, B(INPUT_CONTEXT_PREFIX), names.names[i]);
        if (look_at_name(inputs, names.names[i], given ? context : buf_bytes(&own), pattern))
            any = true;
    }
    buf_free(&own);
    file_names_free(&names);
    return any;
}

/* --- files that are gone --------------------------------------------------------------------- */

static bool is_queued(const struct inputs *inputs, const struct input *input)
{
    for (size_t i = inputs->taken; i < inputs->queued; i++)
        if (inputs->queue[i].from == input)
            return true;
    return false;
}

/* Will there be nothing more in it?  One that was renamed may still be written to, and nobody knows
 * who has a FIFO open. */
static bool is_over(const struct input *input)
{
    struct stat status;
    if (!input->regular || fstat(input->fd, &status) != 0 || input_has_next(input) ||
        status.st_size > input_offset(input))
        return false;
    return status.st_nlink == 0 || time(NULL) - status.st_mtime >= QUIET;
}

/* The descriptor is closed first: then a rest without a newline is a line.  true: the input is none
 * any more. */
static bool look_at_gone(struct input *input)
{
    struct inputs *inputs = input->state->inputs;
    if (input->fd >= 0 && is_over(input)) {
        input_close(input);
        input->state->from_start = true; /* should it come back */
        input->state->over = true;
        input_set_active(input, true);
        return false;
    }
    if (input->fd >= 0 || input_unread(input) > 0 || is_queued(inputs, input))
        return false;
    log_msg(inputs->log, LOG_NOTE, B("Input file "), input->source.name,
            B(" is gone and read to its end, and is no input any more"));
    inputs_take_away(input);
    return true;
}

/* Inputs that came at the start stay. */
static bool look_at_missing(struct inputs *inputs)
{
    bool any = false;
    for (size_t i = inputs->count; i-- > 0;) {
        struct input *input = inputs->list[i];
        struct input_state *state = input->state;
        if (state->matched == inputs->rescan.scans)
            state->gone = 0;
        else if (state->appeared && !input->dynamic && ++state->gone >= GONE)
            any = look_at_gone(input) || any;
    }
    return any;
}

/* --- when ------------------------------------------------------------------------------------ */

void inputs_rescan_later(struct inputs *inputs)
{
    inputs->rescan.looked = monotonic_ms();
}

int64_t inputs_rescan_wait(const struct inputs *inputs)
{
    int64_t period = inputs->options->rescan;
    if (period == 0 || period > INT64_MAX / SECOND)
        return INT64_MAX;
    int64_t passed = monotonic_ms() - inputs->rescan.looked;
    return passed < period * SECOND ? period * SECOND - passed : 0;
}

bool inputs_rescan(struct inputs *inputs, const struct bytes *patterns, size_t count,
                   bool *with_contexts)
{
    bool any = false;
    inputs->rescan.scans++;
    inputs_rescan_later(inputs);
    remember_open(inputs);
    for (size_t i = count; i-- > 0;) /* the last one that names a file gives its context */
        any = look_at_pattern(inputs, patterns[i], with_contexts) || any;
    any = look_at_missing(inputs) || any;
    forget(inputs, false);
    return any;
}
