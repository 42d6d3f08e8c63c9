/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The player that runs a test with another SEC. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "prove/running.h"
#include "stage/upstream.h"

struct upstream_player {
    struct player player; /* first: what its functions are given */
    struct run *run;
    struct upstream upstream;
    struct clock *clock; /* owned; that of what is heard */
    struct log *log;     /* owned; what SEC would say of an output */
    int64_t next;
    bool over;     /* it has ended */
    bool sound;    /* the rules are */
    int64_t rules; /* how many there are */
};

static_assert(offsetof(struct upstream_player, player) == 0, "players cast");

static struct upstream_player *of(struct player *player)
{
    return (struct upstream_player *)player;
}

/* Who hears what is asked for: items of the state, or why code died. */
struct question {
    state_see *see;
    void *arg;
    bool lines; /* items have lines, so many as are there */
    struct buf *error;
};

static int64_t number(struct bytes text)
{
    int64_t value = 0;
    bytes_uint(text, false, &value);
    return value;
}

/* Of the years that calendars have; what is said to be later is as late as can be. */
static int64_t second(struct bytes text)
{
    const int64_t latest = 253402300799; /* 9999-12-31 23:59:59 */
    int64_t value = number(text);
    return value < latest ? value : latest;
}

/* -- What is heard -- */

static void answer(struct upstream_player *p, struct bytes first, struct bytes second)
{
    upstream_say(&p->upstream, (struct bytes[]){first, second}, 2);
}

static struct effect_answer hear_deed(struct upstream_player *p, struct effect *effect)
{
    struct effect_answer given = {0};
    effect->second = clock_now(p->clock);
    effect_log(p->log, effect);
    run_hear_effect(p->run, effect, &given);
    return given;
}

static void hear_effect(struct upstream_player *p, struct effect *effect)
{
    struct effect_answer given = hear_deed(p, effect);
    if (effect->command || effect->kind == EFFECT_PERL)
        answer(p, NUM(given.exit_code), given.output.ptr ? given.output : B(""));
}

static void hear_output(struct upstream_player *p, enum effect_kind kind, enum socket_kind socket)
{
    hear_effect(p, &(struct effect){.kind = kind,
                                    .socket = socket,
                                    .target = upstream_word(&p->upstream, 1),
                                    .text = upstream_word(&p->upstream, 2)});
}

/* The command that begins with the word. */
static struct command command_at(const struct upstream *upstream, size_t at)
{
    bool listed = upstream->words.count > at + 1;
    return (struct command){upstream_word(upstream, at),
                            listed ? upstream->words.items + at + 1 : NULL,
                            listed ? upstream->words.count - at - 1 : 0};
}

static void hear_command(struct upstream_player *p, enum effect_kind kind, bool script)
{
    struct command command = command_at(&p->upstream, 3);
    hear_effect(p, &(struct effect){.kind = kind,
                                    .script = script,
                                    .target = upstream_word(&p->upstream, 1),
                                    .text = upstream_word(&p->upstream, 2),
                                    .command = &command});
}

static void hear_perl(struct upstream_player *p, bool starts)
{
    const struct upstream *upstream = &p->upstream;
    char *function = bytes_cstr(upstream_word(upstream, 1));
    struct command command = command_at(upstream, 3);
    struct effect effect = {.kind = EFFECT_PERL, .function = function};
    if (starts) {
        effect.target = command.text;
        effect.command = &command;
        effect.gives = upstream_word(upstream, 2).len > 0;
    } else {
        effect.target = upstream_word(upstream, 2);
        effect.text = upstream_word(upstream, 3);
        effect.words = upstream->words.items + 4;
        effect.count = upstream->words.count > 4 ? upstream->words.count - 4 : 0;
    }
    hear_effect(p, &effect);
    free(function);
}

