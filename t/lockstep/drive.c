/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine with an event clock, and nothing around it: drive LOG OPTION...
 *
 * LOG holds lines that begin with a second since the epoch; they are the engine's standard input.
 * The options are SEC's.  What rules do to the world is done. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "perl/interp.h"
#include "surface/surface.h"

struct drive {
    FILE *lines;
    struct options *options;
    char *line;
    size_t room;
    ssize_t length;
    int64_t second; /* of the line; of the one before if it has none */
};

static bool next_line(struct drive *drive)
{
    drive->length = getline(&drive->line, &drive->room, drive->lines);
    if (drive->length <= 0)
        return false;
    if (drive->line[drive->length - 1] == '\n')
        drive->length--;
    if (drive->line[0] >= '0' && drive->line[0] <= '9')
        drive->second = strtoll(drive->line, NULL, 10);
    return true;
}

static void start(struct engine *engine)
{
    surface_start(engine);
    engine_open_log(engine);
    if (!engine_load_rules(engine))
        perl_exit(EXIT_FAILURE);
    engine_prepare(engine);
    surface_signals(false);
    engine_fit_windows(engine);
    variables_reset(engine->state.variables);
    engine_begin(engine);
}

static void go_to(struct engine *engine, int64_t second)
{
    while (!engine_advance(engine, second)) {
        if (!engine_handle_signals(engine))
            perl_exit(EXIT_SUCCESS);
    }
}

static void run(void *arg)
{
    struct drive *drive = arg;
    /* Kept to the end of the process, as the engine is: code in rules may end it anywhere. */
    static struct line_source source = {.name = B("-"), .context = B("_FILE_EVENT_-")};
    struct engine *engine = engine_new(drive->options, clock_event(drive->second), NULL);
    start(engine);
    for (bool more = drive->length > 0; more; more = next_line(drive)) {
        go_to(engine, drive->second);
        process_line(engine, bytes_make(drive->line, (size_t)drive->length), &source);
        process_settle(engine);
        go_to(engine, drive->second);
    }
    engine_shutdown(engine);
    engine_finish(engine);
    perl_exit(EXIT_SUCCESS);
}

int main(int argc, char **argv, char **env)
{
    static struct drive drive; /* kept to the end, as the engine is */
    if (argc < 2 || !(drive.lines = fopen(argv[1], "r"))) {
        fprintf(stderr, "usage: drive LOG OPTION...\n");
        return EXIT_FAILURE;
    }
    next_line(&drive);
    surface_expect_event_clock(drive.second);
    drive.options = options_read(argc - 1, argv + 1);
    return perl_run_main(1, argv, env, run, &drive);
}
