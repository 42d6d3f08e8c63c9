/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "prove/alike.h"
#include "prove/coverage.h"
#include "prove/files.h"
#include "prove/notes.h"
#include "prove/report.h"
#include "prove/update.h"
#include "prove/watcher.h"
#include "prove/workers.h"
#include "stage/interrupt.h"

/* Files read, tests chosen, and how far they are. */
struct round {
    const struct suite_options *options;
    const struct found *found;
    struct test_file **files; /* owned; of each found one */
    struct update *updates;   /* owned; the same */
    struct watcher *watcher;  /* NULL: nobody watches */
    struct work work;
    size_t room; /* of work.items */
    struct report *reports[3];
    size_t report_count;
    struct report_sum sum;
    struct coverage coverage;
    struct alike alike;
    double begun;
    bool colour;
    bool flawed; /* not all could be done that was asked for */
};

static void complain(struct bytes text)
{
    fprintf(stderr, "secant test: %.*s\n", (int)text.len, text.ptr);
}

/* -- Reports -- */

static void add_reports(struct round *round)
{
    const struct suite_options *options = round->options;
    round->colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    struct report_taste taste = {options->verbose, options->quiet, round->colour};
    round->reports[round->report_count++] = options->form == SUITE_TAP    ? report_tap()
                                            : options->form == SUITE_JSON ? report_json()
                                                                          : report_text(taste);
    if (options->github)
        round->reports[round->report_count++] = report_github();
    if (options->junit)
        round->reports[round->report_count++] = report_junit(options->junit);
}

/* Another SEC than ours runs the tests. */
static void tell_player(struct round *round)
{
    const struct suite_options *options = round->options;
    struct report *report = round->reports[0];
    if (options->player.len == 0 || options->form == SUITE_JSON || options->quiet)
        return;
    buf_cat(&report->out, options->form == SUITE_TAP ? B("# ") : B(""), B("With "), options->player,
            B("\n"));
    report_flush(report);
}

static void hear_fault(void *arg, struct test_place place, struct bytes line, struct bytes text,
                       struct bytes hint)
{
    struct round *round = arg;
    struct report_fault fault = {place, line, text, hint};
    round->sum.faults++;
    for (size_t i = 0; i < round->report_count; i++)
        round->reports[i]->form->fault(round->reports[i], &fault);
}

static void count(struct report_sum *sum, const json_t *outcome)
{
    if (json_is(outcome, "status", "passed"))
        sum->passed++;
    else if (json_is(outcome, "status", "failed"))
        sum->failed++;
    else
        sum->errors++;
}

static void take_snapshots(struct round *round, const struct work_item *item, json_t *outcome)
{
    struct buf why = {0};
    for (size_t i = 0; i < round->found->count; i++)
        if (round->files[i] == item->file)
            update_take(&round->updates[i], item->test, outcome, &why);
    fwrite(why.ptr ? why.ptr : "", 1, why.len, stderr);
    buf_free(&why);
}

static void hear_test(void *arg, const struct work_item *item)
{
    struct round *round = arg;
    const struct work_item *end = round->work.items + round->work.count;
    json_t *outcome = json_loadb(item->outcome.ptr, item->outcome.len, JSON_ALLOW_NUL, NULL);
    assert(outcome);
    if (round->updates)
        take_snapshots(round, item, outcome);
    count(&round->sum, outcome);
    coverage_add(&round->coverage, outcome);
    json_object_del(outcome, "coverage"); /* told in sum */
    alike_note(&round->alike, outcome);
    notes_add(outcome, item->test);
    struct bytes player = round->options->player;
    if (player.len > 0)
        json_put_text(outcome, "with", player);
    for (size_t i = 0; i < round->report_count; i++)
        round->reports[i]->form->test(round->reports[i], outcome,
                                      item + 1 == end || item[1].file != item->file);
    json_decref(outcome);
}

static void end_reports(struct round *round)
{
    round->sum.seconds = monotonic_seconds() - round->begun;
    for (size_t i = 0; i < round->report_count; i++) {
        round->flawed |= !round->reports[i]->form->end(round->reports[i], &round->sum);
        report_free(round->reports[i]);
    }
}

/* -- Files and tests -- */

