/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that held user code starts: none is really started, and each has the exit status and
 * the output that the listener gives.  Their IDs are above those of the system. */
#include "base/mem.h"
#include "perl/held_inside.h"

enum { FIRST_ID = 1 << 22 }; /* the limit of IDs on Linux */

static struct {
    pid_t last;
    size_t count, room;
    struct waited {
        pid_t pid;
        int exit_code;
    } * list; /* nobody has waited for these yet */
} ended;

pid_t held_child(int exit_code)
{
    MEM_GROW(ended.list, ended.count, ended.room, 8);
    ended.last = ended.last ? ended.last + 1 : FIRST_ID;
    ended.list[ended.count++] = (struct waited){ended.last, exit_code};
    return ended.last;
}

bool held_reap(pid_t *pid, int *exit_code)
{
    size_t i = 0;
    while (i < ended.count && *pid != -1 && ended.list[i].pid != *pid)
        i++;
    if (i == ended.count)
        return false;
    *pid = ended.list[i].pid;
    *exit_code = ended.list[i].exit_code;
    ended.count--;
    memmove(ended.list + i, ended.list + i + 1, (ended.count - i) * sizeof(*ended.list));
    return true;
}

static void set_status(pTHX_ int exit_code)
{
    STATUS_NATIVE_CHILD_SET(exit_code << 8);
}

/* Of system and exec.  "system { $program } @words" has its words only. */
static struct perl_deed deed_of_words(pTHX_ const char *function, struct held_arguments arguments)
{
    struct perl_deed deed = {.function = function,
                             .words = held_words(aTHX_ arguments),
                             .count = (size_t)arguments.count,
                             .command = true};
    if (PL_op->op_flags & OPf_STACKED && deed.count > 1) {
        deed.words++;
        deed.count--;
    }
    deed.target = held_joined(aTHX_ deed.words, deed.count);
    return deed;
}

static OP *hold_system(pTHX)
{
    struct held_arguments arguments = held_marked(aTHX);
    struct perl_answer answer = held_tell(aTHX_ deed_of_words(aTHX_ "system", arguments));
    if (answer.perform)
        return held_perls(aTHX);
    set_status(aTHX_ answer.exit_code);
    return held_return(aTHX_ arguments, true, sv_2mortal(newSViv(answer.exit_code << 8)));
}

/* It fails, since nothing would come after it. */
static OP *hold_exec(pTHX)
{
    struct held_arguments arguments = held_marked(aTHX);
    if (held_tell(aTHX_ deed_of_words(aTHX_ "exec", arguments)).perform)
        return held_perls(aTHX);
    errno = EPERM;
    return held_return(aTHX_ arguments, true, sv_2mortal(newSViv(0)));
}

/* In list context the output is split as lines that are read are. */
static void push_lines(pTHX_ struct bytes output)
{
    dSP;
    struct bytes separator = SvOK(PL_rs) && !SvROK(PL_rs) ? perl_sv_view(aTHX_ PL_rs) : B("");
    while (output.len > 0) {
        ptrdiff_t end = separator.len > 0 ? bytes_find(output, separator, 0) : -1;
        size_t len = end < 0 ? output.len : (size_t)end + separator.len;
        mXPUSHs(perl_bytes_sv(aTHX_ bytes_slice(output, 0, len)));
        output = bytes_from(output, len);
    }
    PUTBACK;
}

static OP *hold_backtick(pTHX)
{
    struct held_arguments arguments = {PL_stack_sp, 1};
    struct bytes command = held_text(aTHX_ * PL_stack_sp);
    struct perl_answer answer = held_tell(aTHX_(struct perl_deed){.function = "qx",
                                                                  .target = command,
                                                                  .words = &command,
                                                                  .count = 1,
                                                                  .command = true,
                                                                  .gives = true});
    if (answer.perform)
        return held_perls(aTHX);
    set_status(aTHX_ answer.exit_code);
    if (GIMME_V == G_LIST) {
        PL_stack_sp--;
        push_lines(aTHX_ answer.output);
        return NORMAL;
    }
    return held_return(aTHX_ arguments, false, sv_2mortal(perl_bytes_sv(aTHX_ answer.output)));
}

static OP *hold_fork(pTHX)
{
    struct held_arguments none = {PL_stack_sp + 1, 0};
    struct perl_answer answer =
        held_tell(aTHX_(struct perl_deed){.function = "fork", .command = true});
    if (answer.perform)
        return held_perls(aTHX);
    return held_return(aTHX_ none, false, sv_2mortal(newSViv(held_child(answer.exit_code))));
}

/* wait, waitpid: for our children, and else as ever. */
static OP *hold_wait(pTHX)
{
    struct held_arguments arguments = held_fixed(aTHX);
    bool any = PL_op->op_type == OP_WAIT;
    if (ended.count == 0)
        return held_perls(aTHX);
    pid_t pid = any ? -1 : (pid_t)SvIV(arguments.sv[0]);
    int exit_code;
    if (any)
        arguments = (struct held_arguments){PL_stack_sp + 1, 0};
    if (!held_reap(&pid, &exit_code))
        return held_perls(aTHX);
    set_status(aTHX_ exit_code);
    return held_return(aTHX_ arguments, false, sv_2mortal(newSViv(pid)));
}

static bool exits_die;

void perl_hold_exit(bool hold)
{
    exits_die = hold;
}

static OP *hold_exit(pTHX)
{
    if (exits_die)
        croak("exit is held\n");
    return held_perls(aTHX);
}

void held_watch_processes(void)
{
    held_intercept(OP_EXIT, hold_exit);
    held_intercept(OP_SYSTEM, hold_system);
    held_intercept(OP_EXEC, hold_exec);
    held_intercept(OP_BACKTICK, hold_backtick);
    held_intercept(OP_FORK, hold_fork);
    held_follow(OP_WAIT, hold_wait);
    held_follow(OP_WAITPID, hold_wait);
}
