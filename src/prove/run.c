/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the steps of a test in order, and checks expectations of the state meanwhile. */
#include "prove/run.h"

#include <errno.h>
#include <locale.h>
#include <time.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/rewrite.h"
#include "clock/zone.h"
#include "prove/running.h"
#include "prove/state.h"

/* -- Expectations of the state -- */

static bool is_state(const struct test_step *step)
{
    return step->kind == TEST_STEP_EXPECT && step->expect.subject >= TEST_CONTEXT;
}

static int64_t now(const struct run *run)
{
    return run->player->form->now(run->player);
}

static struct bytes keep(struct run *run, const struct buf *text)
{
    return arena_bytes(&run->evidence.timeline.arena, buf_bytes(text));
}

/* Is it as expected now?  Settles the watch once nothing can change that. */
static void look(struct run *run, struct watch *watch)
{
    struct state_view view = {run->player, run->files, run->evidence.start};
    struct step_mark *mark = &run->evidence.marks[watch->step];
    const struct test_expectation *expect = &run->test->steps[watch->step].expect;
    struct state_finding finding = {0};
    state_look(&view, expect, watch->ends, &finding);
    mark->right = finding.holds != expect->never;
    mark->looked = now(run);
    mark->reason = keep(run, &finding.reason);
    mark->near = keep(run, &finding.near);
    mark->from = finding.from;
    mark->to = finding.to;
    watch->open = !finding.holds && now(run) < mark->until;
    state_finding_free(&finding);
}

static bool look_at_watches(struct run *run)
{
    bool any = false;
    for (size_t i = 0; i < run->watch_count; i++) {
        struct watch *watch = &run->watches[i];
        if (watch->open && now(run) <= run->evidence.marks[watch->step].until)
            look(run, watch);
        else
            watch->open = false;
        any |= watch->open;
    }
    return any;
}

/* The second at which there is something to look at again. */
static int64_t next_look(const struct run *run)
{
    int64_t next = run->player->form->next(run->player);
    for (size_t i = 0; i < run->watch_count; i++) {
        int64_t until = run->evidence.marks[run->watches[i].step].until;
        if (run->watches[i].open && until < next)
            next = until;
    }
    return next > now(run) ? next : now(run) + 1;
}

/* -- Time -- */

static void advance(struct run *run, int64_t second)
{
    run_idle(run);
    run->over = !run->player->form->advance(run->player, second);
    run_idle_end(run);
}

