/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/load.h"

#include "base/mem.h"
#include "store/loading.h"

void load_problem_parts(struct state_loading *l, const struct bytes *parts, size_t count)
{
    struct buf *problems = &l->load->problems;
    buf_cat(problems, l->load->file, B(": "));
    buf_cat_parts(problems, parts, count);
    buf_char(problems, '\n');
}

void state_load_begin(struct state_load *load)
{
    struct state_loading *l = load->loading = mem_zalloc(sizeof(*l));
    l->load = load;
    l->engine = load->engine;
    arena_init(&l->kept);
    arena_init(&l->arena);
    arena_init(&l->held);
    marks_init(&l->marks, load->engine->rules.set);
}

/* What the start has made of them is in the state, too. */
static void forget_counts(struct engine *engine)
{
    const struct file_states *files = &engine->state.files;
    for (size_t i = 0; i < files->count; i++)
        for (size_t k = 0; k < files->items[i]->file->count; k++) {
            struct rule_state *state = &files->items[i]->rules[k];
            state->match_count = state->event_count = 0;
            state->cpu_seconds = 0;
            state->last_action = (struct last_action){0};
        }
}

/* Where rules have changed, what the present ones have made at the start stays beside the state. */
static void forget(struct state_loading *l)
{
    struct engine *engine = l->engine;
    operations_clear(engine);
    load_rest_begin(l);
    if (!l->same)
        return;
    contexts_clear(engine);
    forget_counts(engine);
}

static bool sound_head(const struct saved_head *head)
{
    return clock_knows(head->second) && clock_knows(head->cleaned) && clock_knows(head->touched) &&
           clock_knows(head->calendar);
}

bool state_head_second(struct bytes record, int64_t *second)
{
    struct saved_head head;
    if (record.len == 0 || *record.ptr != SAVED_HEAD)
        return false;
    struct unpack from = unpack_of(bytes_from(record, 1));
    head_unpack(&from, &head);
    *second = head.second;
    return !from.failed && sound_head(&head);
}

static bool load_head(struct state_loading *l, struct unpack *from)
{
    struct engine *engine = l->engine;
    struct engine_run *run = &engine->run;
    if (l->headed)
        return false;
    head_unpack(from, &l->head);
    if (l->head.version < 1 || l->head.version > SAVED_VERSION) {
        load_problem(l, B("its records are of version "), NUM(l->head.version),
                     B(", this program reads versions 1 to "), NUM(SAVED_VERSION));
        return false;
    }
    if (from->failed || !sound_head(&l->head))
        return false;
    l->same = l->head.rules == ruleset_hash(engine->rules.set);
    forget(l);
    run->last_cleanup = l->head.cleaned;
    run->calendar_due = l->same ? l->head.calendar : 0;
    run->calendar_waits = l->same && l->head.calendar_waits;
    run->in_turn = l->head.in_turn;
    run->processed_lines = l->head.lines;
    run->matches = l->head.matches;
    l->headed = true;
    return true;
}

static bool load_end(struct state_loading *l, struct unpack *from)
{
    end_unpack(from, &l->sum);
    l->ended = true;
    return !from->failed;
}

/* It has gone on there since before. */
static bool pass_input(struct state_loading *l, struct unpack *from)
{
    struct input_place place;
    (void)l;
    place_unpack(from, &place);
    return !from->failed;
}

static bool pass_pattern(struct state_loading *l, struct unpack *from)
{
    (void)l;
    unpack_text(from);
    return !from->failed;
}

/* They come in this order. */
static const struct loader {
    enum saved_kind kind;
    bool (*load)(struct state_loading *l, struct unpack *from);
} loaders[] = {
    {SAVED_HEAD, load_head},         {SAVED_RULE, load_rule},
    {SAVED_LIST, load_list},         {SAVED_CONTEXT, load_context},
    {SAVED_STORE, load_store},       {SAVED_OPERATION, load_operation},
    {SAVED_LINES, load_lines},       {SAVED_TIMES, load_times},
    {SAVED_QUEUED, load_queued},     {SAVED_PENDING, load_pending},
    {SAVED_VARIABLE, load_variable}, {SAVED_PERL, load_perl},
    {SAVED_WINDOW, load_window},     {SAVED_CHILD, load_child},
    {SAVED_MATCH, load_match},       {SAVED_PATTERN, pass_pattern},
    {SAVED_INPUT, pass_input},       {SAVED_END, load_end},
};

