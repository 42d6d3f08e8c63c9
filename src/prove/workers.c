/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of work are sent to a worker over its socket, and outcomes come back, one a line.  A unit
 * is done when it has as many outcomes as tests. */
#include "prove/workers.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/subprocess.h"
#include "base/write_whole.h"
#include "perl/interp.h"
#include "prove/outcome.h"
#include "stage/interrupt.h"

/* A big file goes to all workers in pieces; but each piece loads the rules again. */
enum { PIECES_EACH = 4, LEAST_PIECE = 8 };

enum { LOOK = 500 }; /* milliseconds between two looks for an interrupt */

/* Items from..end, of one file. */
struct unit {
    size_t from, end;
};

struct worker {
    pid_t pid; /* 0: there is none */
    int socket;
    struct unit unit; /* what it has still to tell */
    struct buf lines; /* that have come, the last one in part */
};

struct crew {
    struct work *work;
    struct worker *workers; /* owned; work->jobs */
    size_t handed, told;    /* items that have been handed out, and told */
    struct unit *back;      /* owned; of workers that died */
    size_t back_count, back_room;
};

/* -- In a worker -- */

static struct {
    struct work *work;
    int socket;
    struct unit unit;
} working;

static bool wanted(void *arg, const struct test *test)
{
    (void)arg;
    struct unit *unit = &working.unit;
    if (unit->from == unit->end || working.work->items[unit->from].test != test)
        return false;
    unit->from++;
    return true;
}

static void tell(void *arg, struct bytes outcome)
{
    (void)arg;
    struct buf line = {0};
    buf_cat(&line, outcome, B("\n"));
    if (!send_whole(working.socket, buf_bytes(&line)))
        _exit(1); /* nobody listens any more */
    buf_free(&line);
}

/* false: there is nothing more to do. */
static bool next_unit(void)
{
    ssize_t got;
    do
        got = recv(working.socket, &working.unit, sizeof(working.unit), MSG_WAITALL);
    while (got < 0 && errno == EINTR);
    return got == sizeof(working.unit);
}

static void work_inside(void *arg)
{
    (void)arg;
    struct prover prover = working.work->prover;
    prover.wanted = wanted;
    prover.told = tell;
    while (next_unit())
        prove_file(&prover, working.work->items[working.unit.from].file);
}

static _Noreturn void become_worker(const struct crew *crew, int socket)
{
    for (size_t i = 0; i < crew->work->jobs; i++)
        if (crew->workers[i].pid > 0)
            close(crew->workers[i].socket);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    working.work = crew->work;
    working.socket = socket;
    prove_prepare();
    int status =
        perl_run_main(1, (char *[]){crew->work->argv[0], NULL}, environ, work_inside, NULL);
    prove_leave(status);
    _exit(0);
}

/* -- Handing out -- */

static bool fork_worker(const struct crew *crew, struct worker *worker)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid_t pid = subprocess_fork();
    if (pid == 0) {
        close(ends[0]);
        become_worker(crew, ends[1]);
    }
    int error = errno;
    close(ends[1]);
    if (pid < 0)
        close(ends[0]);
    else
        *worker = (struct worker){.pid = pid, .socket = ends[0]};
    errno = error;
    return pid > 0;
}

static bool next_piece(struct crew *crew, struct unit *unit)
{
    const struct work *work = crew->work;
    if (crew->back_count > 0) {
        *unit = crew->back[--crew->back_count];
        return true;
    }
    size_t from = crew->handed, end = from;
    while (end < work->count && work->items[end].file == work->items[from].file)
        end++;
    size_t piece = work->jobs > 0 ? work->count / (work->jobs * PIECES_EACH) : work->count;
    if (piece < LEAST_PIECE)
        piece = LEAST_PIECE;
    /* What would be left of the file is not worth another piece. */
    if (end - from >= piece + LEAST_PIECE)
        end = from + piece;
    *unit = (struct unit){from, end};
    crew->handed = end;
    return end > from;
}

/* The next piece to a worker, or the end. */
static void hand_out(struct crew *crew, struct worker *worker)
{
    if (next_piece(crew, &worker->unit))
        (void)send(worker->socket, &worker->unit, sizeof(worker->unit), MSG_NOSIGNAL);
    else
        shutdown(worker->socket, SHUT_WR);
}

/* -- Listening -- */

static void tell_ready(struct crew *crew)
{
    struct work *work = crew->work;
    while (crew->told < work->count && work->items[crew->told].outcome.ptr)
        work->told(work->arg, &work->items[crew->told++]);
}

