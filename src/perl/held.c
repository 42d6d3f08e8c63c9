/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operators that reach out are intercepted as in outside.c, but here they are not performed.  This
 * file has those that only need to return a value; held_*.c have the others. */
#include "perl/held_inside.h"

static struct {
    bool on, let;
    perl_hold *hold;
    void *arg;
    perl_find *find;
    void *find_arg;
    Perl_ppaddr_t ours[MAXO], perls[MAXO]; /* what was in perl's table */
    const Perl_ppaddr_t *now;              /* one of them */
} held;

void perl_hold_for(perl_hold *hold, void *arg)
{
    held.hold = hold;
    held.arg = arg;
}

void perl_hold_reads(perl_find *find, void *arg)
{
    held.find = find;
    held.find_arg = arg;
}

void perl_hold_end(const void *arg)
{
    if (held.arg == arg)
        perl_hold_for(NULL, NULL);
}

bool perl_holds_outside(void)
{
    return held.on && !held.let;
}

void perl_hold_let(bool let)
{
    dPERL;
    bool changes = held.on && my_perl && let != held.let;
    held.let = let;
    held.now = let ? held.perls : held.ours;
    if (changes && let)
        held_uncover(aTHX);
    else if (changes)
        held_cover_standard(aTHX);
}

/* What a thread of user code does is not reported: it has an interpreter of its own. */
struct perl_answer held_tell(pTHX_ struct perl_deed deed)
{
    struct perl_answer answer = {0};
    int error = errno;
    if (held.hold && aTHX == perl_interpreter)
        held.hold(held.arg, &deed, &answer);
    errno = error;
    return answer;
}

SV *held_read_instead(pTHX_ struct bytes name)
{
    struct buf path = {0};
    int error = errno;
    SV *sv = NULL;
    if (held.find && aTHX == perl_interpreter && held.find(held.find_arg, name, &path))
        sv = newSVpvn_flags(path.ptr, path.len, SVs_TEMP);
    buf_free(&path);
    errno = error;
    return sv;
}

OP *held_perls(pTHX)
{
    return held.perls[PL_op->op_type](aTHX);
}

/* Code is compiled once, and holds what was in perl's table then. */
static OP *ours_or_perls(pTHX)
{
    return held.now[PL_op->op_type](aTHX);
}

void held_follow(int type, Perl_ppaddr_t ours)
{
    held.perls[type] = PL_ppaddr[type];
    PL_ppaddr[type] = ours;
}

void held_intercept(int type, Perl_ppaddr_t ours)
{
    held_follow(type, ours_or_perls);
    held.ours[type] = ours;
}

struct held_arguments held_marked(pTHX)
{
    SV **mark = PL_stack_base + TOPMARK;
    return (struct held_arguments){mark + 1, PL_stack_sp - mark};
}

struct held_arguments held_fixed(pTHX)
{
    SSize_t count = PL_op->op_private & OPpARG4_MASK;
    return (struct held_arguments){PL_stack_sp - count + 1, count};
}

OP *held_return(pTHX_ struct held_arguments arguments, bool marked, SV *value)
{
    dSP;
    SP = arguments.sv - 1;
    if (marked)
        (void)POPMARK;
    XPUSHs(value);
    PUTBACK;
    return NORMAL;
}

struct bytes held_text(pTHX_ SV *sv)
{
    if (isGV_with_GP(sv) || (SvROK(sv) && isGV_with_GP(SvRV(sv))))
        return held_handle_name(aTHX_ SvROK(sv) ? SvRV(sv) : sv);
    SvGETMAGIC(sv); /* $1, $$ */
    return SvOK(sv) ? perl_sv_view(aTHX_ sv) : B("");
}

struct bytes *held_words(pTHX_ struct held_arguments arguments)
{
    size_t size = ((size_t)arguments.count + 1) * sizeof(struct bytes);
    struct bytes *words = (struct bytes *)SvPVX(sv_2mortal(newSV(size)));
    for (SSize_t i = 0; i < arguments.count; i++)
        words[i] = held_text(aTHX_ arguments.sv[i]);
    return words;
}

struct bytes held_joined(pTHX_ const struct bytes *words, size_t count)
{
    SV *text = newSVpvs_flags("", SVs_TEMP);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sv_catpvs(text, " ");
        sv_catpvn(text, words[i].ptr, words[i].len);
    }
    return bytes_make(SvPVX(text), SvCUR(text));
}

/* --- operators that give back a value and nothing else -------------------------------------- */

enum gives {
    GIVES_TRUE,
    GIVES_ZERO,  /* "0 but true" */
    GIVES_COUNT, /* of the arguments after those that are not names */
    GIVES_ERROR, /* EPERM */
    GIVES_AGAIN, /* EAGAIN */
};

