/* SPDX-License-Identifier: GPL-2.0-or-later */
/* There are three kinds of processes: the main one reports the outcomes; a worker loads rules and
 * runs as many tests as it can; if rules contain code, each test runs in a copy of the worker.  All
 * of them write outcomes, a line each, into one pipe; only one of them runs at a time.
 *
 * Observing what rules decide takes time, which would be wasted on tests that pass.  So a test that
 * fails gives a draft of its outcome, and runs once more, with a trace. */
#include "prove/prove.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "base/subprocess.h"
#include "base/write_whole.h"
#include "perl/interp.h"
#include "prove/files.h"
#include "prove/outcome.h"
#include "prove/run.h"
#include "stage/stage.h"

enum { LIMIT = 60 };

/* To load so many rules takes longer than a copy of the process. */
enum { MANY_RULES = 100 };

/* Statuses of a copy: files are left behind; code has ended Perl, which has been told; there is a
 * draft. */
enum { ENDED_TOUCHED = 3, ENDED_EARLY = 4, ENDED_DRAFT = 5 };

#define DRAFT_MARK '?' /* before one */

struct crew {
    const struct prover *prover;
    const struct test **tests; /* those that run, in order */
    size_t count, next;        /* next: the first one without an outcome */
    struct bytes folder;       /* of the worker's files */
    struct run_setup setup;
    struct buf lines; /* from the worker, not yet told */
    struct buf draft; /* of the next one's outcome; empty: it has not run yet */
};

/* Of a worker, or of its copy. */
static struct {
    const struct crew *crew; /* NULL: this is neither */
    const struct test *test; /* that runs; NULL: none does */
    bool copy;
    int pipe;
    double begun;
    bool traced; /* it has a draft already */
} working;

void prove_prepare(void)
{
    stage_expect(0);
}

/* -- Working -- */

static void send(struct buf *outcome)
{
    buf_char(outcome, '\n');
    if (!write_whole(working.pipe, buf_bytes(outcome)))
        _exit(1); /* nobody listens any more */
    working.test = NULL;
    buf_free(outcome);
}

static void begin_test(const struct test *test)
{
    working.test = test;
    working.begun = monotonic_seconds();
}

static void note_told(struct run *run)
{
    const struct evidence *evidence = run_evidence(run);
    if (evidence->cover && evidence->errors.len == 0)
        cover_told(evidence->cover);
}

/* false: it is a draft. */
static bool send_evidence(struct run *run)
{
    struct buf outcome = {0}, draft = {0};
    const struct test *test = working.test;
    bool fine = outcome_add(&outcome, run_evidence(run), monotonic_seconds() - working.begun);
    if (fine || working.traced || working.crew->setup.with) {
        send(&outcome);
        note_told(run);
        return true;
    }
    buf_char(&draft, DRAFT_MARK);
    buf_add(&draft, buf_bytes(&outcome));
    buf_free(&outcome);
    send(&draft);
    working.test = test;
    return false;
}

static void send_error(struct bytes why)
{
    struct buf outcome = {0};
    outcome_add_error(&outcome, working.test, why, monotonic_seconds() - working.begun);
    send(&outcome);
}

void prove_leave(int status)
{
    struct buf why = {0};
    if (!working.crew)
        return;
    buf_cat(&why, B("code in the rules ended the program: exit "), NUM(status));
    if (working.test)
        send_error(buf_bytes(&why));
    _exit(working.copy ? ENDED_EARLY : 0);
}

/* How a process has ended that should have told more. */
static void add_end(struct buf *why, int status)
{
    buf_add(why, B("the test "));
    subprocess_add_end(why, status);
    if (WIFEXITED(status))
        buf_add(why, B(", without reporting an outcome"));
}

/* false: it has given a draft, and is to run once more. */
static bool run_here(struct run *run)
{
    if (working.traced)
        run_trace(run);
    run_steps(run);
    return send_evidence(run);
}

/* Returns the status of its process; -1: there is none. */
static int run_copy(struct run *run, const struct test *test)
{
    begin_test(test);
    pid_t pid = subprocess_fork();
    if (pid == 0) {
        working.copy = true;
        run_take(run, test);
        bool final = run_here(run);
        _exit(!final ? ENDED_DRAFT : run_touched(run) ? ENDED_TOUCHED : 0);
    }
    if (pid < 0)
        return -1;
    int status = subprocess_wait(pid);
    if (status != 0)
        run_reset(run);
    return status;
}

static bool ended_with(int status, int exit_status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == exit_status;
}

/* In a copy of this process, whose rules have been loaded. */
static void run_in_copy(struct run *run, const struct test *test)
{
    struct buf why = {0};
    int status = run_copy(run, test);
    if (ended_with(status, ENDED_DRAFT)) {
        working.traced = true;
        status = run_copy(run, test);
    }
    working.traced = false;
    if (status == -1) {
        send_error(error_text(errno));
    } else if (ended_with(status, 0) || ended_with(status, ENDED_TOUCHED)) {
        note_told(run);
    } else if (!ended_with(status, ENDED_EARLY)) {
        add_end(&why, status);
        send_error(buf_bytes(&why));
        buf_free(&why);
    }
}

/* Rules with code, or many: they are loaded once for all tests from `at` on that have the same
 * head.  Returns the first one that has not. */
static size_t run_copies(const struct crew *crew, size_t at, struct run *run)
{
    const struct test *first = crew->tests[at];
    run_settle(run);
    while (at < crew->count && run_same_head(first, crew->tests[at]))
        run_in_copy(run, crew->tests[at++]);
    return at;
}