/* false: some of them are not there. */
static bool find_files(const struct suite_options *options, struct found *found, bool tell)
{
    bool all = true;
    struct bytes here = B(".");
    const struct bytes *words = options->word_count > 0 ? options->words : &here;
    size_t count = options->word_count > 0 ? options->word_count : 1;
    for (size_t i = 0; i < count; i++) {
        struct buf why = {0};
        all = find_tests(found, words[i], &why) && all;
        if (why.len > 0 && tell)
            complain(buf_bytes(&why));
        buf_free(&why);
    }
    return all;
}

static void choose(struct round *round, const struct found_file *found,
                   const struct test_file *file)
{
    struct work *work = &round->work;
    for (size_t i = 0; i < file->count; i++) {
        const struct test *test = &file->tests[i];
        if (!test->sound || !choice_takes(&round->options->choice, found, file, test))
            continue;
        MEM_GROW(work->items, work->count, round->room, 64);
        work->items[work->count++] = (struct work_item){.file = file, .test = test};
    }
    uint32_t stray = found_stray_line(found, file);
    if (stray == 0)
        return;
    struct buf why = {0};
    buf_cat(&why, file->path, B(":"), NUM(stray), B(": "));
    if (stray > file->line_count)
        buf_cat(&why, B("the last line of the file is "), NUM(file->line_count));
    else
        buf_add(&why, B("this line is before the first test"));
    complain(buf_bytes(&why));
    buf_free(&why);
    round->flawed = true;
}

/* An option of services that a test has no use for: its lines come from the steps. */
static bool has_rescan(const struct test *test)
{
    for (size_t i = 0; i < test->option_count; i++)
        if (bytes_starts(test->options[i], B("--input-rescan")))
            return true;
    return false;
}

/* Once for a file. */
static void tell_rescan(const struct test_file *file)
{
    struct buf text = {0};
    size_t at = 0;
    while (at < file->count && !has_rescan(&file->tests[at]))
        at++;
    if (at == file->count)
        return;
    buf_cat(&text, file->path, B(": --input-rescan has no effect: lines come from the steps"));
    complain(buf_bytes(&text));
    buf_free(&text);
}

static void read_files(struct round *round)
{
    size_t count = round->found->count;
    round->files = mem_zarray(count + 1, sizeof(*round->files));
    if (round->options->update)
        round->updates = mem_zarray(count + 1, sizeof(*round->updates));
    for (size_t i = 0; i < count; i++) {
        if (round->updates)
            update_begin(&round->updates[i], round->found->items[i].path);
        size_t faults = round->sum.faults;
        round->files[i] = test_file_read(round->found->items[i].path, hear_fault, round);
        round->sum.faults = faults + round->files[i]->error_count; /* not all are told */
        choose(round, &round->found->items[i], round->files[i]);
        tell_rescan(round->files[i]);
        if (round->watcher)
            watcher_know(round->watcher, round->files[i]);
    }
}

/* " --run=REGEX --tags=A,B" */
static void add_choice(struct buf *out, const struct choice *choice)
{
    if (choice->regex)
        buf_cat(out, B(" --run="), choice->pattern);
    for (size_t i = 0; i < choice->tag_count; i++)
        buf_cat(out, i == 0 ? B(" --tags=") : B(","), choice->tags[i]);
}

/* A test that is one but for capitals. */
static const struct test *find_caseless(const struct round *round)
{
    struct choice choice = {.tags = round->options->choice.tags,
                            .tag_count = round->options->choice.tag_count};
    const struct test *found = NULL;
    struct buf pattern = {0}, why = {0};
    buf_cat(&pattern, B("(?i)"), round->options->choice.pattern, B("\0"));
    pattern.len--;
    bool fine = choice_regex(&choice, buf_bytes(&pattern), &why);
    for (size_t i = 0; fine && i < round->found->count; i++)
        for (size_t k = 0; !found && k < round->files[i]->count; k++)
            if (choice_takes(&choice, &round->found->items[i], round->files[i],
                             &round->files[i]->tests[k]))
                found = &round->files[i]->tests[k];
    choice.tags = NULL;
    choice_free(&choice);
    buf_free(&pattern);
    buf_free(&why);
    return found;
}

