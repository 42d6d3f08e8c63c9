/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journals are done again: an input's first byte chooses among the bits below, its rest is batches,
 * "----\n" between them.  Whatever they say, an engine with the state of kept.h goes through them
 * as a start does, in silence; then inputs have places.
 *
 * Files that entries speak of are one in memory, whatever their numbers, unless those are 0. */
#include <sys/stat.h>

#include "correlate/script.h"
#include "durable/effects.h"
#include "durable/entries.h"
#include "durable/redo.h"
#include "durable/survey.h"
#include "io/past.h"
#include "kept.h"
#include "perl/held.h"

enum {
    OTHER_BOOT = 1, /* the machine has stopped in between */
    KEEP_MARKS = 2, /* files are what entries say only if their marks fit */
    LIVE_LINES = 4, /* lines follow, and what they do happens */
    IS_KEPT = 8,    /* what comes of it can be saved, and loaded; this takes most of the time */
};

static const char more_rules[] =
    "type=Suppress\nptype=SubStr\npattern=suppressed\n\n"
    "type=SingleWithScript\nptype=RegExp\npattern=n (\\S+)\nscript=/bin/true $1\ndesc=n $1\n"
    "action=write - yes $1\naction2=write - no $1\n\n"
    "type=PairWithWindow\nptype=RegExp\npattern=o (\\S+)\ndesc=o $1\naction=shellcmd echo $1; "
    "spawn echo $1; write out $1\nptype2=RegExp\npattern2=p $1\ndesc2=p %1\n"
    "action2=writen out $+{_intcontext}\nwindow=20\n\n"
    "type=Single\nptype=RegExp\npattern=q (\\S+)\ndesc=q\n"
    "action=addinput $1 - Q_$1; event 0 r $1\n\n"
    "type=Single\nptype=RegExp\npattern=r (\\S+)\ncontinue=TakeNext\ndesc=r\n"
    "action=dropinput $1\n\n"
    "type=Jump\nptype=RegExp\npattern=s\ncfset=none\n\n"
    "type=Single\nptype=PerlFunc\npattern=sub { $_[0] =~ /^t (.*)/ ? $1 : 0 }\ndesc=t\n"
    "action=lcall %y $1 -> (sub { $seen{length($_[0]) % 4}++; time() }); event t of %y; "
    "pipe '$1' cat\n\n"
    "type=SingleWithSuppress\nptype=RegExp2\npattern=^u (.*)\\nv (.*)\ndesc=$1\n"
    "action=report C_$1 cat; tcpsock localhost:9 $2; obsolete C_$2; rewrite 2 w\nwindow=5\n";

static const char file_text[] = "a one\nb one two\nc one three\nf x y\nn x\no x\np x\nq added\n"
                                "u one\nv two\nt perl\ni x\nj y\ng x y\nsuppressed\nlast";

static int file, written;
static struct stat file_status, written_status;
static char file_name[40], written_name[40];
static int64_t second;  /* of the state */
static size_t inputs;   /* of the state */
static unsigned choice; /* the present input's */

/* -- Files -- */

struct past *__real_past_open(const struct input_place *place, struct buf *why);
struct past *__wrap_past_open(const struct input_place *place, struct buf *why);
struct past *__wrap_past_open(const struct input_place *place, struct buf *why)
{
    struct input_place here = *place;
    if (place->device != 0 || place->inode != 0) {
        here.name = bytes_of(file_name);
        here.device = file_status.st_dev;
        here.inode = file_status.st_ino;
        if (!(choice & KEEP_MARKS))
            here.head = here.tail = (struct file_mark){0};
    }
    return __real_past_open(&here, why);
}

void __real_output_files_expect(struct output_files *files, const struct durable_file *is);
void __wrap_output_files_expect(struct output_files *files, const struct durable_file *is);
void __wrap_output_files_expect(struct output_files *files, const struct durable_file *is)
{
    struct durable_file here = *is;
    if (is->device != 0 || is->inode != 0) {
        here.name = bytes_of(written_name);
        here.device = written_status.st_dev;
        here.inode = written_status.st_ino;
    }
    __real_output_files_expect(files, &here);
}

static int make_file(const char *text, char name[40], struct stat *status)
{
    int fd = memfd_create("file", MFD_CLOEXEC);
    snprintf(name, 40, "/proc/self/fd/%d", fd);
    if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fstat(fd, status) != 0)
        abort();
    return fd;
}