static void go_to(struct run *run, int64_t second)
{
    int64_t next;
    while (!run->over && (look_at_watches(run) || run->story) && (next = next_look(run)) < second)
        advance(run, next);
    if (!run->over && second >= now(run))
        advance(run, second);
    look_at_watches(run);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* -- Lines -- */

static struct run_input *find_input(const struct run *run, struct bytes name)
{
    for (size_t i = 0; name.len > 0 && i < run->test->input_count; i++)
        if (bytes_eq(run->test->inputs[i].name, name))
            return &run->inputs[i];
    return &run->inputs[0];
}

/* The first `head` bytes of the line are its time. */
static void play(struct run *run, struct run_input *input, int64_t second, struct bytes line,
                 size_t head)
{
    go_to(run, later(second, now(run)));
    if (run->over)
        return;
    timeline_line(&run->evidence.timeline, line, head);
    run->over = !run->player->form->line(run->player, line, (size_t)(input - run->inputs));
    run_tell_line(run);
    look_at_watches(run);
}

/* The header is as syslog writes it, in English, whatever the locale. */
static void add_header(const struct run *run, int64_t second, struct buf *line)
{
    static locale_t english;
    char text[512];
    struct tm tm;
    time_t at = (time_t)second;
    if (run->test->header.len == 0)
        return;
    if (!english)
        english = newlocale(LC_ALL_MASK, "C", NULL);
    char *format = bytes_cstr(run->test->header);
    localtime_r(&at, &tm);
    size_t len = strftime_l(text, sizeof(text), format, &tm, english);
    buf_cat(line, bytes_make(text, len), B(" "));
    free(format);
}

/* With its own time; one that tells none comes now. */
static void play_own(struct run *run, struct run_input *input, struct bytes line)
{
    struct timestamp stamp;
    if (!run->times) {
        struct buf why = {0};
        run->times = time_options_new();
        time_options_zone(run->times, run->test->zone, &why);
        time_options_year(run->times, NUM(year_of_days(run->test->start / 86400)), &why);
        buf_free(&why);
    }
    if (!input->times)
        input->times = time_reader_new(run->times);
    time_reader_read(input->times, line, &stamp);
    bool told = (stamp.flags & TIMESTAMP_OWN) && !(stamp.flags & TIMESTAMP_REFUSED);
    size_t head =
        told && stamp.text.len > 0 ? (size_t)(stamp.text.ptr + stamp.text.len - line.ptr) : 0;
    play(run, input, told ? stamp.second : now(run), line, head);
}

static void step_line(struct run *run, const struct test_step *step)
{
    struct run_input *input = find_input(run, step->input);
    struct buf line = {0};
    for (int64_t i = 0; i < step->times && !run->over; i++) {
        if (step->own_time) {
            play_own(run, input, step->text);
            continue;
        }
        run->now = clock_later(run->now, i > 0 ? step->every : 0);
        buf_clear(&line);
        if (!step->bare)
            add_header(run, later(run->now, now(run)), &line);
        size_t head = line.len;
        buf_add(&line, step->text);
        play(run, input, run->now, buf_bytes(&line), head);
    }
    buf_free(&line);
    if (step->own_time)
        run->now = now(run);
}

static bool read_log(const struct run *run, struct bytes name, struct buf *text)
{
    char *path = bytes_cstr(name);
    bool there = fchdir(run->setup->home) == 0 && file_read(path, text);
    int error = errno;
    free(path);
    files_enter(run->files);
    errno = error;
    return there;
}

static void step_lines(struct run *run, const struct test_step *step, struct step_mark *mark)
{
    struct run_input *input = find_input(run, step->input);
    struct buf text = {0};
    if (!read_log(run, step->text, &text))
        mark->trouble = error_text(errno);
    struct bytes rest = buf_bytes(&text), line;
    while (!run->over && bytes_piece(&rest, '\n', &line))
        play_own(run, input, line);
    buf_free(&text);
    run->now = now(run);
}

/* -- Steps -- */

static void step_expect(struct run *run, size_t index, struct step_mark *mark)
{
    const struct test_expectation *expect = &run->test->steps[index].expect;
    mark->until = later(test_time_second(run->test, expect->until, now(run)), now(run));
    if (!is_state(&run->test->steps[index]))
        return;
    MEM_GROW(run->watches, run->watch_count, run->watch_room, 8);
    struct watch *watch = &run->watches[run->watch_count++];
    *watch = (struct watch){index, INT64_MIN, true};
    if (expect->ends.kind != TEST_TIME_NONE)
        watch->ends = test_time_second(run->test, expect->ends, now(run));
    look(run, watch);
}

static void step_perl(struct run *run, const struct test_step *step, struct step_mark *mark)
{
    struct buf error = {0};
    run_idle(run);
    if (!run->player->form->evaluate(run->player, step->text, &error))
        mark->trouble = keep(run, &error);
    run_idle_end(run);
    buf_free(&error);
    go_to(run, now(run));
}

static void do_step(struct run *run, size_t index)
{
    const struct test_step *step = &run->test->steps[index];
    struct step_mark *mark = &run->evidence.marks[index];
    if (step->time.kind != TEST_TIME_NONE)
        run->now = later(test_time_second(run->test, step->time, run->now), run->now);
    switch (step->kind) {
    case TEST_STEP_LINE:
        step_line(run, step);
        break;
    case TEST_STEP_LINES:
        step_lines(run, step, mark);
        break;
    case TEST_STEP_WAIT:
        go_to(run, run->now);
        break;
    case TEST_STEP_EXPECT:
        step_expect(run, index, mark);
        break;
    case TEST_STEP_NOTHING: /* judged afterwards */
    case TEST_STEP_SNAPSHOT:
        break;
    case TEST_STEP_WHEN:
        MEM_GROW(run->answers, run->answer_count, run->answer_room, 4);
        run->answers[run->answer_count++] = &step->answer;
        break;
    case TEST_STEP_PERL:
        step_perl(run, step, mark);
        break;
    case TEST_STEP_SIGNAL:
        run_idle(run);
        run->over = !run->player->form->signal(run->player, step->text);
        run_idle_end(run);
        look_at_watches(run);
        break;
    case TEST_STEP_STOP:
        run_idle(run);
        run->player->form->signal(run->player, B("TERM"));
        run_idle_end(run);
        run->over = true;
        look_at_watches(run);
        break;
    }
}

/* What is still open ends when its time has come. */
static void wait_for_all(struct run *run)
{
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < run->test->step_count; i++)
        if (run->test->steps[i].kind == TEST_STEP_EXPECT)
            last = later(last, run->evidence.marks[i].until);
    if (last > now(run))
        go_to(run, last);
}

void run_steps(struct run *run)
{
    struct timeline *timeline = &run->evidence.timeline;
    if (!run_check_names(run))
        return;
    run_idle(run);
    run->over = !run->player->form->begin(run->player);
    run_idle_end(run);
    timeline_settle(timeline);
    for (size_t i = 0; i < run->test->step_count; i++) {
        struct step_mark *mark = &run->evidence.marks[i];
        timeline->step = (int64_t)i;
        *mark = (struct step_mark){.ran = true,
                                   .first = timeline->count,
                                   .passage = timeline->passage_count,
                                   .until = INT64_MIN};
        do_step(run, i);
        timeline_settle(timeline);
        mark->end = timeline->count;
        mark->second = now(run);
    }
    wait_for_all(run);
    timeline_settle(timeline);
}

struct evidence *run_evidence(struct run *run)
{
    return &run->evidence;
}
