/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which inputs there are: opened from the command line's patterns, added and dropped by actions.
 *
 * The list is sorted by name, and each input knows its place in it.  An input that goes away is
 * closed at once but freed only when the next line is asked for, because the line being processed
 * may still point at its bytes and its name.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/table.h"
#include "io/glob.h"
#include "io/input_state.h"

/* A name that is to be an input. */
struct wanted {
    struct bytes name, context; /* owned */
    struct bytes pattern;       /* that names it; empty: none does */
    bool dynamic;
    bool fresh; /* the pattern is an earlier run's: a file without a place is a new one */
};

static struct bytes wanted_name(const void *entry)
{
    return ((const struct wanted *)entry)->name;
}

struct inputs *inputs_new(struct loop *loop, struct log *log, const struct clock *clock,
                          const struct input_options *options, input_timeout_run *run, void *arg)
{
    struct inputs *inputs = mem_zalloc(sizeof(*inputs));
    inputs->feed.type = &inputs_feed_type;
    inputs->loop = loop;
    inputs->log = log;
    inputs->clock = clock;
    inputs->options = options;
    inputs->run = run;
    inputs->run_arg = arg;
    return inputs;
}

struct feed *inputs_feed(struct inputs *inputs)
{
    return &inputs->feed;
}

static struct input *input_new(struct inputs *inputs, struct bytes name)
{
    struct input *input = mem_zalloc(sizeof(*input));
    input->state = mem_zalloc(sizeof(*input->state));
    input->state->inputs = inputs;
    input->source.feed = &inputs->feed;
    input->source.name = bytes_dup(name);
    input->source.context = bytes_dup(B(""));
    input->fd = -1;
    return input;
}

static void input_free(struct input *input)
{
    source_close(&input->source);
    input_forget_trail(input);
    bytes_free(input->state->pattern);
    free(input->state->stretches);
    free(input->state->block.ptr);
    free(input->state);
    free(input);
}

static void detach_input(struct input *input)
{
    input_close(input);
    watch_free(input->state->path);
    input->state->path = NULL;
}

static void drop_queued(struct inputs *inputs, const struct input *input)
{
    size_t kept = inputs->taken;
    for (size_t i = inputs->taken; i < inputs->queued; i++)
        if (inputs->queue[i].from != input)
            inputs->queue[kept++] = inputs->queue[i];
    inputs->queued = kept;
}

/* The input must be out of the list. */
static void retire(struct inputs *inputs, struct input *input)
{
    drop_queued(inputs, input);
    detach_input(input);
    input->state->next = inputs->retired;
    inputs->retired = input;
}

static void free_all(struct input **inputs)
{
    while (*inputs) {
        struct input *input = *inputs;
        *inputs = input->state->next;
        input_free(input);
    }
}

void inputs_free_retired(struct inputs *inputs)
{
    free_all(&inputs->retired);
}

void inputs_free(struct inputs *inputs)
{
    if (!inputs)
        return;
    for (size_t i = 0; i < inputs->count; i++)
        retire(inputs, inputs->list[i]);
    inputs_free_retired(inputs);
    free_all(&inputs->remnants);
    inputs_forget_files(inputs);
    free(inputs->list);
    free(inputs->active);
    free(inputs->queue);
    free(inputs);
}

/* Makes room for `count` inputs in the list and in what goes along with it. */
static void resize(struct inputs *inputs, size_t count)
{
    inputs->list = mem_array(inputs->list, count, sizeof(*inputs->list));
    inputs->active = mem_array(inputs->active, count, 1);
    inputs->queue = mem_array(inputs->queue, count, sizeof(*inputs->queue));
}

static void put_at(struct inputs *inputs, size_t index, struct input *input)
{
    inputs->list[index] = input;
    input->state->index = index;
}

