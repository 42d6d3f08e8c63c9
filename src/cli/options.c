/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options: their table, their defaults, and the checks of their values.
 *
 * Values are read into a struct raw first, whose numbers are wide enough for anything that is
 * on a command line; what passes the checks becomes the struct options.
 */
#include "cli/options.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/errors.h"
#include "base/mem.h"
#include "io/read_name.h"

#define DEFAULT_POLL_TIMEOUT 0.1
#define DEFAULT_SOCKET_TIMEOUT 60
#define DEFAULT_BLOCKSIZE 8192
#define DEFAULT_CLEANTIME 1
#define DEFAULT_DEBUG 6
#define DEFAULT_DUMP "/tmp/sec.dump"
#define DEFAULT_SNAPSHOT 300
#define LONGEST_JOURNAL 3600
#define LONGEST_SNAPSHOT 86400
#define UMASK_LIMIT 0777
#define NOT_GIVEN INT64_MIN /* no number */
#define KEEPING (OPTION_WHOLE | OPTION_VITAL)

struct raw {
    struct options o;
    int64_t blocksize, debug, snapshot;
    char *journal, *downtime;
    const struct more_options *more; /* NULL: none */
    const struct option_spec *first; /* of SEC's options, which come before those of `more` */
    size_t count;                    /* of SEC's: those that `more` does not have by that name */
};

#define TEXT(name, field)                                                                          \
    {                                                                                              \
        name, NULL, OPTION_TEXT, offsetof(struct raw, o.field)                                     \
    }
#define LIST(name, field)                                                                          \
    {                                                                                              \
        name, NULL, OPTION_LIST, offsetof(struct raw, o.field)                                     \
    }
#define NUMBER(name, field)                                                                        \
    {                                                                                              \
        name, NULL, OPTION_INTEGER, offsetof(struct raw, field)                                    \
    }
#define NUMBER2(name, synonym, field)                                                              \
    {                                                                                              \
        name, synonym, OPTION_INTEGER, offsetof(struct raw, field)                                 \
    }
#define SWITCH(name, field)                                                                        \
    {                                                                                              \
        name, NULL, OPTION_SWITCH, offsetof(struct raw, o.field)                                   \
    }

static const struct option_spec specs[] = {
    LIST("conf", conf),
    LIST("input", input),
    LIST("group", group),
    NUMBER2("input-timeout", "input_timeout", o.in.input_timeout),
    {"timeout-script", "timeout_script", OPTION_TEXT, offsetof(struct raw, o.timeout_script)},
    NUMBER2("reopen-timeout", "reopen_timeout", o.in.reopen_timeout),
    NUMBER2("check-timeout", "check_timeout", o.in.check_timeout),
    {"input-rescan", NULL, OPTION_INTEGER | OPTION_WHOLE, offsetof(struct raw, o.in.rescan)},
    {"poll-timeout", "poll_timeout", OPTION_REAL, offsetof(struct raw, o.poll_timeout)},
    NUMBER2("socket-timeout", "socket_timeout", o.socket_timeout),
    NUMBER("blocksize", blocksize),
    NUMBER("bufsize", o.bufsize),
    NUMBER("evstoresize", o.evstoresize),
    NUMBER("cleantime", o.cleantime),
    TEXT("log", log),
    TEXT("syslog", syslog),
    NUMBER("debug", debug),
    TEXT("pid", pid),
    TEXT("dump", dump),
    TEXT("user", user),
    {"state", NULL, OPTION_TEXT | OPTION_VITAL, offsetof(struct raw, o.state)},
    {"journal", NULL, OPTION_TEXT | KEEPING, offsetof(struct raw, journal)},
    {"snapshot", NULL, OPTION_INTEGER | KEEPING, offsetof(struct raw, snapshot)},
    {"downtime", NULL, OPTION_TEXT | KEEPING, offsetof(struct raw, downtime)},
    {"at-most-once", NULL, OPTION_FLAG | KEEPING, offsetof(struct raw, o.keep.at_most_once)},
    {"confirm", NULL, OPTION_FLAG | KEEPING, offsetof(struct raw, o.keep.confirm)},
    {"umask", NULL, OPTION_EXTENDED, offsetof(struct raw, o.umask)},
    SWITCH("ruleperf", ruleperf),
    SWITCH("dumpfts", dumpfts),
    SWITCH("dumpfjson", dumpfjson),
    SWITCH("quoting", quoting),
    SWITCH("tail", in.tail),
    SWITCH("fromstart", fromstart),
    SWITCH("detach", detach),
    SWITCH("jointbuf", jointbuf),
    SWITCH("keepopen", keepopen),
    SWITCH("rwfifo", in.rwfifo),
    SWITCH("childterm", childterm),
    SWITCH("intevents", intevents),
    SWITCH("intcontexts", intcontexts),
    SWITCH("testonly", testonly),
    {"help", "?", OPTION_FLAG, offsetof(struct raw, o.help)},
    {"version", NULL, OPTION_FLAG, offsetof(struct raw, o.version)},
};

