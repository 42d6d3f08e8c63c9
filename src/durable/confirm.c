/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines are looked at as far as it takes to tell marks from others. */
#include "durable/confirm.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/write_whole.h"

#define BEGIN_MARK "BEGIN TRANSACTION"
#define COMMIT_MARK "COMMIT TRANSACTION"

/* No mark is as long. */
enum { LINE_MOST = 32 };

struct confirm {
    struct log *log;
    int fd; /* what was standard output */
    char line[LINE_MOST];
    size_t len;  /* of the line that has begun; LINE_MOST: no less */
    bool within; /* a transaction */
    bool broken; /* nobody reads the answers, which has been said */
    struct buf answers;
};

struct confirm *confirm_new(struct log *log)
{
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        log_msg(log, LOG_ERROR, B("Can't confirm lines on standard output ("), error_text(errno),
                B(")"));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    log_msg(log, LOG_NOTE,
            B("Lines are confirmed on standard output; whatever else is written there goes to "
              "standard error"));
    struct confirm *confirm = mem_zalloc(sizeof(*confirm));
    confirm->log = log;
    confirm->fd = fd;
    return confirm;
}

void confirm_free(struct confirm *confirm)
{
    if (!confirm)
        return;
    close(confirm->fd);
    buf_free(&confirm->answers);
    free(confirm);
}

static void answer(struct confirm *confirm, struct bytes answers)
{
    if (confirm->broken || write_whole(confirm->fd, answers))
        return;
    confirm->broken = true;
    log_msg(confirm->log, LOG_ERROR, B("Can't confirm lines any more ("), error_text(errno),
            B(")"));
}

void confirm_ready(struct confirm *confirm)
{
    answer(confirm, B("OK\n"));
}

bool confirm_is_mark(struct bytes line)
{
    return bytes_eq(line, B(BEGIN_MARK)) || bytes_eq(line, B(COMMIT_MARK));
}

static void keep_beginning(struct confirm *confirm, struct bytes part)
{
    size_t room = LINE_MOST - confirm->len, len = part.len < room ? part.len : room;
    if (len > 0)
        memcpy(confirm->line + confirm->len, part.ptr, len);
    confirm->len += len;
}

static void confirm_line(struct confirm *confirm)
{
    struct bytes line = bytes_make(confirm->line, confirm->len);
    confirm->len = 0;
    if (confirm_is_mark(line))
        confirm->within = bytes_eq(line, B(BEGIN_MARK));
    else if (confirm->within) {
        buf_add(&confirm->answers, B("DEFER_COMMIT\n"));
        return;
    }
    buf_add(&confirm->answers, B("OK\n"));
}

void confirm_bytes(struct confirm *confirm, struct bytes bytes)
{
    for (ptrdiff_t newline; (newline = bytes_chr(bytes, '\n', 0)) >= 0;
         bytes = bytes_from(bytes, (size_t)newline + 1)) {
        keep_beginning(confirm, bytes_slice(bytes, 0, (size_t)newline));
        confirm_line(confirm);
    }
    keep_beginning(confirm, bytes);
    if (confirm->answers.len > 0)
        answer(confirm, buf_bytes(&confirm->answers));
    buf_clear(&confirm->answers);
}