/* Where an input of this name is, or would have to be put. */
static size_t place_of(const struct inputs *inputs, struct bytes name)
{
    size_t low = 0, high = inputs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bytes_cmp(inputs->list[middle]->source.name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct input *inputs_find(const struct inputs *inputs, struct bytes name)
{
    size_t index = place_of(inputs, name);
    bool found = index < inputs->count && bytes_eq(inputs->list[index]->source.name, name);
    return found ? inputs->list[index] : NULL;
}

static struct input *insert_input(struct inputs *inputs, struct input *input)
{
    size_t index = place_of(inputs, input->source.name);
    resize(inputs, inputs->count + 1);
    for (size_t i = inputs->count; i > index; i--) {
        put_at(inputs, i, inputs->list[i - 1]);
        inputs->active[i] = inputs->active[i - 1];
    }
    inputs->count++;
    put_at(inputs, index, input);
    inputs->active[index] = 0;
    return input;
}

static void take_out(struct inputs *inputs, struct input *input)
{
    inputs->count--;
    for (size_t i = input->state->index; i < inputs->count; i++) {
        put_at(inputs, i, inputs->list[i + 1]);
        inputs->active[i] = inputs->active[i + 1];
    }
}

static void set_pattern(struct input *input, struct bytes pattern)
{
    bytes_free(input->state->pattern);
    input->state->pattern = bytes_dup(pattern);
}

static void set_context(struct input *input, struct bytes context)
{
    if (bytes_eq(input->source.context, context))
        return;
    bytes_free(input->source.context);
    input->source.context = bytes_dup(context);
}

/* Forgets all that is known of the file itself: the input begins again. */
static void begin_input(struct input *input, struct bytes context, int64_t now)
{
    struct input_state *state = input->state;
    detach_input(input);
    input_drop_unread(input);
    input_forget_stretches(input);
    input_forget_trail(input);
    set_context(input, context);
    if (!state->inputs->going_on)
        input->source.lines = 0;
    state->script_ran = state->missing = false;
    state->check_at = 0;
    state->opened = state->received = now;
    input_set_active(input, false);
}

static struct wanted *want(struct table *wanted, struct bytes name, struct bytes context)
{
    struct wanted *entry = table_find(wanted, name);
    if (entry) {
        bytes_free(entry->context);
    } else {
        entry = mem_zalloc(sizeof(*entry));
        entry->name = bytes_dup(name);
        table_insert(wanted, entry);
    }
    entry->context = bytes_dup(context);
    return entry;
}

bool input_split_context(struct bytes *pattern, struct bytes *context)
{
    struct bytes b = *pattern;
    if (b.len > 0 && b.ptr[b.len - 1] == '\n')
        b.len--;
    for (size_t i = b.len; i-- > 1 && !is_space(b.ptr[i]);) {
        if (b.ptr[i] != '=' || i + 1 == b.len)
            continue;
        if (bytes_chr(bytes_slice(b, 0, i), '\n', 0) >= 0)
            return false;
        *context = bytes_from(b, i + 1);
        *pattern = bytes_slice(b, 0, i);
        return true;
    }
    return false;
}

/* Is it one of the patterns, whatever contexts they give? */
static bool has_pattern(const struct bytes *patterns, size_t count, struct bytes pattern)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes other = patterns[i], context;
        input_split_context(&other, &context);
        if (bytes_eq(other, pattern))
            return true;
    }
    return false;
}

static void want_pattern(const struct inputs *inputs, struct table *wanted, struct bytes pattern,
                         bool *with_contexts)
{
    struct bytes context = {0};
    struct file_names names = {0};
    struct buf own = {0};
    bool given = input_split_context(&pattern, &context);
    bool known = has_pattern(inputs->known, inputs->known_count, pattern);
    if (given)
        *with_contexts = true;
    glob_names(pattern, &names);
    for (size_t i = 0; i < names.count; i++) {
        buf_clear(&own);
        buf_cat(&own, B(INPUT_CONTEXT_PREFIX), names.names[i]);
        struct wanted *entry = want(wanted, names.names[i], given ? context : buf_bytes(&own));
        entry->pattern = pattern;
        entry->fresh = entry->fresh || known;
    }
    buf_free(&own);
    file_names_free(&names);
}

/* What an earlier run has read, and no pattern names now. */
static void want_places(const struct inputs *inputs, struct table *wanted,
                        const struct bytes *patterns, size_t count)
{
    for (size_t i = 0; i < inputs->place_count; i++) {
        const struct input_place *place = &inputs->places[i];
        if (table_find(wanted, place->name))
            continue;
        if (!place->dynamic &&
            (place->pattern.len == 0 || !has_pattern(patterns, count, place->pattern) ||
             !(inputs->options->closed || input_place_found(place))))
            continue;
        struct wanted *entry = want(wanted, place->name, place->context);
        entry->dynamic = place->dynamic;
        entry->pattern = place->pattern;
    }
}