/* -- The engine -- */

static void ignore_message(void *arg, int level, struct bytes message)
{
    (void)arg, (void)level, (void)message;
}

static void be_silent(bool silent)
{
    log_redirect(engine->log, silent ? ignore_message : NULL, NULL);
    durable_effects_set_mode(engine->effects, silent ? DURABLE_REDO : DURABLE_LIVE);
    perl_hold_exit(silent);
    perl_hold_let(!silent);
}

__attribute__((constructor)) static void before_perl(void)
{
    perl_hold_outside();
    perl_hold_let(true);
}

static void start(void)
{
    file = make_file(file_text, file_name, &file_status);
    written = make_file("x\ny\nx", written_name, &written_status);
    kept_start(more_rules);
    engine->options->in.closed = true;
    second = engine_now(engine);
    inputs = inputs_count(engine->io.inputs);
}

/* Scripts have no end, as in durable/recover.c; inputs that came go. */
static void forget(void)
{
    struct inputs *list = engine->io.inputs;
    for (struct child *child = children_first(engine->io.children); child; child = child->next) {
        if (child->owner)
            script_forget(child->owner);
        child->owner = NULL;
    }
    children_check(engine->io.children, true);
    for (size_t i = inputs_count(list); i-- > 0;)
        if (inputs_at(list, i)->dynamic)
            inputs_drop(list, inputs_at(list, i)->source.name);
}

static void begin(void)
{
    engine_choose_effects(engine, durable_effects_new);
    clock_hold(engine->clock, second);
    be_silent(true);
    if (!kept_load(buf_bytes(&kept_records)))
        abort();
}

/* -- Runs -- */

static void survey(struct survey *survey, struct bytes batches)
{
    for (struct bytes rest = batches; rest.len > 0;)
        survey_count(survey, take_until(&rest, B("----\n")));
    survey_decide(survey, choice & OTHER_BOOT ? B("other") : buf_bytes(&survey->boot));
    for (struct bytes rest = batches; rest.len > 0;)
        survey_batch(survey, take_until(&rest, B("----\n")));
    if (survey->holding > survey->count || survey->at != survey->count)
        abort();
}

static void look_at(struct redo *redo)
{
    struct redo_left left;
    size_t count, known = inputs_count(engine->io.inputs);
    const struct input_place *places = redo_places(redo, &count);
    for (size_t i = 0; i < count; i++)
        if (!inputs_find(engine->io.inputs, places[i].name))
            abort();
    if (count > known)
        abort();
    for (size_t i = 0; redo_left(redo, i, &left); i++)
        if (left.bytes.len == 0 || left.seen > left.bytes.len)
            abort();
    redo_patterns(redo, &count);
}

static void live_lines(void)
{
    static const char *const lines[] = {"o x", "p x", "a x", "suppressed"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        program_line(0, bytes_of(lines[i]));
    durable_effects_caught_up(engine->effects);
}

/* The rules can make events without end, and a journal say that so many were processed: that takes
 * its time, which a signal ends. */
static bool has_many_events(struct bytes batches)
{
    enum { MANY = 1000 };
    uint64_t events = 0;
    while (batches.len > 0) {
        struct unpack from = unpack_of(take_until(&batches, B("----\n")));
        struct entry entry;
        while (entry_unpack(&from, &entry)) {
            events += entry.kind == ENTRY_EVENTS ? entry.count : 0;
            entry_release(&entry);
        }
    }
    return events > MANY;
}

static void one(struct bytes input)
{
    choice = take_byte(&input);
    if (has_many_events(input))
        return;
    begin();
    struct survey surveyed = {.effects = engine->effects};
    struct redo *redo = redo_new(engine, NULL);
    bool done = true;
    survey(&surveyed, input);
    for (uint64_t i = 0; done && input.len > 0; i++) {
        struct bytes batch = take_until(&input, B("----\n"));
        if (i < surveyed.holding)
            done = redo_batch(redo, batch);
        else
            redo_arrivals(redo, batch);
    }
    engine_settle(engine);
    survey_end(&surveyed);
    look_at(redo);
    redo_free(redo);
    if (choice & IS_KEPT)
        kept_check();
    be_silent(false);
    if (choice & LIVE_LINES)
        live_lines();
    be_silent(true);
    forget();
    arena_reset(&engine->line.arena);
}

FUZZ_TARGET(start, one)
