/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a plan, one after the other, and back when one cannot be done. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/rewrite.h"
#include "base/write_whole.h"
#include "library/plan.h"

/* The file that is wrong is named, and the reason is that of errno. */
static bool cannot(struct buf *why, struct bytes path)
{
    buf_cat(why, path, B(": "), error_text(errno), B("\n"));
    return false;
}

static bool write_new(struct bytes path, struct bytes text, mode_t mode)
{
    int fd = open(path.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write_whole(fd, text) && fchmod(fd, mode) == 0;
    int error = errno;
    if (close(fd) != 0 && written) {
        written = false;
        error = errno;
    }
    if (!written)
        unlink(path.ptr);
    errno = error;
    return written;
}

/* The service is another user: the copy can be read by whoever may read the original, whatever the
 * umask, and be changed by its owner. */
static bool copy(const struct step *step, struct buf *why)
{
    struct buf text = {0};
    struct stat info;
    bool read = stat(step->source.ptr, &info) == 0 && file_read(step->source.ptr, &text);
    bool done = read ? write_new(step->path, buf_bytes(&text), (info.st_mode & 0755) | 0600) ||
                           cannot(why, step->path)
                     : cannot(why, step->source);
    buf_free(&text);
    return done;
}

static bool carry_out(const struct step *step, struct buf *why)
{
    switch (step->kind) {
    case STEP_LINK:
        return symlink(step->source.ptr, step->path.ptr) == 0 || cannot(why, step->path);
    case STEP_COPY:
        return copy(step, why);
    case STEP_REMOVE:
        return unlink(step->path.ptr) == 0 || cannot(why, step->path);
    }
    return false;
}

static void undo(const struct step *step, struct buf *why)
{
    bool undone = step->kind == STEP_REMOVE ? symlink(step->source.ptr, step->path.ptr) == 0
                                            : unlink(step->path.ptr) == 0;
    if (!undone)
        cannot(why, step->path);
}

bool plan_carry_out(const struct plan *plan, struct buf *why)
{
    assert(plan->wrong.len == 0);
    size_t done = 0;
    while (done < plan->count && carry_out(&plan->steps[done], why))
        done++;
    bool all = done == plan->count;
    while (!all && done > 0)
        undo(&plan->steps[--done], why);
    return all;
}
