/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "import/importing.h"

#include "import/import.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/rewrite.h"
#include "base/version.h"
#include "durable/imported.h"
#include "report/dump.h"
#include "report/dump_compare.h"
#include "stage/stage.h"
#include "store/load.h"

/* -- Which SEC it is -- */

/* Its release and the second; false: it is no dump of SEC. */
static bool read_program(struct fields *fields, const json_t *dump, struct bytes *release,
                         int64_t *second)
{
    static const char begin[] = "SEC (Simple Event Correlator) ";
    struct bytes version;
    const json_t *program = fields_object(fields, dump, "program");
    size_t before = fields_enter(fields, B("program"));
    bool fine = program && fields_text(fields, program, "version", &version) &&
                fields_number(fields, program, "dumptime", 0, second);
    if (fine && !bytes_starts(version, bytes_of(begin))) {
        fields_wrong(fields, B("no version of SEC"));
        fine = false;
    }
    fields_leave(fields, before);
    if (fine)
        *release = bytes_from(version, sizeof(begin) - 1);
    return fine;
}

/* -- The check -- */

/* What a dump says that is no state. */
static void drop_rest(json_t *dump, bool contexts)
{
    json_t *value, *variables = json_object_get(dump, "variables");
    json_t *buffer = json_object_get(dump, "buffer");
    const char *key;
    void *next;
    json_object_foreach_safe(variables, next, key,
                             value) if (*key == '.' || strcmp(key, "%") == 0 ||
                                        strcmp(key, "s") == 0 || strcmp(key, "t") == 0 ||
                                        strcmp(key, "u") == 0) json_object_del(variables, key);
    if (json_number(buffer, "bufsize") <= 1)
        json_object_del(dump, "buffer");
    else if (json_is_object(json_object_get(buffer, "lastlines"))) /* of inputs: here are none */
        json_object_del(buffer, "lastlines");
    size_t i;
    json_array_foreach(json_object_get(dump, "pendingevents"), i, value) if (!contexts)
        json_object_del(value, "context");
    json_object_foreach(json_object_get(dump, "rulestats"), key, value)
    {
        json_t *stats = json_object_get(value, "stats"), *rule;
        json_object_del(value, "loadtime");
        json_array_foreach(stats, i, rule)
        {
            json_object_del(rule, "events");
            json_object_del(rule, "cputime");
        }
    }
}

/* The lines are two lists of one thing each, from both sides. */
static void tell_differences(struct importing *import, const struct buf *only)
{
    struct bytes theirs = buf_bytes(&only[0]), ours = buf_bytes(&only[1]), line;
    while (bytes_piece(&theirs, '\n', &line))
        buf_cat(&import->missing, B("  not taken over as it is: "), line, B("\n"));
    while (bytes_piece(&ours, '\n', &line))
        buf_cat(&import->missing, B("  instead: "), line, B("\n"));
}

/* An engine with the state dumps what SEC has dumped, or it is told what not. */
static void check(struct importing *import, struct bytes file)
{
    struct buf theirs = {0}, ours = {0}, error = {0}, only[2] = {{0}, {0}}, lacks = {0};
    struct state_load load = {.engine = import->engine, .file = file};
    json_t *dump = json_deep_copy(import->dump);
    state_load(&load, import->state);
    buf_add(&import->errors, buf_bytes(&load.problems));
    if (dump_json(import->engine, &ours, import->second, &error)) {
        json_t *own = json_loadb(ours.ptr, ours.len, JSON_ALLOW_NUL, NULL);
        drop_rest(dump, import->engine->options->intcontexts);
        drop_rest(own, import->engine->options->intcontexts);
        buf_clear(&ours);
        json_write(&ours, own);
    }
    json_write(&theirs, dump);
    if (dump_compare(buf_bytes(&theirs), buf_bytes(&ours), only, &lacks) != DUMPS_SAME)
        tell_differences(import, only);
    buf_free(&theirs);
    buf_free(&ours);
    buf_free(&error);
    buf_free(&only[0]);
    buf_free(&only[1]);
    buf_free(&lacks);
    buf_free(&load.problems);
}

/* -- All of it -- */

static void take_clock(struct importing *import)
{
    const struct options *options = import->engine->options;
    int64_t lines = 0;
    const json_t *perf = fields_object(&import->fields, import->dump, "perf");
    size_t before = fields_enter(&import->fields, B("perf"));
    if (perf)
        fields_number(&import->fields, perf, "lines", 0, &lines);
    fields_leave(&import->fields, before);
    json_put(import->state, "cleaned", json_integer(import->second));
    json_put(import->state, "lines", json_integer(lines));
    if (options->cleantime > 1)
        import_tell(&import->missing, B("--cleantime"),
                    B("a dump does not tell when SEC cleaned up last; the second of the dump is "
                      "taken, so that windows may end up to "),
                    NUM(options->cleantime - 1), B(" second"), PLURAL(options->cleantime - 1),
                    B(" earlier or later than in SEC"));
}

static void begin_state(struct importing *import)
{
    import->state = json_object();
    json_put(import->state, "format", json_string(STATE_FORMAT));
    json_put(import->state, "version", json_integer(STATE_VERSION));
    json_put(import->state, "program", json_of_bytes(B(VERSION_TEXT)));
    json_put(import->state, "from", json_of_bytes(import->release));
    json_put(import->state, "second", json_integer(import->second));
}