/* Nothing to do is an error: a misspelt name must not pass. */
static void tell_nothing(struct round *round)
{
    size_t tests = 0;
    struct buf why = {0};
    for (size_t i = 0; i < round->found->count; i++)
        tests += round->files[i]->count;
    if (round->work.count > 0 || round->sum.faults > 0 || round->flawed)
        return;
    size_t files = round->found->count;
    if (tests > 0) {
        buf_add(&why, B("no test matches"));
        add_choice(&why, &round->options->choice);
        buf_cat(&why, B(" ("), NUM(tests), tests == 1 ? B(" test in ") : B(" tests in "),
                NUM(files), files == 1 ? B(" file)") : B(" files)"));
        const struct test *caseless = round->options->choice.regex ? find_caseless(round) : NULL;
        if (caseless)
            buf_cat(&why, B("; case matters: there is '"), caseless->name, B("'"));
    } else if (files == 1) {
        buf_cat(&why, round->found->items[0].path, B(" has no tests"));
    } else if (files > 0) {
        buf_cat(&why, B("none of the "), NUM(files), B(" files has tests"));
    }
    if (why.len > 0)
        complain(buf_bytes(&why));
    round->flawed = true;
    buf_free(&why);
}

/* -- Snapshots -- */

static void write_snapshots(struct round *round)
{
    struct report *report = round->reports[0];
    for (size_t i = 0; round->updates && i < round->found->count && !interrupted; i++) {
        const struct update *update = &round->updates[i];
        struct buf why = {0};
        if (update->count == 0)
            continue;
        update_show(update, &report->out, round->colour);
        report_flush(report);
        if (update_write(update, &why)) {
            buf_cat(&report->out, update->path, B(": "), NUM(update->count),
                    update->count == 1 ? B(" snapshot") : B(" snapshots"), B(" written\n"));
        } else {
            complain(buf_bytes(&why));
            round->flawed = true;
        }
        buf_free(&why);
        report_flush(report);
    }
}

/* -- Coverage -- */

enum { MOST_NOT_REACHED = 20 };

/* As TAP has comments. */
static void add_comment(struct buf *out, struct bytes text)
{
    for (ptrdiff_t end; (end = bytes_chr(text, '\n', 0)) >= 0;) {
        buf_cat(out, B("# "), bytes_slice(text, 0, (size_t)end + 1));
        text = bytes_from(text, (size_t)end + 1);
    }
}

static void show_coverage(const struct round *round)
{
    const struct suite_options *options = round->options;
    struct report *report = round->reports[0];
    struct buf text = {0};
    coverage_text(&round->coverage, options->verbose ? 0 : MOST_NOT_REACHED, &text);
    if (options->form == SUITE_JSON) {
        json_t *object = json_object();
        json_put(object, "coverage", coverage_json(&round->coverage));
        json_write(&report->out, object);
        buf_char(&report->out, '\n');
    } else if (options->form == SUITE_TAP) {
        add_comment(&report->out, buf_bytes(&text));
    } else if (!options->quiet) {
        buf_add(&report->out, buf_bytes(&text));
    }
    report_flush(report);
    buf_free(&text);
}

static void write_lcov(struct round *round)
{
    struct buf text = {0}, why = {0};
    FILE *file = fopen(round->options->lcov, "we");
    coverage_lcov(&round->coverage, &text);
    bool written = file && fwrite(text.ptr ? text.ptr : "", 1, text.len, file) == text.len;
    if ((file && fclose(file) != 0) || !written) {
        buf_cat(&why, B("cannot write "), bytes_of(round->options->lcov), B(": "),
                error_text(errno));
        complain(buf_bytes(&why));
        round->flawed = true;
    }
    buf_free(&text);
    buf_free(&why);
}

/* Files that a test names belong to it, even if that test has not run. */
static void tell_coverage(struct round *round)
{
    for (size_t i = 0; i < round->found->count; i++)
        for (size_t k = 0; k < round->files[i]->count; k++)
            coverage_expect(&round->coverage, &round->files[i]->tests[k]);
    if (round->options->coverage)
        show_coverage(round);
    if (round->options->lcov)
        write_lcov(round);
}

/* After all else, where people look. */
static bool reaches_least(const struct round *round)
{
    struct buf why = {0};
    bool below = round->work.prover.coverage &&
                 coverage_below(&round->coverage, round->options->least, &why);
    if (below)
        complain(buf_bytes(&why));
    buf_free(&why);
    return !below;
}

