/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children without a process, whose end and output are known from the start.  To the engine's
 * round they look like children that have written everything and ended before their turn, so that
 * the consequences are the same as for any other child.  Their process IDs count from 1, which does
 * no harm: no signal is ever sent to a child that has ended. */
#include "base/list.h"
#include "base/mem.h"
#include "io/child_state.h"

struct child *children_told(struct children *children, const struct command *command,
                            struct bytes context, int exit_code, struct bytes output)
{
    struct child *child = mem_zalloc(sizeof(*child));
    struct child_state *state = mem_zalloc(sizeof(*state));
    child->pid = ++children->told;
    child->command = bytes_dup(command->text);
    child->context = bytes_dup(context);
    child->state = state;
    state->children = children;
    child->told = true;
    state->feed = state->output = -1;
    state->gone = state->reaped = true;
    state->status = (exit_code & 0xff) << 8;
    state->early = output.len > 0;
    buf_add(&state->unread, output);
    LIST_APPEND(children, child);
    children->noted = true;
    log_msg(children->log, LOG_DETAIL, B("Child "), NUM(child->pid), B(" created for command '"),
            command->text, B("'"));
    return child;
}