static const struct held_operator {
    int type;
    const char *name;
    bool marked;
    int first; /* the argument that says where to */
    enum gives gives;
} operators[] = {
    {OP_UNLINK, "unlink", true, 0, GIVES_COUNT},
    {OP_CHMOD, "chmod", true, 1, GIVES_COUNT},
    {OP_CHOWN, "chown", true, 2, GIVES_COUNT},
    {OP_UTIME, "utime", true, 2, GIVES_COUNT},
    {OP_KILL, "kill", true, 1, GIVES_COUNT},
    {OP_RENAME, "rename", false, 0, GIVES_TRUE},
    {OP_LINK, "link", false, 0, GIVES_TRUE},
    {OP_SYMLINK, "symlink", false, 0, GIVES_TRUE},
    {OP_MKDIR, "mkdir", false, 0, GIVES_TRUE},
    {OP_RMDIR, "rmdir", false, 0, GIVES_TRUE},
    {OP_TRUNCATE, "truncate", false, 0, GIVES_TRUE},
    {OP_FLOCK, "flock", false, 0, GIVES_TRUE},
    {OP_IOCTL, "ioctl", false, 0, GIVES_ZERO},
    {OP_CHROOT, "chroot", false, 0, GIVES_TRUE},
    {OP_SETPGRP, "setpgrp", false, 0, GIVES_TRUE},
    {OP_SETPRIORITY, "setpriority", false, 1, GIVES_TRUE},
    {OP_DBMOPEN, "dbmopen", false, 1, GIVES_ERROR},
    {OP_SYSCALL, "syscall", true, 0, GIVES_ERROR},
    {OP_SHMGET, "shmget", true, 0, GIVES_ERROR},
    {OP_SHMCTL, "shmctl", true, 0, GIVES_ERROR},
    {OP_SHMREAD, "shmread", true, 0, GIVES_ERROR},
    {OP_SHMWRITE, "shmwrite", true, 0, GIVES_ERROR},
    {OP_MSGGET, "msgget", true, 0, GIVES_ERROR},
    {OP_MSGCTL, "msgctl", true, 0, GIVES_ERROR},
    {OP_MSGSND, "msgsnd", true, 0, GIVES_ERROR},
    {OP_MSGRCV, "msgrcv", true, 0, GIVES_ERROR},
    {OP_SEMGET, "semget", true, 0, GIVES_ERROR},
    {OP_SEMCTL, "semctl", true, 0, GIVES_ERROR},
    {OP_SEMOP, "semop", true, 0, GIVES_ERROR},
    {OP_LISTEN, "listen", false, 0, GIVES_TRUE},
    {OP_SHUTDOWN, "shutdown", false, 0, GIVES_TRUE},
    {OP_SSOCKOPT, "setsockopt", false, 0, GIVES_TRUE},
    {OP_ACCEPT, "accept", false, 1, GIVES_AGAIN},
};

static const struct held_operator *operator_of(int type)
{
    const struct held_operator *op = operators;
    while (op->type != type)
        op++;
    return op;
}

static SV *value_of(pTHX_ const struct held_operator *op, SSize_t count)
{
    switch (op->gives) {
    case GIVES_TRUE:
        return &PL_sv_yes;
    case GIVES_ZERO:
        return newSVpvs_flags("0 but true", SVs_TEMP);
    case GIVES_COUNT:
        return sv_2mortal(newSViv(count > op->first ? (IV)(count - op->first) : 0));
    case GIVES_ERROR:
        errno = EPERM;
        return &PL_sv_undef;
    case GIVES_AGAIN:
        errno = EAGAIN;
        return &PL_sv_undef;
    }
    return &PL_sv_undef;
}

/* Signal 0 asks whether a process is there. */
static bool only_asks(pTHX_ const struct held_operator *op, struct held_arguments arguments)
{
    if (op->type != OP_KILL || arguments.count == 0)
        return false;
    struct bytes signal = held_text(aTHX_ arguments.sv[0]);
    return bytes_eq(signal, B("0")) || bytes_eq(signal, B("ZERO")) ||
           bytes_eq(signal, B("SIGZERO"));
}

static OP *hold(pTHX)
{
    const struct held_operator *op = operator_of(PL_op->op_type);
    struct held_arguments arguments = op->marked ? held_marked(aTHX) : held_fixed(aTHX);
    if (only_asks(aTHX_ op, arguments))
        return held_perls(aTHX);
    struct perl_deed deed = {
        .function = op->name,
        .words = held_words(aTHX_ arguments),
        .count = (size_t)arguments.count,
    };
    if (arguments.count > op->first)
        deed.target = deed.words[op->first];
    if (held_tell(aTHX_ deed).perform)
        return held_perls(aTHX);
    return held_return(aTHX_ arguments, op->marked, value_of(aTHX_ op, arguments.count));
}

void perl_hold_outside(void)
{
    if (held.on)
        return;
    held.on = true;
    perl_hold_let(held.let);
    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
        held_intercept(operators[i].type, hold);
    held_watch_handles();
    held_watch_opens();
    held_watch_looks();
    held_watch_sockets();
    held_watch_processes();
    held_watch_modules();
}