static void keep_error(struct crew *crew, size_t item, struct bytes why)
{
    struct buf outcome = {0};
    outcome_add_error(&outcome, crew->work->items[item].test, why, 0);
    crew->work->items[item].outcome = bytes_dup(buf_bytes(&outcome));
    buf_free(&outcome);
}

static void take_lines(struct crew *crew, struct worker *worker)
{
    struct bytes rest = buf_bytes(&worker->lines);
    for (ptrdiff_t end; (end = bytes_chr(rest, '\n', 0)) >= 0;) {
        if (worker->unit.from < worker->unit.end)
            crew->work->items[worker->unit.from++].outcome =
                bytes_dup(bytes_slice(rest, 0, (size_t)end));
        rest = bytes_from(rest, (size_t)end + 1);
    }
    size_t left = rest.len;
    if (left > 0 && left < worker->lines.len)
        memmove(worker->lines.ptr, rest.ptr, left);
    worker->lines.len = left;
}

static int reap(struct worker *worker)
{
    close(worker->socket);
    buf_free(&worker->lines);
    int status = subprocess_wait(worker->pid);
    worker->pid = 0;
    return status;
}

/* A worker has ended.  The test that it had has an error; the others go to another one. */
static void lose(struct crew *crew, struct worker *worker)
{
    struct buf why = {0};
    struct unit unit = worker->unit;
    int status = reap(worker);
    if (unit.from == unit.end)
        return;
    buf_add(&why, B("the process of the test "));
    subprocess_add_end(&why, status);
    keep_error(crew, unit.from++, buf_bytes(&why));
    buf_free(&why);
    if (unit.from == unit.end)
        return;
    MEM_GROW(crew->back, crew->back_count, crew->back_room, 4);
    crew->back[crew->back_count++] = unit;
}

static void hear(struct crew *crew, struct worker *worker)
{
    ssize_t got = recv(worker->socket, buf_room(&worker->lines, 65536), 65536, 0);
    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        lose(crew, worker);
        return;
    }
    worker->lines.len += (size_t)got;
    size_t before = worker->unit.from;
    take_lines(crew, worker);
    if (worker->unit.from == worker->unit.end && worker->unit.from > before)
        hand_out(crew, worker);
}

/* -- All of it -- */

static bool is_work_left(const struct crew *crew)
{
    return crew->back_count > 0 || crew->handed < crew->work->count;
}

/* As many workers as there are places and pieces.  Without any there are only errors. */
static void fill_places(struct crew *crew)
{
    size_t running = 0;
    for (size_t i = 0; i < crew->work->jobs; i++) {
        struct worker *worker = &crew->workers[i];
        if (worker->pid == 0 && is_work_left(crew) && fork_worker(crew, worker))
            hand_out(crew, worker);
        running += worker->pid > 0;
    }
    struct bytes why = error_text(errno);
    for (struct unit unit; running == 0 && next_piece(crew, &unit);)
        for (; unit.from < unit.end; unit.from++)
            keep_error(crew, unit.from, why);
}

/* false: there is no worker.  Only those that are there are asked about: poll() refuses more than a
 * process may have open. */
static bool listen_to_all(struct crew *crew)
{
    size_t jobs = crew->work->jobs, count = 0, next = 0;
    struct pollfd *polls = mem_array(NULL, jobs, sizeof(*polls));
    for (size_t i = 0; i < jobs; i++)
        if (crew->workers[i].pid > 0)
            polls[count++] = (struct pollfd){.fd = crew->workers[i].socket, .events = POLLIN};
    bool ready = count > 0 && poll(polls, count, LOOK) > 0;
    for (size_t i = 0; ready && i < jobs; i++)
        if (crew->workers[i].pid > 0 && polls[next++].revents)
            hear(crew, &crew->workers[i]);
    free(polls);
    return count > 0;
}

static void end_all(struct crew *crew)
{
    for (size_t i = 0; i < crew->work->jobs; i++)
        if (crew->workers[i].pid > 0) {
            kill(crew->workers[i].pid, SIGKILL);
            reap(&crew->workers[i]);
        }
}

void work_run(struct work *work)
{
    struct crew crew = {.work = work};
    crew.workers = mem_zarray(work->jobs, sizeof(*crew.workers));
    do {
        fill_places(&crew);
        tell_ready(&crew);
    } while (!interrupted && listen_to_all(&crew));
    end_all(&crew);
    free(crew.workers);
    free(crew.back);
}
