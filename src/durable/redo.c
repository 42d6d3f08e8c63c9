/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/redo.h"

#include "base/mem.h"
#include "correlate/script.h"
#include "durable/effects.h"
#include "durable/entries.h"
#include "durable/streams.h"
#include "engine/clean_up.h"
#include "engine/process.h"
#include "surface/surface.h"

struct redo {
    struct engine *engine;
    struct redo_streams streams;
    bool begun;  /* a journal has */
    bool counts; /* it has said how many effects there had been at its beginning */
    const struct state_places *before;
    struct bytes *patterns;
    size_t pattern_count, pattern_room;
    struct input_place *places; /* what redo_places returned */
    struct redo_outcome outcome;
};

#define PROBLEM(redo, ...) buf_cat(&(redo)->outcome.problems, __VA_ARGS__, B("\n"))

/* NULL, and a problem: no entry has told of it. */
static struct redo_stream *find_stream(struct redo *redo, uint64_t number)
{
    struct redo_stream *stream = redo_streams_find(&redo->streams, number);
    if (!stream)
        PROBLEM(redo, B("The journal has no input "), NUM(number));
    return stream;
}

/* -- Lines -- */

/* Sources are found by name: actions add and drop them, as they did at first. */
static struct line_source *find_source(struct redo *redo, const struct redo_stream *stream)
{
    struct inputs *inputs = redo->engine->io.inputs;
    struct input *input = inputs_find(inputs, stream->place.name);
    if (!input) {
        input = inputs_add(inputs, stream->place.name, B("-"), stream->place.context);
        if (input) /* a rescan may have found it */
            input->dynamic = stream->place.dynamic;
    }
    return input ? &input->source : NULL;
}

static void do_line(struct redo *redo, struct redo_stream *stream, struct bytes line)
{
    struct line_source *source = find_source(redo, stream);
    if (!source)
        return;
    redo->engine->run.borrowed = true;
    process_line(redo->engine, line, source);
    redo->outcome.lines++;
}

/* How many lines there were in the bytes; the last one may lack its newline where a file ended. */
static uint64_t do_lines(struct redo *redo, struct redo_stream *stream, struct bytes bytes)
{
    uint64_t count = 0;
    struct bytes line;
    while (bytes_piece(&bytes, '\n', &line)) {
        do_line(redo, stream, line);
        count++;
    }
    /* Bytes go with the next ones. */
    engine_settle(redo->engine);
    return count;
}

/* Lines, or bytes that are passed over. */
static bool redo_lines(struct redo *redo, const struct entry *entry)
{
    bool passed = entry->kind == ENTRY_PASSED;
    struct redo_stream *stream = find_stream(redo, entry->number);
    uint64_t left = entry->bytes, count = 0;
    if (!stream || stream->count == 0)
        return false;
    while (left > 0) {
        struct bytes bytes;
        uint64_t size = left;
        if (redo_stream_read(&redo->streams, stream, &size, &bytes) && !passed)
            count += do_lines(redo, stream, bytes);
        left -= size;
    }
    if (count != entry->count && !stream->broken)
        PROBLEM(redo, B("Input file "), stream->place.name, B(" has "), NUM(count), B(" line"),
                PLURAL(count), B(" where "), NUM(entry->count),
                entry->count == 1 ? B(" was processed") : B(" were processed"));
    return true;
}

/* -- All else -- */

static bool redo_events(struct redo *redo, uint64_t count)
{
    for (; count > 0; count--) {
        if (!events_any(redo->engine->state.events)) {
            PROBLEM(redo, B("Rules did something else than at first: "), NUM(count), B(" event"),
                    PLURAL(count), B(" did not come again"));
            return true;
        }
        process_event(redo->engine);
    }
    return true;
}

static void redo_script(struct redo *redo, const struct entry *entry)
{
    struct child *child = children_first(redo->engine->io.children);
    while (child && (child->number != entry->number || !child->owner || !child->told))
        child = child->next;
    if (child)
        script_ended(redo->engine, child, (int)entry->count);
    else
        PROBLEM(redo, B("The end of a script that a rule waited for was not awaited again"));
}

static void redo_clean_up(struct redo *redo, bool away)
{
    redo->engine->run.away = away;
    clean_up_due(redo->engine);
    redo->engine->run.away = false;
    redo->engine->run.last_cleanup = engine_now(redo->engine);
}

static void compare_effects(struct redo *redo, const struct durable_sum *sum)
{
    struct durable_sum own = durable_effects_sum(redo->engine->effects);
    if (!redo->counts) {
        redo->counts = true;
        durable_effects_set_sum(redo->engine->effects, *sum);
        return;
    }
    if (own.count == sum->count && own.hash == sum->hash)
        return;
    redo->outcome.different++;
    durable_effects_set_sum(redo->engine->effects, *sum);
}

static void note_pattern(struct redo *redo, struct bytes pattern)
{
    for (size_t i = 0; i < redo->pattern_count; i++)
        if (bytes_eq(redo->patterns[i], pattern))
            return;
    MEM_GROW(redo->patterns, redo->pattern_count, redo->pattern_room, 8);
    redo->patterns[redo->pattern_count++] = arena_bytes(&redo->streams.arena, pattern);
}