static void work(const struct crew *crew)
{
    size_t next;
    working.traced = crew->draft.len > 0;
    for (size_t at = crew->next; at < crew->count; at = next) {
        begin_test(crew->tests[at]);
        struct run *run = run_new(&crew->setup, crew->tests[at], crew->folder);
        uint64_t compiled = 0;
        bool loaded = run_load(run, &compiled);
        bool final = true;
        next = at + 1;
        if (!loaded)
            send_evidence(run);
        else if (perl_compiled() != compiled || run_rules(run) >= MANY_RULES)
            next = run_copies(crew, at, run);
        else
            final = run_here(run);
        if (perl_compiled() != compiled)
            return; /* what comes now would not begin anew */
        working.traced = !final;
        next = final ? next : at;
        run_free(run);
    }
}

/* -- Telling -- */

/* The draft is told where the same test does not fail once more. */
static void tell_outcome(struct crew *crew, struct bytes outcome)
{
    bool failed = bytes_find(outcome, B("\"status\":\"failed\""), 0) >= 0;
    struct bytes draft = buf_bytes(&crew->draft);
    if (crew->next < crew->count)
        crew->prover->told(crew->prover->arg, draft.len > 0 && !failed ? draft : outcome);
    crew->next++;
    buf_clear(&crew->draft);
}

/* Whole lines that have come. */
static void tell_lines(struct crew *crew)
{
    struct bytes rest = buf_bytes(&crew->lines);
    for (ptrdiff_t end; (end = bytes_chr(rest, '\n', 0)) >= 0;) {
        if (*rest.ptr == DRAFT_MARK)
            buf_add(&crew->draft, bytes_slice(rest, 1, (size_t)end));
        else
            tell_outcome(crew, bytes_slice(rest, 0, (size_t)end));
        rest = bytes_from(rest, (size_t)end + 1);
    }
    size_t left = rest.len;
    if (left > 0 && left < crew->lines.len)
        memmove(crew->lines.ptr, rest.ptr, left);
    crew->lines.len = left;
}

static void tell_error(struct crew *crew, struct bytes why, double seconds)
{
    struct buf outcome = {0};
    outcome_add_error(&outcome, crew->tests[crew->next], why, seconds);
    tell_outcome(crew, buf_bytes(&outcome));
    buf_free(&outcome);
}

static void tell_no_folder(struct crew *crew, struct bytes error)
{
    struct buf why = {0};
    buf_cat(&why, B("cannot create its folder in "), files_under(crew->prover->folder), B(": "),
            error);
    tell_error(crew, buf_bytes(&why), 0);
    buf_free(&why);
}

int prove_limit(const struct prover *prover)
{
    return prover->limit > 0 ? prover->limit : LIMIT;
}

/* To the end of what the worker has to say; false: it has said nothing for too long. */
static bool listen_to(struct crew *crew, int pipe)
{
    for (;;) {
        struct pollfd poller = {.fd = pipe, .events = POLLIN};
        int ready = poll(&poller, 1, prove_limit(crew->prover) * 1000);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t got = read(pipe, buf_room(&crew->lines, 65536), 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        crew->lines.len += (size_t)got;
        tell_lines(crew);
    }
}

static void become_worker(const struct crew *crew, int pipe)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    unsetenv("SECRC");
    working.crew = crew;
    working.pipe = pipe;
    work(crew);
    _exit(0);
}

/* A worker from the next test on; what it does not tell is told here. */
static void run_worker(struct crew *crew)
{
    int ends[2];
    struct buf why = {0};
    size_t before = crew->next;
    bool traces = crew->draft.len > 0;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        tell_error(crew, error_text(errno), 0);
        return;
    }
    pid_t pid = subprocess_fork();
    if (pid == 0) {
        close(ends[0]);
        become_worker(crew, ends[1]);
    }
    int error = errno;
    close(ends[1]);
    bool whole = pid > 0 && listen_to(crew, ends[0]);
    close(ends[0]);
    if (pid < 0) {
        tell_error(crew, error_text(error), 0);
        return;
    }
    if (!whole)
        kill(pid, SIGKILL);
    int status = subprocess_wait(pid);
    buf_clear(&crew->lines);
    bool goes_on = crew->next > before || (crew->draft.len > 0 && !traces);
    if (crew->next >= crew->count || (whole && status == 0 && goes_on))
        return;
    if (whole)
        add_end(&why, status);
    else
        buf_cat(&why, B("the test took longer than "), NUM(prove_limit(crew->prover)), B(" s"));
    tell_error(crew, buf_bytes(&why), whole ? 0 : prove_limit(crew->prover));
    buf_free(&why);
}

/* -- A file -- */

static void choose(struct crew *crew, const struct test_file *file)
{
    const struct prover *prover = crew->prover;
    crew->tests = mem_array(NULL, file->count + 1, sizeof(*crew->tests));
    for (size_t i = 0; i < file->count; i++) {
        const struct test *test = &file->tests[i];
        if (test->sound && (!prover->wanted || prover->wanted(prover->arg, test)))
            crew->tests[crew->count++] = test;
    }
}

void prove_file(const struct prover *prover, const struct test_file *file)
{
    struct crew crew = {.prover = prover};
    choose(&crew, file);
    crew.setup = (struct run_setup){prover->read_options, prover->free_options, prover->coverage,
                                    prover->with, open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    while (crew.next < crew.count) {
        crew.folder = files_folder(prover->folder);
        if (crew.folder.len == 0) {
            tell_no_folder(&crew, error_text(errno));
            continue;
        }
        run_worker(&crew);
        files_remove_folder(crew.folder);
        bytes_free(crew.folder);
    }
    if (crew.setup.home >= 0)
        close(crew.setup.home);
    buf_free(&crew.lines);
    buf_free(&crew.draft);
    free(crew.tests);
}
