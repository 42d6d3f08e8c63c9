/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/redo.h"

#include <assert.h>
#include <inttypes.h>

#include "base/mem.h"
#include "correlate/script.h"
#include "durable/effects.h"
#include "durable/entries.h"
#include "engine/clean_up.h"
#include "engine/process.h"
#include "io/past.h"
#include "surface/surface.h"

/* From here on, the bytes of an input come from this. */
struct piece {
    uint64_t from; /* bytes of the stream before it */
    bool pipe;
    struct input_place place;
};

/* An input as a stream of bytes. */
struct stream {
    uint64_t number;
    struct input_place place; /* where it is; its texts are in the arena */
    uint64_t at;              /* bytes of it that were processed; */
    struct piece *pieces;     /* from the present one on; owned */
    size_t count, room;
    struct past *past; /* the present part, opened; NULL: not yet */
    struct buf bytes;  /* of a pipe, that have come */
    size_t taken;      /* so many of them were processed */
    size_t seen;       /* the last so many may be in the FIFO still */
    bool broken;       /* it cannot be read again: that is told once */
    bool replaced;     /* it was dropped, and a later stream is the input of its name */
};

struct redo {
    struct engine *engine;
    struct arena arena;      /* names, contexts */
    struct stream **streams; /* in the order of their numbers */
    size_t count, room;
    bool begun;  /* a journal has */
    bool counts; /* it has said how many effects there had been at its beginning */
    const struct state_places *before;
    struct bytes *patterns;
    size_t pattern_count, pattern_room;
    struct input_place *places; /* what redo_places returned */
    struct redo_outcome outcome;
};

enum { OVER = 64 * 1024 }; /* bytes that are read at once to get over them */

#define PROBLEM(redo, ...) buf_cat(&(redo)->outcome.problems, __VA_ARGS__, B("\n"))

/* -- Streams -- */

static struct input_place keep_place(struct redo *redo, const struct input_place *place)
{
    struct input_place kept = *place;
    kept.name = arena_bytes(&redo->arena, place->name);
    kept.context = arena_bytes(&redo->arena, place->context);
    kept.pattern = arena_bytes(&redo->arena, place->pattern);
    return kept;
}

static void stream_free(struct stream *stream)
{
    past_close(stream->past);
    free(stream->pieces);
    buf_free(&stream->bytes);
    free(stream);
}

static void forget_streams(struct redo *redo)
{
    for (size_t i = 0; i < redo->count; i++)
        stream_free(redo->streams[i]);
    redo->count = 0;
}

