/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C functions of Perl's own modules that reach out, for held user code: ours replace them when
 * their module has been loaded. */
#include "perl/held_inside.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>
#undef NDEBUG /* perl.h has set it */
#include <assert.h>

enum answer {
    ANSWERS_ZERO,   /* "0 but true" */
    ANSWERS_LENGTH, /* of the second argument, or the third one if that is less */
    ANSWERS_FILES,  /* how many arguments there are after the first two */
    ANSWERS_UNDEF,
    STANDARD, /* only for descriptors 0 to 2, others are user code's own */
    OPENS,    /* POSIX::open */
    LOOKS_UP, /* a name as first argument */
    ENDS,     /* POSIX::_exit: as exit does, so that nothing is lost that is to be shown */
};

static struct function {
    const char *name;
    enum answer answer;
    int target; /* argument */
    CV *cv;     /* once it is there */
    XSUBADDR_t perls;
} functions[] = {
    {"POSIX::open", OPENS, 0, NULL, NULL},
    {"POSIX::write", ANSWERS_LENGTH, 0, NULL, NULL},
    {"POSIX::mkfifo", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::lchown", ANSWERS_ZERO, 2, NULL, NULL},
    {"POSIX::close", STANDARD, 0, NULL, NULL},
    {"POSIX::dup2", STANDARD, 1, NULL, NULL},
    {"POSIX::_exit", ENDS, 0, NULL, NULL},
    {"POSIX::nice", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::setpgid", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::setsid", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::setuid", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::setgid", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::tcsetpgrp", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::tcdrain", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::tcflow", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::tcflush", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::tcsendbreak", ANSWERS_ZERO, 0, NULL, NULL},
    {"POSIX::Termios::setattr", ANSWERS_ZERO, 0, NULL, NULL},
    {"Time::HiRes::utime", ANSWERS_FILES, 2, NULL, NULL},
    {"IO::File::new_tmpfile", ANSWERS_UNDEF, 0, NULL, NULL},
    {"IO::Handle::sync", ANSWERS_ZERO, 0, NULL, NULL},
    {"Sys::Syslog::openlog_xs", ANSWERS_ZERO, 0, NULL, NULL},
    {"Sys::Syslog::syslog_xs", ANSWERS_LENGTH, 0, NULL, NULL},
    {"Sys::Syslog::closelog_xs", ANSWERS_ZERO, 0, NULL, NULL},
    {"Socket::inet_aton", LOOKS_UP, 0, NULL, NULL},
    {"Socket::getaddrinfo", LOOKS_UP, 0, NULL, NULL},
};

enum { FUNCTIONS = sizeof(functions) / sizeof(*functions) };

static Perl_ppaddr_t perls_call;

/* Of one that take_places has changed; threads of user code have copies, of the same name. */
static const struct function *function_of(pTHX_ const CV *cv)
{
    size_t at = 0;
    while (at < FUNCTIONS && functions[at].cv != cv)
        at++;
    for (size_t i = 0; at == FUNCTIONS && i < FUNCTIONS; i++)
        if (get_cv(functions[i].name, 0) == cv)
            at = i;
    assert(at < FUNCTIONS);
    return &functions[at];
}

static int number(pTHX_ struct held_arguments arguments, int index)
{
    return index < arguments.count ? (int)SvIV(arguments.sv[index]) : -1;
}

static SV *length_of(pTHX_ struct held_arguments arguments)
{
    IV length = arguments.count > 1 ? (IV)held_text(aTHX_ arguments.sv[1]).len : 0;
    IV most = arguments.count > 2 ? SvIV(arguments.sv[2]) : length;
    length = most < length ? most : length;
    return length == 0 ? newSVpvs("0 but true") : newSViv(length);
}

/* Changes the arguments to what may be done; NULL: perl's function does it.  Otherwise what the
 * function is said to give back, new. */
static SV *answer_of(pTHX_ const struct function *function, struct held_arguments arguments)
{
    SV **sv = arguments.sv;
    switch (function->answer) {
    case ANSWERS_ZERO:
        return newSVpvs("0 but true");
    case ANSWERS_LENGTH:
        return length_of(aTHX_ arguments);
    case ANSWERS_FILES:
        return newSViv(arguments.count > 2 ? arguments.count - 2 : 0);
    case ANSWERS_UNDEF:
        errno = EPERM;
        return newSV(0);
    case STANDARD:
        return newSVpvs("0 but true");
    case OPENS:
        sv[0] = newSVpvs_flags(HELD_NOWHERE, SVs_TEMP);
        sv[1] = sv_2mortal(newSViv(number(aTHX_ arguments, 1) & ~(O_CREAT | O_EXCL | O_TRUNC)));
        return NULL;
    case LOOKS_UP:
        sv[0] = newSVpvs_flags(HELD_SOME_ADDRESS, SVs_TEMP);
        return NULL;
    case ENDS:
        my_exit((U32)number(aTHX_ arguments, 0));
    }
    return NULL;
}

/* Does this call reach nothing? */
static bool is_harmless(pTHX_ const struct function *function, struct held_arguments arguments)
{
    unsigned char address[sizeof(struct in6_addr)];
    if (function->answer == OPENS) {
        int flags = arguments.count > 1 ? number(aTHX_ arguments, 1) : O_RDONLY;
        return (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC));
    }
    if (function->answer == STANDARD)
        return number(aTHX_ arguments, function->target) > STDERR_FILENO;
    if (function->answer != LOOKS_UP)
        return false;
    if (arguments.count == 0 || !SvOK(arguments.sv[0]))
        return true;
    struct bytes name = held_text(aTHX_ arguments.sv[0]);
    return name.len == 0 || inet_pton(AF_INET, name.ptr, address) == 1 ||
           inet_pton(AF_INET6, name.ptr, address) == 1;
}

static XS(held_function)
{
    dXSARGS;
    const struct function *function = function_of(aTHX_ cv);
    struct held_arguments arguments = {&ST(0), items};
    PERL_UNUSED_VAR(ax);
    bool done = !perl_holds_outside() || is_harmless(aTHX_ function, arguments);
    SV *value = NULL;
    if (!done) {
        struct perl_deed deed = {.function = function->name,
                                 .words = held_words(aTHX_ arguments),
                                 .count = (size_t)items};
        if (items > function->target)
            deed.target = deed.words[function->target];
        if (function->answer == ANSWERS_LENGTH && items > 1)
            deed.text = deed.words[1];
        done = held_tell(aTHX_ deed).perform;
    }
    if (!done)
        value = answer_of(aTHX_ function, arguments);
    if (value) {
        EXTEND(SP, 1);
        ST(0) = sv_2mortal(value);
        XSRETURN(1);
    }
    PUSHMARK(MARK);
    function->perls(aTHX_ cv);
}

/* A module's functions are there once its `bootstrap` has run. */
static void take_places(pTHX)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        CV *cv = functions[i].cv ? NULL : get_cv(functions[i].name, 0);
        if (!cv || !CvISXSUB(cv))
            continue;
        functions[i].cv = cv;
        functions[i].perls = CvXSUB(cv);
        CvXSUB(cv) = held_function;
    }
}

static bool is_bootstrap(pTHX_ SV *sv)
{
    if (SvROK(sv))
        sv = SvRV(sv);
    if (SvTYPE(sv) != SVt_PVCV || !CvISXSUB((CV *)sv))
        return false;
    const GV *gv = CvGV((CV *)sv);
    return gv && strcmp(GvNAME(gv), "bootstrap") == 0;
}

/* Perl also calls this one directly, without an operator of that type. */
static OP *hold_call(pTHX)
{
    bool bootstrap = is_bootstrap(aTHX_ * PL_stack_sp);
    OP *next = perls_call(aTHX);
    if (bootstrap)
        take_places(aTHX);
    return next;
}

void held_watch_modules(void)
{
    perls_call = PL_ppaddr[OP_ENTERSUB];
    held_follow(OP_ENTERSUB, hold_call);
}