static void tell(const struct importing *import, struct buf *told)
{
    buf_cat(told, B("SEC "), import->release, B(", its state of "), CTIME(import->second),
            B("\n  contexts taken over: "), NUM(import->contexts.taken), B(" of "),
            NUM(import->contexts.there), B(", with "), NUM(import->lines), B(" line"),
            PLURAL(import->lines), B("\n  event correlation operations: "),
            NUM(import->operations.taken), B(" of "), NUM(import->operations.there),
            B("\n  pending events: "), NUM(import->events), B(", variables: "),
            NUM(import->variables), B(", counts of matches: "), NUM(import->matches),
            B("\n  inputs with a known position: "), NUM(import->inputs.taken), B(" of "),
            NUM(import->inputs.there), B("\n"));
    if (import->made_good.len > 0)
        buf_cat(told, B("Not in the dump, but recovered:\n"), buf_bytes(&import->made_good));
    if (import->missing.len > 0)
        buf_cat(told, B("Missing:\n"), buf_bytes(&import->missing));
    buf_add(told,
            B("Never in a dump, of any SEC:\n"
              "  lines that it reads after the dump, and of pipes those that it had read and not "
              "processed;\n"
              "  events that were made and not processed; the level of its log; output that "
              "waits to be sent\n"));
}

json_t *import_make(struct engine *engine, const struct import_options *options, json_t *dump,
                    struct buf *told, bool *whole, struct buf *why)
{
    struct bytes file = bytes_of(options->dump);
    struct arena texts;
    struct importing import = {.engine = engine, .dump = dump, .asleep = options->asleep},
                     *i = &import;
    arena_init(&texts);
    arena_init(&i->arena);
    i->fields = (struct fields){.file = file, .arena = &i->arena, .errors = why};
    if (read_program(&i->fields, dump, &i->release, &i->second)) {
        i->fields.arena = &texts;
        i->fields.errors = &i->errors;
        begin_state(i);
        import_candidates(i);
        take_clock(i);
        import_contexts(i);
        import_operations(i);
        import_windows(i);
        import_rules(i);
        import_code(i); /* tells more of the variables */
        import_variables(i);
        import_events(i);
        import_processes(i);
        import_inputs(i);
        check(i, file);
        tell(i, told);
        buf_add(why, buf_bytes(&i->errors));
        *whole = i->missing.len == 0 && i->errors.len == 0;
    }
    free(i->candidates);
    free(i->unaliased);
    buf_free(&i->of_code);
    buf_free(&i->errors);
    buf_free(&i->missing);
    buf_free(&i->made_good);
    buf_free(&i->fields.place);
    arena_free(&i->arena);
    arena_free(&texts);
    return i->state;
}

/* -- The command -- */

struct import_course {
    const struct import_options *options;
    struct options *engine_options;
    json_t *dump;
    int64_t second;
    int status;
};

/* Why rules do not load. */
static void hear_message(void *arg, int level, struct bytes text)
{
    (void)arg;
    if (level <= LOG_ERROR)
        fprintf(stderr, "%.*s\n", (int)text.len, text.ptr);
}

static bool write_text(const struct import_options *options, struct bytes text, struct buf *why)
{
    if (options->folder)
        return imported_put(bytes_of(options->folder), text, why);
    bool written = file_replace(bytes_of(options->state), text);
    if (!written)
        buf_cat(why, bytes_of(options->state), B(": "), error_text(errno));
    return written;
}

static bool write_state(const struct import_course *course, json_t *state)
{
    struct buf why = {0};
    char *text = json_dumps(state, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    bool written = write_text(course->options, bytes_of(text), &why);
    if (!written)
        fprintf(stderr, "%.*s\n", (int)why.len, why.ptr);
    buf_free(&why);
    free(text);
    return written;
}

static void print(const struct buf *text, FILE *file)
{
    if (text->len > 0)
        fwrite(text->ptr, 1, text->len, file);
}

/* What runs inside perl. */
static void body(void *arg)
{
    static struct stage_ears ears = {.message = hear_message};
    struct import_course *course = arg;
    struct buf told = {0}, why = {0};
    bool whole = false;
    struct stage *stage = stage_new(course->engine_options, course->second, &ears);
    bool sound = stage_load(stage);
    if (!sound)
        fputs("Some rules were not loaded\n", stderr);
    json_t *state =
        import_make(stage_engine(stage), course->options, course->dump, &told, &whole, &why);
    print(&told, stdout);
    print(&why, stderr);
    course->status = !state || !write_state(course, state) ? IMPORT_FAILED
                     : whole && sound                      ? IMPORT_WHOLE
                                                           : IMPORT_LACKS;
    json_decref(state);
    buf_free(&told);
    buf_free(&why);
    if (fflush(stdout) != 0)
        course->status = IMPORT_FAILED;
    perl_exit(course->status);
}

int import_run(const struct import_options *options, struct options *engine_options)
{
    static struct import_course course; /* there is one */
    struct buf why = {0};
    course = (struct import_course){options, engine_options, NULL, 0, IMPORT_FAILED};
    course.dump = fields_read_file(options->dump, &why);
    if (!course.dump) {
        fprintf(stderr, "%s: %.*s\n", options->dump, (int)why.len, why.ptr);
        buf_free(&why);
        return IMPORT_FAILED;
    }
    course.second = json_number(json_object_get(course.dump, "program"), "dumptime");
    if (course.second < 0 || course.second > FIELDS_LARGEST)
        course.second = 0;
    stage_expect(course.second);
    int status = perl_run_main(options->argc, options->argv, environ, body, &course);
    json_decref(course.dump);
    return status;
}