/* Where the stream of that number is, or would be. */
static size_t stream_at(const struct redo *redo, uint64_t number)
{
    size_t from = 0, to = redo->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (redo->streams[middle]->number < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool has_stream(const struct redo *redo, uint64_t number)
{
    size_t at = stream_at(redo, number);
    return at < redo->count && redo->streams[at]->number == number;
}

/* NULL, and a problem: no entry has told of it. */
static struct stream *find_stream(struct redo *redo, uint64_t number)
{
    if (has_stream(redo, number))
        return redo->streams[stream_at(redo, number)];
    PROBLEM(redo, B("The journal has no input "), NUM(number));
    return NULL;
}

/* An action has dropped an input and added it again, or a rescan has. */
static void replace_streams(struct redo *redo, struct bytes name)
{
    for (size_t i = 0; i < redo->count; i++)
        if (bytes_eq(redo->streams[i]->place.name, name))
            redo->streams[i]->replaced = true;
}

/* Where there is one of that number, it begins anew. */
static void begin_stream(struct redo *redo, uint64_t number, const struct input_place *place)
{
    size_t at = stream_at(redo, number);
    if (place->dynamic || place->pattern.len > 0)
        replace_streams(redo, place->name);
    struct stream *stream = mem_zalloc(sizeof(*stream));
    stream->number = number;
    stream->place = keep_place(redo, place);
    if (has_stream(redo, number)) {
        stream_free(redo->streams[at]);
    } else {
        MEM_GROW(redo->streams, redo->count, redo->room, 16);
        memmove(redo->streams + at + 1, redo->streams + at,
                (redo->count++ - at) * sizeof(*redo->streams));
    }
    redo->streams[at] = stream;
}

static void add_piece(struct stream *stream, uint64_t from, const struct input_place *place)
{
    MEM_GROW(stream->pieces, stream->count, stream->room, 4);
    struct piece *piece = &stream->pieces[stream->count++];
    *piece = (struct piece){.from = from, .pipe = place == NULL};
    if (place) {
        piece->place = *place;
        piece->place.name = stream->place.name;
        piece->place.context = stream->place.context;
        piece->place.pattern = stream->place.pattern;
    }
    stream->place.pipe = piece->pipe;
    if (stream->count == 1)
        stream->at = from;
}

/* Parts that were read to their end, so many of them, go. */
static void drop_pieces(struct stream *stream, size_t done)
{
    if (done == 0)
        return;
    past_close(stream->past);
    stream->past = NULL;
    stream->broken = false;
    stream->count -= done;
    memmove(stream->pieces, stream->pieces + done, stream->count * sizeof(*stream->pieces));
}

static void drop_past(struct stream *stream)
{
    size_t done = 0;
    while (done + 1 < stream->count && stream->pieces[done + 1].from <= stream->at)
        done++;
    drop_pieces(stream, done);
}

/* But the last file of which more is known than its number stays: another one may get the number
 * of one that was empty, and what follows is found from there. */
static void drop_known_past(struct stream *stream)
{
    const struct piece *pieces = stream->pieces;
    size_t done = 0;
    for (size_t i = 1; i < stream->count && pieces[i].from <= stream->at; i++)
        if (pieces[i].pipe || pieces[i].place.head.len > 0 || pieces[done].pipe)
            done = i;
    drop_pieces(stream, done);
}

static void open_past(struct redo *redo, struct stream *stream, const struct input_place *place)
{
    struct buf why = {0};
    stream->past = past_open(place, &why);
    if (!stream->past)
        PROBLEM(redo, B("Input file "), stream->place.name, B(": "), buf_bytes(&why));
    buf_free(&why);
}

/* The marks of a part are those of its beginning: what was processed of it is read over. */
static bool open_piece(struct redo *redo, struct stream *stream)
{
    const struct piece *piece = &stream->pieces[0];
    uint64_t left = stream->at - piece->from;
    struct bytes over;
    open_past(redo, stream, &piece->place);
    while (stream->past && left > 0) {
        size_t size = left < OVER ? (size_t)left : OVER;
        if (!past_read(stream->past, size, &over))
            return false;
        left -= size;
    }
    return stream->past != NULL;
}

/* The next bytes of the present part, at most so many. */
static bool read_piece(struct redo *redo, struct stream *stream, uint64_t size, struct bytes *bytes)
{
    struct piece *piece = &stream->pieces[0];
    if (piece->pipe) {
        *bytes = bytes_from(buf_bytes(&stream->bytes), stream->taken);
        if (bytes->len < size)
            return false;
        bytes->len = (size_t)size;
        stream->taken += (size_t)size;
        return true;
    }
    if (!stream->past && !open_piece(redo, stream))
        return false;
    return past_read(stream->past, (size_t)size, bytes);
}

/* -- Lines -- */

/* Sources are found by name: actions add and drop them, as they did at first. */
static struct line_source *find_source(struct redo *redo, const struct stream *stream)
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

static void do_line(struct redo *redo, struct stream *stream, struct bytes line)
{
    struct line_source *source = find_source(redo, stream);
    if (!source)
        return;
    redo->engine->run.borrowed = true;
    process_line(redo->engine, line, source);
    redo->outcome.lines++;
}

/* How many lines there were in the bytes; the last one may lack its newline where a file ended. */
static uint64_t do_lines(struct redo *redo, struct stream *stream, struct bytes bytes)
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

/* What came of them has happened, and the lines that follow must not be taken for them. */
static void pass_over(struct redo *redo, struct stream *stream, uint64_t bytes)
{
    if (!stream->broken)
        PROBLEM(
            redo, B("Input file "), stream->place.name,
            B(" cannot be read again from where it was at the snapshot: what its lines did to the "
              "state is lost"));
    stream->broken = true;
    stream->at += bytes;
}

/* Lines, or bytes that are passed over. */
static bool redo_lines(struct redo *redo, const struct entry *entry)
{
    bool passed = entry->kind == ENTRY_PASSED;
    struct stream *stream = find_stream(redo, entry->number);
    uint64_t left = entry->bytes, count = 0;
    if (!stream || stream->count == 0)
        return false;
    while (left > 0) {
        struct bytes bytes;
        drop_past(stream);
        uint64_t size = left;
        if (stream->count > 1 && stream->pieces[1].from - stream->at < size)
            size = stream->pieces[1].from - stream->at;
        left -= size;
        if (stream->broken || !read_piece(redo, stream, size, &bytes)) {
            pass_over(redo, stream, size);
            continue;
        }
        stream->at += size;
        if (!passed)
            count += do_lines(redo, stream, bytes);
    }
    if (count != entry->count && !stream->broken)
        PROBLEM(redo, B("Input file "), stream->place.name, B(" has "), NUM(count),
                B(" lines where "), NUM(entry->count), B(" were processed"));
    return true;
}

/* -- All else -- */

static bool redo_events(struct redo *redo, uint64_t count)
{
    for (; count > 0; count--) {
        if (!events_any(redo->engine->state.events)) {
            PROBLEM(redo, B("Rules did something else than at first: "), NUM(count),
                    B(" events did not come again"));
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
    redo->patterns[redo->pattern_count++] = arena_bytes(&redo->arena, pattern);
}

static bool redo_input(struct redo *redo, const struct entry *entry)
{
    struct stream *stream = NULL;
    if (entry->kind == ENTRY_INPUT) {
        begin_stream(redo, entry->number, &entry->place);
        return true;
    }
    if (!(stream = find_stream(redo, entry->number)))
        return false;
    if (entry->kind == ENTRY_FILE)
        add_piece(stream, entry->bytes, &entry->place);
    else if (entry->kind == ENTRY_PIPE)
        add_piece(stream, entry->bytes, NULL);
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
        forget_streams(redo);
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

/* A journal begins with what of a pipe has come and was not processed then: it comes again. */
static void forget_arrivals(struct redo *redo, const struct entry *entry)
{
    struct stream *stream = redo->streams[stream_at(redo, entry->number)];
    uint64_t begin = stream->at - stream->taken;
    if (stream->place.pipe && entry->bytes >= stream->at &&
        entry->bytes - begin < stream->bytes.len)
        stream->bytes.len = (size_t)(entry->bytes - begin);
}

/* Of an input that was a pipe; others are read on from where they are. */
static bool redo_arrival(struct redo *redo, const struct entry *entry)
{
    bool known = has_stream(redo, entry->number);
    switch (entry->kind) {
    case ENTRY_INPUT:
        return known || redo_input(redo, entry);
    case ENTRY_PIPE:
        if (known)
            forget_arrivals(redo, entry);
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

static struct input_place place_of(struct redo *redo, struct stream *stream)
{
    struct input_place place = stream->place;
    const struct input *input = inputs_find(redo->engine->io.inputs, place.name);
    drop_known_past(stream);
    if (stream->count > 0 && !stream->pieces[0].pipe) {
        const struct piece *piece = &stream->pieces[0];
        struct bytes pattern = place.pattern;
        bool dynamic = place.dynamic;
        place = piece->place;
        place.pattern = pattern;
        place.dynamic = dynamic;
        place.second = redo->outcome.second;
        place.offset += stream->at - piece->from;
        if (stream->past && !stream->broken)
            past_place(stream->past, &place);
        else if (stream->at > piece->from)
            place.tail = (struct file_mark){0}; /* it is not known */
    }
    place.lines = input ? input->source.lines : 0;
    return place;
}

/* Some were dropped by an action. */
static bool is_input(const struct redo *redo, const struct stream *stream)
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
    redo->places = mem_array(redo->places, redo->count, sizeof(*redo->places));
    for (size_t i = 0; i < redo->count; i++)
        if (is_input(redo, redo->streams[i]))
            redo->places[(*count)++] = place_of(redo, redo->streams[i]);
    return redo->places;
}

const struct bytes *redo_patterns(const struct redo *redo, size_t *count)
{
    *count = redo->pattern_count;
    return redo->patterns;
}

bool redo_left(const struct redo *redo, size_t index, struct redo_left *left)
{
    for (size_t i = 0; i < redo->count; i++) {
        const struct stream *stream = redo->streams[i];
        if (stream->replaced || stream->bytes.len == stream->taken || index-- > 0)
            continue;
        left->name = stream->place.name;
        left->bytes = bytes_from(buf_bytes(&stream->bytes), stream->taken);
        left->seen = stream->seen < left->bytes.len ? stream->seen : left->bytes.len;
        return true;
    }
    return false;
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
    arena_init(&redo->arena);
    for (size_t i = 0; before && i < before->pattern_count; i++)
        note_pattern(redo, before->patterns[i]);
    return redo;
}

void redo_free(struct redo *redo)
{
    if (!redo)
        return;
    forget_streams(redo);
    free(redo->streams);
    free(redo->patterns);
    free(redo->places);
    buf_free(&redo->outcome.problems);
    arena_free(&redo->arena);
    free(redo);
}
