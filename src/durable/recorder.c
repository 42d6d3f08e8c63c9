/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/recorder.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "durable/entries.h"

struct recorder {
    struct engine *engine;
    struct recorder_ears ears;
    bool on;
    bool again; /* inputs tell what they have told before */
    struct buf batch;
    int64_t second;             /* of the last entry that says one */
    struct line_source *source; /* of lines that are not in the batch yet; NULL: there are none */
    uint64_t end;               /* of the last of them, if the engine does not count them alone */
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
    struct engine_journal *journal = &r->engine->journal;
    struct line_source *source = r->source;
    if (source) {
        uint64_t end = journal->source ? source->end : r->end;
        PUT(r, .kind = ENTRY_LINES, .number = source->number, .count = journal->lines,
            .bytes = end - source->noted);
        source->noted = end;
        r->source = NULL;
    }
    journal->source = NULL;
    journal->lines = 0;
    if (r->events > 0)
        PUT(r, .kind = ENTRY_EVENTS, .count = r->events);
    r->events = 0;
}

/* What comes is of the clock's second. */
static void settle_second(struct recorder *r)
{
    int64_t now = engine_now(r->engine);
    if (now == r->second)
        return;
    settle(r);
    r->second = now;
    PUT(r, .kind = ENTRY_SECOND, .second = now);
}

/* -- Lines -- */

static bool may_pass(const struct recorder *r, const struct line_source *source)
{
    return r->ears.passes && bytes_eq(source->name, B("-"));
}

static void pass_line(struct recorder *r, struct line_source *source)
{
    settle(r);
    if (r->on)
        PUT(r, .kind = ENTRY_PASSED, .number = source->number,
            .bytes = source->end - source->noted);
    source->noted = source->end;
}

/* The clock steps after a line, and then r->source is NULL: lines of one source are of one second.
 */
static bool hear_line(void *arg, struct line_source *source, struct bytes line)
{
    struct recorder *r = arg;
    struct engine_journal *journal = &r->engine->journal;
    bool looked_at = may_pass(r, source);
    if (looked_at && r->ears.passes(line)) {
        pass_line(r, source);
        return false;
    }
    if (!r->on)
        return true;
    if (source != r->source) {
        settle_second(r);
        settle(r);
        r->source = source;
        journal->source = looked_at ? NULL : source;
    }
    r->end = source->end;
    journal->lines++;
    return true;
}

static void hear_turn(void *arg)
{
    struct recorder *r = arg;
    if (r->ears.turn)
        r->ears.turn(r->ears.arg);
    if (r->source && r->source->dropped)
        settle(r); /* it is about to be freed */
}

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

static void hear_taken(void *arg, struct input *input)
{
    struct recorder *r = arg;
    if (r->on && r->again)
        PUT(r, .kind = ENTRY_TAKEN, .number = input->source.number);
    else if (r->on)
        r->ears.taken(r->ears.arg, input);
}

/* -- All else -- */

static void hear_cause(void *arg, const struct caused *caused)
{
    struct recorder *r = arg;
    if (!r->on)
        return;
    if (r->source || caused->cause != CAUSE_EVENT)
        settle(r);
    if (caused->cause == CAUSE_SECOND)
        return; /* perhaps nothing happens in it */
    settle_second(r);
    switch (caused->cause) {
    case CAUSE_EVENT:
        r->events++;
        break;
    case CAUSE_CLEAN_UP:
        PUT(r, .kind = r->engine->run.away ? ENTRY_AWAY : ENTRY_CLEAN_UP);
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
    case CAUSE_SECOND:
        break;
    }
}

struct recorder *recorder_new(struct engine *engine, const struct recorder_ears *ears)
{
    struct recorder *r = mem_zalloc(sizeof(*r));
    r->engine = engine;
    r->ears = *ears;
    engine->journal =
        (struct engine_journal){.note = hear_cause, .line = hear_line, .turn = hear_turn, .arg = r};
    inputs_on_opening(engine->io.inputs, hear_opened, r);
    inputs_on_arrival(engine->io.inputs, hear_arrived, hear_taken, r);
    return r;
}

void recorder_free(struct recorder *r)
{
    struct inputs *inputs = r->engine->io.inputs;
    r->engine->journal = (struct engine_journal){0};
    inputs_on_opening(inputs, NULL, NULL);
    inputs_on_arrival(inputs, NULL, NULL, NULL);
    buf_free(&r->batch);
    free(r);
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
    return r->batch.len > 0 || r->source || r->events > 0;
}

void recorder_clear(struct recorder *r)
{
    assert(!r->source && r->events == 0);
    buf_clear(&r->batch);
}