static void want_dynamic(struct inputs *inputs, struct table *wanted)
{
    for (size_t i = 0; i < inputs->count; i++) {
        struct input *input = inputs->list[i];
        if (!input->dynamic)
            continue;
        input->dynamic = !table_find(wanted, input->source.name);
        if (input->dynamic)
            want(wanted, input->source.name, input->source.context)->dynamic = true;
        else
            log_msg(inputs->log, LOG_NOTE, B("Dynamic input file "), input->source.name,
                    B(" has been provided in command line and is no longer regarded dynamic"));
    }
}

static int compare_wanted(const void *left, const void *right)
{
    return bytes_cmp((*(struct wanted *const *)left)->name, (*(struct wanted *const *)right)->name);
}

static struct wanted **sort_wanted(const struct table *wanted)
{
    struct wanted **sorted = mem_array(NULL, wanted->count + 1, sizeof(struct wanted *));
    size_t count = 0, at = 0;
    for (struct wanted *entry; (entry = table_next(wanted, &at)) != NULL;)
        sorted[count++] = entry;
    qsort(sorted, count, sizeof(struct wanted *), compare_wanted);
    return sorted;
}

static void open_wanted(struct inputs *inputs, const struct wanted *wanted, int64_t offset,
                        bool keep_open, int64_t now)
{
    log_msg(inputs->log, LOG_NOTE, B("Opening input file "), wanted->name);
    struct input *input = inputs_find(inputs, wanted->name);
    if (input && keep_open && input->fd >= 0) {
        log_msg(inputs->log, LOG_DETAIL, B("Input file "), wanted->name, B(" already open"));
        set_context(input, wanted->context);
        set_pattern(input, wanted->pattern);
        return;
    }
    if (!input)
        input = insert_input(inputs, input_new(inputs, wanted->name));
    const struct input_place *place = inputs_place(inputs, wanted->name);
    begin_input(input, wanted->context, now);
    input->dynamic = wanted->dynamic;
    set_pattern(input, wanted->pattern);
    if (place)
        input_go_on(input, place, offset);
    else
        input_open(input, wanted->fresh ? 0 : offset, B("-1"));
    input_remember_missing(input);
}

static void retire_unwanted(struct inputs *inputs, const struct table *wanted)
{
    for (size_t i = inputs->count; i-- > 0;) {
        struct input *input = inputs->list[i];
        if (table_find(wanted, input->source.name))
            continue;
        take_out(inputs, input);
        retire(inputs, input);
    }
}

static void close_all(struct inputs *inputs)
{
    inputs->queued = inputs->taken = 0;
    for (size_t i = 0; i < inputs->count; i++)
        input_close(inputs->list[i]);
}

void inputs_open(struct inputs *inputs, const struct bytes *patterns, size_t count, int64_t offset,
                 bool keep_open, bool *with_contexts)
{
    struct table wanted;
    table_init(&wanted, wanted_name);
    free_all(&inputs->remnants);
    if (!keep_open)
        close_all(inputs);
    for (size_t i = 0; i < count; i++)
        want_pattern(inputs, &wanted, patterns[i], with_contexts);
    want_dynamic(inputs, &wanted);
    want_places(inputs, &wanted, patterns, count);
    retire_unwanted(inputs, &wanted);
    struct wanted **sorted = sort_wanted(&wanted);
    int64_t now = clock_now(inputs->clock);
    for (size_t i = 0; i < wanted.count; i++) {
        open_wanted(inputs, sorted[i], offset, keep_open, now);
        bytes_free(sorted[i]->name);
        bytes_free(sorted[i]->context);
        free(sorted[i]);
    }
    free(sorted);
    table_free(&wanted);
    inputs_rescan_later(inputs);
    inputs_went_on(inputs);
}

void inputs_forget_dynamic(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        inputs->list[i]->dynamic = false;
}

/* An offset is "-" (the end, -1) or digits, which are left without leading zeros in *offset. */
static bool read_offset(struct bytes *offset, int64_t *value)
{
    *offset = bytes_trim(*offset);
    *value = -1;
    if (bytes_eq(*offset, B("-")))
        return true;
    if (!bytes_uint(*offset, false, value))
        return false;
    while (offset->len > 1 && *offset->ptr == '0')
        *offset = bytes_from(*offset, 1);
    return true;
}

/* --- an input that its own line has dropped -------------------------------------------------- */

/* Upstream counts a line when it has been processed, and that makes an entry for the input again:
 * one with nothing but a count, that cannot be added any more and is an input, a closed one, as
 * soon as another is added or dropped. */
