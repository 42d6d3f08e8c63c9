/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/course.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/write_whole.h"
#include "lang/diag.h"
#include "lint/baseline.h"
#include "lint/excerpt.h"
#include "perl/interp.h"
#include "stage/stage.h"

struct course {
    const struct check_options *options;
    struct options *engine_options;
    struct lint lint;
    struct buf out, sum;
    bool ended;
};

static struct course course; /* Perl ends the process from the inside */

/* Of the log only what is not heard otherwise: Perl's own warnings. */
static void hear_message(void *arg, int level, struct bytes text)
{
    (void)arg;
    struct buf line = {0};
    if (level > LOG_WARN || level == LOG_WITHOUT_LEVEL)
        return;
    visible_add(&line, text);
    fprintf(stderr, "%.*s\n", (int)line.len, line.ptr);
    buf_free(&line);
}

/* The files from `first` on, as one set. */
static void look_at_set(struct course *c, size_t first, size_t count)
{
    static const struct stage_ears ears = {.message = hear_message, .arg = &course};
    struct string_list *conf = &c->engine_options->conf;
    conf->items = mem_array(NULL, count, sizeof(*conf->items));
    conf->count = count;
    for (size_t i = 0; i < count; i++)
        conf->items[i] = lint_file_pattern(c->options->files->names[first + i]);
    struct stage *stage = stage_new(c->engine_options, (int64_t)time(NULL), &ears);
    lint_begin(&c->lint, stage_engine(stage));
    stage_load(stage);
    lint_look(&c->lint);
    stage_free(stage);
    for (size_t i = 0; i < count; i++)
        bytes_free(conf->items[i]);
    free(conf->items);
    *conf = (struct string_list){0};
}

static void look_at_all(struct course *c)
{
    const struct check_options *options = c->options;
    lint_init(&c->lint, &options->lint);
    for (size_t i = 0; options->each && i < options->files->count; i++)
        look_at_set(c, i, 1);
    if (!options->each && options->files->count > 0)
        look_at_set(c, 0, options->files->count);
}

/* What is said of a baseline. */
static bool heed_baseline(struct course *c)
{
    const struct check_options *options = c->options;
    struct buf *why = &c->sum;
    size_t gone = 0, written = 0;
    bool fine = true;
    if (options->baseline.ptr)
        fine = baseline_heed(options->baseline, &c->lint, &gone, why);
    if (options->write_baseline.ptr)
        fine = baseline_write(options->write_baseline, &c->lint, &written, why);
    if (!fine)
        buf_char(why, '\n');
    else if (options->write_baseline.ptr)
        buf_cat(why, options->write_baseline, B(": "), NUM(written),
                written == 1 ? B(" finding\n") : B(" findings\n"));
    else if (gone > 0)
        buf_cat(why, options->baseline, B(": "), NUM(gone),
                B(" of its findings are no more; --write-baseline leaves them out\n"));
    return fine;
}

static void report(struct course *c)
{
    const struct check_options *options = c->options;
    options->format->write(&c->lint, options->taste, &c->out);
    if (options->format->sum && c->lint.file_count > 0)
        options->format->sum(&c->lint, options->taste, &c->sum);
}

static bool is_unreadable(const struct lint *lint)
{
    for (size_t i = 0; i < lint->count; i++)
        if (strcmp(lint->findings[i]->check, diag_kind(DIAG_FILE_UNREADABLE)->name) == 0)
            return true;
    return false;
}

/* What runs inside perl. */
static void body(void *arg)
{
    struct course *c = arg;
    look_at_all(c);
    bool fine = heed_baseline(c) && !c->options->incomplete && !is_unreadable(&c->lint);
    report(c);
    struct lint_sum sum = lint_sum(&c->lint);
    bool found = sum.errors + sum.warnings + sum.notes > 0;
    lint_free(&c->lint);
    c->ended = true;
    perl_exit(!fine ? CHECK_FAILED : found ? CHECK_FOUND : CHECK_FINE);
}

int check_run(const struct check_options *options, struct options *engine_options, int argc,
              char **argv)
{
    struct course *c = &course;
    c->options = options;
    c->engine_options = engine_options;
    stage_expect((int64_t)time(NULL));
    int status = perl_run_main(argc, argv, environ, body, c);
    if (!c->ended) {
        fprintf(stderr, "Perl code of the rules has ended the program with exit status %d\n",
                status);
        return CHECK_FAILED;
    }
    if (!write_whole(STDOUT_FILENO, buf_bytes(&c->out))) {
        fprintf(stderr, "Can't write: %s\n", error_text(errno).ptr);
        return CHECK_FAILED;
    }
    write_whole(STDERR_FILENO, buf_bytes(&c->sum));
    buf_free(&c->out);
    buf_free(&c->sum);
    return status;
}
