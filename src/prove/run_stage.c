/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The player that runs a test with the engine, on a stage. */
#include <errno.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "engine/clean_up.h"
#include "perl/held.h"
#include "perl/interp.h"
#include "prove/running.h"
#include "stage/stage.h"

struct stage_player {
    struct player player; /* first: what its functions are given */
    struct run *run;
    struct options *options; /* owned */
    struct stage *stage;     /* owned */
    struct stage_ears ears;
    struct observer observer;
    struct line_source *sources; /* owned; of each input of the test */
};

static_assert(offsetof(struct stage_player, player) == 0, "players cast");

static struct engine *engine_of(const struct player *player)
{
    return stage_engine(((const struct stage_player *)player)->stage);
}

/* -- What is heard -- */

static void hear_record(struct observer *observer, const struct record *record)
{
    const struct stage_player *p =
        (struct stage_player *)((char *)observer - offsetof(struct stage_player, observer));
    timeline_record(&p->run->evidence.timeline, record);
}

/* Rules have the names by which they are called at home. */
static void hear_loading(void *arg, bool begins)
{
    struct run *run = arg;
    run->loading = begins;
    if (begins)
        run_tell_line(run); /* while its rules are there */
    if (run->story)
        story_forget(run->story);
    if (!begins && run->evidence.cover)
        cover_rules(run->evidence.cover, engine_of(run->player)->rules.set);
    if (begins ? fchdir(run->setup->home) != 0 : !files_enter(run->files))
        buf_cat(&run->evidence.errors, error_text(errno), B("\n"));
}

/* -- Start -- */

static struct options *read_options(const struct run *run)
{
    const struct test *test = run->test;
    size_t count = 0, all = 1 + test->rule_count + test->option_count;
    char **words = mem_array(NULL, all + 1, sizeof(*words));
    struct buf conf = {0};
    words[count++] = bytes_cstr(B("secant"));
    for (size_t i = 0; i < test->rule_count; i++) {
        buf_clear(&conf);
        buf_cat(&conf, B("--conf="), test->rules[i]);
        words[count++] = bytes_cstr(buf_bytes(&conf));
    }
    for (size_t i = 0; i < test->option_count; i++)
        words[count++] = bytes_cstr(test->options[i]);
    words[count] = NULL;
    struct options *options = run->setup->read_options((int)count, words);
    while (count > 0)
        free(words[--count]);
    free(words);
    buf_free(&conf);
    return options;
}

static void make_sources(struct stage_player *p)
{
    const struct test *test = p->run->test;
    p->sources = mem_zarray(test->input_count, sizeof(*p->sources));
    for (size_t i = 0; i < test->input_count; i++)
        p->options->intcontexts |= test->inputs[i].context.len > 0;
    for (size_t i = 0; i < test->input_count; i++) {
        struct line_source *source = &p->sources[i];
        struct buf context = {0};
        source->name = bytes_dup(test->inputs[i].name);
        if (test->inputs[i].context.len > 0)
            buf_add(&context, test->inputs[i].context);
        else if (p->options->intcontexts)
            buf_cat(&context, B(INPUT_CONTEXT_PREFIX), source->name);
        source->context = bytes_dup(buf_bytes(&context));
        buf_free(&context);
    }
}

/* The stage's own clock is that of what is heard from the first message on. */
static void make_stage(struct stage_player *p)
{
    struct run *run = p->run;
    struct clock *clock = clock_event(run->now);
    run->evidence.timeline.clock = clock;
    p->stage = stage_new(p->options, run->now, &p->ears);
    struct engine *engine = p->player.engine = stage_engine(p->stage);
    run->evidence.timeline.clock = engine->clock;
    clock_free(clock);
    if (run->setup->coverage)
        run->evidence.cover = cover_new();
    if (run->evidence.cover)
        observers_add(&engine->observers, cover_observer(run->evidence.cover));
    perl_hold_reads(files_find, run->files);
}

static bool evaluate(struct player *player, struct bytes code, struct buf *error)
{
    struct perl_list result = {0};
    struct arena arena;
    (void)player;
    arena_init(&arena);
    bool fine = perl_eval_list(code, &arena, &result, error);
    if (fine)
        perl_list_release(&result);
    arena_free(&arena);
    return fine;
}

/* A text between single quotes, for Perl. */
static void add_quoted(struct buf *out, struct bytes text)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, text.ptr[i]);
    }
    buf_char(out, '\'');
}

/* Perl's %ENV is what sets the process's environment. */
static void set_environment(struct stage_player *p)
{
    const struct test *test = p->run->test;
    struct buf code = {0}, error = {0};
    for (size_t i = 0; i < test->environment_count; i++) {
        buf_add(&code, B("$ENV{"));
        add_quoted(&code, test->environment[i].name);
        buf_add(&code, B("} = "));
        add_quoted(&code, test->environment[i].text);
        buf_add(&code, B(";\n"));
    }
    if (code.len > 0 && !evaluate(&p->player, buf_bytes(&code), &error))
        run_complain(p->run, B("env: "), buf_bytes(&error));
    buf_free(&code);
    buf_free(&error);
}