#define SPECS (sizeof(specs) / sizeof(*specs))

static void add_text(struct string_list *list, struct bytes text)
{
    list->items[list->count++] = text;
}

static void set_option(void *arg, const struct option_spec *spec, const struct option_value *value)
{
    struct raw *raw = arg;
    if ((size_t)(spec - raw->first) >= raw->count) {
        raw->more->set(raw->more->arg, spec, value);
        return;
    }
    void *place = (char *)raw + spec->field;
    if (!value) {
        raw->o.keep.wrong = true;
        return;
    }
    switch (option_type_of(spec)) {
    case OPTION_FLAG:
    case OPTION_SWITCH:
        *(bool *)place = value->number != 0;
        break;
    case OPTION_TEXT:
        *(char **)place = (char *)arena_bytes(raw->o.arena, value->text).ptr;
        break;
    case OPTION_LIST:
        add_text(place, arena_bytes(raw->o.arena, value->text));
        break;
    case OPTION_INTEGER:
    case OPTION_EXTENDED:
        *(int64_t *)place = value->number;
        break;
    case OPTION_REAL:
        *(double *)place = value->real;
        break;
    case OPTION_MAYBE: /* none of SEC's is */
    case OPTION_WORD:
    case OPTION_WHOLE:
    case OPTION_VITAL:
        break;
    }
}

static void set_defaults(struct raw *raw, struct arena *arena, size_t arguments)
{
    *raw = (struct raw){
        .o = {.arena = arena,
              .in = {.tail = true, .rwfifo = true},
              .poll_timeout = DEFAULT_POLL_TIMEOUT,
              .socket_timeout = DEFAULT_SOCKET_TIMEOUT,
              .cleantime = DEFAULT_CLEANTIME,
              .dump = DEFAULT_DUMP,
              .umask = NOT_GIVEN,
              .keepopen = true,
              .keep = {.journal = 1, .snapshot = DEFAULT_SNAPSHOT},
              .childterm = true},
        .snapshot = NOT_GIVEN,
        .blocksize = DEFAULT_BLOCKSIZE,
        .debug = DEFAULT_DEBUG,
    };
    /* No list can be longer than the command line. */
    struct string_list *lists[] = {&raw->o.conf, &raw->o.input, &raw->o.group};
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        lists[i]->items = arena_alloc(arena, arguments * sizeof(struct bytes));
}

/* Checks: a bad value is reported and gives way to the default.  Where it is about the state,
 * nothing may run: without what it was meant to be, lines would be lost. */

static void refuse(const char *name, const char *why)
{
    complain(B("'--"), bytes_of(name), B("' option requires "), bytes_of(why), B("\n"));
}

static void check_list(struct string_list *list, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].len > 0)
            list->items[kept++] = list->items[i];
    if (kept < list->count)
        refuse(name, "a non-empty value");
    list->count = kept;
}

static void check_text(char **text, const char *name, char *fallback)
{
    if (!*text || **text)
        return;
    refuse(name, "a non-empty value");
    *text = fallback;
}

static void check_least(int64_t *value, int64_t least, const char *name, int64_t fallback)
{
    if (*value >= least)
        return;
    refuse(name, least > 0 ? "a positive value" : "a non-negative value");
    *value = fallback;
}

static void check_inputs(struct options *o)
{
    check_list(&o->conf, "conf");
    check_list(&o->input, "input");
    check_least(&o->in.input_timeout, 0, "input-timeout", 0);
    check_text(&o->timeout_script, "timeout-script", NULL);
    if (o->in.input_timeout > 0 && !o->timeout_script) {
        refuse("input-timeout", "the '--timeout-script' option");
        o->in.input_timeout = 0;
    }
    check_least(&o->in.reopen_timeout, 0, "reopen-timeout", 0);
    check_least(&o->in.check_timeout, 0, "check-timeout", 0);
    check_least(&o->in.rescan, 0, "input-rescan", 0);
    if (o->poll_timeout < 0) {
        refuse("poll-timeout", "a non-negative value");
        o->poll_timeout = DEFAULT_POLL_TIMEOUT;
    }
}

