/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/subprocess.h"
#include "base/write_whole.h"
#include "guard/guard.h"
#include "lang/ruleset.h"
#include "migrate/features.h"
#include "perl/interp.h"
#include "report/dump.h"
#include "stage/stage.h"

enum { BLOCK = 64 * 1024 }; /* bytes that are read or said at once */

/* There is one engine in the process. */
struct own {
    const struct own_start *start;
    int socket;
    struct stage *stage;
    struct engine *engine;
    struct observer observer;
    struct features features; /* that it goes without */
    struct buf in, out;
    size_t heard;
    struct words words;
    uint64_t line, told_line; /* lines that were taken, and as the other side knows */
    int64_t told_second;
    bool over; /* SIGTERM has ended it */
};

static struct own own;

/* -- What is said -- */

static void flush(struct own *o)
{
    if (!send_whole(o->socket, buf_bytes(&o->out)))
        _exit(EXIT_FAILURE); /* nobody is there */
    buf_clear(&o->out);
}

static void say_place(struct own *o)
{
    int64_t second = engine_now(o->engine);
    o->told_line = o->line;
    o->told_second = second;
    words_add(&o->out, (struct bytes[]){B("at"), NUM(o->line), NUM(second)}, 3);
}

static void say(struct own *o, const struct bytes *words, size_t count)
{
    if (!o->engine) /* it is being made */
        return;
    if (o->told_line != o->line || o->told_second != engine_now(o->engine))
        say_place(o);
    words_add(&o->out, words, count);
    if (o->out.len > BLOCK)
        flush(o);
}
#define SAY(o, ...)                                                                                \
    say(o, (const struct bytes[]){__VA_ARGS__},                                                    \
        sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

/* A head, and the words that come after it. */
static void say_list(struct own *o, const struct bytes *head, size_t count,
                     const struct bytes *words, size_t more)
{
    struct bytes *all = mem_array(NULL, count + more, sizeof(*all));
    memcpy(all, head, count * sizeof(*all));
    if (more > 0)
        memcpy(all + count, words, more * sizeof(*all));
    say(o, all, count + more);
    free(all);
}

static void say_command(struct own *o, struct bytes kind, const struct effect *effect)
{
    const struct command *command = effect->command;
    struct bytes head[] = {kind, effect->kind == EFFECT_SPAWN ? effect->target : B(""),
                           effect->kind == EFFECT_FEED ? effect->text : B(""), command->text};
    say_list(o, head, 4, command->words, command->words ? command->count : 0);
}

static void say_perl(struct own *o, const struct effect *effect)
{
    struct bytes function = bytes_of(effect->function);
    if (effect->command) {
        const struct command *command = effect->command;
        struct bytes head[] = {B("command"), function, effect->gives ? B("1") : B(""),
                               command->text};
        say_list(o, head, 4, command->words, command->words ? command->count : 0);
    } else {
        struct bytes head[] = {B("perl"), function, effect->target, effect->text};
        say_list(o, head, 4, effect->words, effect->count);
    }
}

static void hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    struct own *o = arg;
    (void)answer;
    if (effect->rule)
        SAY(o, B("by"), effect->rule->file->name, NUM(effect->rule->line));
    switch (effect->kind) {
    case EFFECT_WRITE:
    case EFFECT_WRITEN:
    case EFFECT_OWRITECL:
    case EFFECT_SEND:
        SAY(o, bytes_of(effect_name(effect)), effect->target, effect->text);
        break;
    case EFFECT_SIGNAL:
        SAY(o, B("signal"), effect->target);
        break;
    case EFFECT_PRINT:
        SAY(o, B("perl"), B("print"), B("STDOUT"), effect->text, effect->text);
        break;
    case EFFECT_RUN:
        say_command(o, B("run"), effect);
        break;
    case EFFECT_SPAWN:
        say_command(o, B("spawn"), effect);
        break;
    case EFFECT_FEED:
        say_command(o, effect->script ? B("script") : B("feed"), effect);
        break;
    case EFFECT_PERL:
        say_perl(o, effect);
        break;
    case EFFECT_CLOSEF: /* what is not open is not closed */
    case EFFECT_HANG_UP:
    case EFFECT_DUMP:
    case EFFECT_PIDFILE:
        break;
    }
}

static void hear_message(void *arg, int level, struct bytes text)
{
    struct own *o = arg;
    if (features_says(&o->features, text))
        SAY(o, B("log"), NUM(level), text);
}

static void hear_missed(void *arg, struct bytes what)
{
    SAY((struct own *)arg, B("lacks"), what);
}

static void hear_loading(void *arg, bool begins)
{
    struct own *o = arg;
    if (begins)
        SAY(o, B("loading"));
    else
        SAY(o, B("loaded"), NUM(ruleset_rules(o->engine->rules.set)));
    if (!begins)
        features_loaded(&o->features, o->engine);
}

static void hear_record(struct observer *observer, const struct record *record)
{
    (void)observer;
    if (record->kind == RECORD_EVENT)
        SAY(&own, B("event"), record->text, record->context);
}

static void say_state(struct own *o)
{
    struct buf json = {0}, error = {0};
    if (!dump_json(o->engine, &json, engine_now(o->engine), &error))
        buf_clear(&json);
    SAY(o, B("state"), buf_bytes(&json));
    buf_free(&json);
    buf_free(&error);
}

