/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run from its making to the rules' loading, and its end. */
#include <errno.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "clock/zone.h"
#include "perl/held.h"
#include "perl/interp.h"
#include "prove/running.h"
#include "prove/text.h"

static struct run *run_of(struct observer *observer)
{
    return (struct run *)((char *)observer - offsetof(struct run, observer));
}

/* -- What is heard -- */

/* The newest answer for a command of this kind; those for Perl are for all that it starts. */
static const struct test_answer *find_answer(const struct run *run, const struct effect *effect)
{
    const struct happening *happening =
        &run->evidence.timeline.items[run->evidence.timeline.count - 1];
    for (size_t i = run->answer_count; i-- > 0;) {
        const struct test_answer *answer = run->answers[i];
        bool kind = answer->subject == happening->subject ||
                    (answer->subject == TEST_PERL && effect->kind == EFFECT_PERL) ||
                    (answer->subject == TEST_SPAWN && effect->gives);
        if (kind && text_fits(&answer->command, effect->command->text))
            return answer;
    }
    return NULL;
}

static void hear_effect(void *arg, const struct effect *effect, struct effect_answer *given)
{
    struct run *run = arg;
    timeline_effect(&run->evidence.timeline, effect);
    files_effect(run->files, effect);
    const struct test_answer *answer = effect->command ? find_answer(run, effect) : NULL;
    if (!answer)
        return;
    given->exit_code = (int)answer->exit_code;
    given->output = answer->output;
}

static void hear_message(void *arg, int level, struct bytes text)
{
    struct run *run = arg;
    if (run->loading && !run->loaded && level <= LOG_WARN)
        buf_cat(&run->evidence.errors, text, B("\n"));
    timeline_message(&run->evidence.timeline, text);
    story_hear_message(run->story, level, text);
}

static void hear_record(struct observer *observer, const struct record *record)
{
    timeline_record(&run_of(observer)->evidence.timeline, record);
}

/* Rules have the names by which they are called at home. */
static void hear_loading(void *arg, bool begins)
{
    struct run *run = arg;
    run->loading = begins;
    if (begins)
        run_tell_line(run); /* while its rules are there */
    else if (run->evidence.reach)
        reach_rules(run->evidence.reach, stage_engine(run->stage)->rules.set);
    if (begins ? fchdir(run->setup->home) != 0 : !files_enter(run->files))
        buf_cat(&run->evidence.errors, error_text(errno), B("\n"));
}

/* -- Start -- */

static void complain(struct run *run, struct bytes what, struct bytes why)
{
    buf_cat(&run->evidence.errors, what, bytes_trim(why), B("\n"));
}

static bool read_options(struct run *run)
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
    run->options = run->setup->read_options((int)count, words);
    while (count > 0)
        free(words[--count]);
    free(words);
    buf_free(&conf);
    if (!run->options)
        complain(run, B("options: "), B("some are wrong"));
    return run->options;
}

static void make_inputs(struct run *run)
{
    const struct test *test = run->test;
    run->inputs = mem_zarray(test->input_count, sizeof(*run->inputs));
    for (size_t i = 0; i < test->input_count; i++)
        run->options->intcontexts |= test->inputs[i].context.len > 0;
    for (size_t i = 0; i < test->input_count; i++) {
        struct line_source *source = &run->inputs[i].source;
        struct buf context = {0};
        source->name = bytes_dup(test->inputs[i].name);
        if (test->inputs[i].context.len > 0)
            buf_add(&context, test->inputs[i].context);
        else if (run->options->intcontexts)
            buf_cat(&context, B(INPUT_CONTEXT_PREFIX), source->name);
        source->context = bytes_dup(buf_bytes(&context));
        buf_free(&context);
    }
}

void run_take(struct run *run, const struct test *test)
{
    run->test = run->evidence.test = test;
    free(run->evidence.marks);
    run->evidence.marks = mem_zarray(test->step_count + 1, sizeof(*run->evidence.marks));
}

struct run *run_new(const struct run_setup *setup, const struct test *test, struct bytes folder)
{
    struct run *run = mem_zalloc(sizeof(*run));
    run->setup = setup;
    run->files = files_new(folder, test);
    run->story = story_new(false, false);
    run->ears = (struct stage_ears){hear_effect, hear_message, hear_loading, run, &run->observer};
    run->observer.hear = hear_record;
    if (setup->coverage)
        run->evidence.reach = reach_new();
    timeline_begin(&run->evidence.timeline);
    run_take(run, test);
    return run;
}

bool run_touched(const struct run *run)
{
    return files_touched(run->files);
}