/* What Perl's operators did not do: it was refused. */
static void hear_escaped(struct upstream_player *p)
{
    struct buf what = {0};
    buf_cat(&what, upstream_word(&p->upstream, 1), B(" "), upstream_word(&p->upstream, 2));
    hear_deed(p, &(struct effect){
                     .kind = EFFECT_PERL, .function = "refused", .target = buf_bytes(&what)});
    buf_free(&what);
}

static void hear_find(struct upstream_player *p)
{
    struct buf path = {0};
    files_find(p->run->files, upstream_word(&p->upstream, 1), &path);
    answer(p, buf_bytes(&path), B(""));
    buf_free(&path);
}

static void hear_loading(struct upstream_player *p, bool begins)
{
    p->run->loading = begins;
    if (begins)
        return;
    p->sound = number(upstream_word(&p->upstream, 1)) != 0;
    p->rules = number(upstream_word(&p->upstream, 2));
}

static struct bytes line_of(const void *words, size_t at)
{
    return ((const struct bytes *)words)[at];
}

static void hear_item(const struct upstream_player *p, const struct question *question)
{
    const struct upstream *u = &p->upstream;
    struct bytes end = upstream_word(u, 2);
    size_t lines = u->words.count > 4 ? u->words.count - 4 : 0;
    struct state_item item = {.name = upstream_word(u, 1),
                              .forever = end.len == 0,
                              .end = second(end),
                              .count =
                                  question->lines ? lines : (size_t)number(upstream_word(u, 3)),
                              .line = line_of,
                              .from = u->words.items + 4};
    if (question->see)
        question->see(question->arg, &item);
}

static void hear_ready(struct upstream_player *p)
{
    struct bytes next = upstream_word(&p->upstream, 1);
    p->next = next.len > 0 ? second(next) : INT64_MAX;
    log_set_level(p->log, (int)number(upstream_word(&p->upstream, 2)));
}

static void hear_end(struct upstream_player *p, struct bytes word)
{
    p->over = true;
    if (bytes_eq(word, B("left")))
        run_complain(p->run, B("code in the rules ended the program: exit "),
                     upstream_word(&p->upstream, 1));
    else if (!bytes_eq(word, B("over")))
        run_complain(p->run, B("this is not a known SEC: "), word);
}

static void hear_other(struct upstream_player *p, const struct question *question,
                       struct bytes word)
{
    const struct upstream *u = &p->upstream;
    struct timeline *timeline = &p->run->evidence.timeline;
    if (bytes_eq(word, B("log")))
        run_hear_message(p->run, (int)number(upstream_word(u, 1)), upstream_word(u, 2));
    else if (bytes_eq(word, B("rule")))
        timeline_rule(timeline, upstream_word(u, 1), upstream_word(u, 2));
    else if (bytes_eq(word, B("now")))
        clock_set(p->clock, second(upstream_word(u, 1)));
    else if (bytes_eq(word, B("event")))
        timeline_event(timeline, upstream_word(u, 1));
    else if (bytes_eq(word, B("perl")) || bytes_eq(word, B("command")))
        hear_perl(p, bytes_eq(word, B("command")));
    else if (bytes_eq(word, B("escaped")))
        hear_escaped(p);
    else if (bytes_eq(word, B("find")))
        hear_find(p);
    else if (bytes_eq(word, B("item")))
        hear_item(p, question);
    else if (bytes_eq(word, B("died")) && question->error)
        buf_add(question->error, upstream_word(u, 1));
    else if (bytes_eq(word, B("loading")) || bytes_eq(word, B("loaded")))
        hear_loading(p, bytes_eq(word, B("loading")));
    else
        hear_end(p, word);
}