static void say_rules(struct own *o)
{
    const struct file_states *files = &o->engine->state.files;
    for (size_t i = 0; i < files->count; i++) {
        const struct file_state *file = files->items[i];
        for (size_t k = 0; k < file->file->count; k++) {
            const struct rule *rule = file->rules[k].rule;
            SAY(o, B("rule"), file->file->name, NUM(rule->line), NUM(file->rules[k].match_count),
                rule->desc_text);
        }
    }
}

/* -- What it is told -- */

/* false: nobody is there. */
static bool hear(struct own *o)
{
    for (;;) {
        struct bytes rest = bytes_from(buf_bytes(&o->in), o->heard);
        enum words_result result = words_take(&o->words, &rest);
        if (result == WORDS_TAKEN) {
            o->heard = o->in.len - rest.len;
            return true;
        }
        if (result == WORDS_WRONG)
            return false;
        if (o->heard > 0)
            memmove(o->in.ptr, rest.ptr, rest.len);
        o->in.len = rest.len;
        o->heard = 0;
        flush(o);
        ssize_t got = recv(o->socket, buf_room(&o->in, BLOCK), BLOCK, 0);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        o->in.len += got > 0 ? (size_t)got : 0;
    }
}

/* A name with a "=" in it may have been taken for another one, by both. */
static struct line_source *source_of(struct own *o, struct bytes name)
{
    struct input *input = inputs_find(o->engine->io.inputs, name);
    return &(input ? input : inputs_at(o->engine->io.inputs, 0))->source;
}

/* false: the program has ended. */
static bool obey(struct own *o, struct bytes word)
{
    if (bytes_eq(word, B("line"))) {
        o->line++;
        return stage_line(o->stage, engine_now(o->engine), words_at(&o->words, 1),
                          source_of(o, words_at(&o->words, 2)));
    }
    if (bytes_eq(word, B("now"))) {
        int64_t second = 0;
        bytes_uint(words_at(&o->words, 1), false, &second);
        return stage_advance(o->stage, second);
    }
    if (bytes_eq(word, B("state")))
        say_state(o);
    else if (bytes_eq(word, B("look")))
        say_place(o);
    else {
        o->over = true;
        return stage_signal(o->stage, B("TERM"));
    }
    return true;
}

/* The inputs are there, as they are in SEC, but closed: lines come from elsewhere. */
static void name_inputs(struct own *o)
{
    const struct own_start *start = o->start;
    struct string_list *patterns = &start->options->input;
    patterns->items = arena_alloc(start->options->arena, start->input_count * sizeof(struct bytes));
    for (size_t i = 0; i < start->input_count; i++) {
        const struct input_name *input = &start->inputs[i];
        struct bytes context = start->options->intcontexts ? input->context : B("");
        char *word = upstream_input(input->name, context);
        patterns->items[patterns->count++] = bytes_from(bytes_of(word), strlen("--input="));
    }
    start->options->in.closed = true;
    engine_open_inputs(o->engine, -1, false);
    engine_fit_windows(o->engine);
}

/* What runs inside perl. */
static void body(void *arg)
{
    struct own *o = arg;
    const struct own_start *start = o->start;
    static struct stage_ears ears = {
        .effect = hear_effect, .message = hear_message, .loading = hear_loading, .plain = true};
    ears.arg = o;
    ears.observer = &o->observer;
    o->observer.hear = hear_record;
    o->told_second = INT64_MIN;
    o->stage = stage_new(start->options, start->second, &ears);
    o->engine = stage_engine(o->stage);
    features_leave_out(&o->features, o->engine);
    stage_load(o->stage);
    features_loaded(&o->features, o->engine);
    name_inputs(o);
    stage_begin(o->stage);
    while (hear(o) && obey(o, words_at(&o->words, 0)))
        ;
    perl_exit(EXIT_SUCCESS);
}

static _Noreturn void play(const struct own_start *start, int socket)
{
    struct own *o = &own;
    o->start = start;
    o->socket = socket;
    o->features = (struct features){features_release(start->version), hear_missed, o};
    stage_expect(start->second);
    int status = perl_run_main(start->argc, start->argv, environ, body, o);
    say_rules(o);
    SAY(o, o->over ? B("over") : B("left"), NUM(status));
    flush(o);
    _exit(status);
}

bool own_start(struct side *side, const struct own_start *start)
{
    int ends[2];
    side->process =
        (struct upstream){.pid = -1, .socket = -1, .errors = memfd_create("secant", MFD_CLOEXEC)};
    if (side->process.errors < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    side->process.socket = ends[0];
    side->process.pid = subprocess_fork();
    if (side->process.pid == 0) {
        close(ends[0]);
        setsid();
        dup2(side->process.errors, STDERR_FILENO);
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (nothing >= 0)
            dup2(nothing, STDOUT_FILENO);
        guard_put_up(ends[1]);
        rmdir(GUARD_BEGIN);
        play(start, ends[1]);
    }
    int error = errno;
    close(ends[1]);
    if (side->process.pid > 0)
        upstream_guard(&side->process, start->folder);
    errno = error;
    return side->process.pid > 0;
}
