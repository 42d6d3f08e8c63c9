/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl's operators that know the time.
 *
 * They are replaced in perl's table of operators as in outside.c, and in front of what that has put
 * there: what is answered here does not reach out.  Unusual arguments are left to perl's own
 * operators, which have the messages for them and return at once. */
#include "perl/time.h"

#include <math.h>

#include "perl/inside.h"
#include "perl/release.h"

#undef NDEBUG /* perl.h has set it */
#include <assert.h>

static struct {
    const struct perl_time *source; /* NULL: the machine's time */
    bool watches;                   /* the operators are replaced */
    OP *(*perls[MAXO])(pTHX);       /* what was in the table */
    Time_t start, told_start;       /* $^T, perl's and the source's */
    bool armed;
    double due, interval; /* of the alarm, if armed; 0: it comes once */
} user_time;

bool perl_time_is_given(pTHX)
{
    /* Threads of user code have interpreters of their own, and no business with the engine. */
    return user_time.source && aTHX == perl_interpreter;
}

int64_t perl_time_now(void)
{
    return user_time.source->now(user_time.source->arg);
}

void perl_time_pause(double seconds)
{
    user_time.source->pause(user_time.source->arg, seconds);
}

double perl_time_alarm_left(double *interval)
{
    double left = user_time.armed ? user_time.due - (double)perl_time_now() : 0;
    *interval = user_time.armed ? user_time.interval : 0;
    if (user_time.armed && left <= 0 && *interval > 0)
        return *interval - fmod(-left, *interval);
    return left > 0 ? left : 0;
}

void perl_time_alarm(double seconds, double interval)
{
    user_time.armed = seconds > 0;
    user_time.due = (double)perl_time_now() + seconds;
    user_time.interval = interval;
    user_time.source->alarm(user_time.source->arg, seconds);
}

static OP *ask_perl(pTHX)
{
    return user_time.perls[PL_op->op_type](aTHX);
}

/* May the operator have an argument?  &CORE::sleep() says that it has none by a NULL. */
static bool takes_argument(const OP *op)
{
    return op->op_private & OPpARG4_MASK;
}

static OP *tell_time(pTHX)
{
    if (!perl_time_is_given(aTHX))
        return ask_perl(aTHX);
    dSP;
    dTARGET;
    XPUSHi((IV)perl_time_now());
    RETURN;
}

/* Perl's own operator for a time, which is on the stack now. */
static OP *date_of_argument(pTHX)
{
    OP *op = PL_op;
    OP with_argument = *op;
    with_argument.op_private |= 1;
    PL_op = &with_argument;
    OP *next = ask_perl(aTHX);
    PL_op = op;
    return next;
}

/* localtime and gmtime. */
static OP *tell_date(pTHX)
{
    bool takes = takes_argument(PL_op);
    if (!perl_time_is_given(aTHX) || (takes && *PL_stack_sp))
        return ask_perl(aTHX);
    dSP;
    if (takes)
        SP--;
    mXPUSHi((IV)perl_time_now());
    PUTBACK;
    return date_of_argument(aTHX);
}

static OP *pause_for(pTHX)
{
    if (!perl_time_is_given(aTHX))
        return ask_perl(aTHX);
    SV *argument = takes_argument(PL_op) ? *PL_stack_sp-- : NULL;
    I32 seconds = argument ? (I32)SvIV(argument) : 0;
    dSP;
    if (seconds < 0) {
        mXPUSHi(seconds);
        PUTBACK;
        return ask_perl(aTHX);
    }
    perl_time_pause(argument ? seconds : (double)INFINITY);
    dTARGET;
    XPUSHi(seconds);
    RETURN;
}

/* The seconds left as alarm(2) rounds them: some is never none. */
static IV whole_seconds(double left)
{
    return left > 0 && left < 1 ? 1 : (IV)floor(left + 0.5);
}

static OP *set_alarm(pTHX)
{
    if (!perl_time_is_given(aTHX))
        return ask_perl(aTHX);
    SV *argument = *PL_stack_sp--;
    I32 seconds = (I32)SvIV(argument);
    dSP;
    if (seconds < 0) {
        mXPUSHi(seconds);
        PUTBACK;
        return ask_perl(aTHX);
    }
    double interval, left = perl_time_alarm_left(&interval);
    perl_time_alarm(seconds, 0);
    dTARGET;
    XPUSHi(whole_seconds(left));
    RETURN;
}

/* A set of file handles for select in which nothing can be. */
static bool is_no_set(SV *sv)
{
    return !SvGMAGICAL(sv) && (!SvOK(sv) || (SvPOK(sv) && SvCUR(sv) == 0));
}

/* With handles to wait for, select is perl's own: what they wait for is as real as they are. */
static OP *pause_in_select(pTHX)
{
    SV *const *args = PL_stack_sp - 3;
    if (!perl_time_is_given(aTHX) || !is_no_set(args[0]) || !is_no_set(args[1]) ||
        !is_no_set(args[2]))
        return ask_perl(aTHX);
    SV *timeout = *PL_stack_sp;
    PL_stack_sp -= 4;
    SvGETMAGIC(timeout);
    bool ends = SvOK(timeout);
    NV seconds = ends ? SvNV_nomg(timeout) : 0;
    perl_time_pause(!ends ? (double)INFINITY : seconds > 0 ? seconds : 0);
    if (!ends)
        errno = EINTR;
    dSP;
    dTARGET;
    XPUSHi(ends ? 0 : -1);
    if (ends && GIMME_V == G_LIST)
        mXPUSHn(0);
    RETURN;
}

static void intercept(int type, OP *(*ours)(pTHX))
{
    user_time.perls[type] = PL_ppaddr[type];
    PL_ppaddr[type] = ours;
}

void perl_watch_time(void)
{
    if (!user_time.source || user_time.watches)
        return;
    user_time.watches = true;
    intercept(OP_TIME, tell_time);
    intercept(OP_LOCALTIME, tell_date);
    intercept(OP_GMTIME, tell_date);
    intercept(OP_SLEEP, pause_for);
    intercept(OP_ALARM, set_alarm);
    intercept(OP_SSELECT, pause_in_select);
}

static void tell_start(pTHX)
{
    user_time.told_start = (Time_t)perl_time_now();
    PL_basetime = user_time.told_start;
}

void perl_start_time(pTHX)
{
    if (!user_time.source)
        return;
    user_time.start = PL_basetime;
    tell_start(aTHX);
    perl_watch_modules(aTHX);
}

void perl_on_time(const struct perl_time *source)
{
    dPERL;
    assert(!my_perl || user_time.watches || !source);
    user_time.source = source;
    user_time.armed = false;
    if (my_perl && source)
        tell_start(aTHX);
    else if (my_perl && user_time.watches && PL_basetime == user_time.told_start)
        PL_basetime = user_time.start;
}