static void hear(struct upstream_player *p, const struct question *question)
{
    static const struct {
        const char *word;
        enum effect_kind kind;
        enum socket_kind socket;
        bool script;
    } effects[] = {{"write", EFFECT_WRITE, 0, false},
                   {"writen", EFFECT_WRITEN, 0, false},
                   {"owritecl", EFFECT_OWRITECL, 0, false},
                   {"udgram", EFFECT_SEND, SOCKET_UDGRAM, false},
                   {"ustream", EFFECT_SEND, SOCKET_USTREAM, false},
                   {"udpsock", EFFECT_SEND, SOCKET_UDP, false},
                   {"tcpsock", EFFECT_SEND, SOCKET_TCP, false},
                   {"signal", EFFECT_SIGNAL, 0, false},
                   {"run", EFFECT_RUN, 0, false},
                   {"spawn", EFFECT_SPAWN, 0, false},
                   {"feed", EFFECT_FEED, 0, false},
                   {"script", EFFECT_FEED, 0, true}};
    struct bytes word = upstream_word(&p->upstream, 0);
    for (size_t i = 0; i < sizeof(effects) / sizeof(*effects); i++) {
        if (!bytes_eq(word, bytes_of(effects[i].word)))
            continue;
        if (effects[i].kind <= EFFECT_SEND || effects[i].kind == EFFECT_SIGNAL)
            hear_output(p, effects[i].kind, effects[i].socket);
        else
            hear_command(p, effects[i].kind, effects[i].script);
        return;
    }
    hear_other(p, question, word);
}

/* To where it waits; false: it has ended. */
static bool listen_to(struct upstream_player *p, const struct question *question)
{
    struct buf why = {0};
    while (!p->over && upstream_hear(&p->upstream)) {
        if (bytes_eq(upstream_word(&p->upstream, 0), B("ready"))) {
            hear_ready(p);
            return true;
        }
        hear(p, question);
    }
    if (!p->over) {
        upstream_add_end(&p->upstream, &why);
        run_complain(p->run, B("the other SEC "), buf_bytes(&why));
    }
    p->over = true;
    buf_free(&why);
    return false;
}

