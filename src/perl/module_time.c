/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of Time::HiRes and POSIX that know the time.
 *
 * They are written in C and ask the system, not perl.  A module in C becomes known in three steps:
 * DynaLoader's own functions are made, one of them makes the module's boot function, and that makes
 * all others.  Each step is intercepted in the one before it; the functions that the last one makes
 * get our C function in place of theirs, so that every name and reference that code has or imports
 * calls ours.  Unusual arguments are left to the module, which has the messages for them. */
#include <math.h>
#include <sys/time.h>
#include <time.h>

#include "perl/inside.h"
#include "perl/release.h"

enum { MOST_ARGUMENTS = 3, MOST_VALUES = 2, DECLINED = -1 };

/* Writes the values for Perl and returns their count; DECLINED: let the module answer. */
typedef int answer(pTHX_ SV *const *args, SSize_t count, SV **values);

struct function {
    const char *name;
    XSUBADDR_t ours;
    answer *answer;    /* for respond */
    XSUBADDR_t theirs; /* the module's, once that is loaded */
};

static SV *number(pTHX_ double value)
{
    bool whole = floor(value) == value && fabs(value) < 1e15;
    return sv_2mortal(whole ? newSViv((IV)value) : newSVnv(value));
}

static double present(void)
{
    return (double)perl_time_now();
}

static int one(pTHX_ double value, SV **values)
{
    values[0] = number(aTHX_ value);
    return 1;
}

static int hires_time(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    PERL_UNUSED_ARG(args);
    return count == 0 ? one(aTHX_ present(), values) : DECLINED;
}

static int hires_gettimeofday(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (GIMME_V != G_LIST || count > 0)
        return hires_time(aTHX_ args, count, values);
    values[0] = number(aTHX_ present());
    values[1] = number(aTHX_ 0);
    return 2;
}

/* All clocks but those of the processor's time: they measure how long the world took. */
static bool is_worlds(IV clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
    case CLOCK_BOOTTIME_ALARM:
    case CLOCK_TAI:
        return true;
    default:
        return false;
    }
}

static int hires_clock_gettime(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count > 1 || (count == 1 && !is_worlds(SvIV(args[0]))))
        return DECLINED;
    return one(aTHX_ present(), values);
}

/* Pauses for so many units, and says so. */
static int pause_units(pTHX_ SV *units, double second, SV **values)
{
    NV wanted = SvNV(units);
    if (!(wanted >= 0))
        return DECLINED;
    perl_time_pause(wanted / second);
    return one(aTHX_ wanted, values);
}

static int hires_sleep(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count > 0)
        return pause_units(aTHX_ args[0], 1, values);
    perl_time_pause((double)INFINITY);
    return one(aTHX_ 0, values);
}

static int hires_usleep(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    return count == 1 ? pause_units(aTHX_ args[0], 1e6, values) : DECLINED;
}

static int hires_nanosleep(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    return count == 1 ? pause_units(aTHX_ args[0], 1e9, values) : DECLINED;
}

static int hires_clock_nanosleep(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count < 2 || count > 3 || !is_worlds(SvIV(args[0])))
        return DECLINED;
    if (count < 3 || !(SvIV(args[2]) & TIMER_ABSTIME))
        return pause_units(aTHX_ args[1], 1e9, values);
    NV until = SvNV(args[1]);
    if (!(until >= 0))
        return DECLINED;
    perl_time_pause(fmax(until / 1e9 - present(), 0));
    return one(aTHX_ until, values);
}

/* Sets the alarm in so many units; the value is what was left of the one before. */
static int alarm_units(pTHX_ NV wanted, NV interval, double second, SV **values)
{
    if (!(wanted >= 0 && interval >= 0))
        return DECLINED;
    double old_interval, left = perl_time_alarm_left(&old_interval);
    perl_time_alarm(wanted / second, interval / second);
    one(aTHX_ left * second, values);
    values[1] = number(aTHX_ old_interval * second);
    return 1;
}

static int hires_alarm(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count < 1 || count > 2)
        return DECLINED;
    return alarm_units(aTHX_ SvNV(args[0]), count == 2 ? SvNV(args[1]) : 0, 1, values);
}

static int hires_ualarm(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count < 1 || count > 2)
        return DECLINED;
    NV wanted = (NV)SvIV(args[0]), interval = count == 2 ? (NV)SvIV(args[1]) : 0;
    return alarm_units(aTHX_ wanted, interval, 1e6, values);
}

static int hires_setitimer(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count < 2 || count > 3 || SvIV(args[0]) != ITIMER_REAL)
        return DECLINED;
    int given = alarm_units(aTHX_ SvNV(args[1]), count == 3 ? SvNV(args[2]) : 0, 1, values);
    return given == 1 && GIMME_V == G_LIST ? 2 : given;
}

