/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/course.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/write_whole.h"
#include "check/baseline.h"
#include "check/fix.h"
#include "check/fold.h"
#include "check/play.h"
#include "hint/loading.h"
#include "lang/diag.h"
#include "lint/excerpt.h"
#include "perl/interp.h"
#include "stage/stage.h"

struct course {
    const struct check_options *options;
    struct options *engine_options;
    struct lint lint;
    struct fixes *fixes; /* NULL: nothing is to be mended */
    struct buf out, sum;
    struct buf trouble;
    struct logs logs;
    struct stage *stage; /* of the present set */
    int64_t begun;       /* the second in which it begins */
    bool playing;
    uint64_t warnings; /* of the rules meanwhile */
    size_t looks;      /* at all rules */
    bool broken;       /* something could not be done */
    int status;
    bool ended; /* in its own way, not by Perl code of the rules */
};

static struct course course; /* Perl ends the process from the inside */

/* Of the log only what is not heard otherwise, and once: Perl's own warnings.  What rules have to
 * say of lines is counted. */
static void hear_message(void *arg, int level, struct bytes text)
{
    struct course *c = arg;
    struct buf line = {0};
    if (level > LOG_WARN || level == LOG_WITHOUT_LEVEL || c->looks > 0)
        return;
    if (c->playing) {
        c->warnings++;
        return;
    }
    visible_add(&line, text);
    fprintf(stderr, "%.*s\n", (int)line.len, line.ptr);
    buf_free(&line);
}

static struct reached *play(void *arg, struct lint *lint)
{
    struct course *c = arg;
    struct engine *engine = stage_engine(c->stage);
    struct reached *reached = reached_new(engine, lint->set);
    log_set_level(engine->log, LOG_WARN);
    c->playing = true;
    c->broken |= !play_through(&c->logs, c->stage, reached);
    c->playing = false;
    reached_end(reached);
    return reached;
}

/* The files from `first` on, as one set. */
static void look_at_set(struct course *c, size_t first, size_t count)
{
    static const struct stage_ears ears = {
        .effect = play_hear_effect, .message = hear_message, .arg = &course};
    struct string_list *conf = &c->engine_options->conf;
    conf->items = mem_array(NULL, count, sizeof(*conf->items));
    conf->count = count;
    for (size_t i = 0; i < count; i++)
        conf->items[i] = lint_file_pattern(c->options->files->names[first + i]);
    struct stage *stage = c->stage = stage_new(c->engine_options, c->begun, &ears);
    struct engine *engine = stage_engine(stage);
    lint_begin(&c->lint, engine);
    loading_begin(&c->lint);
    engine->rules.parse_env.read = c->fixes ? fixes_read : NULL;
    engine->rules.parse_env.reader = c->fixes;
    stage_load(stage);
    loading_end(&c->lint);
    lint_look(&c->lint);
    loading_join(&c->lint);
    stage_free(stage);
    for (size_t i = 0; i < count; i++)
        bytes_free(conf->items[i]);
    free(conf->items);
    *conf = (struct string_list){0};
}

static void heed_baseline(struct course *c)
{
    const struct check_options *options = c->options;
    size_t gone;
    if (!options->baseline.ptr)
        return;
    c->broken |= !baseline_heed(options->baseline, &c->lint, &gone, &c->trouble);
    if (c->trouble.len > 0)
        buf_char(&c->trouble, '\n');
    else if (gone > 0)
        buf_cat(&c->trouble, options->baseline, B(": findings that no longer occur: "), NUM(gone),
                B("; --write-baseline drops them\n"));
}

static void look_at_all(struct course *c)
{
    const struct check_options *options = c->options;
    lint_init(&c->lint, &options->lint);
    c->lint.play = c->logs.any ? play : NULL;
    c->lint.play_arg = c;
    for (size_t i = 0; options->each && i < options->files->count; i++)
        look_at_set(c, i, 1);
    if (!options->each && options->files->count > 0)
        look_at_set(c, 0, options->files->count);
    c->looks++;
    buf_clear(&c->trouble);
    heed_baseline(c);
}

