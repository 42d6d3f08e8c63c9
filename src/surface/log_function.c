/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main::log_msg: user code logs through it, and may put a sub of its own in its place, which then
 * gets all messages of the engine, too. */
#include "surface/area.h"

/* main::log_msg(level, text...): the texts joined by blanks.  Written at once, so that a child that
 * user code forks does not take the line with it. */
static XS(log_from_perl)
{
    dXSARGS;
    struct surface *surface = XSANY.any_ptr;
    if (!surface) /* between two engines */
        XSRETURN_EMPTY;
    struct log *log = surface->engine->log;
    struct buf text = {0};
    int level = items > 0 ? (int)SvIV(ST(0)) : 0;
    for (SSize_t i = 1; i < items; i++) {
        if (i > 1)
            buf_char(&text, ' ');
        buf_add(&text, perl_sv_view(aTHX_ ST(i)));
    }
    bool was_in_user_code = surface->in_user_code;
    surface->in_user_code = false;
    log_to_sinks(log, level, buf_bytes(&text));
    log_flush(log);
    surface->in_user_code = was_in_user_code;
    buf_free(&text);
    XSRETURN_EMPTY;
}

static bool call_user_sub(pTHX_ struct surface *surface, int level, struct bytes message)
{
    dSP;
    PUSHMARK(SP);
    mXPUSHi(level);
    mXPUSHs(perl_bytes_sv(aTHX_ message));
    PUTBACK;
    call_sv((SV *)GvCV(surface->log_name), G_EVAL | G_DISCARD | G_VOID);
    return !SvTRUE(ERRSV);
}

/* The engine may be anywhere: the call is made without the hooks around user code, and nobody sees
 * another $@ or errno after it.  A message is not lost by a sub that dies. */
static void log_to_user_sub(void *arg, int level, struct bytes message)
{
    struct surface *surface = arg;
    int error = errno;
    if (!perl_alive()) {
        log_to_sinks(surface->engine->log, level, message);
        return;
    }
    dPERL;
    ENTER;
    SAVETMPS;
    save_scalar(PL_errgv);
    if (!call_user_sub(aTHX_ surface, level, message))
        log_to_sinks(surface->engine->log, level, message);
    FREETMPS;
    LEAVE;
    errno = error;
}

void log_look(pTHX_ struct surface *surface)
{
    const CV *cv = GvCV(surface->log_name);
    bool redirected = cv && CvXSUB(cv) != log_from_perl && (CvROOT(cv) || CvISXSUB(cv));
    PERL_UNUSED_CONTEXT;
    if (LIKELY(redirected == surface->log_redirected))
        return;
    surface->log_redirected = redirected;
    log_redirect(surface->engine->log, redirected ? log_to_user_sub : NULL, surface);
}

void log_start(pTHX_ struct surface *surface)
{
    CV *cv = get_cv("main::log_msg", 0);
    if (!cv || CvXSUB(cv) != log_from_perl) /* an engine before us may have left it */
        cv = newXS("main::log_msg", log_from_perl, __FILE__);
    CvXSUBANY(cv).any_ptr = surface;
    surface->log_name = (GV *)SvREFCNT_inc_simple_NN((SV *)CvGV(cv));
}

void log_stop(pTHX_ struct surface *surface)
{
    CV *cv = GvCV(surface->log_name);
    if (cv && CvXSUB(cv) == log_from_perl)
        CvXSUBANY(cv).any_ptr = NULL;
    log_redirect(surface->engine->log, NULL, NULL);
    SvREFCNT_dec_NN((SV *)surface->log_name);
    PERL_UNUSED_CONTEXT;
}