static void leave_remnant(struct inputs *inputs, struct bytes name)
{
    struct input *remnant = input_new(inputs, name);
    bytes_free(remnant->source.context);
    remnant->source.context = (struct bytes){0};
    remnant->source.lines = 1;
    remnant->state->next = inputs->remnants;
    inputs->remnants = remnant;
}

static const struct input *find_remnant(const struct inputs *inputs, struct bytes name)
{
    const struct input *remnant = inputs->remnants;
    while (remnant && !bytes_eq(remnant->source.name, name))
        remnant = remnant->state->next;
    return remnant;
}

static void list_remnants(struct inputs *inputs)
{
    while (inputs->remnants) {
        struct input *remnant = inputs->remnants;
        inputs->remnants = remnant->state->next;
        insert_input(inputs, remnant);
        input_set_active(remnant, true);
    }
}

void input_outlived(struct line_source *source)
{
    struct inputs *inputs = input_of(source)->state->inputs;
    struct input *successor = inputs_find(inputs, source->name);
    if (successor)
        successor->source.lines++;
    else
        leave_remnant(inputs, source->name);
}

/* --- files that appear while others are read -------------------------------------------------- */

static void forget_remnant(struct inputs *inputs, struct bytes name)
{
    struct input **at = &inputs->remnants;
    while (*at && !bytes_eq((*at)->source.name, name))
        at = &(*at)->state->next;
    if (!*at)
        return;
    struct input *remnant = *at;
    *at = remnant->state->next;
    input_free(remnant);
}

struct input *inputs_follow(struct inputs *inputs, struct bytes name, struct bytes context,
                            struct bytes pattern)
{
    forget_remnant(inputs, name);
    struct input *input = insert_input(inputs, input_new(inputs, name));
    begin_input(input, context, clock_now(inputs->clock));
    set_pattern(input, pattern);
    input_open(input, 0, B("0"));
    input->state->from_start = input->fd < 0;
    return input;
}

void inputs_take_away(struct input *input)
{
    struct inputs *inputs = input->state->inputs;
    input->source.dropped = true;
    take_out(inputs, input);
    retire(inputs, input);
}

/* --- addinput and dropinput ------------------------------------------------------------------ */

static bool may_add(const struct inputs *inputs, struct bytes name)
{
    const struct input *input = inputs_find(inputs, name);
    if (!input)
        input = find_remnant(inputs, name);
    if (!input)
        return true;
    log_msg(inputs->log, LOG_WARN, input->dynamic ? B("Dynamic input file '") : B("Input file '"),
            name, B("' already exists in the list of inputs, can't add"));
    return false;
}

struct input *inputs_add(struct inputs *inputs, struct bytes name, struct bytes offset,
                         struct bytes context)
{
    int64_t at;
    struct bytes given = offset;
    log_msg(inputs->log, LOG_DETAIL, B("Adding dynamic input file '"), name, B("' with context '"),
            context, B("' to the list of inputs"));
    if (!may_add(inputs, name))
        return NULL;
    if (!read_offset(&offset, &at)) {
        log_msg(inputs->log, LOG_WARN, B("Invalid file offset '"), given,
                B("' specified for input file '"), name, B("'"));
        return NULL;
    }
    if (at < 0)
        log_msg(inputs->log, LOG_DETAIL, B("Opening input file '"), name, B("' and seeking EOF"));
    else
        log_msg(inputs->log, LOG_DETAIL, B("Opening input file '"), name,
                B("' and seeking offset '"), offset, B("'"));
    struct input *input = insert_input(inputs, input_new(inputs, name));
    begin_input(input, context, clock_now(inputs->clock));
    input->dynamic = true; /* who hears of the opening is to know */
    input_open(input, at, offset);
    input_remember_missing(input);
    list_remnants(inputs);
    return input;
}

void inputs_drop(struct inputs *inputs, struct bytes name)
{
    log_msg(inputs->log, LOG_DETAIL, B("Dropping dynamic input file '"), name,
            B("' from the list of inputs"));
    struct input *input = inputs_find(inputs, name);
    if (input && input->dynamic) {
        inputs_take_away(input);
        list_remnants(inputs);
        return;
    }
    log_msg(inputs->log, LOG_WARN, B("Dynamic input file '"), name, B("' not found, can't drop"));
}

size_t inputs_count(const struct inputs *inputs)
{
    return inputs->count;
}

size_t inputs_count_open(const struct inputs *inputs)
{
    return inputs->open;
}

struct input *inputs_at(const struct inputs *inputs, size_t index)
{
    return inputs->list[index];
}