static void check_sizes(struct raw *raw)
{
    struct options *o = &raw->o;
    check_least(&o->socket_timeout, 1, "socket-timeout", DEFAULT_SOCKET_TIMEOUT);
    check_least(&raw->blocksize, 1, "blocksize", DEFAULT_BLOCKSIZE);
    check_least(&o->bufsize, 0, "bufsize", 0);
    check_least(&o->evstoresize, 0, "evstoresize", 0);
    check_least(&o->cleantime, 0, "cleantime", DEFAULT_CLEANTIME);
}

static void check_outputs(struct raw *raw)
{
    struct options *o = &raw->o;
    check_text(&o->log, "log", NULL);
    check_text(&o->syslog, "syslog", NULL);
    if (raw->debug < 1 || raw->debug > DEFAULT_DEBUG) {
        refuse("debug", "a value from range 1..6");
        raw->debug = DEFAULT_DEBUG;
    }
    check_text(&o->pid, "pid", NULL);
    check_text(&o->dump, "dump", DEFAULT_DUMP);
}

static void check_identity(struct options *o)
{
    check_text(&o->user, "user", NULL);
    check_list(&o->group, "group");
    if (o->group.count > 0 && !o->user) {
        refuse("group", "the '--user' option");
        o->group.count = 0;
    }
    if (o->umask >= 0 && o->umask <= UMASK_LIMIT)
        return;
    if (o->umask != NOT_GIVEN)
        refuse("umask", "a value from range 0..0777");
    o->umask = -1;
}

static void refuse_keeping(struct raw *raw, const char *name, const char *why)
{
    refuse(name, why);
    raw->o.keep.wrong = true;
}

static void check_journal(struct raw *raw)
{
    struct bytes text = bytes_of(raw->journal);
    int64_t seconds;
    if (bytes_eq(text, B("line")))
        raw->o.keep.journal = 0;
    else if (bytes_uint(text, false, &seconds) && seconds > 0 && seconds <= LONGEST_JOURNAL)
        raw->o.keep.journal = seconds;
    else
        refuse_keeping(raw, "journal", "'line' or a number of seconds from range 1..3600");
}

static void check_downtime(struct raw *raw)
{
    struct bytes text = bytes_of(raw->downtime);
    raw->o.keep.skip = bytes_eq(text, B("skip"));
    if (!raw->o.keep.skip && !bytes_eq(text, B("run")))
        refuse_keeping(raw, "downtime", "'run' or 'skip'");
}

static void check_snapshot(struct raw *raw)
{
    if (raw->snapshot >= 1 && raw->snapshot <= LONGEST_SNAPSHOT)
        raw->o.keep.snapshot = raw->snapshot;
    else
        refuse_keeping(raw, "snapshot", "a number of seconds from range 1..86400");
}

/* How it is kept is of no use where nothing is. */
static void check_without_state(struct raw *raw)
{
    const struct {
        const char *name;
        bool given;
    } ways[] = {{"journal", raw->journal != NULL},
                {"snapshot", raw->snapshot != NOT_GIVEN},
                {"downtime", raw->downtime != NULL},
                {"at-most-once", raw->o.keep.at_most_once},
                {"confirm", raw->o.keep.confirm}};
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
        if (ways[i].given)
            refuse_keeping(raw, ways[i].name, "the '--state' option");
}

/* What is kept, and how. */
static void check_keeping(struct raw *raw)
{
    struct options *o = &raw->o;
    if (o->state && !*o->state) {
        refuse_keeping(raw, "state", "a non-empty value");
        o->state = NULL;
    }
    if (raw->journal)
        check_journal(raw);
    if (raw->downtime)
        check_downtime(raw);
    if (raw->snapshot != NOT_GIVEN)
        check_snapshot(raw);
    if (!o->state && !o->keep.wrong)
        check_without_state(raw);
    o->keep.at_most_once = o->keep.at_most_once && o->state;
    o->keep.confirm = o->keep.confirm && o->state;
}

/* Where the options come from. */

struct words {
    struct arena *arena; /* owns the texts */
    size_t count, room;
    struct bytes *items; /* owned */
};

static void add_word(struct words *words, struct bytes text)
{
    MEM_GROW(words->items, words->count, words->room, 32);
    words->items[words->count++] = arena_bytes(words->arena, text);
}

