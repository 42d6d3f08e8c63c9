/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/recorder.h"

#include <assert.h>

#include "base/mem.h"
#include "durable/entries.h"

struct recorder {
    struct feed feed; /* first */
    struct feed *inner;
    struct engine *engine;
    struct recorder_ears ears;
    bool on;
    bool again; /* inputs tell what they have told before */
    struct buf batch;
    int64_t second;             /* of the last entry that says one */
    struct line_source *source; /* of lines that are not in the batch yet; NULL: there are none */
    uint64_t lines;             /* how many */
    uint64_t events;            /* that are not in the batch yet; then there are no such lines */
    uint32_t inputs;            /* the greatest number of one */
};

static void put(struct recorder *r, const struct entry *entry)
{
    entry_pack(&r->batch, entry);
}

#define PUT(recorder, ...) put(recorder, &(struct entry){__VA_ARGS__})

/* What is counted becomes an entry. */
static void settle(struct recorder *r)
{
    struct line_source *source = r->source;
    if (source) {
        PUT(r, .kind = ENTRY_LINES, .number = source->number, .count = r->lines,
            .bytes = source->end - source->noted);
        source->noted = source->end;
        r->source = NULL;
    }
    if (r->events > 0)
        PUT(r, .kind = ENTRY_EVENTS, .count = r->events);
    r->lines = r->events = 0;
}

/* What comes is of the clock's second. */
static inline void settle_second(struct recorder *r)
{
    int64_t now = engine_now(r->engine);
    if (now == r->second)
        return;
    settle(r);
    r->second = now;
    PUT(r, .kind = ENTRY_SECOND, .second = now);
}

/* -- Lines -- */

static inline void count_line(struct recorder *r, struct line_source *source)
{
    settle_second(r);
    if (source != r->source) {
        settle(r);
        r->source = source;
    }
    r->lines++;
}

static bool passes(const struct recorder *r, const struct line_source *source, struct bytes line)
{
    return r->ears.passes && bytes_eq(source->name, B("-")) && r->ears.passes(line);
}

static void pass_line(struct recorder *r, struct line_source *source)
{
    settle(r);
    if (r->on)
        PUT(r, .kind = ENTRY_PASSED, .number = source->number,
            .bytes = source->end - source->noted);
    source->noted = source->end;
}

static enum feed_result next(struct feed *feed, struct bytes *line, struct line_source **source)
{
    struct recorder *r = (struct recorder *)feed;
    if (r->ears.turn)
        r->ears.turn(r->ears.arg);
    if (r->source && r->source->dropped)
        settle(r); /* it is about to be freed */
    enum feed_result result = feed_next(r->inner, line, source);
    if (result == FEED_LINE && passes(r, *source, *line)) {
        pass_line(r, *source);
        return FEED_PARTIAL;
    }
    if (result == FEED_LINE && r->on)
        count_line(r, *source);
    if (result == FEED_NONE && r->ears.idle)
        r->ears.idle(r->ears.arg);
    return result;
}

static bool has_line(const struct feed *feed)
{
    return feed_has_line(((const struct recorder *)feed)->inner);
}

static bool ended(const struct feed *feed)
{
    return feed_ended(((const struct recorder *)feed)->inner);
}

static int wait_limit(const struct feed *feed)
{
    return feed_wait_limit(((const struct recorder *)feed)->inner);
}

/* Sources are the inner feed's: position and outlived are asked of that. */
static const struct feed_type recorder_feed = {
    .next = next, .has_line = has_line, .ended = ended, .wait_limit = wait_limit};

/* -- Inputs -- */

static void tell_input(struct recorder *r, struct input *input)
{
    struct input_place place;
    if (input->source.number == 0)
        input->source.number = ++r->inputs;
    input_place_now(input, &place);
    PUT(r, .kind = ENTRY_INPUT, .number = input->source.number, .place = place);
    input->source.noted = input->source.end;
}

static void hear_opened(void *arg, struct input *input, uint64_t from,
                        const struct input_place *place)
{
    struct recorder *r = arg;
    if (!r->on)
        return;
    if (input->source.number == 0)
        tell_input(r, input);
    if (place->pipe)
        PUT(r, .kind = ENTRY_PIPE, .number = input->source.number, .bytes = from);
    else
        PUT(r, .kind = ENTRY_FILE, .number = input->source.number, .bytes = from, .place = *place);
}

static void hear_arrived(void *arg, struct input *input, struct bytes bytes)
{
    struct recorder *r = arg;
    if (r->on)
        PUT(r, .kind = ENTRY_BYTES, .number = input->source.number, .text = bytes);
    if (!r->again)
        r->ears.arrived(r->ears.arg, input, bytes);
}

/* -- All else -- */

static void hear_cause(void *arg, const struct caused *caused)
{
    struct recorder *r = arg;
    if (!r->on)
        return;
    settle_second(r);
    if (r->source || caused->cause != CAUSE_EVENT)
        settle(r);
    switch (caused->cause) {
    case CAUSE_EVENT:
        r->events++;
        break;
    case CAUSE_CLEAN_UP:
        PUT(r, .kind = ENTRY_CLEAN_UP);
        break;
    case CAUSE_INTERNAL:
        PUT(r, .kind = ENTRY_INTERNAL, .text = caused->text);
        break;
    case CAUSE_OUTPUT:
        PUT(r, .kind = ENTRY_OUTPUT, .text = caused->text, .context = caused->context);
        break;
    case CAUSE_SCRIPT:
        PUT(r, .kind = ENTRY_SCRIPT, .number = caused->child->number,
            .count = (uint64_t)caused->exit_code);
        break;
    }
}

struct recorder *recorder_new(struct engine *engine, const struct recorder_ears *ears)
{
    static_assert(offsetof(struct recorder, feed) == 0, "the feed is the recorder");
    struct recorder *r = mem_zalloc(sizeof(*r));
    r->feed.type = &recorder_feed;
    r->engine = engine;
    r->ears = *ears;
    r->inner = engine->feed;
    engine->feed = &r->feed;
    engine->journal = (struct engine_journal){hear_cause, r};
    inputs_on_opening(engine->io.inputs, hear_opened, r);
    inputs_on_arrival(engine->io.inputs, hear_arrived, r);
    return r;
}

static void tell_patterns(struct recorder *r)
{
    const struct string_list *patterns = &r->engine->options->input;
    for (size_t i = 0; i < patterns->count; i++) {
        struct bytes pattern = patterns->items[i], context;
        input_split_context(&pattern, &context);
        PUT(r, .kind = ENTRY_PATTERN, .text = pattern);
    }
}

void recorder_begin(struct recorder *r)
{
    const struct inputs *inputs = r->engine->io.inputs;
    recorder_clear(r);
    r->on = true;
    r->second = engine_now(r->engine);
    PUT(r, .kind = ENTRY_BEGIN);
    PUT(r, .kind = ENTRY_SECOND, .second = r->second);
    tell_patterns(r);
    for (size_t i = 0; i < inputs_count(inputs); i++)
        tell_input(r, inputs_at(inputs, i));
    r->again = true;
    inputs_tell_again(r->engine->io.inputs);
    r->again = false;
}

void recorder_pause(struct recorder *r)
{
    settle(r);
    r->on = false;
}

struct buf *recorder_batch(struct recorder *r)
{
    settle(r);
    return &r->batch;
}

bool recorder_has(const struct recorder *r)
{
    return r->batch.len > 0 || r->lines > 0 || r->events > 0;
}

void recorder_clear(struct recorder *r)
{
    assert(!r->source && r->events == 0);
    buf_clear(&r->batch);
}
