/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/course.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/write_whole.h"
#include "perl/interp.h"
#include "lint/excerpt.h"
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

static void look_at_set(struct course *c)
{
    static const struct stage_ears ears = {.message = hear_message, .arg = &course};
    struct stage *stage = stage_new(c->engine_options, (int64_t)time(NULL), &ears);
    lint_begin(&c->lint, stage_engine(stage));
    stage_load(stage);
    lint_look(&c->lint);
    stage_free(stage);
}

static size_t told(const struct lint *lint)
{
    return lint_count(lint, LINT_ERROR, LINT_TOLD) + lint_count(lint, LINT_WARNING, LINT_TOLD) +
           lint_count(lint, LINT_NOTE, LINT_TOLD);
}

static void report(struct course *c)
{
    const struct check_options *options = c->options;
    options->format->write(&c->lint, options->taste, &c->out);
    if (options->format->sum)
        options->format->sum(&c->lint, options->taste, &c->sum);
}

/* What runs inside perl. */
static void body(void *arg)
{
    struct course *c = arg;
    lint_init(&c->lint, &c->options->lint);
    look_at_set(c);
    report(c);
    int status = told(&c->lint) > 0 ? CHECK_FOUND : CHECK_FINE;
    if (c->lint.file_count == 0) {
        fputs("No rule files\n", stderr);
        status = CHECK_FAILED;
    }
    lint_free(&c->lint);
    c->ended = true;
    perl_exit(status);
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