static bool redo_input(struct redo *redo, const struct entry *entry)
{
    struct redo_stream *stream = NULL;
    if (entry->kind == ENTRY_INPUT) {
        redo_streams_begin(&redo->streams, entry->number, &entry->place);
        return true;
    }
    if (!(stream = find_stream(redo, entry->number)))
        return false;
    if (entry->kind == ENTRY_FILE)
        redo_stream_add_part(stream, entry->bytes, &entry->place);
    else if (entry->kind == ENTRY_PIPE)
        redo_stream_add_part(stream, entry->bytes, NULL);
    else if (entry->kind == ENTRY_BYTES)
        buf_add(&stream->bytes, entry->text);
    stream->seen = entry->kind == ENTRY_BYTES ? entry->text.len : 0;
    return true;
}

static bool redo_entry(struct redo *redo, const struct entry *entry)
{
    switch (entry->kind) {
    case ENTRY_SECOND:
        redo->outcome.second = entry->second;
        clock_hold(redo->engine->clock, entry->second);
        return true;
    case ENTRY_PATTERN:
        note_pattern(redo, entry->text);
        return true;
    case ENTRY_BEGIN:
        redo_streams_clear(&redo->streams);
        redo->begun = true;
        redo->counts = false;
        return true;
    case ENTRY_INPUT:
    case ENTRY_FILE:
    case ENTRY_PIPE:
    case ENTRY_BYTES:
    case ENTRY_TAKEN:
        return redo_input(redo, entry);
    case ENTRY_LINES:
    case ENTRY_PASSED:
        return redo_lines(redo, entry);
    case ENTRY_EVENTS:
        return redo_events(redo, entry->count);
    case ENTRY_CLEAN_UP:
    case ENTRY_AWAY:
        redo_clean_up(redo, entry->kind == ENTRY_AWAY);
        return true;
    case ENTRY_INTERNAL:
        process_internal(redo->engine, entry->text);
        redo->engine->run.borrowed = true; /* its text is the batch's */
        engine_settle(redo->engine);
        return true;
    case ENTRY_OUTPUT:
        events_push(redo->engine->state.events, entry->text, entry->context);
        return true;
    case ENTRY_SCRIPT:
        redo_script(redo, entry);
        return true;
    case ENTRY_EFFECTS:
        compare_effects(redo, &entry->sum);
        return true;
    case ENTRY_DISK: /* survey.c */
    case ENTRY_BOOT:
    case ENTRY_WRITTEN:
    case ENTRY_BEGUN:
    case ENTRY_FEED:
    case ENTRY_SEND:
    case ENTRY_LEFT:
        return true;
    }
    return false;
}

bool redo_batch(struct redo *redo, struct bytes batch)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    bool done = true;
    while (done && entry_unpack(&from, &entry)) {
        done = redo_entry(redo, &entry);
        entry_release(&entry);
        if (surface_terminated(redo->engine)) /* it may have ended a loop of actions, too */
            return false;
    }
    return done && !from.failed;
}

/* Of an input that was a pipe; others are read on from where they are. */
static bool redo_arrival(struct redo *redo, const struct entry *entry)
{
    struct redo_stream *known = redo_streams_find(&redo->streams, entry->number);
    switch (entry->kind) {
    case ENTRY_INPUT:
        return known || redo_input(redo, entry);
    case ENTRY_PIPE:
        if (known)
            redo_stream_forget_arrivals(known, entry->bytes);
        return redo_input(redo, entry);
    case ENTRY_BYTES:
    case ENTRY_TAKEN:
        return redo_input(redo, entry);
    default:
        return true;
    }
}

void redo_arrivals(struct redo *redo, struct bytes batch)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    bool done = redo->begun;
    while (done && entry_unpack(&from, &entry)) {
        done = redo_arrival(redo, &entry);
        entry_release(&entry);
    }
}

/* -- The end -- */

static struct input_place place_of(struct redo *redo, struct redo_stream *stream)
{
    struct input_place place = redo_stream_place(stream, redo->outcome.second);
    const struct input *input = inputs_find(redo->engine->io.inputs, place.name);
    place.lines = input ? input->source.lines : 0;
    return place;
}

/* Some were dropped by an action. */
static bool is_input(const struct redo *redo, const struct redo_stream *stream)
{
    return !stream->replaced && inputs_find(redo->engine->io.inputs, stream->place.name);
}

const struct input_place *redo_places(struct redo *redo, size_t *count)
{
    if (!redo->begun) {
        *count = redo->before ? redo->before->count : 0;
        return redo->before ? redo->before->items : NULL;
    }
    *count = 0;
    redo->places = mem_array(redo->places, redo->streams.count, sizeof(*redo->places));
    for (size_t i = 0; i < redo->streams.count; i++)
        if (is_input(redo, redo->streams.items[i]))
            redo->places[(*count)++] = place_of(redo, redo->streams.items[i]);
    return redo->places;
}

const struct bytes *redo_patterns(const struct redo *redo, size_t *count)
{
    *count = redo->pattern_count;
    return redo->patterns;
}

bool redo_left(const struct redo *redo, size_t index, struct redo_left *left)
{
    return redo_streams_left(&redo->streams, index, left);
}

const struct redo_outcome *redo_outcome(const struct redo *redo)
{
    return &redo->outcome;
}

struct redo *redo_new(struct engine *engine, const struct state_places *before)
{
    struct redo *redo = mem_zalloc(sizeof(*redo));
    redo->engine = engine;
    redo->before = before;
    redo->outcome.second = engine_now(engine);
    redo_streams_init(&redo->streams, &redo->outcome.problems);
    for (size_t i = 0; before && i < before->pattern_count; i++)
        note_pattern(redo, before->patterns[i]);
    return redo;
}

void redo_free(struct redo *redo)
{
    if (!redo)
        return;
    redo_streams_free(&redo->streams);
    free(redo->patterns);
    free(redo->places);
    buf_free(&redo->outcome.problems);
    free(redo);
}
