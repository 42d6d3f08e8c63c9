/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine with an event clock that is saved in the middle, and another one that takes its state
 * over: halves LOG CUT OPTION...
 *
 * LOG holds lines that begin with a second since the epoch; they are the engine's standard input.
 * After CUT of them the process becomes two: `whole` just goes on; in `half` a new engine of the
 * same rules takes over what was saved, in the same Perl.  What each logs, and dumps at the cut and
 * at the end, is in whole.log, whole.cut, whole.end, and half.*; the output of `whole` follows
 * "CUT" on standard output, that of the other is in half.out; what was lost in half.lost.  The
 * options are SEC's.
 *
 * In the environment: CHANGE is a command that is run before rules are read again; FORGET is Perl
 * code that is run then; with STARTUP rules hear of the start; with TWICE the second engine is
 * saved in turn, and a third one goes on; with WRITE the records are written there; with READ what
 * is taken over comes from there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pack.h"
#include "base/rewrite.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "perl/interp.h"
#include "report/dump.h"
#include "store/load.h"
#include "store/save.h"
#include "surface/surface.h"

struct halves {
    FILE *lines;
    long cut;
    struct options *options;
    char *line;
    size_t room;
    ssize_t length;
    int64_t second; /* of the line; of the one before if it has none */
    int64_t began;
    const char *name;
    struct engine *engine;
    struct buf *records;
    size_t count;
};

static struct line_source source = {.name = B("-"), .context = B("_FILE_EVENT_-")};

static bool next_line(struct halves *h)
{
    h->length = getline(&h->line, &h->room, h->lines);
    if (h->length <= 0)
        return false;
    if (h->line[h->length - 1] == '\n')
        h->length--;
    if (h->line[0] >= '0' && h->line[0] <= '9')
        h->second = strtoll(h->line, NULL, 10);
    return true;
}

static char *name_of(const struct halves *h, const char *ending)
{
    static char name[40];
    snprintf(name, sizeof(name), "%s.%s", h->name, ending);
    return name;
}

static void write_file(const struct halves *h, const char *ending, struct bytes text)
{
    FILE *file = fopen(name_of(h, ending), "w");
    fwrite(text.ptr, 1, text.len, file);
    fclose(file);
}

static void write_dump(const struct halves *h, const char *ending)
{
    struct buf out = {0}, error = {0};
    if (!dump_json(h->engine, &out, engine_now(h->engine), &error))
        buf_add(&out, buf_bytes(&error));
    write_file(h, ending, buf_bytes(&out));
    buf_free(&out);
    buf_free(&error);
}

static struct line_source *the_source(struct engine *engine, struct bytes name)
{
    (void)engine;
    return bytes_eq(name, source.name) ? &source : NULL;
}

static void run_code(struct bytes code)
{
    struct buf error = {0};
    bool truth;
    if (!perl_eval_true(code, &truth, &error))
        abort();
    buf_free(&error);
}

/* The program's start as Perl knows it, which is the run's and not the state's. */
static void set_began(const struct halves *h)
{
    struct buf code = {0};
    buf_cat(&code, B("$^T = "), NUM(h->began), B("; 1"));
    run_code(buf_bytes(&code));
    buf_free(&code);
}

static void start(struct halves *h, int64_t second)
{
    h->engine = engine_new(h->options, clock_event(second), NULL);
    h->engine->hooks.source = the_source;
    surface_start(h->engine);
    set_began(h);
    if (!engine_load_rules(h->engine))
        perl_exit(EXIT_FAILURE);
    engine_prepare(h->engine);
    surface_signals(false);
    engine_fit_windows(h->engine);
    variables_reset(h->engine->state.variables);
}

static void go_to(struct engine *engine, int64_t second)
{
    while (!engine_advance(engine, second)) {
        if (!engine_handle_signals(engine))
            perl_exit(EXIT_SUCCESS);
    }
}

static void take_line(struct halves *h)
{
    go_to(h->engine, h->second);
    process_line(h->engine, bytes_make(h->line, (size_t)h->length), &source);
    process_settle(h->engine);
    go_to(h->engine, h->second);
}