static void look_again(void *arg)
{
    struct course *c = arg;
    lint_free(&c->lint);
    look_at_all(c);
}

static void mend(struct course *c)
{
    const struct check_options *options = c->options;
    const struct fix_wish wish = {options->fix_names, options->fix_count, look_again, c};
    fixes_make(c->fixes, &c->lint, &wish, &c->sum);
    if (options->write)
        c->broken |= !fixes_write(c->fixes, &c->sum);
    else
        fixes_show(c->fixes, options->style.colour, &c->out);
    struct fix_sum sum = fixes_sum(c->fixes);
    buf_cat(&c->sum, NUM(sum.findings), sum.findings == 1 ? B(" finding") : B(" findings"),
            B(" in "), NUM(sum.files), sum.files == 1 ? B(" file") : B(" files"),
            !options->write && sum.files > 0 ? B(" can be fixed; --fix --write does it\n")
            : options->write                 ? B(" fixed\n")
                                             : B(" can be fixed\n"));
}

static void write_known(struct course *c)
{
    size_t written;
    struct bytes path = c->options->write_baseline;
    if (!path.ptr)
        return;
    if (baseline_write(path, &c->lint, &written, &c->sum))
        buf_cat(&c->sum, path, B(": "), NUM(written),
                written == 1 ? B(" finding\n") : B(" findings\n"));
    else {
        buf_char(&c->sum, '\n');
        c->broken = true;
    }
}

static void report(struct course *c)
{
    const struct check_options *options = c->options;
    if (!options->format->each)
        fold_alike(&c->lint);
    options->format->write(&c->lint, options->style, &c->out);
    if (options->format->sum && c->lint.file_count > 0)
        options->format->sum(&c->lint, options->style, &c->sum);
}

static bool is_unreadable(const struct lint *lint)
{
    for (size_t i = 0; i < lint->count; i++)
        if (strcmp(lint->findings[i]->check, diag_kind(DIAG_FILE_UNREADABLE)->name) == 0)
            return true;
    return false;
}

static void write_out(struct course *c)
{
    if (write_whole(STDOUT_FILENO, buf_bytes(&c->out))) {
        write_whole(STDERR_FILENO, buf_bytes(&c->sum));
        return;
    }
    fprintf(stderr, "Can't write: %s\n", error_text(errno).ptr);
    c->status = CHECK_FAILED;
}

/* What runs inside Perl.  Code of the rules may still run when Perl ends. */
static void body(void *arg)
{
    struct course *c = arg;
    c->fixes = c->options->fix ? fixes_new() : NULL;
    look_at_all(c);
    if (c->fixes)
        mend(c);
    buf_add(&c->sum, buf_bytes(&c->trouble));
    write_known(c);
    if (!c->fixes || c->options->write)
        report(c);
    struct lint_sum sum = lint_sum(&c->lint);
    bool found = c->fixes && !c->options->write ? fixes_sum(c->fixes).files > 0
                                                : sum.errors + sum.warnings + sum.notes > 0;
    bool broken = c->broken || c->options->incomplete || is_unreadable(&c->lint);
    lint_free(&c->lint);
    fixes_free(c->fixes);
    c->status = broken ? CHECK_FAILED : found ? CHECK_FOUND : CHECK_FINE;
    write_out(c);
    c->ended = true;
    perl_exit(c->status);
}

int check_run(const struct check_options *options, struct options *engine_options, int argc,
              char **argv)
{
    struct course *c = &course;
    c->options = options;
    c->engine_options = engine_options;
    c->begun = (int64_t)time(NULL);
    if (options->log_count > 0) {
        c->broken = !play_open(&c->logs, options->logs, options->log_count, &options->lines,
                               &engine_options->intcontexts);
        c->begun = c->logs.any ? logs_input(&c->logs)->order : c->begun;
    }
    stage_expect(c->begun);
    int status = perl_run_main(argc, argv, environ, body, c);
    if (!c->ended) {
        fprintf(stderr, "Perl code in the rules ended the program with exit status %d\n", status);
        return CHECK_FAILED;
    }
    buf_free(&c->out);
    buf_free(&c->sum);
    buf_free(&c->trouble);
    return c->status;
}