/* -- A round -- */

static int status_of(const struct round *round)
{
    if (interrupted)
        return 128 + interrupted;
    if (round->flawed || round->sum.faults > 0 || round->work.count == 0)
        return SUITE_FAILED;
    bool enough = reaches_least(round);
    return round->sum.failed + round->sum.errors > 0 || !enough ? SUITE_FOUND : SUITE_FINE;
}

static void free_round(struct round *round)
{
    for (size_t i = 0; i < round->work.count; i++)
        bytes_free(round->work.items[i].outcome);
    for (size_t i = 0; i < round->found->count; i++) {
        test_file_free(round->files[i]);
        if (round->updates)
            update_free(&round->updates[i]);
    }
    coverage_free(&round->coverage);
    alike_free(&round->alike);
    free(round->work.items);
    free(round->files);
    free(round->updates);
}

static size_t count_processors(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 ? (size_t)processors : 1;
}

/* Tests run in folders below one of ours, which is removed even if they are killed. */
static void run_tests(struct round *round)
{
    struct bytes folder = files_folder(B(""));
    round->work.prover.folder = folder;
    work_run(&round->work);
    if (folder.len == 0)
        return;
    files_remove_folder(folder);
    bytes_free(folder);
}

static int run_round(const struct suite_options *options, const struct found *found, bool flawed,
                     struct watcher *watcher)
{
    struct round round = {.options = options,
                          .found = found,
                          .flawed = flawed,
                          .watcher = watcher,
                          .begun = monotonic_seconds()};
    round.work = (struct work){.jobs = options->jobs > 0 ? options->jobs : count_processors(),
                               .prover = options->prover,
                               .argv = options->argv,
                               .told = hear_test,
                               .arg = &round};
    round.work.prover.coverage = options->coverage || options->lcov;
    add_reports(&round);
    tell_player(&round);
    read_files(&round);
    tell_nothing(&round);
    run_tests(&round);
    write_snapshots(&round);
    if (round.work.prover.coverage && !interrupted)
        tell_coverage(&round);
    end_reports(&round);
    int status = status_of(&round);
    free_round(&round);
    return status;
}

/* -- Rounds -- */

/* Whoever writes a file may need a moment. */
static void settle(void)
{
    const struct timespec moment = {.tv_nsec = 100000000};
    nanosleep(&moment, NULL);
}

static void tell_time(const struct suite_options *options)
{
    char text[16];
    struct tm tm;
    time_t now = time(NULL);
    if (options->form != SUITE_TEXT)
        return;
    localtime_r(&now, &tm);
    strftime(text, sizeof(text), "%H:%M:%S", &tm);
    printf("\n%s\n", text);
    fflush(stdout);
}

/* Waits for a while, and runs what has changed. */
static void run_changes(const struct suite_options *options, struct watcher *watcher)
{
    struct found found = {0}, changed = {0};
    watcher_wait(watcher);
    find_files(options, &found, false);
    for (size_t i = 0; i < found.count && !interrupted; i++)
        if (watcher_changed(watcher, found.items[i].path))
            found_move(&found, i, &changed);
    if (changed.count > 0) {
        settle();
        tell_time(options);
        run_round(options, &changed, false, watcher);
    }
    found_free(&found);
    found_free(&changed);
}

static void tell_watching(const struct suite_options *options, const struct watcher *watcher)
{
    size_t count = watcher_count(watcher);
    if (options->form != SUITE_TEXT || options->quiet)
        return;
    printf("Watching %zu %s; Ctrl-C ends\n", count, count == 1 ? "file" : "files");
    fflush(stdout);
}

int suite_run(const struct suite_options *options)
{
    struct found found = {0};
    struct watcher *watcher = options->watch ? watcher_new() : NULL;
    catch_interrupts();
    bool all = find_files(options, &found, true);
    int status = run_round(options, &found, !all, watcher);
    bool any = found.count > 0;
    found_free(&found);
    if (watcher && any && !interrupted)
        tell_watching(options, watcher);
    while (watcher && any && !interrupted)
        run_changes(options, watcher);
    watcher_free(watcher);
    return interrupted ? 128 + interrupted : status;
}