static void put(void *arg, struct bytes record)
{
    struct halves *h = arg;
    h->records = mem_array(h->records, h->count + 1, sizeof(*h->records));
    h->records[h->count] = (struct buf){0};
    buf_add(&h->records[h->count++], record);
}

static void whole(struct halves *h)
{
    h->name = "whole";
    h->options->log = strdup(name_of(h, "log"));
    log_close(h->engine->log);
    engine_open_log(h->engine);
    write_dump(h, "cut");
}

static void drop_records(struct halves *h)
{
    while (h->count > 0)
        buf_free(&h->records[--h->count]);
}

static void save(struct halves *h)
{
    struct buf lost = {0};
    drop_records(h);
    state_save(h->engine, put, h, &lost);
    buf_free(&lost);
}

/* All records in a file, each behind its length. */
static void write_records(const struct halves *h, const char *path)
{
    struct buf all = {0};
    FILE *file = fopen(path, "w");
    for (size_t i = 0; i < h->count; i++)
        pack_text(&all, buf_bytes(&h->records[i]));
    fwrite(all.ptr, 1, all.len, file);
    fclose(file);
    buf_free(&all);
}

static void read_records(struct halves *h, const char *path)
{
    struct buf all = {0};
    if (!file_read(path, &all))
        abort();
    drop_records(h);
    for (struct unpack from = unpack_of(buf_bytes(&all)); from.at < from.end;)
        put(h, unpack_text(&from));
    buf_free(&all);
}

/* What the test asks for. */
static void change_rules(void)
{
    const char *command = getenv("CHANGE");
    if (command && system(command) != 0)
        abort();
}

static void take_over(struct halves *h, struct state_load *load)
{
    bool sound = true;
    *load = (struct state_load){h->engine, B("half"), .problems = load->problems};
    state_load_begin(load);
    for (size_t i = 0; i < h->count && sound; i++)
        sound = state_load_record(load, buf_bytes(&h->records[i]));
    state_load_end(load);
}

static void half(struct halves *h)
{
    int64_t second = engine_now(h->engine);
    struct state_load load = {0};
    h->name = "half";
    h->options->log = strdup(name_of(h, "log"));
    if (!freopen(name_of(h, "out"), "w", stdout))
        abort();
    engine_free(h->engine);
    change_rules();
    start(h, second);
    if (getenv("FORGET"))
        run_code(bytes_of(getenv("FORGET")));
    if (getenv("STARTUP"))
        engine_announce(h->engine, B("SEC_STARTUP"));
    if (getenv("READ"))
        read_records(h, getenv("READ"));
    take_over(h, &load);
    if (getenv("TWICE")) {
        buf_clear(&load.problems);
        save(h);
        engine_free(h->engine);
        start(h, second);
        take_over(h, &load);
    }
    write_file(h, "lost", buf_bytes(&load.problems));
    buf_free(&load.problems);
    drop_records(h);
    engine_open_log(h->engine);
    write_dump(h, "cut");
}

static void split(struct halves *h)
{
    save(h);
    if (getenv("WRITE"))
        write_records(h, getenv("WRITE"));
    engine_flush(h->engine);
    perl_flush_stdio();
    printf("CUT\n");
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        half(h);
        return;
    }
    waitpid(pid, NULL, 0);
    whole(h);
}

static void run(void *arg)
{
    struct halves *h = arg;
    h->options->log = NULL;
    h->began = h->second;
    start(h, h->second);
    engine_begin(h->engine);
    for (bool more = h->length > 0; more; more = next_line(h)) {
        if (h->cut-- == 0)
            split(h);
        take_line(h);
    }
    write_dump(h, "end");
    engine_shutdown(h->engine);
    engine_finish(h->engine);
    perl_exit(EXIT_SUCCESS);
}

int main(int argc, char **argv, char **env)
{
    static struct halves halves; /* kept to the end, as the engine is */
    if (argc < 3 || !(halves.lines = fopen(argv[1], "r"))) {
        fprintf(stderr, "usage: halves LOG CUT OPTION...\n");
        return EXIT_FAILURE;
    }
    halves.cut = strtol(argv[2], NULL, 10);
    next_line(&halves);
    surface_expect_event_clock(halves.second);
    halves.options = options_read(argc - 2, argv + 2);
    return perl_run_main(1, argv, env, run, &halves);
}
