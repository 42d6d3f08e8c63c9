/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/play.h"

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "check/course.h"
#include "replay/progress.h"
#include "replay/replay.h"

static void complain(const char *text)
{
    fprintf(stderr, "%s\n", text);
}

bool play_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts)
{
    bool sound = logs_open(logs, patterns, count, options, with_contexts);
    if (logs->sets.count == 0) {
        complain("No file matches --log");
        return false;
    }
    if (sound)
        logs_next(logs);
    bool told = logs_complain(logs);
    if (sound && !logs->any && !told)
        complain("The log has no lines");
    return logs->any && !told;
}

/* A stage does what sigemul asks for. */
void play_hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    (void)arg;
    (void)effect;
    answer->perform = false;
}

/* -- Rules that go on for ever -- */

enum { MOST_SECONDS = 5 }; /* of CPU time, in which nothing is done */

static struct watch {
    const struct reached *reached; /* NULL: nobody is at work */
    const struct engine *engine;
    uint64_t lines;
    int64_t now;
    int seconds; /* since one of these has changed */
} watch;

/* Where it is, "FILE:LINE"; its text is in a file. */
static void add_busy(const struct reached *reached, char *out, size_t room)
{
    const struct action_list *list = reached->busy_list;
    const struct rule *rule = list ? list->rule : reached->busy_rule;
    struct range range = {0};
    if (list && list->count > 0 && list->file)
        source_range(&list->file->source, list->actions[0]->source, &range);
    struct bytes name = rule ? rule->file->name : B("code of the rules");
    size_t line = range.from.line > 0 ? range.from.line : rule ? rule->line : 0;
    snprintf(out, room, "%.*s:%zu", (int)name.len, name.ptr, line);
}

/* Neither a loop of actions nor one of Perl can be left from outside, so the program is. */
static void look_at_time(int number)
{
    const struct reached *reached = watch.reached;
    char where[300], text[600];
    (void)number;
    if (!reached)
        return;
    int64_t now = engine_now(watch.engine);
    bool going = watch.lines != reached->lines || watch.now != now;
    watch.lines = reached->lines;
    watch.now = now;
    watch.seconds = going ? 0 : watch.seconds + 1;
    if (watch.seconds < MOST_SECONDS)
        return;
    add_busy(reached, where, sizeof(where));
    int length = snprintf(text, sizeof(text),
                          "%s: the rules never come to an end here, at line %llu of the log\n"
                          "Leave out --log to see all other findings\n",
                          where, (unsigned long long)reached->lines + 1);
    (void)!write(STDERR_FILENO, text, (size_t)length);
    _exit(CHECK_FAILED);
}

/* reached: NULL: no longer. */
static void set_watch(const struct reached *reached, const struct engine *engine)
{
    const struct itimerval each = {{.tv_sec = reached != NULL}, {.tv_sec = reached != NULL}};
    struct sigaction action = {.sa_handler = look_at_time, .sa_flags = SA_RESTART};
    watch = (struct watch){.reached = reached, .engine = engine};
    sigaction(SIGVTALRM, &action, NULL);
    setitimer(ITIMER_VIRTUAL, &each, NULL);
}

/* -- */

static bool drain(struct stage *stage)
{
    struct engine *engine = stage_engine(stage);
    int64_t now = engine_now(engine), end = clock_later(now, DRAIN_LIMIT), due;
    for (; (due = engine_next_end(engine)) <= end; now = engine_now(engine))
        if (!stage_advance(stage, due > now ? due : now + 1))
            return false;
    return true;
}

static bool play_lines(struct logs *logs, struct stage *stage, struct reached *reached)
{
    struct progress progress;
    bool going = true;
    progress_start(&progress, logs->inputs, logs->sets.count, false);
    for (; logs->any && going; logs_next(logs)) {
        struct replay_input *input = logs_input(logs);
        going = stage_line(stage, input->order, logs->line, &input->source);
        reached->lines += going;
        if (reached->lines % 1024 == 0)
            progress_look(&progress, reached->lines, 0, input->order);
    }
    progress_hide(&progress);
    return going;
}

bool play_through(struct logs *logs, struct stage *stage, struct reached *reached)
{
    struct engine *engine = stage_engine(stage);
    unsigned loads = engine->state.files.loads;
    set_watch(reached, engine);
    stage_begin(stage);
    bool whole = play_lines(logs, stage, reached) && drain(stage);
    set_watch(NULL, NULL);
    if (!whole)
        complain("The rules ended the program before the end of the log");
    if (engine->state.files.loads != loads) {
        complain("Perl code in the rules reloaded them: lines after that do not count");
        whole = false;
    }
    return !logs_complain(logs) && whole;
}