static const struct loader *find_loader(char kind)
{
    for (size_t i = 0; i < sizeof(loaders) / sizeof(*loaders); i++)
        if ((char)loaders[i].kind == kind)
            return &loaders[i];
    return NULL;
}

/* All things of a record. */
static bool load_all(struct state_loading *l, const struct loader *loader, struct bytes things)
{
    struct unpack from = unpack_of(things);
    bool sound = true;
    while (sound && from.at < from.end) {
        struct arena_mark mark = arena_mark(&l->arena);
        sound = loader->load(l, &from) && !from.failed;
        arena_release(&l->arena, mark);
    }
    return sound;
}

bool state_load_record(struct state_load *load, struct bytes record)
{
    struct state_loading *l = load->loading;
    const struct loader *loader = record.len > 0 ? find_loader(*record.ptr) : NULL;
    int kind = record.len > 0 ? (unsigned char)*record.ptr : 0;
    bool is_head = loader && loader->kind == SAVED_HEAD;
    size_t told = load->problems.len;
    if (loader && is_head != l->headed && !l->ended) {
        if (load_all(l, loader, bytes_from(record, 1)))
            return true;
    }
    if (load->problems.len == told)
        load_problem(l, B("a record of kind "), NUM(kind), B(" is not sound"));
    return false;
}

/* All that was saved has come. */
static bool complete(const struct state_loading *l)
{
    const struct state_load *load = l->load;
    const struct saved_end *sum = &l->sum;
    return l->ended && !l->holds && sum->contexts == load->contexts &&
           sum->operations == load->operations + load->lost.operations &&
           sum->queued == load->queued && sum->pending == load->events &&
           sum->variables == load->variables + load->lost.variables &&
           sum->perl == load->perl + load->lost.perl;
}

bool state_load_end(struct state_load *load)
{
    struct state_loading *l = load->loading;
    bool all = complete(l);
    if (!all)
        load_problem(l, B("it is not complete"));
    load_timers(l);
    load_rules_end(l);
    load_rest_end(l);
    marks_free(&l->marks);
    arena_free(&l->kept);
    arena_free(&l->arena);
    arena_free(&l->held);
    free(l->times);
    free(l);
    load->loading = NULL;
    return all;
}

void load_tell_problems(struct log *log, struct buf *problems)
{
    struct bytes rest = buf_bytes(problems), line;
    while (bytes_piece(&rest, '\n', &line))
        log_msg(log, LOG_WARN, line);
    buf_free(problems);
}

void state_load_tell(struct state_load *load, int64_t second)
{
    struct log *log = load->engine->log;
    log_msg(log, LOG_NOTE, B("State of "), CTIME(second), B(" taken over from "), load->file,
            B(": "), NUM(load->contexts), B(" context"), PLURAL(load->contexts), B(", "),
            NUM(load->operations), B(" event correlation operation"), PLURAL(load->operations),
            B(", "), NUM(load->events), B(" pending event"), PLURAL(load->events));
    load_tell_problems(log, &load->problems);
}

/* -- Inputs -- */

static struct bytes kept(struct state_places *places, struct bytes text)
{
    return arena_bytes(&places->arena, text);
}

static bool add_pattern(struct state_places *places, struct unpack *from)
{
    struct bytes pattern = unpack_text(from);
    if (from->failed)
        return false;
    MEM_GROW(places->patterns, places->pattern_count, places->pattern_room, 16);
    places->patterns[places->pattern_count++] = kept(places, pattern);
    return true;
}

static bool add_place(struct state_places *places, struct unpack *from)
{
    struct input_place place;
    place_unpack(from, &place);
    if (from->failed)
        return false;
    place.name = kept(places, place.name);
    place.context = kept(places, place.context);
    place.pattern = kept(places, place.pattern);
    MEM_GROW(places->items, places->count, places->room, 16);
    places->items[places->count++] = place;
    return true;
}

void state_places_add(struct state_places *places, struct bytes record)
{
    struct unpack from = unpack_of(bytes_from(record, record.len > 0));
    char kind = '\0';
    bool sound = true;
    if (record.len > 0)
        kind = *record.ptr;
    while (kind == SAVED_PATTERN && sound && from.at < from.end)
        sound = add_pattern(places, &from);
    while (kind == SAVED_INPUT && sound && from.at < from.end)
        sound = add_place(places, &from);
}

void state_places_free(struct state_places *places)
{
    free(places->items);
    free(places->patterns);
    arena_free(&places->arena);
}
