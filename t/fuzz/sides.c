/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two sides of secant migrate say (migrate/side.h), of which rules have code in either
 * process: an input is all of it.
 *
 * After a first byte 0 it is all bytes that come from SEC, and Secant says what it always does.
 * Otherwise it is lines, each a message with tabs between its words: those of SEC up to "----", then
 * Secant's.  Whatever they say, the comparison ends with a report, which is JSON or text. */
#include <jansson.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "messages.h"
#include "migrate/own.h"
#include "migrate/tell.h"
#include "stage/upstream.h"

static const char usual[] =
    "at\t1\t1000\nwrite\t/f\tone\nby\tr.sec\t1\nlog\t4\tsaid\nat\t2\t1001\nstate\t{}\n"
    "at\t3\t1001\nrule\tr.sec\t1\t2\td\nover\n";

static struct bytes unsaid[2]; /* of the input, by side */
static bool raw;

/* The process is not there; what it says lies in the socket. */
static bool pretend(struct upstream *upstream, struct bytes said, bool plain)
{
    struct buf frames = {0};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        abort();
    for (struct bytes line; !plain && bytes_piece(&said, '\n', &line);)
        add_message(&frames, line);
    if (plain)
        buf_add(&frames, said);
    send(ends[1], frames.ptr, frames.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(ends[1]);
    *upstream = (struct upstream){.pid = -1, .socket = ends[0], .errors = -1};
    buf_free(&frames);
    return true;
}

bool __wrap_upstream_start(struct upstream *upstream, const struct upstream_start *start);
bool __wrap_upstream_start(struct upstream *upstream, const struct upstream_start *start)
{
    (void)start;
    return pretend(upstream, unsaid[THEIRS], raw);
}

bool __wrap_own_start(struct side *side, const struct own_start *start);
bool __wrap_own_start(struct side *side, const struct own_start *start)
{
    (void)start;
    return pretend(&side->process, unsaid[OURS], false);
}

void __wrap_upstream_add_end(struct upstream *upstream, struct buf *out);
void __wrap_upstream_add_end(struct upstream *upstream, struct buf *out)
{
    (void)upstream;
    buf_add(out, B("says no more"));
}

static char name[] = "sec";
static char *reference[] = {name, NULL}, *const others[] = {NULL};
static const struct migrate_options options = {.reference = reference,
                                               .others = others,
                                               .states = 2,
                                               .unguarded = true,
                                               .quiet = true,
                                               .argc = 1,
                                               .argv = reference};
static struct options engine_options;
static struct given_line given[4];
static const size_t chosen[] = {0, 1, 2, 3};

static void start(void)
{
    for (size_t i = 0; i < 4; i++)
        given[i] = (struct given_line){B("a line"), 0, 1000 + (int64_t)i};
}

static void check_report(const struct course *course)
{
    struct buf text = {0};
    tell_text(course, B("2.9.4"), &text);
    if (text.len == 0 || text.ptr[text.len - 1] != '\n')
        abort();
    buf_clear(&text);
    tell_json(course, B("2.9.4"), NULL, &text);
    json_t *report = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json_is_boolean(json_object_get(report, "equal")))
        abort();
    json_decref(report);
    buf_free(&text);
}

static void one(struct bytes input)
{
    struct input_name inputs[] = {{B("input"), B("")}};
    struct lines lines = {.inputs = inputs, .input_count = 1};
    struct course course = {.options = &options, .engine_options = &engine_options};
    raw = input.len > 0 && *input.ptr == '\0';
    unsaid[THEIRS] = raw ? bytes_from(input, 1) : take_until(&input, B("----\n"));
    unsaid[OURS] = raw ? bytes_of(usual) : input;
    lines_list(&course.lines, &lines, given, chosen, 4);
    course_run(&course);
    check_report(&course);
    course_free(&course);
}

FUZZ_TARGET(start, one)
