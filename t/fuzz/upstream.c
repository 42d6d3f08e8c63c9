/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What another SEC says while it plays a test (stage/upstream.h): an input is all of it.
 *
 * After a first byte 0 it is all bytes that come on the socket.  Otherwise it is a dialogue: lines up
 * to "----" are what is said in one turn, and words have tabs between them; then it waits, and
 * its clock goes where it was told to, unless it has said something else.  Whatever it says, the
 * test ends with an outcome, which is JSON. */
#include <fcntl.h>
#include <jansson.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/options.h"
#include "fuzz.h"
#include "messages.h"
#include "prove/files.h"
#include "prove/outcome.h"
#include "stage/upstream.h"

static const char steps[] = "rules: /r.sec\n"
                            "input: a\n"
                            "file: /table\n"
                            "  one\n"
                            "test: all kinds of steps\n"
                            "  perl: f()\n"
                            "  when run x: exit 3\n"
                            "  when spawn y: say z\n"
                            "  +0s x2 every 5s a\n"
                            "  expect output a\n"
                            "  expect 2 times write /log = x\n"
                            "  expect pipe m <<< text\n"
                            "  expect rule r.sec:1\n"
                            "  expect event b\n"
                            "  expect context A holding x\n"
                            "  expect within 5s operation b with 2 events until +9s\n"
                            "  expect context ~ B+ forever\n"
                            "  expect variable %x = 1\n"
                            "  not pending e\n"
                            "  expect file /log x\n"
                            "  perl g()\n"
                            "  signal HUP\n"
                            "  +1m\n"
                            "  snapshot:\n"
                            "  > 2024-01-02T03:04:05Z c\n"
                            "  nothing else\n"
                            "  stop\n"
                            "  not log y\n";

static struct test_file *tests;
static struct run_setup setup;
static struct bytes folder;
static struct bytes unsaid; /* of the input */
static bool raw;
static int theirs = -1; /* the other SEC's end */

/* Nobody says more once the socket is full. */
static void say(struct bytes frames)
{
    if (send(theirs, frames.ptr, frames.len, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)frames.len)
        shutdown(theirs, SHUT_WR);
}

static void take_turn(struct bytes second)
{
    struct buf frames = {0}, now = {0};
    struct bytes lines = take_until(&unsaid, B("----\n")), line;
    buf_cat(&now, B("now\t"), second);
    if (second.len > 0)
        add_message(&frames, buf_bytes(&now));
    while (bytes_piece(&lines, '\n', &line))
        if (line.len > 0)
            add_message(&frames, line);
    add_message(&frames, B("ready\t\t4"));
    say(buf_bytes(&frames));
    buf_free(&frames);
    buf_free(&now);
}

/* Its process is not there; what it says lies in the socket. */
bool __wrap_upstream_start(struct upstream *upstream, const struct upstream_start *start);
bool __wrap_upstream_start(struct upstream *upstream, const struct upstream_start *start)
{
    int ends[2];
    (void)start;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        abort();
    theirs = ends[1];
    *upstream = (struct upstream){.pid = -1, .socket = ends[0], .errors = -1};
    if (raw) {
        say(unsaid);
        shutdown(theirs, SHUT_WR);
    } else {
        take_turn(B("1704067200"));
    }
    return true;
}

bool __wrap_upstream_say(struct upstream *upstream, const struct bytes *words, size_t count);
bool __wrap_upstream_say(struct upstream *upstream, const struct bytes *words, size_t count)
{
    static const char *const orders[] = {"go", "advance", "line", "signal", "perl", "state"};
    (void)upstream;
    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders) && !raw; i++)
        if (bytes_eq(words[0], bytes_of(orders[i]))) /* an answer is no turn */
            take_turn(i == 1 && count > 1 ? words[1] : B(""));
    return true;
}

/* Nobody is waited for. */
void __wrap_upstream_add_end(struct upstream *upstream, struct buf *out);
void __wrap_upstream_add_end(struct upstream *upstream, struct buf *out)
{
    (void)upstream;
    buf_add(out, B("says no more"));
}

static void no_fault(void *arg, struct test_place place, struct bytes line, struct bytes text,
                     struct bytes hint)
{
    (void)arg, (void)place, (void)line, (void)text, (void)hint;
    abort();
}

static void leave(void)
{
    files_remove_folder(folder);
}

static void start(void)
{
    static char name[] = "sec";
    static char *const with[] = {name, NULL};
    folder = files_folder(B(""));
    tests = test_file_parse(B("/t.sectest"), bytes_of(steps), no_fault, NULL);
    setup = (struct run_setup){.read_options = options_read,
                               .free_options = options_free,
                               .with = with,
                               .home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    atexit(leave);
    if (folder.len == 0 || tests->count != 1 || setup.home < 0)
        abort();
}

static void check_outcome(const struct buf *text)
{
    json_t *outcome =
        json_loadb(text->ptr, text->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json_string_value(json_object_get(outcome, "status")))
        abort();
    json_decref(outcome);
}

static void one(struct bytes input)
{
    struct buf outcome = {0};
    uint64_t compiled;
    raw = input.len > 0 && *input.ptr == '\0';
    unsaid = raw ? bytes_from(input, 1) : input;
    struct run *run = run_new(&setup, &tests->tests[0], folder);
    if (run_load(run, &compiled))
        run_steps(run);
    outcome_add(&outcome, run_evidence(run), 0);
    check_outcome(&outcome);
    buf_free(&outcome);
    run_free(run);
    close(theirs);
    if (fchdir(setup.home) != 0)
        abort();
}

FUZZ_TARGET(start, one)