static bool tell(struct upstream_player *p, const struct question *question,
                 const struct bytes *words, size_t count)
{
    return !p->over && upstream_say(&p->upstream, words, count) && listen_to(p, question);
}
#define TELL(p, ...)                                                                               \
    tell(p, &(struct question){0}, (const struct bytes[]){__VA_ARGS__},                            \
         sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

/* -- Start -- */

static void add_word(char **words, size_t *count, struct bytes front, struct bytes word,
                     struct bytes end)
{
    struct buf text = {0};
    buf_cat(&text, front, word, end, B("\0"));
    words[(*count)++] = text.ptr;
}

/* Owned, as its words. */
static char **make_words(const struct run *run)
{
    const struct test *test = run->test;
    size_t count = 0, all = test->rule_count + test->option_count + test->input_count;
    while (run->setup->with[count])
        count++;
    char **words = mem_zarray(count + all + 1, sizeof(*words));
    for (size_t i = 0; i < count; i++)
        words[i] = bytes_cstr(bytes_of(run->setup->with[i]));
    for (size_t i = 0; i < test->rule_count; i++)
        add_word(words, &count, B("--conf="), test->rules[i], B(""));
    for (size_t i = 0; i < test->option_count; i++)
        add_word(words, &count, B(""), test->options[i], B(""));
    for (size_t i = 0; i < test->input_count; i++)
        words[count++] = upstream_input(test->inputs[i].name, test->inputs[i].context);
    return words;
}

/* A path without what would end it. */
static void add_path(struct buf *out, const char *path)
{
    for (; *path; path++) {
        if (*path == ' ' || *path == '%')
            buf_printf(out, "%%%02x", (unsigned)*path);
        else
            buf_char(out, *path);
    }
}

/* SECOND HOME HERE */
static bool add_setting(const struct run *run, struct buf *setting)
{
    char here[PATH_MAX], home[PATH_MAX];
    if (!getcwd(here, sizeof(here)) || fchdir(run->setup->home) != 0 ||
        !getcwd(home, sizeof(home)) || !files_enter(run->files))
        return false;
    buf_num(setting, run->now);
    buf_char(setting, ' ');
    add_path(setting, home);
    buf_char(setting, ' ');
    add_path(setting, here);
    return true;
}

static void set_environment(const void *arg)
{
    const struct test *test = arg;
    for (size_t i = 0; i < test->environment_count; i++)
        upstream_set(test->environment[i].name, test->environment[i].text);
}

static bool start(struct upstream_player *p)
{
    struct run *run = p->run;
    struct buf setting = {0};
    char **words = make_words(run);
    struct upstream_start start = {.argv = words,
                                   .folder = run->folder,
                                   .module = "LockstepTest",
                                   .zone = run->test->zone,
                                   .seed = "0",
                                   .set_environment = set_environment,
                                   .arg = run->test};
    bool started = add_setting(run, &setting) && fchdir(run->setup->home) == 0;
    start.setting = buf_bytes(&setting);
    started = started && upstream_start(&p->upstream, &start);
    int error = errno;
    files_enter(run->files);
    if (!started)
        run_complain(run, B("the other SEC cannot be started: "), error_text(error));
    for (size_t i = 0; words[i]; i++)
        free(words[i]);
    free(words);
    buf_free(&setting);
    return started;
}

static bool load(struct player *player)
{
    struct upstream_player *p = of(player);
    if (!start(p) || !listen_to(p, &(struct question){0}) || !run_head_code(p->run))
        return false;
    if (!TELL(p, B("go"))) /* to where it waits for the first time */
        return false;
    if (p->sound && p->rules == 0) {
        run_complain(p->run, B("rules: "), B("there are none"));
        p->sound = false;
    }
    return p->sound;
}

/* -- Course -- */

static bool begin(struct player *player)
{
    return !of(player)->over; /* it has begun when the rules were there */
}

static int64_t now(const struct player *player)
{
    return clock_now(((const struct upstream_player *)player)->clock);
}

static int64_t next(const struct player *player)
{
    return ((const struct upstream_player *)player)->next;
}

static bool advance(struct player *player, int64_t second)
{
    return TELL(of(player), B("advance"), NUM(second));
}

static bool play_line(struct player *player, struct bytes line, size_t input)
{
    struct upstream_player *p = of(player);
    return TELL(p, B("line"), line, p->run->test->inputs[input].name);
}

static bool send_signal(struct player *player, struct bytes name)
{
    return TELL(of(player), B("signal"), name);
}

static bool evaluate(struct player *player, struct bytes code, struct buf *error)
{
    struct question question = {.error = error};
    struct bytes words[] = {B("perl"), code};
    buf_clear(error);
    if (!tell(of(player), &question, words, 2) && error->len == 0)
        buf_add(error, B("the program has ended"));
    return error->len == 0;
}

static void show_state(struct player *player, enum test_subject subject, struct bytes name,
                       state_see *see, void *arg)
{
    struct question question = {.see = see, .arg = arg, .lines = subject == TEST_CONTEXT};
    struct bytes words[] = {B("state"), subject_word(subject), name};
    tell(of(player), &question, words, 3);
}

/* -- End -- */

static void free_player(struct player *player)
{
    struct upstream_player *p = of(player);
    upstream_end(&p->upstream);
    log_free(p->log);
    clock_free(p->clock);
    free(p);
}

struct player *run_upstream_new(struct run *run)
{
    static const struct player_form form = {
        load, begin, now, next, advance, play_line, send_signal, evaluate, show_state, free_player};
    struct upstream_player *p = mem_zalloc(sizeof(*p));
    p->player.form = &form;
    p->run = run;
    p->upstream = (struct upstream){.pid = -1, .socket = -1, .errors = -1};
    p->next = INT64_MAX;
    run->evidence.timeline.clock = p->clock = clock_event(run->now);
    p->log = log_new(p->clock);
    log_leave_terminal(p->log);
    log_listen(p->log, run_hear_message, run);
    return &p->player;
}
