/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine for tests of state and actions: an event clock that stands at second 1000, a log that
 * can be read, no inputs, no rules, and nowhere to write to. */
#ifndef SECANT_T_STATE_H
#define SECANT_T_STATE_H

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "state/engine.h"

struct fixture {
    struct engine engine;
    struct options options;
    struct rule_file *file; /* which action lists belong to */
    struct var_keys keys;
    char log_path[40];
    long log_read;   /* up to where the log was read */
    struct buf text; /* what was read last */
};

/* The engine must not move, so the fixture is on the heap. */
static inline struct fixture *fixture_new(void)
{
    struct fixture *f = mem_zalloc(sizeof(*f));
    struct engine *engine = &f->engine;
    setenv("TZ", "UTC", 1);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO); /* never a terminal here, wherever the tests run */
    close(null);
    strcpy(f->log_path, "/tmp/check_state.XXXXXX");
    int fd = mkstemp(f->log_path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    engine->clock = clock_event(1000);
    engine->log = log_new(engine->clock);
    log_set_level(engine->log, LOG_DETAIL);
    ck_assert(log_open_file(engine->log, f->log_path));
    engine->options = &f->options;
    engine->effects = effects_perform(&(struct outlets){.log = engine->log});
    engine->rules.names = names_new();
    engine->state.variables = variables_new(engine->rules.names, engine->clock);
    engine->state.contexts = contexts_new(1000, &engine->observers);
    engine->state.events = events_new(1000, &engine->observers);
    engine->state.cache = cache_new();
    engine->rules.set = ruleset_new();
    arena_init(&engine->line.arena);
    f->file = rule_file_new(B("rules.sec"), 0, 0);
    return f;
}

static inline void fixture_free(struct fixture *f)
{
    struct engine *engine = &f->engine;
    contexts_free(engine->state.contexts);
    events_free(engine->state.events);
    variables_free(engine->state.variables);
    cache_free(engine->state.cache);
    ruleset_free(engine->rules.set);
    names_free(engine->rules.names);
    effects_free(engine->effects);
    log_free(engine->log);
    clock_free(engine->clock);
    arena_free(&engine->line.arena);
    rule_file_release(f->file);
    buf_free(&engine->line.scratch);
    buf_free(&f->text);
    unlink(f->log_path);
    free(f);
}

/* Behind the time stamp of a message; the start itself where a message goes on in a new line. */
static inline struct bytes without_stamp(struct bytes line)
{
    struct bytes form = B("Thu Jan  1 00:16:40 1970: ");
    if (line.len < form.len || line.ptr[13] != ':' || line.ptr[16] != ':' || line.ptr[24] != ':')
        return line;
    return bytes_from(line, form.len);
}

/* What was logged since the last call, without time stamps. */
static inline struct bytes log_lines(struct fixture *f)
{
    log_flush(f->engine.log);
    buf_clear(&f->text);
    FILE *file = fopen(f->log_path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, f->log_read, SEEK_SET);
    char *line = NULL;
    size_t room = 0;
    for (ssize_t len = getline(&line, &room, file); len > 0; len = getline(&line, &room, file))
        buf_add(&f->text, without_stamp(bytes_make(line, (size_t)len)));
    free(line);
    f->log_read = ftell(file);
    fclose(file);
    return buf_bytes(&f->text);
}

#define ck_logged(f, text) ck_bytes_eq(log_lines(f), bytes_of(text))

static inline void advance_to(struct fixture *f, int64_t second)
{
    clock_set(f->engine.clock, second);
}

/* A list of actions of one type each, to be run by tests of state/. */
static inline struct action_list *list_of(struct fixture *f, const struct action_type *const *types,
                                          size_t count)
{
    struct arena *arena = &f->file->arena;
    struct action_list *list = arena_zalloc(arena, sizeof(*list));
    list->count = count;
    list->actions = arena_zalloc(arena, count * sizeof(*list->actions));
    list->file = f->file;
    list->keys = &f->keys;
    for (size_t i = 0; i < count; i++) {
        list->actions[i] = arena_zalloc(arena, sizeof(struct action));
        list->actions[i]->type = types[i];
        list->actions[i]->within = list;
    }
    return list;
}

#define LIST(f, ...)                                                                               \
    list_of(f, (const struct action_type *const[]){__VA_ARGS__},                                   \
            sizeof((const struct action_type *const[]){__VA_ARGS__}) /                             \
                sizeof(const struct action_type *))

#endif
