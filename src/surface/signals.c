/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: Perl-level handlers set the flags $main::refresh and similar (perl/boot.pl), as user
 * code may do, too; the engine checks them once per line. */
#include "surface/area.h"
#include "base/monotonic.h"

/* Flags are numbers, but user code may tie them, or make objects of them: what Perl makes to
 * read or set these is let go at once, by a scope here and below.  Nothing around us would. */
static bool is_set(pTHX_ SV *flag)
{
    if (LIKELY(!SvGMAGICAL(flag) && !SvROK(flag)))
        return SvTRUE_NN(flag);
    ENTER;
    SAVETMPS;
    bool set = cBOOL(SvTRUE_NN(flag));
    FREETMPS;
    LEAVE;
    return set;
}

/* In signal context. */
static void on_signal(void *arg)
{
    const struct surface *surface = arg;
    if (surface->in_user_code)
        log_rescue(surface->engine->log);
    loop_wake(surface->engine->io.loop);
}

void signals_start(pTHX_ struct surface *surface)
{
    surface->received = get_sv("main::sigreceived", GV_ADD);
    surface->refresh = get_sv("main::refresh", GV_ADD);
    surface->softrefresh = get_sv("main::softrefresh", GV_ADD);
    surface->dumpdata = get_sv("main::dumpdata", GV_ADD);
    surface->openlog = get_sv("main::openlog", GV_ADD);
    surface->debuglevelinc = get_sv("main::debuglevelinc", GV_ADD);
    surface->terminate = get_hv("main::terminate", GV_ADD);
    perl_on_signal(on_signal, surface);
    surface->engine->hooks.interrupted = surface_terminate_requested;
}

bool surface_signal_waits(void *arg)
{
    (void)arg;
    return perl_signal_waits();
}

bool surface_wait_over(void *arg)
{
    struct engine *engine = arg;
    const struct surface *surface = engine->hooks.surface;
    if (perl_signal_late() && engine->io.patience.until == 0)
        engine->io.patience.until = monotonic_ms() + LAST_WAIT;
    if (engine->run.ending || engine->run.signals.received || perl_signal_waits())
        return true;
    if (!surface || !perl_alive())
        return false;
    dPERL;
    return is_set(aTHX_ surface->received);
}

void surface_signals(bool own_sigint)
{
    dPERL;
    ENTER;
    SAVETMPS;
    SV *own = own_sigint ? &PL_sv_yes : &PL_sv_no;
    SSize_t returned = perl_call_own(aTHX_ "Secant::handle_signals", own, NULL);
    PL_stack_sp -= returned;
    FREETMPS;
    LEAVE;
}

/* $$ as the key of %terminate: a child that user code forked is not meant by its parent's flag. */
static struct bytes process_key(char text[24])
{
    return bytes_num(text, (int64_t)getpid());
}

static bool terminate_set(pTHX_ const struct surface *surface)
{
    char text[24];
    struct bytes key = process_key(text);
    ENTER;
    SAVETMPS;
    bool set = hv_exists(surface->terminate, key.ptr, (I32)key.len);
    FREETMPS;
    LEAVE;
    return set;
}

/* What came by sigemul is seen by user code, too. */
void signals_show(pTHX_ struct surface *surface)
{
    struct pending_signals *s = &surface->engine->run.signals;
    if (LIKELY(!s->received))
        return;
    ENTER;
    SAVETMPS;
    sv_setiv(surface->received, 1);
    if (s->refresh)
        sv_setiv(surface->refresh, 1);
    if (s->softrefresh)
        sv_setiv(surface->softrefresh, 1);
    if (s->dumpdata)
        sv_setiv(surface->dumpdata, 1);
    if (s->openlog)
        sv_setiv(surface->openlog, 1);
    if (s->debuglevelinc)
        sv_setiv(surface->debuglevelinc, s->debuglevelinc);
    if (s->terminate) {
        char text[24];
        sv_setiv(member(aTHX_ surface->terminate, process_key(text)), 1);
    }
    FREETMPS;
    LEAVE;
}

bool surface_signals_pending(struct engine *engine)
{
    struct surface *surface = engine->hooks.surface;
    struct pending_signals *s = &engine->run.signals;
    perl_dispatch_signals();
    dPERL;
    if (!is_set(aTHX_ surface->received))
        return s->received;
    s->received = true;
    ENTER;
    SAVETMPS;
    s->refresh |= cBOOL(SvTRUE_NN(surface->refresh));
    s->softrefresh |= cBOOL(SvTRUE_NN(surface->softrefresh));
    s->dumpdata |= cBOOL(SvTRUE_NN(surface->dumpdata));
    s->openlog |= cBOOL(SvTRUE_NN(surface->openlog));
    s->terminate |= terminate_set(aTHX_ surface);
    int interrupts = (int)taken_int(aTHX_ surface->debuglevelinc);
    if (interrupts > s->debuglevelinc)
        s->debuglevelinc = interrupts;
    FREETMPS;
    LEAVE;
    return true;
}

/* Only what was dealt with goes back to zero: another signal may have come meanwhile. */
void surface_signals_done(struct engine *engine)
{
    struct surface *surface = engine->hooks.surface;
    struct pending_signals *s = &engine->run.signals;
    dPERL;
    const struct {
        bool done;
        SV *flag;
    } flags[] = {{s->refresh, surface->refresh},
                 {s->softrefresh, surface->softrefresh},
                 {s->dumpdata, surface->dumpdata},
                 {s->openlog, surface->openlog},
                 {s->debuglevelinc > 0, surface->debuglevelinc}};
    bool left = false;
    ENTER;
    SAVETMPS;
    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        if (flags[i].done)
            sv_setiv(flags[i].flag, 0);
        left |= cBOOL(SvTRUE_NN(flags[i].flag));
    }
    left |= !s->terminate && terminate_set(aTHX_ surface);
    sv_setiv(surface->received, left);
    FREETMPS;
    LEAVE;
    *s = (struct pending_signals){0};
}

bool surface_terminate_requested(struct engine *engine)
{
    perl_dispatch_signals();
    if (engine->run.signals.terminate)
        return true;
    struct surface *surface = engine->hooks.surface;
    dPERL;
    return is_set(aTHX_ surface->received) && terminate_set(aTHX_ surface);
}

bool surface_terminated(struct engine *engine)
{
    return perl_term_came() && surface_terminate_requested(engine);
}
