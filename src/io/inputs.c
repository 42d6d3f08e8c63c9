/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of all inputs, in rounds.
 *
 * A round takes one line from each input, in the order of names; it begins when the lines of the
 * previous round have been handed out.  Only active inputs are visited: those that have bytes in
 * their block, or may have something to read.  An input with nothing to read comes to rest: its
 * file is checked (rotation, truncation, timeouts), and it stays at rest until the loop notes a
 * change or something is due.
 */
#include "io/inputs.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/monotonic.h"
#include "io/input_state.h"

enum {
    LOOK = 1000,      /* milliseconds between two looks at a file whose changes are noted */
    LOOK_OFTEN = 100, /* and at one without notes, or that is not there */
    ROUNDS = 8,       /* busy rounds between two looks at the inputs at rest */
};

static void wake_input(void *arg)
{
    input_set_active(arg, true);
}

/* --- an input at rest ----------------------------------------------------------------------- */

/* A file that ended without being replaced only grows; names and truncation matter in tail mode. */
static bool needs_looks(const struct input *input)
{
    return input->state->inputs->options->tail && input->fd >= 0 &&
           (input->regular || !input_is_stdin(input));
}

static bool needs_script(const struct input *input)
{
    return input->state->inputs->options->input_timeout && !input->state->script_ran;
}

static bool needs_reopening(const struct input *input)
{
    const struct input_options *options = input->state->inputs->options;
    return options->tail && options->reopen_timeout && input->fd < 0;
}

/* The second at which an input at rest has work, INT64_MAX: none. */
static int64_t due_second(const struct input *input)
{
    const struct input_state *state = input->state;
    const struct input_options *options = state->inputs->options;
    if (options->check_timeout)
        return state->check_at;
    int64_t due = INT64_MAX;
    if (needs_script(input))
        due = clock_later(state->received, options->input_timeout);
    if (needs_reopening(input) && clock_later(state->opened, options->reopen_timeout) < due)
        due = clock_later(state->opened, options->reopen_timeout);
    return due;
}

static bool is_due(const struct input *input, int64_t now, int64_t milliseconds)
{
    if (now >= due_second(input))
        return true;
    bool looks = needs_looks(input) && !input->state->inputs->options->check_timeout;
    return looks && milliseconds >= input->state->look_at;
}

/* Hears what the loop has noted, and wakes the inputs whose time has come. */
static void look_around(struct inputs *inputs, int64_t now)
{
    int64_t looked = loop_freshen(inputs->loop);
    if (looked == inputs->looked)
        return;
    inputs->looked = looked;
    int64_t milliseconds = monotonic_ms();
    for (size_t i = 0; i < inputs->count; i++)
        if (!inputs->active[i] && is_due(inputs->list[i], now, milliseconds))
            inputs->active[i] = 1;
}

static void watch_pipe(struct input *input)
{
    struct input_state *state = input->state;
    if (!state->readable)
        state->readable = watch_readable(state->inputs->loop, input->fd, wake_input, input);
    if (!state->readable)
        input_set_active(input, true); /* always ready */
}

/* A change between the last read and the watch would be missed: the input stays active once. */
static void watch_name(struct input *input)
{
    struct input_state *state = input->state;
    if (state->path || input_is_stdin(input))
        return;
    state->path = watch_path(state->inputs->loop, input->source.name.ptr, wake_input, input);
    input_set_active(input, true);
}

/* Sees to it that the input is woken.  With --check-timeout time alone does. */
static void watch_input(struct input *input)
{
    struct input_state *state = input->state;
    if (state->inputs->options->check_timeout) {
        watch_free(state->readable);
        state->readable = NULL;
        return;
    }
    if (input->fd >= 0 && !input->regular)
        watch_pipe(input);
    if (needs_looks(input)) {
        watch_name(input);
        state->look_at = monotonic_ms() + (state->path && !state->missing ? LOOK : LOOK_OFTEN);
    }
}

/* The file that has the name now is read from its start, after those that had it before. */
static void open_successor(struct input *input, int64_t now)
{
    struct inputs *inputs = input->state->inputs;
    input_close(input);
    if (input_open_next(input) || input_open_between(input))
        return;
    log_msg(inputs->log, LOG_NOTE, B("Reopening "), input->source.name,
            B(" and processing from the start"));
    watch_free(input->state->path);
    input->state->path = NULL;
    input_open(input, 0, B("0"));
    if (inputs->options->reopen_timeout)
        input->state->opened = now;
}

static bool has_successor(struct input *input)
{
    if (input_has_next(input))
        return true;
    if (input->fd < 0)
        return false;
    return input->state->inputs->options->tail ? input_shuffled(input) : input_left_behind(input);
}

static void reopen(struct input *input, int64_t now)
{
    struct input_state *state = input->state;
    log_msg(state->inputs->log, LOG_DETAIL, B("Attempting to (re)open "), input->source.name);
    input_open(input, state->from_start ? 0 : -1, B("-1"));
    if (input->fd >= 0)
        state->from_start = false;
    state->opened = now;
}

static void run_script(struct input *input, bool received)
{
    struct inputs *inputs = input->state->inputs;
    inputs->run(inputs->run_arg, received, input->source.name);
    input->state->script_ran = !received;
}