static bool load(struct player *player)
{
    struct stage_player *p = (struct stage_player *)player;
    set_environment(p);
    if (!run_head_code(p->run))
        return false;
    bool sound = stage_load(p->stage);
    player->rules = ruleset_rules(engine_of(player)->rules.set);
    if (sound && player->rules == 0) {
        run_complain(p->run, B("rules: "), B("there are none"));
        sound = false;
    }
    return sound;
}

/* -- Course -- */

static bool begin(struct player *player)
{
    struct stage_player *p = (struct stage_player *)player;
    stage_begin(p->stage);
    return true;
}

static int64_t now(const struct player *player)
{
    return engine_now(engine_of(player));
}

static int64_t next(const struct player *player)
{
    return clean_up_next(engine_of(player));
}

static bool advance(struct player *player, int64_t second)
{
    return stage_advance(((struct stage_player *)player)->stage, second);
}

static bool play_line(struct player *player, struct bytes line, size_t input)
{
    struct stage_player *p = (struct stage_player *)player;
    return stage_line(p->stage, now(player), line, &p->sources[input]);
}

static bool send_signal(struct player *player, struct bytes name)
{
    return stage_signal(((struct stage_player *)player)->stage, name);
}

/* -- State -- */

static struct bytes line_of(const void *context, size_t at)
{
    return context_event(context, at)->text;
}

static void show_contexts(const struct engine *engine, state_see *see, void *arg)
{
    const struct context *c = contexts_first(engine->state.contexts);
    for (; c; c = c->next) {
        struct state_item item = {.forever = c->window == 0,
                                  .end = clock_later(c->time, c->window),
                                  .count = c->event_count,
                                  .line = line_of,
                                  .from = c};
        for (uint32_t i = 0; !c->internal && i < c->name_count; i++) {
            item.name = c->names[i];
            see(arg, &item);
        }
    }
}

static void show_operations(const struct engine *engine, state_see *see, void *arg)
{
    const struct operation *o = operations_first(engine->state.operations);
    for (; o; o = o->next)
        see(arg, &(struct state_item){.name = operation_desc(o),
                                      .forever = o->window == 0,
                                      .end = clock_later(o->time, o->window),
                                      .count = o->time_count});
}

static void show_variable(const struct engine *engine, struct bytes name, state_see *see, void *arg)
{
    uint32_t id;
    const struct variable *variable = NULL;
    if (names_find(engine->rules.names, name, &id))
        variable = variables_get(engine->state.variables, id);
    if (!variable || variable->kind == VARIABLE_ABSENT)
        return;
    see(arg, &(struct state_item){
                 .name = variable->kind == VARIABLE_UNDEF ? B("") : buf_bytes(&variable->text)});
}

static void show_pending(const struct engine *engine, state_see *see, void *arg)
{
    struct events *events = engine->state.events;
    for (size_t i = 0; i < events_pending_count(events); i++) {
        const struct event *event = events_pending_at(events, i);
        see(arg, &(struct state_item){.name = event->text, .end = event->due});
    }
}

static void show_state(struct player *player, enum test_subject subject, struct bytes name,
                       state_see *see, void *arg)
{
    const struct engine *engine = engine_of(player);
    if (subject == TEST_CONTEXT)
        show_contexts(engine, see, arg);
    else if (subject == TEST_OPERATION)
        show_operations(engine, see, arg);
    else if (subject == TEST_VARIABLE)
        show_variable(engine, name, see, arg);
    else
        show_pending(engine, see, arg);
}

/* -- End -- */

static void free_player(struct player *player)
{
    struct stage_player *p = (struct stage_player *)player;
    perl_hold_reads(NULL, NULL);
    stage_free(p->stage);
    for (size_t i = 0; p->sources && i < p->run->test->input_count; i++)
        source_close(&p->sources[i]);
    free(p->sources);
    p->run->setup->free_options(p->options);
    free(p);
}

struct player *run_stage_new(struct run *run)
{
    static const struct player_form form = {
        load, begin, now, next, advance, play_line, send_signal, evaluate, show_state, free_player};
    struct options *options = read_options(run);
    if (!options) {
        run_complain(run, B("options: "), B("some are wrong"));
        return NULL;
    }
    struct stage_player *p = mem_zalloc(sizeof(*p));
    p->player.form = &form;
    p->run = run;
    p->options = options;
    p->ears = (struct stage_ears){.effect = run_hear_effect,
                                  .message = run_hear_message,
                                  .loading = hear_loading,
                                  .arg = run,
                                  .observer = &p->observer};
    p->observer.hear = hear_record;
    make_sources(p);
    make_stage(p);
    run->player = &p->player;
    run_hear_findings(run);
    return &p->player;
}