/* One option a line, without the white space around it; empty lines and comments are left out. */
static void read_lines(struct bytes rest, struct words *words)
{
    for (struct bytes line; bytes_piece(&rest, '\n', &line);) {
        struct bytes text = bytes_trim(line);
        if (text.len > 0 && *text.ptr != '#')
            add_word(words, text);
    }
}

/* Appends what the resource file says; *status is for the dumps. */
static void read_resource_file(struct words *words, struct buf *status)
{
    const char *path = getenv("SECRC");
    buf_add(status, path ? bytes_of(path) : B("none"));
    if (!path)
        return;
    struct buf content = {0};
    if (read_name(bytes_of(path), &content)) {
        read_lines(buf_bytes(&content), words);
        buf_free(&content);
        return;
    }
    struct bytes why = error_text(errno);
    buf_cat(status, B(" - open failed ("), why, B(")"));
    complain(B("Can't open resource file "), bytes_of(path), B(" ("), why, B(")\n"));
}

static struct bytes join_words(const struct words *words)
{
    struct buf text = {0};
    for (size_t i = 0; i < words->count; i++)
        buf_cat(&text, i ? B(" ") : B(""), words->items[i]);
    struct bytes all = arena_bytes(words->arena, buf_bytes(&text));
    buf_free(&text);
    return all;
}

/* Does the command mean something else by that name? */
static bool is_replaced(const struct more_options *more, const char *name)
{
    for (size_t i = 0; more && i < more->count; i++)
        if (more->specs[i].name && strcmp(more->specs[i].name, name) == 0)
            return true;
    return false;
}

static bool read_arguments(struct raw *raw, const struct words *words)
{
    size_t more = raw->more ? raw->more->count : 0;
    struct option_spec *all = mem_array(NULL, SPECS + more, sizeof(*all));
    for (size_t i = 0; i < SPECS; i++)
        if (!is_replaced(raw->more, specs[i].name))
            all[raw->count++] = specs[i];
    if (more > 0)
        memcpy(all + raw->count, raw->more->specs, more * sizeof(*all));
    raw->first = all;
    bool right =
        arguments_read(words->items, words->count, all, raw->count + more, set_option, raw);
    free(all);
    return right;
}

/* What is on the command line and in the resource file, into raw; false: some of it is
 * wrong. */
static bool read_words(struct raw *raw, struct arena *arena, int argc, char **argv,
                       const struct more_options *more)
{
    struct words words = {.arena = arena};
    struct buf status = {0};
    for (int i = 1; i < argc; i++)
        add_word(&words, bytes_of(argv[i]));
    read_resource_file(&words, &status);
    set_defaults(raw, arena, words.count);
    raw->o.rcfile_status = arena_bytes(arena, buf_bytes(&status));
    raw->o.all = join_words(&words);
    raw->more = more;
    bool right = read_arguments(raw, &words);
    free(words.items);
    buf_free(&status);
    return right;
}

static struct options *read_all(int argc, char **argv, const struct more_options *more, bool *right)
{
    struct arena *arena = mem_alloc(sizeof(*arena));
    struct raw raw;
    arena_init(arena);
    *right = read_words(&raw, arena, argc, argv, more);
    check_inputs(&raw.o);
    check_sizes(&raw);
    check_outputs(&raw);
    check_identity(&raw.o);
    check_keeping(&raw);
    struct options *options = mem_alloc(sizeof(*options));
    *options = raw.o;
    options->in.blocksize = (size_t)raw.blocksize;
    options->debug = (int)raw.debug;
    /* With windows of one line there is no need for several. */
    options->jointbuf = options->jointbuf || options->bufsize == 1;
    return options;
}

struct options *options_read(int argc, char **argv)
{
    bool right;
    return read_all(argc, argv, NULL, &right);
}

struct options *options_read_with(int argc, char **argv, const struct more_options *more)
{
    bool right;
    struct options *options = read_all(argc, argv, more, &right);
    if (right)
        return options;
    options_free(options);
    return NULL;
}

void options_read_again(struct options *options, int argc, char **argv)
{
    struct options *fresh = options_read(argc, argv), old = *options;
    if (fresh->keep.wrong) { /* it runs, and goes on as before */
        fresh->keep = old.keep;
        fresh->state =
            old.state ? (char *)arena_bytes(fresh->arena, bytes_of(old.state)).ptr : NULL;
    }
    *options = *fresh;
    *fresh = old;
    options_free(fresh);
}

void options_free(struct options *options)
{
    if (!options)
        return;
    arena_free(options->arena);
    free(options->arena);
    free(options);
}
