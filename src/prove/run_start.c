/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The start of a run, up to the loading of the rules, and its end. */
#include <errno.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "clock/zone.h"
#include "perl/interp.h"
#include "prove/running.h"
#include "prove/text.h"

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

void run_hear_effect(void *arg, const struct effect *effect, struct effect_answer *given)
{
    struct run *run = arg;
    run_hear_origins(run);
    timeline_effect(&run->evidence.timeline, effect);
    files_effect(run->files, effect);
    const struct test_answer *answer = effect->command ? find_answer(run, effect) : NULL;
    if (!answer)
        return;
    given->exit_code = (int)answer->exit_code;
    given->output = answer->output;
}

void run_hear_message(void *arg, int level, struct bytes text)
{
    struct run *run = arg;
    if (run->loading && !run->loaded && !run->placed && level <= LOG_WARN)
        buf_cat(&run->evidence.errors, text, B("\n"));
    timeline_message(&run->evidence.timeline, text);
    if (run->story)
        story_hear_message(run->story, level, text);
}

/* -- Start -- */

void run_complain(struct run *run, struct bytes what, struct bytes why)
{
    buf_cat(&run->evidence.errors, what, bytes_trim(why), B("\n"));
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
    run->folder = folder;
    run->files = files_new(folder, test);
    run->inputs = mem_zarray(test->input_count, sizeof(*run->inputs));
    timeline_begin(&run->evidence.timeline);
    run_take(run, test);
    return run;
}

void run_settle(struct run *run)
{
    files_settle(run->files);
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

bool run_head_code(struct run *run)
{
    struct buf error = {0};
    for (size_t i = 0; i < run->test->perl_count; i++) {
        buf_clear(&error);
        if (!run->player->form->evaluate(run->player, run->test->perl[i], &error))
            run_complain(run, B("perl: "), buf_bytes(&error));
    }
    buf_free(&error);
    return run->evidence.errors.len == 0;
}

bool run_load(struct run *run, uint64_t *compiled)
{
    zone_enter(run->test->clock);
    *compiled = perl_compiled();
    if (!files_enter(run->files)) {
        run_complain(run, B("folder for files: "), error_text(errno));
        return false;
    }
    run->evidence.start = run->now = test_start_second(run->test);
    run->player = run->setup->with ? run_upstream_new(run) : run_stage_new(run);
    *compiled = perl_compiled();
    if (!run->player)
        return false;
    bool sound = run->player->form->load(run->player);
    run->loaded = true;
    if (sound)
        buf_clear(&run->evidence.errors); /* warnings only */
    return sound;
}

size_t run_rules(const struct run *run)
{
    return run->player->rules;
}

/* -- End -- */

static void free_inputs(struct run *run)
{
    for (size_t i = 0; i < run->test->input_count; i++)
        time_reader_free(run->inputs[i].times);
    free(run->inputs);
    time_options_free(run->times);
}

void run_free(struct run *run)
{
    if (run->player)
        run->player->form->free(run->player);
    story_free(run->story);
    free_inputs(run);
    files_free(run->files);
    timeline_free(&run->evidence.timeline);
    cover_free(run->evidence.cover);
    json_decref(run->evidence.notes);
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