void run_reset(struct run *run)
{
    files_reset(run->files);
    files_enter(run->files);
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

bool run_evaluate(struct bytes code, struct buf *error)
{
    struct perl_list result = {0};
    struct arena arena;
    arena_init(&arena);
    bool fine = perl_eval_list(code, &arena, &result, error);
    if (fine)
        perl_list_release(&result);
    arena_free(&arena);
    return fine;
}

/* Perl's %ENV is what sets the process's environment. */
static void set_environment(struct run *run)
{
    struct buf code = {0}, error = {0};
    for (size_t i = 0; i < run->test->environment_count; i++) {
        buf_add(&code, B("$ENV{"));
        add_quoted(&code, run->test->environment[i].name);
        buf_add(&code, B("} = "));
        add_quoted(&code, run->test->environment[i].text);
        buf_add(&code, B(";\n"));
    }
    if (code.len > 0 && !run_evaluate(buf_bytes(&code), &error))
        complain(run, B("env: "), buf_bytes(&error));
    buf_free(&code);
    buf_free(&error);
}

static void run_head_code(struct run *run)
{
    struct buf error = {0};
    for (size_t i = 0; i < run->test->perl_count; i++) {
        buf_clear(&error);
        if (!run_evaluate(run->test->perl[i], &error))
            complain(run, B("perl: "), buf_bytes(&error));
    }
    buf_free(&error);
}

static void make_stage(struct run *run)
{
    run->evidence.start = run->now = test_start_second(run->test);
    run->stage = stage_new(run->options, run->now, &run->ears);
    struct engine *engine = stage_engine(run->stage);
    observers_add(&engine->observers, story_observer(run->story, engine));
    if (run->evidence.reach)
        observers_add(&engine->observers, reach_observer(run->evidence.reach));
    perl_hold_reads(files_find, run->files);
}

bool run_load(struct run *run, uint64_t *compiled)
{
    zone_enter(run->test->clock);
    *compiled = perl_compiled();
    if (!files_enter(run->files)) {
        complain(run, B("folder for files: "), error_text(errno));
        return false;
    }
    if (!read_options(run))
        return false;
    make_inputs(run);
    /* The stage's own clock is that of what is heard from the first message on. */
    struct clock *clock = clock_event(test_start_second(run->test));
    run->evidence.timeline.clock = clock;
    make_stage(run);
    run->evidence.timeline.clock = stage_engine(run->stage)->clock;
    clock_free(clock);
    *compiled = perl_compiled();
    set_environment(run);
    run_head_code(run);
    if (run->evidence.errors.len > 0)
        return false;
    bool sound = stage_load(run->stage);
    if (sound && ruleset_rules(stage_engine(run->stage)->rules.set) == 0) {
        complain(run, B("rules: "), B("there are none"));
        sound = false;
    }
    run->loaded = true;
    if (sound)
        buf_clear(&run->evidence.errors); /* warnings only */
    story_clear(run->story);
    return sound;
}

/* -- End -- */

static void free_inputs(struct run *run)
{
    for (size_t i = 0; run->inputs && i < run->test->input_count; i++) {
        source_close(&run->inputs[i].source);
        time_reader_free(run->inputs[i].times);
    }
    free(run->inputs);
    time_options_free(run->times);
}

void run_free(struct run *run)
{
    perl_hold_reads(NULL, NULL);
    stage_free(run->stage);
    story_free(run->story);
    free_inputs(run);
    if (run->options)
        run->setup->free_options(run->options);
    files_free(run->files);
    timeline_free(&run->evidence.timeline);
    reach_free(run->evidence.reach);
    free(run->evidence.marks);
    buf_free(&run->evidence.errors);
    free(run->answers);
    free(run->watches);
    free(run);
}

/* -- Heads -- */

static bool same_list(const struct bytes *a, size_t a_count, const struct bytes *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = bytes_eq(a[i], b[i]);
    return same;
}

static bool same_pairs(const struct test_pair *a, size_t a_count, const struct test_pair *b,
                       size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = bytes_eq(a[i].name, b[i].name) && bytes_eq(a[i].text, b[i].text);
    return same;
}

static bool same_inputs(const struct test *a, const struct test *b)
{
    bool same = a->input_count == b->input_count;
    for (size_t i = 0; same && i < a->input_count; i++)
        same = bytes_eq(a->inputs[i].name, b->inputs[i].name) &&
               bytes_eq(a->inputs[i].context, b->inputs[i].context);
    return same;
}

bool run_same_head(const struct test *a, const struct test *b)
{
    return a->start == b->start && bytes_eq(a->zone, b->zone) && same_inputs(a, b) &&
           same_list(a->rules, a->rule_count, b->rules, b->rule_count) &&
           same_list(a->options, a->option_count, b->options, b->option_count) &&
           same_list(a->perl, a->perl_count, b->perl, b->perl_count) &&
           same_pairs(a->files, a->file_count, b->files, b->file_count) &&
           same_pairs(a->environment, a->environment_count, b->environment, b->environment_count);
}