static int hires_getitimer(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count != 1 || SvIV(args[0]) != ITIMER_REAL)
        return DECLINED;
    double interval, left = perl_time_alarm_left(&interval);
    one(aTHX_ left, values);
    values[1] = number(aTHX_ interval);
    return GIMME_V == G_LIST ? 2 : 1;
}

static int posix_sleep(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    if (count != 1)
        return DECLINED;
    perl_time_pause((double)(unsigned)SvUV(args[0]));
    return one(aTHX_ 0, values); /* what it has not slept */
}

static int posix_pause(pTHX_ SV *const *args, SSize_t count, SV **values)
{
    PERL_UNUSED_ARG(args);
    if (count > 0)
        return DECLINED;
    perl_time_pause((double)INFINITY);
    errno = EINTR;
    values[0] = &PL_sv_undef;
    return 1;
}

/* Calls the answer of the function that is being called. */
static XS(respond)
{
    dXSARGS;
    const struct function *function = CvXSUBANY(cv).any_ptr;
    SV *args[MOST_ARGUMENTS] = {NULL}, *values[MOST_VALUES];
    for (SSize_t i = 0; i < items && i < MOST_ARGUMENTS; i++)
        args[i] = ST(i);
    int count = perl_time_is_given(aTHX) ? function->answer(aTHX_ args, items, values) : DECLINED;
    SP = PL_stack_base + ax - 1;
    if (count == DECLINED) {
        PUSHMARK(SP);
        function->theirs(aTHX_ cv);
        return;
    }
    EXTEND(SP, MOST_VALUES);
    for (int i = 0; i < count; i++)
        PUSHs(values[i]);
    PUTBACK;
}

/* POSIX::times: the first of its five values is the time that has passed, in ticks. */
static XS(posix_times)
{
    const struct function *function = CvXSUBANY(cv).any_ptr;
    SSize_t first = TOPMARK + 1;
    function->theirs(aTHX_ cv);
    if (perl_time_is_given(aTHX) && PL_stack_base + first <= PL_stack_sp)
        PL_stack_base[first] = number(aTHX_ present() * (double)sysconf(_SC_CLK_TCK));
}

static struct function hires[] = {
    {"Time::HiRes::time", respond, hires_time, NULL},
    {"Time::HiRes::gettimeofday", respond, hires_gettimeofday, NULL},
    {"Time::HiRes::clock_gettime", respond, hires_clock_gettime, NULL},
    {"Time::HiRes::sleep", respond, hires_sleep, NULL},
    {"Time::HiRes::usleep", respond, hires_usleep, NULL},
    {"Time::HiRes::nanosleep", respond, hires_nanosleep, NULL},
    {"Time::HiRes::clock_nanosleep", respond, hires_clock_nanosleep, NULL},
    {"Time::HiRes::alarm", respond, hires_alarm, NULL},
    {"Time::HiRes::ualarm", respond, hires_ualarm, NULL},
    {"Time::HiRes::setitimer", respond, hires_setitimer, NULL},
    {"Time::HiRes::getitimer", respond, hires_getitimer, NULL},
    {0},
};

static struct function posix[] = {
    {"POSIX::sleep", respond, posix_sleep, NULL},
    {"POSIX::pause", respond, posix_pause, NULL},
    {"POSIX::times", posix_times, NULL, NULL},
    {0},
};

static void replace(pTHX_ struct function *functions)
{
    for (struct function *function = functions; function->name; function++) {
        CV *cv = get_cv(function->name, 0);
        if (!cv || !CvISXSUB(cv) || CvXSUB(cv) == function->ours)
            continue;
        function->theirs = CvXSUB(cv);
        CvXSUB(cv) = function->ours;
        CvXSUBANY(cv).any_ptr = function; /* these functions leave it unused */
    }
}

/* Calls theirs and replaces what that has made. */
#define STEP(step, made)                                                                           \
    static XS(step)                                                                                \
    {                                                                                              \
        ((const struct function *)CvXSUBANY(cv).any_ptr)->theirs(aTHX_ cv);                        \
        replace(aTHX_ made);                                                                       \
    }

STEP(boot_hires, hires)
STEP(boot_posix, posix)
static struct function boots[] = {
    {"Time::HiRes::bootstrap", boot_hires, NULL, NULL},
    {"POSIX::bootstrap", boot_posix, NULL, NULL},
    {0},
};

STEP(install_boot, boots)
static struct function install[] = {
    {"DynaLoader::dl_install_xsub", install_boot, NULL, NULL},
    {0},
};

STEP(boot_loader, install)
static struct function loader[] = {
    {"DynaLoader::boot_DynaLoader", boot_loader, NULL, NULL},
    {0},
};

void perl_watch_modules(pTHX)
{
    replace(aTHX_ loader);
}