/* Nothing came: what upstream does then, in its order. */
static void come_to_rest(struct input *input, int64_t now)
{
    struct input_state *state = input->state;
    const struct input_options *options = state->inputs->options;
    input_set_active(input, false);
    input_give_back(input);
    if (options->check_timeout)
        state->check_at = clock_later(now, options->check_timeout);
    if (needs_script(input) && now - state->received >= options->input_timeout)
        run_script(input, false);
    if (has_successor(input))
        open_successor(input, now);
    if (needs_reopening(input) && now - state->opened >= options->reopen_timeout)
        reopen(input, now);
    watch_input(input);
}

/* --- rounds --------------------------------------------------------------------------------- */

static void enqueue(struct inputs *inputs, struct input *input, struct bytes line, int64_t now)
{
    inputs->queue[inputs->queued++] = (struct input_line){line, input};
    if (inputs->options->input_timeout)
        input->state->received = now;
    if (input->state->script_ran)
        run_script(input, true);
}

/* One input's part of a round; true when bytes came, but no whole line. */
static bool visit_input(struct inputs *inputs, struct input *input, int64_t now)
{
    if (inputs->options->check_timeout && now < input->state->check_at) {
        input_set_active(input, false);
        return false;
    }
    size_t unread = input_unread(input);
    struct bytes line;
    if (input_read_line(input, &line))
        enqueue(inputs, input, line, now);
    else if (input_unread(input) > unread)
        return true;
    else
        come_to_rest(input, now);
    return false;
}

/* The next active input at or after `from`, or NULL. */
static struct input *next_active(const struct inputs *inputs, size_t from)
{
    if (from >= inputs->count)
        return NULL;
    const unsigned char *at = memchr(inputs->active + from, 1, inputs->count - from);
    return at ? inputs->list[at - inputs->active] : NULL;
}

static bool buffered(const struct inputs *inputs)
{
    if (inputs->taken < inputs->queued)
        return true;
    struct input *input = next_active(inputs, 0);
    while (input && !input_has_line(input))
        input = next_active(inputs, input->state->index + 1);
    return input != NULL;
}

static bool run_round(struct inputs *inputs)
{
    bool partial = false;
    int64_t now = clock_now(inputs->clock);
    inputs->queued = inputs->taken = 0;
    /* A read takes many lines at once: what has come to other inputs by now has its turn first. */
    if (inputs->count > 1 && !buffered(inputs))
        loop_poll(inputs->loop);
    if (++inputs->rounds % ROUNDS == 0 || !next_active(inputs, 0))
        look_around(inputs, now);
    struct input *input = next_active(inputs, 0);
    while (input) {
        if (visit_input(inputs, input, now))
            partial = true;
        input = next_active(inputs, input->state->index + 1);
    }
    return partial;
}

/* --- the feed ------------------------------------------------------------------------------- */

static struct inputs *inputs_of(const struct feed *feed)
{
    static_assert(offsetof(struct inputs, feed) == 0, "this feed is the inputs");
    return (struct inputs *)feed;
}

/* A round takes one line of an input, which ends where its block goes on. */
static enum feed_result next(struct feed *feed, struct bytes *line, struct line_source **source)
{
    struct inputs *inputs = inputs_of(feed);
    bool partial = false;
    inputs_free_retired(inputs);
    if (inputs->taken == inputs->queued)
        partial = run_round(inputs);
    if (inputs->taken == inputs->queued)
        return partial ? FEED_PARTIAL : FEED_NONE;
    *line = inputs->queue[inputs->taken].text;
    struct input *from = inputs->queue[inputs->taken].from;
    uint64_t end = from->state->block.base + from->state->block.start;
    assert(end >= from->source.end);
    from->source.end = end;
    *source = &from->source;
    inputs->taken++;
    return FEED_LINE;
}

static bool has_line(const struct feed *feed)
{
    return buffered(inputs_of(feed));
}

/* With --notail, when all is read. */
static bool ended(const struct feed *feed)
{
    return !inputs_of(feed)->options->tail && inputs_of(feed)->open == 0;
}

/* Seconds are only known whole, so the last one before a second is waited for in small steps. */
static int64_t until_second(int64_t due, int64_t now)
{
    int64_t seconds = due - now;
    if (seconds <= 0)
        return 1;
    return seconds == 1 ? LOOK_OFTEN : (seconds - 1) * 1000;
}

static int64_t limit_of(const struct input *input, int64_t now, int64_t milliseconds)
{
    int64_t limit = INT64_MAX, due = due_second(input);
    if (due < INT64_MAX)
        limit = until_second(due, now);
    if (needs_looks(input) && !input->state->inputs->options->check_timeout) {
        int64_t left = input->state->look_at - milliseconds;
        left = left > 1 ? left : 1;
        limit = left < limit ? left : limit;
    }
    return limit;
}

static int wait_limit(const struct feed *feed)
{
    const struct inputs *inputs = inputs_of(feed);
    int64_t now = clock_now(inputs->clock), milliseconds = monotonic_ms();
    int64_t limit = inputs_rescan_wait(inputs);
    for (size_t i = 0; i < inputs->count; i++) {
        if (inputs->active[i])
            return 0;
        int64_t own = limit_of(inputs->list[i], now, milliseconds);
        limit = own < limit ? own : limit;
    }
    return limit == INT64_MAX ? -1 : limit > INT32_MAX ? INT32_MAX : (int)limit;
}

const struct feed_type inputs_feed_type = {
    .next = next,
    .has_line = has_line,
    .ended = ended,
    .wait_limit = wait_limit,
    .position = input_position,
    .outlived = input_outlived,
};
